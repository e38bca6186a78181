"""Finds the days that a text names and resolves them against the day it was published.

`Tuesday` in a report of July 21 is July 18; `7月23日` and `令和5年7月23日` are July 23.
A mention that fits several days keeps all of them; nothing is guessed.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from functools import lru_cache

_MONTHS = "january february march april may june july august september october november december"
MONTH_NAMES = [m.capitalize() for m in _MONTHS.split()]
_MONTH = {name[:3]: i + 1 for i, name in enumerate(_MONTHS.split())}
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
WEEKDAY_NAMES = [w.capitalize() for w in _WEEKDAYS]
# Stands for the year of a day whose year is unknown; a leap year that no report is about.
NO_YEAR = 4
_M = (
    r"(?P<{}>Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sept?|Oct|Nov|Dec)"
    r"(?:uary|ruary|ch|il|e|y|ust|ember|tember|ober)?\.?"
)
_D = r"(?P<{}>\d{{1,2}})(?:st|nd|rd|th)?"
_Y = r"(?:,?\s+(?P<{}>(?:19|20)\d\d))?"
_PATTERNS = re.compile(
    rf"""
      (?P<reiwa>令和(?P<ry>\d{{1,2}}|元)年(?P<rm>\d{{1,2}})月(?P<rd>\d{{1,2}})日)
    | (?P<jp>(?:(?P<jy>\d{{4}})年)?(?P<jm>\d{{1,2}})月(?P<jd>\d{{1,2}})日)
    | (?<![\d月])(?P<jpday>(?P<jo>\d{{1,2}})日)(?!間|本|米|中|系)
    | \b(?P<iso>(?P<iy>\d{{4}})-(?P<im>\d\d)-(?P<id>\d\d))\b
    | \b(?P<mdy>{_M.format("m1")}\s+{_D.format("d1")}(?!\d){_Y.format("y1")})\b
    | \b(?P<dmy>{_D.format("d2")}\s+(?:of\s+)?{_M.format("m2")}{_Y.format("y2")})\b
    | \b(?P<month>(?:[Tt]he\s+)?(?P<mo>\d{{1,2}})(?:st|nd|rd|th)
        \s+of\s+(?P<mw>last|this|next)\s+month)\b
    | \b(?P<week>(?:(?P<which>[Ll]ast|[Nn]ext|[Tt]his|on|late|early)\s+)?
        (?P<name>Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday))\b
    | \b(?P<near>[Yy]esterday|[Tt]oday|[Tt]omorrow|tonight|[Tt]his\ (?:morning|afternoon|evening)
        |(?<!the\ )(?<!a\ )(?<!its\ )(?<!their\ )[Ll]ast\ (?:night|evening))\b
    """,
    re.VERBOSE,
)
_SHIFT = {"last": -1, "this": 0, "next": 1}  # months
# The other end of `July 5 to 21` and of `14-15 July`; of `July 5th and 6th` the other day.
_RANGE_END = re.compile(
    r"\s?(?:[-–—]|to|through|until)\s?(\d{1,2})(?:st|nd|rd|th)?(?![\w:%]|[.,]\d)"
    r"|,? and (?P<other>\d{1,2})"
    r"(?:(?:st|nd|rd|th)\b|(?=,? (?:19|20)\d\d\b|[,.;:)](?!\d)| (?:in|at|to|for|with|when)\b))"
)
_RANGE_START = re.compile(r"(?<![\w$.,-])(\d{1,2})\s?(?:[-–—]|to|through|until)\s?$")
_FUTURE = re.compile(r"\b(will|would|to be|is to|are to|due|plans?|scheduled|expected|until)\b")
# A day that follows one of these takes no further "on": "By Monday", "a Monday meeting".
_BEFORE_DAY = re.compile(
    r"\b(?:on|by|since|until|till|through|between|during|from|after|before|to|and|of|for"
    r"|a|the|its|his|their) $",
    re.IGNORECASE,
)
# What follows one of these is an adjective: "a Monday evening event".
_ADJECTIVE_AFTER = re.compile(r"\b(?:a|the|its|his|their) $", re.IGNORECASE)
_PART_OF_DAY = re.compile(r" (morning|afternoon|evening|night)\b")


@dataclass(frozen=True)
class DateMention:
    """A day named in a text: `days` are those it can mean, `relative` if worked out."""

    start: int
    end: int
    days: frozenset[dt.date]
    relative: bool
    has_year: bool


@lru_cache(maxsize=512)  # asked for with each claim on the same sentences
def find_dates(text: str, published_on: dt.date | None) -> tuple[DateMention, ...]:
    """Every day that `text` names. Relative ones need `published_on`; without it they are left out.

    A day without a year is the one nearest to `published_on`, or stands in the year 4
    (a leap year that no report is about), so that only month and day are compared.
    """
    found: list[DateMention] = []
    for match in _PATTERNS.finditer(text):
        days, relative, has_year = _resolve(match, published_on)
        if days:
            mention = DateMention(*_span(match), days, relative, has_year)
            other = _other_end(match, mention)
            found += sorted([mention, *other], key=lambda m: m.start)
    return tuple(found)


def _other_end(match: re.Match[str], mention: DateMention) -> list[DateMention]:
    """The second day of a range within one month, which is named once."""
    if match["mdy"] and not mention.has_year:
        end = _RANGE_END.match(match.string, match.end())
    elif match["dmy"]:
        end = _RANGE_START.search(match.string[: match.start()])
    else:
        return []
    if end is None:
        return []
    group = end.lastindex or 1
    days = frozenset(d for day in mention.days for d in _day(day.year, day.month, int(end[group])))
    return [DateMention(*end.span(group), days, False, mention.has_year)] if days else []


def _span(match: re.Match[str]) -> tuple[int, int]:
    """A weekday's `on` and `late` are not part of the mention."""
    if match["week"] and match["which"] in ("on", "late", "early"):
        return match.start("name"), match.end()
    return match.span()


def _resolve(
    match: re.Match[str], published_on: dt.date | None
) -> tuple[frozenset[dt.date], bool, bool]:
    g = match.group
    if g("reiwa"):
        year = 2018 + (1 if g("ry") == "元" else int(g("ry")))
        return _day(year, int(g("rm")), int(g("rd"))), False, True
    if g("jp"):
        return _yearless(g("jy"), int(g("jm")), int(g("jd")), published_on)
    if g("jpday"):
        if published_on is None:
            return frozenset(), True, False
        same = _day(published_on.year, published_on.month, int(g("jo")))
        before = published_on.replace(day=1) - dt.timedelta(days=1)
        earlier = _day(before.year, before.month, int(g("jo")))
        return (same if any(d <= published_on for d in same) else earlier | same), True, False
    if g("iso"):
        return _day(int(g("iy")), int(g("im")), int(g("id"))), False, True
    if g("mdy"):
        return _yearless(g("y1"), _MONTH[g("m1")[:3].lower()], int(g("d1")), published_on)
    if g("dmy"):
        return _yearless(g("y2"), _MONTH[g("m2")[:3].lower()], int(g("d2")), published_on)
    if published_on is None:
        return frozenset(), True, False
    if g("month"):
        months = 12 * published_on.year + published_on.month - 1 + _SHIFT[g("mw")]
        return _day(months // 12, months % 12 + 1, int(g("mo"))), True, False
    if g("near"):
        shift = {"yesterday": -1, "last": -1, "tomorrow": 1}.get(g("near").lower().split()[0], 0)
        return frozenset({published_on + dt.timedelta(days=shift)}), True, False
    back = (published_on.weekday() - _WEEKDAYS.index(g("name").lower())) % 7
    last = published_on - dt.timedelta(days=back)
    following = last + dt.timedelta(days=7)
    which = (g("which") or "").lower()
    if which == "next":
        return frozenset({following}), True, False
    if which == "last":
        # Said on a Friday, `last Thursday` may be yesterday or the week before.
        return frozenset({last, last - dt.timedelta(days=7)} - {published_on}), True, False
    # 'on Friday' may look ahead only where the sentence speaks of the future.
    sentence = match.string[: match.start()].rpartition(". ")[2]
    ahead = _FUTURE.search(sentence)
    return (frozenset({last, following}) if ahead else frozenset({last})), True, False


def _yearless(
    year: str | None, month: int, day: int, published_on: dt.date | None
) -> tuple[frozenset[dt.date], bool, bool]:
    if year:
        return _day(int(year), month, day), False, True
    if published_on is None:
        return _day(NO_YEAR, month, day), False, False
    around = [d for y in (-1, 0, 1) for d in _day(published_on.year + y, month, day)]
    nearest = min(around, key=lambda d: abs(d - published_on), default=None)
    return (frozenset({nearest}) if nearest else frozenset()), False, False


def _day(year: int, month: int, day: int) -> frozenset[dt.date]:
    try:
        return frozenset({dt.date(year, month, day)})
    except ValueError:
        return frozenset()


def house_date(day: dt.date, issue_year: int) -> str:
    """`July 13`; with its year where that is not the issue's."""
    name = f"{MONTH_NAMES[day.month - 1]} {day.day}"
    return name if day.year == issue_year else f"{name}, {day.year}"


def resolve_days(text: str, published_on: dt.date | None, year: int) -> str:
    """`on Tuesday` as `on July 18`; a day that fits several dates stays as it is."""
    mentions = find_dates(text, published_on)
    for i in reversed(range(len(mentions))):
        mention = mentions[i]
        if len(mention.days) != 1 or text[mention.end : mention.end + 2] in ("'s", "’s"):
            continue
        (day,) = mention.days
        start, end = mention.start, mention.end
        if i + 1 < len(mentions) and _weekday_of(mention, mentions[i + 1], text):
            shown, end = _part_of_day(text, start, end)
            on = "on " if shown and not _BEFORE_DAY.search(text[:start]) else ""
            text = text[:start] + on + shown + text[mentions[i + 1].start :]
            continue
        if not mention.relative and not mention.has_year:
            continue
        shown = house_date(day, year)
        if mention.relative:
            part, end = _part_of_day(text, start, end)
            shown = part + shown
        if mention.relative and not _BEFORE_DAY.search(text[:start]):
            shown = f"on {shown}"
        named = i > 0 and _weekday_of(mentions[i - 1], mention, text)
        opens = mentions[i - 1].start if named else start
        inserted = text[:opens].endswith(", ")
        if mention.has_year and day.year == year and text[end : end + 1] == "," and not inserted:
            end += 1
        text = text[:start] + shown + text[end:]
    return text


def _part_of_day(text: str, start: int, end: int) -> tuple[str, int]:
    """`the evening of `, where that follows a day at `start:end`, and where it ends."""
    part = _PART_OF_DAY.match(text, end)
    if part is None or _ADJECTIVE_AFTER.search(text[:start]):
        return "", end
    return f"the {part[1]} of ", part.end()


def _weekday_of(weekday: DateMention, day: DateMention, text: str) -> bool:
    """Whether two mentions are one day, as `Tuesday, July 18` or `Tuesday evening, July 18`."""
    between = text[weekday.end : day.start]
    if part := _PART_OF_DAY.match(between):
        between = between[part.end() :]
    return weekday.relative and bool(re.fullmatch(r",? ", between))
