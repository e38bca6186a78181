"""Whether the evidence gives a claim's figures: their value and unit, a least or a most."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.dates import DateMention, find_dates
from assistant.types import Finding, Level
from assistant.verify.binding import blanked
from assistant.verify.bounds import allows
from assistant.verify.quantities import Quantity, counted, find_quantities, ordinals_in

_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
# `The 1960s`, `the 2000's`, `the 1800s`, and `the 80s` of any century.
_DECADE = re.compile(r"(?P<year>1[5-9]\d0|20\d0|[1-9]0)[’']?s\b")
# `In his 30s` is an age, which no page need give.
_OF_AGE = re.compile(r"\b(?:his|her|their) (?:early |mid-?|late )?$", re.IGNORECASE)
# `World War 2` for `World War II`.
_ROMANS = "I II III IV V VI VII VIII IX X XI XII XIII XIV XV XVI".split()
_ROMAN = {float(n): roman for n, roman in enumerate(_ROMANS, 1)}
_WORD_BEFORE = re.compile(r"\b([A-Z]\w+) $")
_DATED = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_FEW = frozenset("two three four five six".split())
_CLOCK = re.compile(r"\b\d{1,2}(?::\d\d)?\s?[ap]\.m\.?")


def figures_of(text: str, dates: Sequence[DateMention]) -> tuple[Quantity, ...]:
    """The figures of `text` but those of its days (`dates`) and clock times."""
    text = blanked(text, ((d.start, d.end) for d in dates))
    return find_quantities(_CLOCK.sub(lambda m: " " * len(m[0]), text))


def years_of(text: str) -> frozenset[int]:
    """The years that stand in `text`, by themselves or in a date."""
    return frozenset(map(int, _YEAR.findall(text)))


def check_quantities(
    claim: str,
    dates: Sequence[DateMention],
    evidence: str,
    years: frozenset[int] = frozenset(),
) -> list[Finding]:
    """Figures of the claim that the evidence does not have, with the one it has instead.

    A year counts as a date, and may be one of `years` as well: those in which the pages were
    written, which they need not say in each sentence. A few things named by their number in
    words (`three brothers`) are often counted by the writer, so where the evidence counts no
    such things that is a warning.
    """
    have = figures_of(evidence, find_dates(evidence, None))
    found = []
    for quantity in figures_of(claim, dates):
        shown = claim[quantity.start : quantity.end].strip()
        same = [other for other in have if quantity.same_as(other)]
        code, instead = "number", None
        if same:
            code, instead = "unit", _other_unit(quantity, same, have, evidence)
            if instead is None:
                continue
        elif _told_otherwise(quantity, claim, have, evidence):
            continue
        elif (decade := _DECADE.match(claim, quantity.start)) is not None:
            if _OF_AGE.search(claim[: quantity.start]) or _falls_in(
                int(decade["year"]), evidence, years
            ):
                continue
            code, shown = "date", f"of the {decade[0]}"
        elif _YEAR.fullmatch(shown):
            if int(shown) in years | years_of(evidence):
                continue
            code = "date"
        else:
            instead = _same_kind(quantity, have, claim, evidence)
        if instead is not None:
            message = f"The source says {instead}, not {shown}."
        else:
            message = f"The source gives no {'year' if code == 'date' else 'figure'} {shown}."
        counted = code == "number" and instead is None and quantity.unit is None
        level: Level = "warning" if counted and shown.lower() in _FEW else "error"
        found.append(Finding(code, level, message, quantity.start, quantity.end, instead))
    return found


def _told_otherwise(
    quantity: Quantity, claim: str, have: Sequence[Quantity], evidence: str
) -> bool:
    """Whether the evidence has the figure in another form, or one that the claim leaves open."""
    if quantity.unit == "ordinal":
        return quantity.value in ordinals_in(evidence)
    before = _WORD_BEFORE.search(claim[: quantity.start])
    roman = _ROMAN.get(quantity.value)
    if before and roman and re.search(rf"\b{before[1]} {roman}\b", evidence):
        return True
    return allows(quantity, claim, have, evidence)


def _falls_in(first: int, evidence: str, years: frozenset[int]) -> bool:
    """Whether a year of the evidence falls in the decade, or the century, that begins `first`."""
    dated = {*years, *map(int, _DATED.findall(evidence))}
    if first < 100:
        return any(first <= year % 100 < first + 10 for year in dated)
    century = first % 100 == 0 and first < 2000
    span = range(first, first + (100 if century else 10))
    return not dated.isdisjoint(span)


def _other_unit(
    quantity: Quantity, same: Sequence[Quantity], have: Sequence[Quantity], evidence: str
) -> str | None:
    """The evidence's figure of this value in another unit, where only plain counts agree."""
    if quantity.unit is None or any(q.unit is not None for q in same):
        return None
    return next(
        (
            evidence[q.start : q.end].strip()
            for q in have
            if q.unit is not None and q.value == quantity.value
        ),
        None,
    )


def _same_kind(
    quantity: Quantity, have: Sequence[Quantity], claim: str, evidence: str
) -> str | None:
    """The evidence's figure of the same unit, or with the same noun after it, if only one is."""
    noun = counted(claim, quantity)[:1]
    fits = [
        q
        for q in have
        if (quantity.unit and q.unit == quantity.unit)
        or (not quantity.unit and noun and counted(evidence, q)[:1] == noun)
    ]
    values = {evidence[q.start : q.end].strip() for q in fits}
    return values.pop() if len(values) == 1 else None
