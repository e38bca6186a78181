"""An issue as a whole: begun, given bullets by hand, put in order, and its masthead filled in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import replace

from assistant.errors import ReviewError
from assistant.pipeline import default_window
from assistant.publish.inline import plain_line
from assistant.publish.masthead import load_masthead
from assistant.review.edit import Words, save_bullet
from assistant.store import audit, pictures
from assistant.types import Bullet, Issue, Masthead, Picture, Window
from assistant.workspace import Workspace

MOST_PICTURE_BYTES = 5_000_000
_PICTURES = {b"\x89PNG\r\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}


def begin_issue(
    workspace: Workspace,
    date: dt.date,
    author: str,
    window: Window | None = None,
) -> Issue:
    """Begin the issue of a day, the next number after the last one, without bullets yet.

    Raises ReviewError where the window ends before it begins, or there is a draft of that
    number already.
    """
    last = workspace.issues.last_before(date)
    window = window or default_window(date, last)
    if window.since > window.until:
        raise ReviewError("The window ends before it begins; change its days.")
    volume, number = (last.volume, last.number + 1) if last else (1, 1)
    for issue in workspace.issues.list():
        if (issue.volume, issue.number) == (volume, number) and issue.writer != "imported":
            raise ReviewError(f"There is a draft of {volume}.{number} already; open that one.")
    issue = Issue(volume, number, date, (), load_masthead(), window, writer="editor")
    return workspace.issues.save(issue, author, note="begun")


def add_by_hand(
    workspace: Workspace, issue_id: str, author: str, headline: str = "", pasted: str = ""
) -> str:
    """Add a bullet written by hand, from nothing or from pasted sentences; returns its id."""
    bullet_id = workspace.issues.add_bullet(issue_id, Bullet("", ""), author, "by hand")
    if headline.strip() or pasted.strip():
        text, citations = plain_line(" ".join(pasted.split()))
        words = Words(headline, text, citations)
        save_bullet(workspace, issue_id, bullet_id, words, author, 1, "pasted")
    return bullet_id


def arrange(workspace: Workspace, issue_id: str, order: Sequence[str], author: str) -> Issue:
    """Give an issue these of its bullets in this order; one left out can be brought back."""
    workspace.issues.arrange(issue_id, order, author)
    return workspace.issues.get(issue_id)


def set_masthead(
    workspace: Workspace, issue_id: str, credit: str, boilerplate: str, author: str
) -> Masthead:
    """Set the picture's credit and the closing lines, both Markdown."""
    before = workspace.issues.get(issue_id).masthead
    after = replace(
        before,
        image_credit=" ".join(credit.split()) or None,
        boilerplate=" ".join(boilerplate.split()) or None,
    )
    if after != before:
        workspace.issues.set_masthead(issue_id, after, author)
    return after


def set_picture(
    workspace: Workspace, issue_id: str, data: bytes | None, alt: str, author: str
) -> Picture:
    """Give an issue its picture, or with `data` None its picture another alternative text.

    Raises ReviewError where the data is no picture or too large, where nothing is said of
    what it shows, or where the issue is no draft.
    """
    alt = " ".join(alt.split())
    if not alt:
        raise ReviewError("Say what the picture shows, for readers who cannot see it.")
    if data is not None and len(data) > MOST_PICTURE_BYTES:
        raise ReviewError(f"The picture has more than {MOST_PICTURE_BYTES / 1e6:.0f} MB.")
    _refuse_closed(workspace, issue_id)
    with workspace.database.write() as connection:
        old = pictures.of_issue(connection, issue_id)
        if data is not None:
            picture = Picture(_media_type(data), data, alt)
        elif old is not None:
            picture = replace(old, alt=alt)
        else:
            raise ReviewError("This issue has no picture yet; choose a file.")
        pictures.put(connection, issue_id, picture)
        detail = {"issue": issue_id, "alt": alt}
        audit.record(connection, author, "picture changed", detail)
    return picture


def remove_picture(workspace: Workspace, issue_id: str, author: str) -> None:
    """Take an issue's picture away."""
    _refuse_closed(workspace, issue_id)
    with workspace.database.write() as connection:
        pictures.remove(connection, issue_id)
        audit.record(connection, author, "picture removed", {"issue": issue_id})


def picture_of(workspace: Workspace, issue_id: str) -> Picture | None:
    """The picture of an issue, None where it has none."""
    with workspace.database.read() as connection:
        return pictures.of_issue(connection, issue_id)


def _refuse_closed(workspace: Workspace, issue_id: str) -> None:
    if workspace.issues.status(issue_id) != "draft":
        raise ReviewError(f"Issue {issue_id} is no draft; its picture stays as it is.")


def _media_type(data: bytes) -> str:
    """By its first bytes: what a file is called says nothing."""
    for mark, media_type in _PICTURES.items():
        if data.startswith(mark):
            return media_type
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return "image/webp"
    raise ReviewError("This is no PNG, JPEG, GIF or WebP picture; choose another file.")
