"""Which sentences can stand in a bullet, and how much each tells by itself. Pure text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection

from assistant.dates import MONTH_NAMES, WEEKDAY_NAMES
from assistant.sources import ADDRESS, Sentence
from assistant.types import Window

_DATELINE = re.compile(r"[A-Z][A-Z.'’-]{2,}[^\n]{0,80}?(?:\s[-–]\s|\s?—\s?)")
# At the very beginning, or after a day or a place, as in `On July 3, they`.
_PRONOUN_FIRST = re.compile(
    r"(?:(?:On|In|At|By|After|Before|Since)\b[^,]{2,40}, )?"
    r"(?:it|they|he|she|this|these|those|both|their|his|her|its)\b",
    re.IGNORECASE,
)
_UNFIT_OPENING = re.compile(
    r"[\"“'‘(]|(?:That|But|And|Nor|Or|So|Yet|Such|Neither|Either|Here|There|Asked|Once|Another|"
    r"Others?|Some|If|Whether|What|Why|How|Most|One|None|Two|Three|In between|By contrast|"
    r"However|Meanwhile|Still|In (?:practice|theory|effect|short|the space of)|On paper|"
    r"After all|For now)\b"
)
# A day says when, not who or how many.
_DAY = re.compile(rf"\b(?:{'|'.join((*MONTH_NAMES, *WEEKDAY_NAMES))})\b(?: \d+)?")
# `In January`, but not `in January 11`.
_MONTH = re.compile(rf"\b(?:[Ii]n|[Ss]ince|early|late) ({'|'.join(MONTH_NAMES)})\b(?! \d)")
_SUCH = re.compile(r"\bsuch (?!as\b)")
_VAGUE = re.compile(
    r"\b(?:the latter|the former|same (?:day|month|week)|two days later|as well)\b", re.I
)


def strip_dateline(text: str) -> str:
    """The sentence without an opening such as `TOKYO, July 24 (Pacific Wire) - `."""
    opening = _DATELINE.match(text)
    return text[opening.end() :] if opening else text


def tellable(sentence: Sentence) -> bool:
    """Whether a sentence can stand in a bullet without the one before it."""
    words = strip_dateline(sentence.text).split()
    quoted = sum(len(q) for q in re.findall(r"[\"“][^\"”]*[\"”]", sentence.text))
    return (
        9 <= len(words) <= 48
        and sentence.text[-1] == "."
        and not _UNFIT_OPENING.match(sentence.text)
        and not _PRONOUN_FIRST.match(sentence.text)
        and not _VAGUE.search(sentence.text)
        and not ADDRESS.search(sentence.text)
        and quoted < 0.3 * len(sentence.text)
        and bool(re.search(r"\b[A-Z]", sentence.text[1:]))
    )


def refers_back(text: str) -> bool:
    """Whether it needs another sentence before it, as `such training` does."""
    return _SUCH.search(text) is not None


def of_another_month(text: str, window: Window) -> bool:
    """Whether something was `in January`, and the window has no day of that month."""
    days = range((window.until - window.since).days + 1)
    months = {MONTH_NAMES[(window.since + dt.timedelta(days=n)).month - 1] for n in days}
    return any(m[1] not in months for m in _MONTH.finditer(text))


def telling(text: str, days: Collection[dt.date], window: Window) -> float:
    """Lower for sentences that name little, announce what is past by now, or say `Friday's`."""
    undated = _DAY.sub("", text)
    names = len(re.findall(r"(?<=\w )[A-Z][\w-]+|\d[\d,.]*", undated))
    factor = min(1.0, 0.4 + 0.15 * names)
    if not days and len(text.split()) < 12:
        factor *= 0.5  # a subtitle or a remark more often than a fact
    if re.search(r"\w: \w", text):
        factor *= 0.6  # a point that is made more often than a fact that is told
    if days and max(days) <= window.until and re.search(r"\bwill\b", text):
        factor *= 0.25
    if re.search(r"\b(?:this|last|next) (?:week|month|year)\b", text):
        factor *= 0.7
    if re.search(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day['’]s\b", text):
        factor *= 0.6
    return factor
