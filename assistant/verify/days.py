"""Whether the evidence names a claim's days, and whether a weekday is that of its date."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import replace

from assistant.dates import NO_YEAR, WEEKDAY_NAMES, DateMention, find_dates, house_date
from assistant.nlp import is_japanese
from assistant.sources import Sentence, usable_sentences, usable_text
from assistant.types import Article, Finding
from assistant.verify.figures import years_of
from assistant.verify.quantities import find_quantities

_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAY_NAMES)})\b")
# What makes a number of days a day told from another one, and one that is so without a number.
_WAY = re.compile(r" (later|earlier)\b(?! than)", re.I)
_BY_ONE = re.compile(
    r"\b(?:a day (?:later|earlier)\b(?! than)|(?:the )?(?:next|following) day\b)", re.I
)
# So many sentences before it may name that one.
_BACK = 3
# What may stand between a weekday and its date.
_JOINT = re.compile(r",? (?:a )?|,? on |\s?\(")
# A date so many characters from a weekday is its own.
_NEAR = 6
# So many characters of a page hold its title, its place and its day.
_OPENING = 300


def check_dates(
    claim: str,
    dates: Sequence[DateMention],
    sources: Sequence[tuple[str, dt.date | None]],
    years: frozenset[int] = frozenset(),
) -> list[Finding]:
    """Days of the claim that no source sentence names; `sources` are (text, published_on).

    A day that a source names without its year may be of one of `years` as well; where no year
    is known, that of the claim is a warning.
    """
    named = [m for text, on in sources for m in find_dates(text, on)]
    whole = {d for m in named for d in m.days}
    days = {(d.month, d.day) for d in whole}
    yearless = {(d.month, d.day) for m in named if not m.has_year for d in m.days}
    years |= {d.year for d in whole if d.year != NO_YEAR}
    found = []
    for mention in dates:
        if mention.has_year:
            right = any(
                d in whole or ((d.month, d.day) in yearless and d.year in years)
                for d in mention.days
            )
        else:
            right = any((d.month, d.day) in days for d in mention.days)
        if right:
            continue
        shown = claim[mention.start : mention.end]
        if not years and any((d.month, d.day) in yearless for d in mention.days):
            message = f"The source gives this day without a year: see whether {shown} is meant."
            found.append(Finding("date", "warning", message, mention.start, mention.end))
            continue
        other = None
        if len(days) == 1:
            ((month, day),) = days
            other = house_date(dt.date(NO_YEAR, month, day), NO_YEAR)
            if is_japanese(claim):
                other = f"{month}月{day}日"
        message = (
            f"The source gives {other} as the day, not {shown}."
            if other
            else f"The source does not name the day {shown}."
        )
        found.append(Finding("date", "error", message, mention.start, mention.end, other))
    return found


def check_weekdays(claim: str, dates: Sequence[DateMention]) -> list[Finding]:
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


def check_lone_weekdays(claim: str, dates: Sequence[DateMention], whole: str) -> list[Finding]:
    """Weekdays of which nobody can say the date, and that the pages neither name nor date.

    `whole` is all that the cited articles say.
    """
    unread = [
        m
        for m in _WEEKDAY.finditer(claim)
        if not any(d.start <= m.end() + _NEAR and m.start() <= d.end + _NEAR for d in dates)
    ]
    if not unread:
        return []
    named = {m[0] for m in _WEEKDAY.finditer(whole)}
    days = {d for m in find_dates(whole, None) for d in m.days}
    named |= {WEEKDAY_NAMES[d.weekday()] for d in days if d.year != NO_YEAR}
    return [
        Finding("date", "error", f"The source does not name a {m[0]}.", *m.span())
        for m in unread
        if m[0] not in named
    ]


def written_in(articles: Sequence[Article]) -> frozenset[int]:
    """The years that the articles open with or were published in."""
    openings = (years_of(usable_text([a])[:_OPENING]) for a in articles)
    published = (a.published_on.year for a in articles if a.published_on)
    return frozenset(published).union(*openings)


def dated(sentence: Sentence, article: Article) -> Sentence:
    """`sentence` with the day itself for `two days later` or `the next day`.

    It is counted from the last day that this sentence or those before it tell; where they tell
    none, or one that may be several days, the sentence is as it was.
    """
    if _told_from_another(sentence.text) is None:
        return sentence
    year = article.published_on.year if article.published_on else NO_YEAR
    last: dt.date | None = None
    text = sentence.text
    first = max(sentence.position - _BACK, 0)
    for before in usable_sentences(article)[first : sentence.position + 1]:
        text = before.text
        told = _told_from_another(text)
        last = _last_day(text[: told[0]] if told else text, article, last)
        if told and last:
            start, end, days = told
            try:
                last += dt.timedelta(days=days)
            except OverflowError:  # no calendar has that day
                last = None
                continue
            text = f"{text[:start]}on {house_date(last, year)}{text[end:]}"
            last = _last_day(text, article, last)
    return replace(sentence, text=text)


def _told_from_another(text: str) -> tuple[int, int, float] | None:
    """Where `text` first tells a day from another one, and how many days lie between."""
    counted = (
        (q.start, way.end(), -q.value if way[1].lower() == "earlier" else q.value)
        for q in find_quantities(text)
        if q.unit == "day" and (way := _WAY.match(text, q.end))
    )
    by_one = (
        (*m.span(), -1.0 if m[0].lower().endswith("earlier") else 1.0)
        for m in _BY_ONE.finditer(text)
    )
    return min([*counted, *by_one], default=None)


def _last_day(text: str, article: Article, otherwise: dt.date | None) -> dt.date | None:
    """The last day that `text` names; none if it may be several."""
    named = find_dates(text, article.published_on)
    if not named:
        return otherwise
    return next(iter(named[-1].days)) if len(named[-1].days) == 1 else None
