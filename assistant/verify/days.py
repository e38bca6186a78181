"""Days of a claim that its pages do not have, and weekdays that are not those of their date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from assistant.dates import NO_YEAR, WEEKDAY_NAMES, DateMention, find_dates, house_date
from assistant.nlp import is_japanese
from assistant.quantities import find_quantities
from assistant.sources import usable_sentences, usable_title
from assistant.types import Article, Finding, Level

_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAY_NAMES)})\b")
_WEEK = dt.timedelta(days=7)
# What makes a number of days a day told from another one, and one that is so without a number.
# `The day before the fair` is told from the fair, which is no day that the page names.
_BEFORE = r"before(?=[.,;:)]|$)"
_WAY = re.compile(rf" (later\b|earlier\b|{_BEFORE})(?! than)", re.I)
_BY_ONE = re.compile(
    rf"\b(?:a (?:day|week) (?:later\b|earlier\b|{_BEFORE})(?! than)"
    rf"|(?:the )?(?:next|following|previous) day\b|the day {_BEFORE})",
    re.I,
)
_BACK = ("earlier", "before", "previous day")
_DAYS = {"day": 1.0, "week": 7.0}
# What may stand between a weekday and its date.
_JOINT = re.compile(r",? (?:a )?|,? on |\s?\(")
# `同月12日`: of the month told before.
_SAME = re.compile(r"同月(\d{1,2})日")


def missing_days(
    claim: str, dates: Sequence[DateMention], pages: Iterable[Article]
) -> list[Finding]:
    """Days of `claim`, which are `dates`, that none of `pages` names or was published on.

    A day told by its weekday counts, as do those told from another one (`two days later`).
    Where the pages name one day alone, the finding gives it. Of pages whose own day is not
    known it is a warning: they seldom tell all of their days.
    """
    named: set[dt.date] = set()
    told: set[dt.date] = set()
    level: Level = "error"
    for page in pages:
        if page.published_on is None:
            level = "warning"
        told |= days_of(page)
        named |= told | ({page.published_on} if page.published_on else set())
    if not named:  # a page that tells no day, and none knows when it was written
        return []
    days = {(d.month, d.day) for d in named}
    yearless = {(d.month, d.day) for d in named if d.year == NO_YEAR}
    found = []
    for mention in dates:
        own = {(d.month, d.day) for d in mention.days}
        known = bool(mention.days & named or own & yearless) if mention.has_year else own & days
        shown = claim[mention.start : mention.end]
        if known or (mention.relative and not shown.endswith("日")):
            continue
        other = None
        if len(told) == 1:
            (day,) = told
            other = house_date(day, day.year)
            if is_japanese(claim):
                other = f"{day.month}月{day.day}日"
        message = (
            f"The source gives {other} as the day, not {shown}."
            if other
            else f"The source does not name the day {shown}."
        )
        found.append(Finding("date", level, message, mention.start, mention.end, other))
    return found


def days_of(page: Article) -> frozenset[dt.date]:
    """Every day that `page` tells; a weekday may be that before or after its publication."""
    return _days(page)[0]


def told_from_another(page: Article) -> Mapping[str, frozenset[dt.date]]:
    """The days that `page` tells from another one, by its words for them (`two days later`)."""
    return _days(page)[1]


@lru_cache(maxsize=64)  # a page is asked for with each of the claims that cite it
def _days(page: Article) -> tuple[frozenset[dt.date], Mapping[str, frozenset[dt.date]]]:
    found: set[dt.date] = set()
    in_words: dict[str, frozenset[dt.date]] = {}
    last: dt.date | None = None
    published = page.published_on
    for text in (usable_title(page), *(s.text for s in usable_sentences(page))):
        for mention in find_dates(text, published):
            found |= mention.days
            if mention.relative and published and len(mention.days) == 1:
                found |= {d + _WEEK for d in mention.days}
            last = next(iter(mention.days)) if len(mention.days) == 1 else None
        if last is None:
            continue
        for match in _SAME.finditer(text):
            found |= _moved(last.replace(day=1), int(match[1]) - 1)
        if counted := _counted_from_another(text):
            words, count = counted
            moved = _moved(last, count)
            found |= moved
            in_words[words] = in_words.get(words, frozenset()) | moved
            last = next(iter(moved), None)
    return frozenset(found), in_words


def _moved(day: dt.date, by: float) -> frozenset[dt.date]:
    try:
        return frozenset({day + dt.timedelta(days=by)})
    except OverflowError:  # no calendar has that day
        return frozenset()


def wrong_weekdays(claim: str, dates: Sequence[DateMention]) -> list[Finding]:
    """Weekdays beside a date that fell on another: `Thursday, July 5` of 2023."""
    found = []
    for match in _WEEKDAY.finditer(claim):
        beside = [
            d
            for d in dates
            if not d.relative
            and len(d.days) == 1
            and (
                _JOINT.fullmatch(claim, match.end(), d.start)
                if d.start >= match.end()
                else _JOINT.fullmatch(claim, d.end, match.start())
            )
        ]
        for mention in beside:
            (day,) = mention.days
            right = WEEKDAY_NAMES[day.weekday()]
            if day.year != NO_YEAR and right != match[0]:
                message = f"{claim[mention.start : mention.end]} was a {right}, not a {match[0]}."
                found.append(Finding("date", "error", message, match.start(), match.end(), right))
    return found


def written_in(articles: Sequence[Article]) -> frozenset[int]:
    """The years that the articles were published in, and those beside these."""
    published = {a.published_on.year for a in articles if a.published_on}
    return frozenset(y + n for y in published for n in (-1, 0, 1))


def _counted_from_another(text: str) -> tuple[str, float] | None:
    """The words of `text` that tell a day from another one, and how many days lie between."""
    for q in find_quantities(text):
        if q.unit in _DAYS and (way := _WAY.match(text, q.end)):
            back = way[1].lower() in _BACK
            return text[q.start : way.end()], _DAYS[q.unit] * (-q.value if back else q.value)
    if one := _BY_ONE.search(text):
        days = 7.0 if "week" in one[0].lower() else 1.0
        return one[0], -days if one[0].lower().endswith(_BACK) else days
    return None
