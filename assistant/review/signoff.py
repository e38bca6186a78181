"""From draft to reviewed to approved: who answers for a bullet, and what is still open.

A step is about one revision. Other words, saved later, are a draft again; a check of the
same words is not.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import ReviewError
from assistant.review.blocked import Blocked, Blocker
from assistant.review.edit import Conflict, find_bullet, newest, same_words
from assistant.review.gate import blockers, export
from assistant.store import audit, bullets, notes, signatures
from assistant.store.notes import Note
from assistant.store.signatures import Signature, State
from assistant.types import Finding, Issue
from assistant.workspace import Workspace

STATES: tuple[State, ...] = ("draft", "reviewed", "approved")


@dataclass(frozen=True)
class Standing:
    """Where a bullet stands. `signature` is its last step, `outdated` where words came since."""

    state: State
    signature: Signature | None
    outdated: bool


def standing(workspace: Workspace, bullet_id: str) -> Standing:
    """Where a bullet stands by its last step and its newest words."""
    with workspace.database.read() as connection:
        last = signatures.last(connection, bullet_id)
        if last is None:
            return Standing("draft", None, False)
        now = bullets.newest(connection, bullet_id)
        signed = bullets.at(connection, bullet_id, last.revision)
    if now is None or signed is None:
        return Standing("draft", None, False)
    if not same_words(signed.bullet, now.bullet):
        return Standing("draft", last, True)
    return Standing(last.state, last, False)


def standings(workspace: Workspace, issue: Issue) -> dict[str, Standing]:
    """Where each bullet of an issue stands, by its id."""
    return {bullet.id: standing(workspace, bullet.id) for bullet in issue.bullets}


def sign(
    workspace: Workspace,
    issue_id: str,
    bullet_id: str,
    state: State,
    who: str,
    based_on: int,
    reason: str | None = None,
) -> Standing:
    """Take the revision that `who` saw to a state: one step up, or back to draft.

    Raises Conflict where other words were saved since; Blocked where the bullet is to be
    approved while something blocks it and no reason is given; ReviewError for a step too far.
    """
    issue = workspace.issues.get(issue_id)
    bullet = find_bullet(issue, bullet_id)
    now = standing(workspace, bullet_id).state
    if state == "approved" and now == "draft":
        raise ReviewError("A bullet is reviewed before it is approved; mark it as reviewed first.")
    blocking = [b for b in blockers(issue) if issue.bullets[b.bullet - 1].id == bullet_id]
    reason = (reason or "").strip() or None
    if state == "approved" and blocking and reason is None:
        raise Blocked(blocking)
    revision = newest(workspace, bullet_id)
    with workspace.database.write() as connection:
        seen = bullets.at(connection, bullet_id, based_on)
        stored = bullets.newest(connection, bullet_id) or revision
        if seen is None or not same_words(seen.bullet, stored.bullet):
            raise Conflict(stored)
        if not same_words(bullet, stored.bullet):
            raise Conflict(stored)
        override = reason if blocking and state == "approved" else None
        signatures.add(connection, bullet_id, stored.number, state, who, override)
        detail = {
            "issue": issue_id,
            "bullet": bullet_id,
            "revision": stored.number,
            "override": override,
        }
        audit.record(connection, who, f"bullet {state}", detail)
    return standing(workspace, bullet_id)


def open_points(issue: Issue, stand: Mapping[str, Standing]) -> list[Blocker]:
    """All that stands between an issue and its readers: what blocks, and what lacks approval.

    `stand` says where each bullet stands, as `standings` does.
    """
    points = blockers(issue)
    for number, bullet in enumerate(issue.bullets, 1):
        if stand[bullet.id].state != "approved":
            message = "Not approved yet; somebody has to answer for it."
            points.append(Blocker(number, Finding("not-approved", "error", message, 0, 0)))
    return sorted(points, key=lambda point: point.bullet)


def send_out(
    workspace: Workspace, issue_id: str, format: str, who: str, reason: str | None
) -> Path:
    """Export an issue into the home's folder, as `export` does, once every bullet is approved.

    Raises Blocked where something is open and there is no reason to override it.
    """
    issue = workspace.issues.get(issue_id)
    if not issue.bullets:
        raise ReviewError("This issue has no bullet yet; draft one first.")
    reason = (reason or "").strip() or None
    points = open_points(issue, standings(workspace, issue))
    if points and reason is None:
        raise Blocked(points)
    out = workspace.settings.outputs / f"{issue.id}.{format}"
    return export(issue, format, out, workspace.database, who, reason, points)


def leave_note(workspace: Workspace, bullet_id: str, text: str, who: str) -> Sequence[Note]:
    """Tell the others something about a bullet; the notes on it are returned."""
    if not text.strip():
        raise ReviewError("A note needs words.")
    newest(workspace, bullet_id)
    with workspace.database.write() as connection:
        notes.add(connection, bullet_id, who, text.strip()[:2000])
        audit.record(connection, who, "note left", {"bullet": bullet_id})
    return notes_on(workspace, bullet_id)


def settle_note(workspace: Workspace, bullet_id: str, note_id: int, who: str) -> Sequence[Note]:
    """Mark a note as dealt with; the notes on the bullet are returned."""
    with workspace.database.write() as connection:
        notes.settle(connection, bullet_id, note_id, who)
        audit.record(connection, who, "note settled", {"bullet": bullet_id, "note": note_id})
    return notes_on(workspace, bullet_id)


def notes_on(workspace: Workspace, bullet_id: str) -> Sequence[Note]:
    """The notes on a bullet, oldest first."""
    with workspace.database.read() as connection:
        return notes.of_bullet(connection, bullet_id)
