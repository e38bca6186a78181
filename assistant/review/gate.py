"""What stands between a draft and its readers.

An issue leaves only when every claim is supported and fresh and no style error
stands, or when an editor overrides that with a reason, which is logged.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from assistant.errors import ExportError
from assistant.publish.html import to_html
from assistant.publish.markdown import to_markdown
from assistant.publish.save import save
from assistant.review.blocked import Blocked, Blocker
from assistant.store import audit, pictures
from assistant.store.database import Database
from assistant.types import Bullet, Finding, Issue


def blockers(issue: Issue) -> list[Blocker]:
    """Everything that blocks the export of `issue`, in order."""
    return [
        Blocker(n, finding)
        for n, bullet in enumerate(issue.bullets, 1)
        for finding in _of_bullet(bullet)
    ]


def _of_bullet(bullet: Bullet) -> list[Finding]:
    found = [f for f in bullet.findings if f.level == "error"]
    if not bullet.headline.strip():
        message = "This bullet has no headline; write one."
        found.append(Finding("no-headline", "error", message, 0, 0, None, "headline"))
    if not bullet.text.strip():
        found.append(Finding("no-text", "error", "This bullet has no text; write it.", 0, 0))
    elif not bullet.claims:
        message = "This bullet was never checked; check it first."
        found.append(Finding("unchecked", "error", message, 0, len(bullet.text)))
    for claim in bullet.claims:
        if claim.stale:
            message = f"Changed since it was checked: “{claim.text}”"
            code = "stale"
        elif claim.verdict.status != "supported":
            message = f"{claim.verdict.status.capitalize()}: “{claim.text}”"
            code = claim.verdict.status
        else:
            continue
        found.append(Finding(code, "error", message, claim.start, claim.end, None, claim.field))
    return found


def export(
    issue: Issue,
    format: str,
    out: Path,
    database: Database,
    who: str,
    override: str | None,
    blocking: Sequence[Blocker] | None = None,
) -> Path:
    """Write `issue` to `out` as `md` or `html`; log who, when, and any override's reason.

    `blocking` is what blocks it, by default its `blockers`. Raises ExportError where
    something blocks and there is no override, or the override has no reason, or the file
    cannot be written.
    """
    blocking = blockers(issue) if blocking is None else blocking
    if override is not None and not override.strip():
        raise ExportError("An override needs a reason: --override 'why this may leave as it is'.")
    if blocking and override is None:
        raise Blocked(blocking)
    path = save(out, written(issue, format, database))
    with database.write() as connection:
        detail = {
            "issue": issue.id,
            "format": format,
            "override": override if blocking else None,
            "blocking": [f"{b.bullet}: {b.finding.message}" for b in blocking],
        }
        audit.record(connection, who, "issue exported", detail)
    return path


def written(issue: Issue, format: str, database: Database) -> str:
    """`issue` as `md` or `html`, with its picture where the format has a place for one."""
    if format == "md":
        return to_markdown(issue)
    with database.read() as connection:
        return to_html(issue, pictures.of_issue(connection, issue.id))
