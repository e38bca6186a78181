"""Day on which a page says that it was published. Never today, never a file's own time."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable

from assistant.dates import find_dates

_ISO = re.compile(r"\s*((?:19|20)\d\d)[-/.]?(\d\d)[-/.]?(\d\d)(?!\d)")
_LABEL = re.compile(
    r"^(?:date|published|publication date|posted|released?|release date|issued|updated|last updated"
    r"|for immediate release)\b|^[（(【]?(?:掲載|公開|発表|配信|更新)",
    re.IGNORECASE,
)
# What may stand beside a date in a line that is nothing but a date line.
_BESIDE = re.compile(
    r"(?:date|published|publication|posted|released?|issued|updated|last|first|on|at|for immediate"
    r"|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun|day|a\.?m\.?|p\.?m\.?|jst|kst|utc|gmt"
    r"|[ecp]s?d?t|chst|aest|bst|cest|掲載|公開|発表|配信|更新|日時|[月火水木金土日]曜日?|[0-9:：,.|·()（）【】\s-])*",
    re.IGNORECASE,
)
_DATELINE = re.compile(
    r"^[A-Z][\w.,'’ ]{1,60}?[,(]\s*(?P<day>[A-Z][a-z]+\.? \d{1,2}, (?:19|20)\d\d)\b"
)


def stated_day(text: str) -> dt.date | None:
    """One day, with its year, that a metadata value or a date line names.

    A time stamp gives the day it shows, in the zone in which it is written.
    """
    iso = _ISO.match(text)
    if iso is not None:
        try:
            return dt.date(*map(int, iso.groups()))
        except ValueError:
            return None
    days = {
        day
        for mention in find_dates(text, None)
        if mention.has_year and not mention.relative
        for day in mention.days
    }
    return days.pop() if len(days) == 1 else None


def is_date_line(block: str) -> bool:
    """Whether a short block is only a date, with its label or time: a byline, not a sentence."""
    if len(block) > 80:
        return False
    rest = block
    for mention in reversed(find_dates(block, None)):
        rest = rest[: mention.start] + rest[mention.end :]
    return rest != block and _BESIDE.fullmatch(rest) is not None


def day_in_text(blocks: Iterable[str]) -> dt.date | None:
    """Day of a date line or of a dateline with a year, in the first blocks of a text."""
    for block in list(blocks)[:6]:
        if is_date_line(block) or (len(block) <= 80 and _LABEL.match(block)):
            if (day := stated_day(block)) is not None:
                return day
        elif (dateline := _DATELINE.match(block)) is not None:
            return stated_day(dateline["day"])
    return None
