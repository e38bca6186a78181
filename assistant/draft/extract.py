"""The extractive writer: evidence sentences, trimmed and put in house style.

It needs no model, is the baseline of every eval, and is what a model's sentence
falls back to when the model's own cannot be verified.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.dates import DateMention, find_dates, house_date
from assistant.draft.names import settle_capitals, shorten_names
from assistant.draft.tellable import strip_dateline
from assistant.sources import usable_text
from assistant.style.acronyms import introduce_acronyms
from assistant.style.fix import apply_substitutions
from assistant.types import Article, Evidence, Plan, Written

# What a source says of itself adds nothing once the source is linked.
_SELF_REFERENCE = re.compile(
    r",? according to (?:the|a|an) (?:release|statement|announcement|readout)[^,.]*(?=\.$)"
)
# A day that follows one of these takes no further "on": "By Monday", "a Monday meeting".
_BEFORE_DAY = re.compile(
    r"\b(?:on|by|since|until|till|through|between|during|from|after|before|to|and|of|for"
    r"|a|the|its|his|their) $",
    re.IGNORECASE,
)
# What follows one of these is an adjective: "a Monday evening event".
_ADJECTIVE_AFTER = re.compile(r"\b(?:a|the|its|his|their) $", re.IGNORECASE)
_PART_OF_DAY = re.compile(r" (morning|afternoon|evening|night)\b")
_ACRONYM = re.compile(r" \(([A-Z][A-Za-z]*[A-Z])\)")


def write_extracts(plan: Plan, articles: Mapping[str, Article], year: int) -> list[Written]:
    """One sentence per group of the plan; `year` is the issue's."""
    written = [
        Written(_joined(plan, group, articles, year), tuple(plan.evidence[n - 1] for n in group))
        for group in plan.groups
    ]
    return tidy_bullet(written, articles.values())


def _joined(plan: Plan, group: Sequence[int], articles: Mapping[str, Article], year: int) -> str:
    return " ".join(
        house_sentence(e, articles[e.article_id], year)
        for e in (plan.evidence[n - 1] for n in group)
    )


def house_sentence(evidence: Evidence, article: Article, year: int) -> str:
    """One evidence sentence in house style: no dateline, days as dates, house forms."""
    text = strip_dateline(article.text[evidence.start : evidence.end])
    text = resolve_days(text, article.published_on, year)
    text = _SELF_REFERENCE.sub("", text)
    text = apply_substitutions(text)
    return text[:1].upper() + text[1:]


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


def tidy_bullet(written: Sequence[Written], articles: Iterable[Article]) -> list[Written]:
    """Names and acronyms over the whole bullet: title once, no acronym that is not used again."""
    mark = "\x00"
    text = shorten_names(mark.join(w.text for w in written))
    sources = usable_text(articles)
    text = introduce_acronyms(settle_capitals(text, sources), sources)
    for acronym in set(_ACRONYM.findall(text)):
        if len(re.findall(rf"\b{re.escape(acronym)}\b", text)) == 1:
            text = text.replace(f" ({acronym})", "")
    return [
        Written(piece, w.evidence, w.anchor)
        for piece, w in zip(text.split(mark), written, strict=True)
    ]
