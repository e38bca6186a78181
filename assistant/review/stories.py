"""The stories of an issue as its editors see them: found, ranked, and arranged by hand.

An arrangement is kept as a whole at each change. Articles that came after it appear as
further stories at its end.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from assistant.errors import ReviewError
from assistant.pipeline import default_window
from assistant.store import audit, boards
from assistant.stories import find_stories
from assistant.types import Issue, Story, Window
from assistant.workspace import Workspace

Mark = Literal["", "pinned", "dropped"]


@dataclass(frozen=True)
class Card:
    """A story with what the editors decided; `place` is its place in the issue, from 1."""

    story: Story
    mark: Mark = ""
    place: int | None = None


def window_of(workspace: Workspace, issue: Issue) -> Window:
    """The days that an issue looks back on."""
    return issue.window or default_window(issue.date, workspace.issues.last_before(issue.date))


def board(workspace: Workspace, issue_id: str) -> list[Card]:
    """The stories of an issue: as arranged, pinned first, dropped last, the rest by rank."""
    issue = workspace.issues.get(issue_id)
    window = window_of(workspace, issue)
    articles = workspace.articles.list(window.since, window.until)
    with workspace.database.read() as connection:
        stored = boards.newest(connection, issue_id)
    cards = [_card(row) for row in stored or ()]
    there = {a.id for a in articles}
    known = {i for card in cards for i in card.story.article_ids}
    fresh = [a for a in articles if a.id not in known]
    told = [
        (bullet.id, bullet)
        for past in workspace.issues.list()
        if past.date < issue.date and past.writer == "imported"
        for bullet in past.bullets
    ]
    cards = [_without(card, there) for card in cards]
    cards = [card for card in cards if card.story.article_ids]
    cards += [Card(story) for story in find_stories(fresh, told)]
    return sorted(cards, key=_rank)


def choose(workspace: Workspace, issue_id: str, order: Sequence[str], author: str) -> None:
    """Choose the stories of the issue, in order; all others are not in it."""
    cards = board(workspace, issue_id)
    _known(cards, order)
    places = {story_id: place for place, story_id in enumerate(order, 1)}
    _keep(
        workspace,
        issue_id,
        [replace(card, place=places.get(card.story.id)) for card in cards],
        author,
        "stories chosen",
    )


def mark(workspace: Workspace, issue_id: str, story_id: str, as_: Mark, author: str) -> None:
    """Pin a story to the top, drop it to the end, or neither; a dropped one is not chosen."""
    cards = board(workspace, issue_id)
    card = _known(cards, [story_id])[0]
    place = None if as_ == "dropped" else card.place
    changed = replace(card, mark=as_, place=place)
    cards = [changed if c is card else c for c in cards]
    _keep(workspace, issue_id, cards, author, f"story {as_ or 'unmarked'}")


def rename(workspace: Workspace, issue_id: str, story_id: str, title: str, author: str) -> None:
    """Give a story another title."""
    title = " ".join(title.split())[:200]
    if not title:
        raise ReviewError("A story needs a title.")
    cards = board(workspace, issue_id)
    card = _known(cards, [story_id])[0]
    changed = replace(card, story=replace(card.story, title=title))
    cards = [changed if c is card else c for c in cards]
    _keep(workspace, issue_id, cards, author, "story renamed")


def merge(workspace: Workspace, issue_id: str, story_ids: Sequence[str], author: str) -> str:
    """Make one story of several, with the title and place of the first; returns its id."""
    if len(set(story_ids)) < 2:
        raise ReviewError("Choose at least two stories to merge.")
    cards = board(workspace, issue_id)
    parts = _known(cards, story_ids)
    first = parts[0]
    articles = tuple(dict.fromkeys(i for part in parts for i in part.story.article_ids))
    days = [d for p in parts for d in (p.story.first_on, p.story.last_on) if d is not None]
    story = replace(
        first.story,
        id=_id(articles),
        article_ids=articles,
        first_on=min(days, default=None),
        last_on=max(days, default=None),
        score=max(part.story.score for part in parts),
        why=f"merged from {len(parts)} by {author}; {first.story.why}",
    )
    rest = [card for card in cards if card not in parts]
    _keep(workspace, issue_id, [*rest, replace(first, story=story)], author, "stories merged")
    return story.id


def split(
    workspace: Workspace, issue_id: str, story_id: str, article_ids: Sequence[str], author: str
) -> str:
    """Make a story of its own of some articles of another; returns the new one's id."""
    cards = board(workspace, issue_id)
    card = _known(cards, [story_id])[0]
    out = [i for i in card.story.article_ids if i in set(article_ids)]
    stay = [i for i in card.story.article_ids if i not in set(out)]
    if not out or not stay:
        raise ReviewError("Choose some of the story's articles, and leave some.")
    new, old = (_of(workspace, ids, card.story.follows) for ids in (out, stay))
    old = replace(old, title=card.story.title)
    rest = [c for c in cards if c is not card]
    arranged = [*rest, replace(card, story=old), Card(new)]
    _keep(workspace, issue_id, arranged, author, "story split")
    return new.id


def chosen(workspace: Workspace, issue_id: str) -> list[Story]:
    """The stories chosen for an issue, in order."""
    placed = [card for card in board(workspace, issue_id) if card.place is not None]
    return [card.story for card in sorted(placed, key=lambda card: card.place or 0)]


def _of(workspace: Workspace, article_ids: Sequence[str], follows: str | None) -> Story:
    """A story of just these articles, ranked and titled as if it had been found."""
    found = find_stories([workspace.articles.get(i) for i in article_ids])
    best = found[0]
    return replace(
        best,
        id=_id(article_ids),
        article_ids=tuple(article_ids),
        first_on=min((s.first_on for s in found if s.first_on), default=None),
        last_on=max((s.last_on for s in found if s.last_on), default=None),
        follows=follows,
    )


def _id(article_ids: Sequence[str]) -> str:
    named = " ".join(sorted(article_ids))
    return "story-" + hashlib.sha256(named.encode()).hexdigest()[:8]


def _without(card: Card, there: set[str]) -> Card:
    """The card without articles that were removed or moved out of the window."""
    kept = tuple(i for i in card.story.article_ids if i in there)
    return replace(card, story=replace(card.story, article_ids=kept))


def _known(cards: Sequence[Card], story_ids: Sequence[str]) -> list[Card]:
    by_id = {card.story.id: card for card in cards}
    if any(story_id not in by_id for story_id in story_ids):
        raise ReviewError("The stories changed meanwhile; look at them again.")
    return [by_id[story_id] for story_id in story_ids]


def _rank(card: Card) -> tuple[int, float, str]:
    return ({"pinned": 0, "": 1, "dropped": 2}[card.mark], -card.story.score, card.story.id)


def _keep(
    workspace: Workspace, issue_id: str, cards: Sequence[Card], author: str, what: str
) -> None:
    with workspace.database.write() as connection:
        boards.add(connection, issue_id, [_row(card) for card in cards], author)
        audit.record(connection, author, what, {"issue": issue_id})


def _row(card: Card) -> dict[str, Any]:
    row = asdict(card)
    for name in ("first_on", "last_on"):
        day = row["story"][name]
        row["story"][name] = day and day.isoformat()
    return row


def _card(row: Mapping[str, Any]) -> Card:
    days = {
        name: row["story"][name] and dt.date.fromisoformat(row["story"][name])
        for name in ("first_on", "last_on")
    }
    ids = tuple(row["story"]["article_ids"])
    return Card(Story(**{**row["story"], **days, "article_ids": ids}), row["mark"], row["place"])
