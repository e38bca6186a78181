"""A bullet's history: what was saved, what differs between two versions, going back to one.

Typing is saved every second or two, each time as a revision of its own, so that nothing
is lost. The history shows such a run of saves as one sitting.
"""

from __future__ import annotations

import datetime as dt
import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.errors import ReviewError
from assistant.review.edit import Words, save_bullet
from assistant.store import bullets
from assistant.store.bullets import Entry, Revision
from assistant.types import Issue
from assistant.workspace import Workspace

# Saves of one author that follow each other within this are one sitting.
SITTING = dt.timedelta(minutes=5)
Change = tuple[Literal["same", "old", "new"], str]


@dataclass(frozen=True)
class Sitting:
    """A run of saves by one author: its last revision, and how many there were."""

    last: Entry
    first: int
    saves: int


def sittings(workspace: Workspace, bullet_id: str) -> Sequence[Sitting]:
    """The history of a bullet, newest first; a save that says what it did stands alone."""
    with workspace.database.read() as connection:
        entries = bullets.log(connection, bullet_id)
    if not entries:
        raise ReviewError(f"There is no bullet {bullet_id!r}; open the issue again.")
    found: list[Sitting] = []
    for entry in entries:
        before = found[-1] if found else None
        if before and _continues(before.last, entry):
            found[-1] = Sitting(entry, before.first, before.saves + 1)
        else:
            found.append(Sitting(entry, entry.number, 1))
    return found[::-1]


def _continues(before: Entry, entry: Entry) -> bool:
    typed = not before.note and not entry.note
    near = entry.saved_at - before.saved_at <= SITTING
    return typed and near and entry.author == before.author


def revision(workspace: Workspace, bullet_id: str, number: int) -> Revision:
    """One saved version of a bullet; ReviewError where there is none of that number."""
    with workspace.database.read() as connection:
        found = bullets.at(connection, bullet_id, number)
    if found is None:
        raise ReviewError(f"This bullet has no revision {number}; open its history again.")
    return found


def compare(old: str, new: str) -> list[Change]:
    """What became of `old`, word by word: runs of text that stayed, went, or came."""
    a, b = (re.findall(r"\s+|\w+|[^\w\s]", text) for text in (old, new))
    changes: list[Change] = []
    for what, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            changes.append(("same", "".join(a[i:j])))
            continue
        if i < j:
            changes.append(("old", "".join(a[i:j])))
        if k < m:
            changes.append(("new", "".join(b[k:m])))
    return changes


def restore(
    workspace: Workspace,
    issue_id: str,
    bullet_id: str,
    number: int,
    author: str,
    based_on: int,
    note: str = "",
) -> Issue:
    """Save the words of an older revision as the newest; nothing in between is lost.

    Raises ReviewError where there is no such revision, Conflict as `save_bullet` does.
    """
    old = revision(workspace, bullet_id, number).bullet
    words = Words(old.headline, old.text, old.citations)
    note = note or f"Revision {number} restored"
    return save_bullet(workspace, issue_id, bullet_id, words, author, based_on, note)
