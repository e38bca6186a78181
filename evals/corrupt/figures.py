"""Wrong figures: counts, sums of money, units of measure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.dates import find_dates
from evals.corrupt.edits import Claim, Edit, Template, any_of, like, words

_NUMERAL = r"(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?"
_DIGITS = re.compile(rf"(?<![\w$€£¥.,/:–-]){_NUMERAL}(?![\w:/–]|-\d|,\d|\.\d)")
_ORDINAL = re.compile(r"(?<![\w-])(\d+)(st|nd|rd|th)(?![\w-])(?! [A-Z])")
_SUM = re.compile(
    rf"""(?P<sign>US\$|A\$|\$|¥|€|£)(?P<before>{_NUMERAL})(?P<scale1>\ (?:m|b|tr)illion)?(?![\d-])
    |(?<![\w$€£¥.,-])(?P<after>{_NUMERAL})(?P<scale2>\ (?:m|b|tr)illion)?
    \ (?P<unit>yen|dollars|euros|won|yuan)\b""",
    re.VERBOSE,
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_TIME = re.compile(r"\s?(?:[ap]\.?m\b|o'clock)")
_LAST_WORD = re.compile(r"(\S+) $")
_NEXT_WORD = re.compile(r"[ -]?([A-Za-z%]+)")
# Words with a capital only because they open the sentence: a figure after them is a count.
_OPENERS = frozenset(
    """a about all almost another around as at both by during for from her his in its more most
    nearly no of on only over roughly some than the their these they those to up with""".split()
)
_SMALL = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen
fifteen sixteen seventeen eighteen nineteen""".split()
_TENS = dict(
    zip("twenty thirty forty fifty sixty seventy eighty ninety".split(), range(2, 10), strict=True)
)
_ORDINALS = "third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_SPELT = re.compile(
    rf"(?<![\w-])(?i:(?:{'|'.join(_TENS)})-(?:{'|'.join(_SMALL[1:10])})"
    rf"|{'|'.join([*_SMALL[2:], *_TENS])})(?!-(?:third|fourth|fifth|tenth|{'|'.join(_SMALL)})|\w)"
    r"(?! (?:hundred|thousand|million|billion|trillion|thirds|fifths)\b)"
)
_ORDINAL_WORD = re.compile(rf"(?<![\w-])(?i:{'|'.join(_ORDINALS)})(?![\w-])(?! of\b| [A-Z])")
_FRACTION = re.compile(r"\b(?:one|two|a|about a|nearly a) $", re.IGNORECASE)
_SCALES = (" million", " billion", " trillion")


@dataclass(frozen=True)
class Figure:
    """A count in a text. `bound` is 1 after "more than", -1 after "up to", else 0.

    `exact` is False where the text gives a rough figure; `noun` is the word that follows.
    """

    start: int
    end: int
    value: float
    spelt: bool
    bound: int
    exact: bool
    noun: str


@lru_cache(maxsize=4096)
def find_figures(text: str) -> tuple[Figure, ...]:
    """The counts of `text`: no dates, years, times of day, sums of money or names of things."""
    taken = [(d.start, d.end) for d in find_dates(text, None)]
    taken += [match.span() for match in _SUM.finditer(text)]
    found = []
    for match in _DIGITS.finditer(text):
        value = float(match[0].replace(",", ""))
        if not _YEAR.fullmatch(match[0]) and not _TIME.match(text, match.end()):
            found.append(_figure(text, match.start(), match.end(), value, False))
    for match in _SPELT.finditer(text):
        if match.start() == 0 or match[0].islower():
            found.append(_figure(text, match.start(), match.end(), _spelt_value(match[0]), True))
    return tuple(
        f
        for f in found
        if not any(f.start < b and a < f.end for a, b in taken) and not _in_name(text, f.start)
    )


def _figure(text: str, start: int, end: int, value: float, spelt: bool) -> Figure:
    noun = _NEXT_WORD.match(text, end)
    bound, exact = _hedge(text, start)
    return Figure(start, end, value, spelt, bound, exact, noun[1].lower() if noun else "")


def _hedge(text: str, start: int) -> tuple[int, bool]:
    """Which way a figure is open, and whether it is given as the figure itself."""
    before = text[max(0, start - 24) : start].lower()
    for name, bound in (("lower", 1), ("upper", -1), ("about", 0)):
        if re.search(rf"\b(?:{any_of(words()['bounds'][name])}) $", before):
            return bound, False
    return 0, True


def _in_name(text: str, start: int) -> bool:
    """Whether the figure belongs to a name: `Type 12`, `Article 5`."""
    word = _LAST_WORD.search(text, 0, start)
    return bool(word and word[1][0].isupper() and word[1].lower() not in _OPENERS)


def _spelt_value(word: str) -> float:
    head, _, tail = word.lower().partition("-")
    if head in _TENS:
        return float(_TENS[head] * 10 + (_SMALL.index(tail) if tail else 0))
    return float(_SMALL.index(head))


def spell(value: float) -> str | None:
    """`twenty-three` of 23; None above a hundred, or where it is no whole number."""
    if value != int(value) or not 0 <= value < 100:
        return None
    tens, rest = divmod(int(value), 10)
    if value < 20:
        return _SMALL[int(value)]
    word = next(w for w, n in _TENS.items() if n == tens)
    return f"{word}-{_SMALL[rest]}" if rest else word


def digits(value: float, like_text: str) -> str:
    """A figure written as `like_text` is: with as many decimals, thousands parted by commas."""
    decimals = len(like_text.partition(".")[2])
    rounded = round(value, decimals)
    return f"{rounded:,.{decimals}f}" if rounded < 10**12 else str(int(value))


def _rewritten(claim: Claim, figure: Figure, values: Sequence[float]) -> Iterator[Edit]:
    """Edits to those values that are false: another figure, beyond the bound where one is given."""
    old = claim.text[figure.start : figure.end]
    present = {f.value for f in find_figures(claim.text)}
    for value in values:
        if (
            value in present
            or (value - figure.value) * figure.bound < 0
            or value < 2 <= figure.value
        ):
            continue
        if not figure.exact and abs(value - figure.value) < 0.2 * figure.value:
            continue  # about 1,001 is about 1,000
        if figure.noun in ("percent", "%") and value > 100:
            continue
        shown = spell(value) if figure.spelt else digits(value, old)
        if shown and shown != old.lower():
            yield Edit(figure.start, figure.end, like(old, shown))


def _off_by_one(claim: Claim) -> Iterator[Edit]:
    for f in find_figures(claim.text):
        if f.exact and f.value == int(f.value) and 2 <= f.value < 100:
            yield from _rewritten(claim, f, [f.value + 1, f.value - 1])


def _transposed(claim: Claim) -> Iterator[Edit]:
    """Two neighbouring digits exchanged: 23 as 32, 6,648 as 6,468."""
    for f in find_figures(claim.text):
        figure = str(int(f.value))
        if f.spelt or f.value != int(f.value):
            continue
        for i in range(len(figure) - 1):
            turned = figure[:i] + figure[i + 1] + figure[i] + figure[i + 2 :]
            if turned != figure and turned[0] != "0":
                yield from _rewritten(claim, f, [float(turned)])


def _tenfold(claim: Claim) -> Iterator[Edit]:
    for f in find_figures(claim.text):
        if not f.spelt and f.value >= 10:
            yield from _rewritten(
                claim, f, [f.value * 10, *([f.value / 10] if f.value % 10 == 0 else [])]
            )


def _another(claim: Claim) -> Iterator[Edit]:
    """A figure of about the size, as round as the true one."""
    for f in find_figures(claim.text):
        yield from _rewritten(claim, f, _near(f.value))


def _near(value: float) -> list[float]:
    step = 1.0
    while value >= 10 and value % (step * 10) == 0:
        step *= 10
    if value != int(value):
        step = 0.1
    rough = [value * share for share in (0.5, 0.7, 1.4, 2.0, 3.0)]
    return [round(round(v / step) * step, 4) for v in rough]


def _borrowed(claim: Claim) -> Iterator[Edit]:
    """The figure that another claim gives of the same thing: its aircraft for ours."""
    for f in find_figures(claim.text):
        values = sorted(
            {o.value for text in claim.others for o in find_figures(text) if o.noun == f.noun}
        )
        near = [v for v in values if f.value / 4 <= v <= f.value * 4]
        if f.noun and f.noun not in ("and", "to", "of", "in"):
            yield from _rewritten(claim, f, near)


def _ordinal(claim: Claim) -> Iterator[Edit]:
    for match in _ORDINAL.finditer(claim.text):
        for value in (int(match[1]) - 1, int(match[1]) + 1):
            if value > 1 and not find_dates(claim.text[: match.end()][-16:], None):
                yield Edit(match.start(), match.end(), f"{value}{_suffix(value)}")
    for match in _ORDINAL_WORD.finditer(claim.text):
        at = _ORDINALS.index(match[0].lower())
        if not _FRACTION.search(claim.text[: match.start()]):
            for word in _ORDINALS[max(0, at - 1) : at] + _ORDINALS[at + 1 : at + 2]:
                yield Edit(match.start(), match.end(), like(match[0], word))


def _suffix(value: int) -> str:
    return (
        "th" if value % 100 in (11, 12, 13) else {1: "st", 2: "nd", 3: "rd"}.get(value % 10, "th")
    )


def _amount(claim: Claim) -> Iterator[Edit]:
    for match in _SUM.finditer(claim.text):
        group = "before" if match["before"] else "after"
        value = float(match[group].replace(",", ""))
        bound, _ = _hedge(claim.text, match.start())
        for other in (*_near(value), value * 10):
            shown = digits(other, match[group])
            if other > 0 and (other - value) * bound >= 0 and shown != match[group]:
                yield Edit(match.start(group), match.end(group), shown)


def _scale(claim: Claim) -> Iterator[Edit]:
    for match in _SUM.finditer(claim.text):
        group = "scale1" if match["scale1"] else "scale2"
        if match[group]:
            bound, _ = _hedge(claim.text, match.start())
            at = _SCALES.index(match[group])
            for other in (at - 1, at + 1):
                if 0 <= other < 3 and (other - at) * bound >= 0:
                    yield Edit(match.start(group) + 1, match.end(group), _SCALES[other][1:])


def _currency(claim: Claim) -> Iterator[Edit]:
    for match in _SUM.finditer(claim.text):
        number = (match["before"] or match["after"]) + (match["scale1"] or match["scale2"] or "")
        if match["sign"]:
            shown = [
                f"{number} {unit}"
                for unit in ("yen", "euros")
                if match["sign"] != "¥" or unit != "yen"
            ]
        else:
            shown = [f"${number}"] if match["unit"] != "dollars" else []
            shown += [f"{number} {unit}" for unit in ("won", "euros") if unit != match["unit"]]
        yield from (Edit(match.start(), match.end(), s) for s in shown)


def _measured(claim: Claim, plain: bool) -> Iterator[Edit]:
    """The unit behind a figure, of "five minutes" (`plain`) or "five-minute"."""
    table: Mapping[str, Sequence[str]] = words()["units"]
    joint = " " if plain else "-"
    unit = re.compile(rf"{joint}({any_of(table)})(?![\w-]|\s?old)")
    for f in find_figures(claim.text):
        match = unit.match(claim.text, f.end)
        if match and len(match[1]) > 0:
            for other in table[match[1]]:
                yield Edit(match.start(1), match.end(1), other)


def _measure(claim: Claim) -> Iterator[Edit]:
    yield from _measured(claim, True)


def _hyphened_measure(claim: Claim) -> Iterator[Edit]:
    yield from _measured(claim, False)


def _points(claim: Claim) -> Iterator[Edit]:
    """A change in percent told as one in percentage points."""
    change = re.compile(
        r"\b(?:up|down|rose|fell|grew|gained|lost|increased?|decreased?|by) "
        rf"{_NUMERAL}(%| percent)(?! of\b|\w)"
    )
    for match in change.finditer(claim.text):
        yield Edit(match.start(1), match.end(1), " percentage points")


NUMBER: tuple[Template, ...] = (_off_by_one, _transposed, _tenfold, _another, _borrowed, _ordinal)
MONEY: tuple[Template, ...] = (_amount, _scale, _currency)
UNIT: tuple[Template, ...] = (_measure, _hyphened_measure, _points)
