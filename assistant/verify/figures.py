"""Figures of a claim that its pages give in no form: converted, rounded, bounded or added up."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from assistant.dates import DateMention, find_dates
from assistant.nlp import Span
from assistant.quantities import Quantity, counted, find_quantities, ordinals_in
from assistant.types import Finding

_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
# `The 1960s`, `the 2000's`, `the 1800s`, and `the 80s` of any century.
_DECADE = re.compile(r"(?P<year>1[5-9]\d0|20\d0|[1-9]0)[’']?s\b")
# `World War 2` for `World War II`.
_ROMANS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI".split()
_ROMAN = {float(n): roman for n, roman in enumerate(_ROMANS, 1)}
_WORD_BEFORE = re.compile(r"\b([A-Z]\w+) $")
_CLOCK = re.compile(r"\b\d{1,2}(?::\d\d)?\s?[ap]\.?m\b\.?|\b\d{1,2}:\d\d\b")
_BOUND = re.compile(
    r"""\b(?:
    (?P<least>at\ least|(?:no|not)\ (?:(?:less|fewer)\ than|under|below)|a\ minimum\ of
        |more\ than|over|above|upwards\ of|topped|exceed\w*)
    |(?P<most>up\ to|at\ most|(?:no|not)\ (?:more\ than|over|above)|as\ (?:many|much)\ as
        |a\ maximum\ of|less\ than|fewer\ than|under|below|within)
    )(?=\ (?:about\ |some\ |the\ |a\ )?$)""",
    re.VERBOSE | re.IGNORECASE,
)
# A figure may be told so far off after `about`, or in fewer digits; an `almost` falls short.
_ROUNDED = 0.05
_SHORT = re.compile(r"\b(?:nearly|almost|close to|just under|just over) $", re.IGNORECASE)
_SHORT_BY = 0.1
# Words for shares of a whole, in percent.
_SHARES = {
    "half": 50.0, "halve": 50.0, "third": 33.3, "two-thirds": 66.7, "two thirds": 66.7,
    "quarter": 25.0, "three-quarters": 75.0, "three quarters": 75.0, "fifth": 20.0, "tenth": 10.0,
    "double": 100.0, "doubled": 100.0, "doubling": 100.0, "twice": 100.0, "twofold": 100.0,
    "triple": 200.0, "tripled": 200.0, "threefold": 200.0, "quadruple": 300.0,
}  # fmt: skip
_SHARE = re.compile(rf"\b(?:{'|'.join(sorted(_SHARES, key=len, reverse=True))})\b", re.IGNORECASE)
_OUT_OF = re.compile(
    r"\b(\w+) (?:out of|in|of) (?:(?:the|every|its|their) )?(\w+)\b", re.IGNORECASE
)
_HALF_A_PERCENT = re.compile(r"\bhalf a (?:percent|point|percentage point)\b", re.IGNORECASE)
# Writers count a few things themselves, and work out times; these are never wrong by absence.
_FEW = 12
_TIMES = frozenset(("year", "month", "week", "day", "hour", "minute", "decade"))
# An age and a century are worked out from years.
_AGE = re.compile(r"\b(?:aged?|age of|turned|turns) $", re.IGNORECASE)
_AGE_BEFORE = re.compile(r"(?:\b(?:at|is|was)|[a-z],) $", re.IGNORECASE)
_AGE_AFTER = re.compile(r"\s?[,.]|[\s-]years?[\s-]old")
_YEARS_BEFORE = re.compile(r"(?:19|20)\d\d[-–/]$")
_OF_AGE = re.compile(r"\b(?:his|her|their) (?:early |mid-?|late )?$", re.IGNORECASE)
_CENTURY = re.compile(r"[\s-]centur", re.IGNORECASE)
# A percentage worked out may be rounded by so much.
_SHARE_OFF = 0.6
# Sums of so many figures at most are tried.
_ADDED = 60


def figures_of(text: str, dates: Sequence[DateMention]) -> tuple[Quantity, ...]:
    """The figures of `text` but those of its days (`dates`) and clock times."""
    text = blanked(text, ((d.start, d.end) for d in dates))
    return find_quantities(_CLOCK.sub(lambda m: " " * len(m[0]), text))


def years_of(text: str) -> frozenset[int]:
    """The years that stand in `text`, by themselves or in a date."""
    return frozenset(map(int, _YEAR.findall(text)))


def missing_figures(claim: str, dates: Sequence[DateMention], page: str) -> list[Finding]:
    """Figures of `claim` that `page`, all text of its pages, gives in no form.

    `dates` are the claim's days; years are left to `missing_years`. The finding has the
    page's figure of the same thing where there is only one. Small counts, ages and lengths
    of time are never missing: writers work them out.
    """
    have = figures_on(page)
    found = []
    for quantity in figures_of(claim, dates):
        if _year_at(quantity, claim) or _is_worked_out(quantity, claim):
            continue
        if any(_gives(quantity, claim, have, page)):
            continue
        shown = claim[quantity.start : quantity.end].strip()
        instead = _same_kind(quantity, have, claim, page)
        message = (
            f"The source says {instead}, not {shown}."
            if instead is not None
            else f"The source gives no figure {shown}."
        )
        found.append(Finding("number", "error", message, quantity.start, quantity.end, instead))
    return found


def is_given(quantity: Quantity, claim: str, page: str) -> bool:
    """Whether `page` gives a figure of `claim` in any form, a year among them."""
    given = any(_gives(quantity, claim, figures_on(page), page))
    return given or not years_of(page).isdisjoint(_year_at(quantity, claim))


def missing_years(
    claim: str, dates: Sequence[DateMention], page: str, written: frozenset[int]
) -> list[Finding]:
    """Years and decades of `claim` that `page` does not name; those `written` in are known."""
    have, known = figures_on(page), written | years_of(page)
    found = []
    for quantity in figures_of(claim, dates):
        years = _year_at(quantity, claim)
        if not years or not known.isdisjoint(years) or quantity.value in (q.value for q in have):
            continue
        shown = claim[quantity.start : quantity.end].strip()
        message = f"The source gives no year {shown}."
        found.append(Finding("date", "error", message, quantity.start, quantity.end))
    return found


@lru_cache(maxsize=64)  # a page is asked for with each of the claims that cite it
def figures_on(page: str) -> tuple[Quantity, ...]:
    """The figures of `page`, all text of a claim's pages, but those of its days."""
    return figures_of(page, find_dates(page, None))


def _year_at(quantity: Quantity, claim: str) -> frozenset[int]:
    """The years that a quantity of `claim` means, if it is a year, a decade or a century."""
    decade = _DECADE.match(claim, quantity.start)
    if decade and not _OF_AGE.search(claim[: quantity.start]):
        first = int(decade["year"])
        if first < 100:
            return frozenset(c + first + n for c in (1800, 1900, 2000) for n in range(10))
        long = first % 100 == 0 and first < 2000
        return frozenset(range(first, first + (100 if long else 10)))
    shown = claim[quantity.start : quantity.end].strip()
    return frozenset({int(shown)}) if _YEAR.fullmatch(shown) else frozenset()


def _is_worked_out(quantity: Quantity, claim: str) -> bool:
    """Whether a writer may give the figure of a page that does not."""
    few = quantity.unit in (None, "ordinal") and quantity.value <= _FEW
    before, after = claim[: quantity.start], _AGE_AFTER.match(claim, quantity.end)
    age = _AGE.search(before) or (_AGE_BEFORE.search(before) and after and quantity.value < 120)
    age = age and quantity.unit is None
    century, aged = _CENTURY.match(claim, quantity.end), _OF_AGE.search(before)
    span = _YEARS_BEFORE.search(before)  # `1923-24`
    return bool(quantity.unit in _TIMES or few or age or aged or century or span)


def _gives(own: Quantity, claim: str, have: Sequence[Quantity], page: str) -> Iterator[bool]:
    """In each way that a page may give a figure, whether it does."""
    yield any(own.same_as(other) for other in have)
    if own.unit == "m":  # `8m views`
        yield any(other.value == own.value * 1e6 for other in have)
    yield own.value in ordinals_in(page)
    before = _WORD_BEFORE.search(claim[: own.start])
    roman = _ROMAN.get(own.value)
    yield bool(before and roman and re.search(rf"\b{before[1]} {roman}\b", page))
    alike = [(q, v) for q in have if (v := own.in_unit_of(q)) is not None]
    yield any(_near(own, value, other, claim) for other, value in alike)
    yield any(
        _leaves_open(own, value, other, claim, page)
        for other, value in alike
        if other.unit or counted(claim, own)[:1] == counted(page, other)[:1]
    )
    if own.unit == "percent":
        near = _SHARE_OFF if own.value >= 2 else 0.0
        yield any(abs(own.value - share) <= near for share in _shares(page, have))
    yield any(abs(own.value - value) <= 1e-6 * own.value for value in _worked_out(own, have))


def _near(own: Quantity, value: float, other: Quantity, claim: str) -> bool:
    """Whether `other` is told as `own`: short of it, converted, or in fewer digits.

    `value` is that of `own` in the other's unit.
    """
    off = abs(value - other.value) / (max(value, other.value) or 1.0)
    if _SHORT.search(claim[: own.start]):
        return off <= _SHORT_BY
    fewer = _digits(own.value) < _digits(other.value)
    return off <= _ROUNDED and (fewer or own.unit != other.unit)


def _digits(value: float) -> int:
    """How many digits of a figure are not zeros at its end."""
    return len(f"{value:.10g}".replace(".", "").strip("0").partition("e")[0])


def _leaves_open(own: Quantity, value: float, other: Quantity, claim: str, page: str) -> bool:
    """Whether `more than 50` leaves the page's 65 open, which is no bound of the other kind."""
    bound = _BOUND.search(claim[: own.start])
    if bound is None:
        return False
    theirs = _BOUND.search(page[max(0, other.start - 30) : other.start])
    if theirs is not None and theirs.lastgroup != bound.lastgroup:
        return False
    return other.value > value if bound["least"] else other.value < value


def _shares(page: str, have: Sequence[Quantity]) -> Iterator[float]:
    """The percentages that a page tells in words, as `a third` or `three out of four`."""
    yield from (_SHARES[m[0].lower()] for m in _SHARE.finditer(page))
    for match in _OUT_OF.finditer(page):
        some, whole = (_count(word) for word in match.groups())
        if some and whole:
            yield 100 * some / whole
    if _HALF_A_PERCENT.search(page):
        yield 0.5
    yield from (100 - q.value for q in have if q.unit == "percent")
    for a, b in itertools.combinations(have[:_ADDED], 2):
        if a.unit == b.unit and a.value and b.value:
            yield from (abs(100 * (b.value / a.value - 1)), abs(100 * (a.value / b.value - 1)))


def _count(word: str) -> float:
    """The number that a word is; 0 for none."""
    found = find_quantities(word)
    return found[0].value if found else float(word.lower() == "one")


def _worked_out(own: Quantity, have: Sequence[Quantity]) -> Iterator[float]:
    """Sums, differences and multiples of the page's figures of the same unit."""
    values = [q.value for q in have if q.unit == own.unit][:_ADDED]
    for a, b in itertools.combinations(values, 2):
        yield from (a + b, abs(a - b), a * b if own.unit is None else 0.0)
    counts = [q.value for q in have if q.unit is None and q.value <= _FEW]
    yield from (n * v for n in counts for v in values)
    yield from (2 * v for v in values)
    yield from (v / q.value for q in have if q.unit in _TIMES and q.value for v in values)
    for some in zip(values, values[1:], values[2:], strict=False):
        yield sum(some)


def _same_kind(quantity: Quantity, have: Sequence[Quantity], claim: str, page: str) -> str | None:
    """The page's figure of the same unit and thing, if only one is."""
    thing = counted(claim, quantity)[:1]
    fits = [
        q
        for q in have
        if q.unit == quantity.unit
        and not _year_at(q, page)
        and (not thing or counted(page, q)[:1] == thing)
    ]
    values = {page[q.start : q.end].strip() for q in fits}
    return values.pop() if len(values) == 1 else None


def blanked(text: str, spans: Iterable[Span]) -> str:
    """`text` with spaces over these stretches, so that offsets hold."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text
