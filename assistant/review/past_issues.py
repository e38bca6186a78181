"""Past issues as an editor brings them in: read and shown first, then kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import IngestError, ReviewError, StoreError
from assistant.ingest.reading import own_text
from assistant.publish.read_issue import read_issue
from assistant.review.sources import MOST_AT_ONCE
from assistant.store.issues import IssueStatus
from assistant.types import Issue
from assistant.workspace import Workspace


@dataclass(frozen=True)
class Past:
    """An issue as a file has it. `replaces` is the status of the one whose place it takes."""

    source: str
    issue: Issue
    replaces: IssueStatus | None


@dataclass(frozen=True)
class Reading:
    """What became of files: the issues in them, and why there are no more, a sentence each."""

    issues: tuple[Past, ...]
    failed: tuple[str, ...]


def read_past(workspace: Workspace, files: Sequence[tuple[str, bytes]]) -> Reading:
    """Read past issues in the house's Markdown, each a file's name and content; write nothing.

    Raises ReviewError where there are too many files at once.
    """
    if len(files) > MOST_AT_ONCE:
        raise ReviewError(f"At most {MOST_AT_ONCE} files at once; bring in the rest afterwards.")
    stored = {line.id: line.status for line in workspace.issues.index()}
    found: dict[str, Past] = {}
    failed = []
    for given, data in files:
        name = Path(given.replace("\\", "/")).name
        try:
            issue = read_issue(own_text(data, name), name)
        except IngestError as error:
            failed.append(str(error))
            continue
        number = f"{issue.volume}.{issue.number}"
        issue_id = f"vol-{issue.volume}-{issue.number}"
        status = stored.get(issue_id)
        if issue_id in found:
            other = found[issue_id].source
            failed.append(f"{name}: this is issue {number} again, as {other} is; leave one out.")
        elif status == "sent":
            failed.append(f"{name}: issue {number} was sent, and what was sent is not changed.")
        else:
            found[issue_id] = Past(name, issue, status)
    return Reading(tuple(found.values()), tuple(failed))


def keep_past(workspace: Workspace, files: Sequence[tuple[str, bytes]], author: str) -> Reading:
    """Read past issues and keep those that can be read, each whole or not at all.

    One that was imported before, or drafted here, gives its place; its wordings stay as
    revisions. Raises ReviewError as `read_past` does.
    """
    reading = read_past(workspace, files)
    kept = []
    failed = list(reading.failed)
    for past in reading.issues:
        try:
            workspace.issues.save(past.issue, author, note="imported")
        except StoreError as error:
            failed.append(f"{past.source}: {error}")
        else:
            kept.append(past)
    return Reading(tuple(kept), tuple(failed))
