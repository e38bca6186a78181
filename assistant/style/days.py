"""Dates in a bullet against the date and the window of its issue."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.dates import MONTH_NAMES, find_dates
from assistant.nlp import sentences
from assistant.style.view import Spot, View

_WITH_YEAR = re.compile(
    rf"\b((?:{'|'.join(MONTH_NAMES)})(?: \d{{1,2}})?)(?:,| of)? (\d{{4}})\b(,?)"
)


def spots(problem: Literal["issue year", "outside window"], view: View) -> Iterator[Spot]:
    """Dates that name the issue's own year, or days outside its window."""
    found = _issue_year(view) if problem == "issue year" else _outside_window(view)
    for spot in found:
        if not view.is_exempt(spot.start, spot.end):
            yield spot


def _issue_year(view: View) -> Iterator[Spot]:
    date = view.context.date
    for match in _WITH_YEAR.finditer(view.text):
        if date is None or int(match[2]) != date.year:
            continue
        # The comma after a year goes with it, unless it closes an opening phrase.
        start = max(left for left, _ in sentences(view.text) if left <= match.start())
        opening = len(view.text[start : match.start()].split()) <= 1
        if match[3] and not opening:
            yield Spot(match.start(), match.end(), (match[1], match[0]), match[1])
        else:
            end = match.end(2)
            yield Spot(match.start(), end, (match[1], view.text[match.start() : end]), match[1])


def _outside_window(view: View) -> Iterator[Spot]:
    date, window = view.context.date, view.context.window
    if date is None or window is None:
        return
    for mention in find_dates(view.text, date):
        inside = any(window.since <= day <= window.until for day in mention.days)
        if not mention.relative and not inside:
            words = view.text[mention.start : mention.end]
            yield Spot(mention.start, mention.end, (words,))
