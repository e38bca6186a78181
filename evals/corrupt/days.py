"""Wrong days: dates, ranges of days, months, years, weekdays."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from evals.corrupt.edits import Claim, Edit, Template

_FULL = list(calendar.month_name)[1:]
_SHORT = [
    "Jan.",
    "Feb.",
    "March",
    "April",
    "May",
    "June",
    "July",
    "Aug.",
    "Sept.",
    "Oct.",
    "Nov.",
    "Dec.",
]
_WEEKDAYS = list(calendar.day_name)
_MONTH = "|".join(_FULL) + "|" + "|".join(re.escape(m) for m in _SHORT)
_DAY = re.compile(
    rf"\b(?P<m>{_MONTH}) (?P<d>\d{{1,2}})(?![\d:%]|,\d|\.\d)(?P<y>, (?P<year>(?:19|20)\d\d))?"
)
_DAY_FIRST = re.compile(
    rf"(?<![\w.,-])(?P<d>\d{{1,2}}) (?P<m>{_MONTH})(?: (?P<year>(?:19|20)\d\d))?\b"
)
_RANGE = re.compile(
    rf"\b(?P<m>{_MONTH}) (?P<a>\d{{1,2}})(?P<to> to | through |-|–| until )"
    r"(?P<b>\d{1,2})(?![\w:%-]|,\d|\.\d)"
)
_MONTH_ALONE = re.compile(
    rf"\b(?:in|since|until|by|last|next|late|early|during) (?P<m>{_MONTH})"
    r"(?! \d{1,2}(?!\d))(?!\w)"
)
_YEAR = re.compile(
    rf"\b(?:in|by|since|until|before|after|from|to|year|fiscal|fiscal year|early|late|(?:{_MONTH})"
    rf"|(?:{_MONTH}) \d{{1,2}},) (?P<y>(?:19|20)\d\d)(?![\w,-]\w|\.\d)"
)
_ANY_YEAR = re.compile(r"(?<![\w,.$-])(?:19|20)\d\d(?![\w,-]\w)")
_WEEKDAY = re.compile(rf"\b(?P<on>on )?(?P<name>{'|'.join(_WEEKDAYS)})\b(?!'s|’s)")
_PART_OF_DAY = re.compile(r" (?:morning|afternoon|evening|night|local)\b")
# What joins the two days of a range: its ends are moved together, not one month apart.
_JOINS_BEFORE = re.compile(r"\b(?:to|through|until|and)\s$|\d ?[-–]$")
_JOINS_AFTER = re.compile(r" (?:to|through|until|and) (?:[A-Z][a-z]+\.? )?\d|[-–]\d")


def _days(text: str) -> list[re.Match[str]]:
    return [*_DAY.finditer(text), *_DAY_FIRST.finditer(text)]


def _in_range(match: re.Match[str]) -> bool:
    text = match.string
    return bool(
        _JOINS_BEFORE.search(text[: match.start()]) or _JOINS_AFTER.match(text, match.end())
    )


def _month_index(name: str) -> int:
    names = _FULL if name in _FULL else _SHORT
    return names.index(name)


def _renamed(name: str, index: int) -> str:
    """Month `index` written out or shortened as `name` is."""
    return (_SHORT if name in _SHORT and name not in _FULL else _FULL)[index]


def _length(month: int) -> int:
    """Days of a month, counted from 0, in any year."""
    return calendar.monthrange(2023, month + 1)[1]


def _day_off(claim: Claim) -> Iterator[Edit]:
    """The day before or after. A day that the claim names as well is left alone."""
    named = {int(m["d"]) for m in _days(claim.text)}
    named |= {int(m[g]) for m in _RANGE.finditer(claim.text) for g in ("a", "b")}
    for match in _days(claim.text):
        day = int(match["d"])
        for other in (day - 1, day + 1):
            if 1 <= other <= _length(_month_index(match["m"])) and other not in named:
                yield Edit(match.start("d"), match.end("d"), str(other))


def _month_off(claim: Claim) -> Iterator[Edit]:
    for match in _days(claim.text):
        if not _in_range(match):
            yield from _other_months(claim, match, int(match["d"]))
    for match in _MONTH_ALONE.finditer(claim.text):
        yield from _other_months(claim, match, 1)


def _other_months(claim: Claim, match: re.Match[str], day: int) -> Iterator[Edit]:
    index = _month_index(match["m"])
    for other in (index - 1, index + 1):
        name = _renamed(match["m"], other % 12)
        if 0 <= other < 12 and day <= _length(other) and name not in claim.text:
            yield Edit(match.start("m"), match.end("m"), name)


def _range_moved(claim: Claim) -> Iterator[Edit]:
    for match in _RANGE.finditer(claim.text):
        first, last = int(match["a"]), int(match["b"])
        for shift in (-7, -2, -1, 1, 2, 7):
            if first + shift >= 1 and last + shift <= _length(_month_index(match["m"])):
                moved = f"{first + shift}{match['to']}{last + shift}"
                yield Edit(match.start("a"), match.end("b"), moved)


def _year_off(claim: Claim) -> Iterator[Edit]:
    for match in _YEAR.finditer(claim.text):
        for shift in (-2, -1, 1, 2):
            other = str(int(match["y"]) + shift)
            if other not in claim.text:
                yield Edit(match.start("y"), match.end("y"), other)


def _other_weekday(claim: Claim) -> Iterator[Edit]:
    for match in _WEEKDAY.finditer(claim.text):
        at = _WEEKDAYS.index(match["name"])
        for shift in (-2, -1, 1, 2):
            name = _WEEKDAYS[(at + shift) % 7]
            if name not in claim.text:
                yield Edit(match.start("name"), match.end("name"), name)


def _weekend(claim: Claim) -> Iterator[Edit]:
    """A working day told as the weekend."""
    for match in _WEEKDAY.finditer(claim.text):
        if match["on"] and match["name"] in _WEEKDAYS[:4]:
            words = "Over the weekend" if match.start() == 0 else "over the weekend"
            if not re.match(r"(?: and| or)? [A-Z]|,? [A-Z][a-z]+ \d", claim.text[match.end() :]):
                yield Edit(match.start(), match.end(), words)


def _weekday_before(claim: Claim) -> Iterator[Edit]:
    """`On July 18` as `on Monday, July 18`, where it was no Monday."""
    for match, wrong in _undated(claim):
        if not _in_range(match):
            yield from (Edit(*match.span("m"), f"{name}, {match['m']}") for name in wrong)


def _weekday_behind(claim: Claim) -> Iterator[Edit]:
    """`On July 18` as `on July 18, a Monday,`, where it was no Monday."""
    for match, wrong in _undated(claim):
        if match["year"] is None and not _in_range(match):
            if _PART_OF_DAY.match(claim.text, match.end()):
                continue
            comma = "" if re.match(r"[.,;]", claim.text[match.end() :]) else ","
            yield from (Edit(*match.span("d"), f"{match['d']}, a {name}{comma}") for name in wrong)


def _undated(claim: Claim) -> Iterator[tuple[re.Match[str], Sequence[str]]]:
    """Dates after "on" that have no weekday yet, each with weekdays that it cannot have been."""
    for match in _DAY.finditer(claim.text):
        if re.search(r"\b[Oo]n $", claim.text[: match.start()]):
            years = _years(claim, match)
            month, day = _month_index(match["m"]) + 1, int(match["d"])
            true = {_weekday(year, month, day) for year in years}
            if true and None not in true:
                yield match, [name for name in _WEEKDAYS if name not in true]


def _weekday(year: int, month: int, day: int) -> str | None:
    try:
        return _WEEKDAYS[dt.date(year, month, day).weekday()]
    except ValueError:
        return None


def _years(claim: Claim, match: re.Match[str]) -> set[int]:
    """The year that a date gives; else the one its corpus names most, and both beside it."""
    if match["year"]:
        return {int(match["year"])}
    named = Counter(y for text in (claim.text, *claim.others) for y in _ANY_YEAR.findall(text))
    if not named:
        return set()
    year = int(max(named, key=lambda y: (named[y], y)))
    return {year - 1, year, year + 1}


DATE: tuple[Template, ...] = (_day_off, _month_off, _range_moved, _year_off)
WEEKDAY: tuple[Template, ...] = (_other_weekday, _weekend, _weekday_before, _weekday_behind)
