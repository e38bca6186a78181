"""Style over a whole Markdown file: an issue, or loose paragraphs."""

from __future__ import annotations

from assistant.errors import IngestError
from assistant.publish.markdown import bullet_markdown
from assistant.publish.read_issue import read_bullets, read_issue
from assistant.style.check import check_bullet, check_issue, issue_context
from assistant.style.fix import fix
from assistant.style.view import IssueContext
from assistant.types import Finding, Issue


def check_document(text: str, name: str) -> list[tuple[int | None, Finding]]:
    """Findings with the number of their bullet, from 1; None where they are the issue's."""
    issue = _issue(text, name)
    if issue is not None:
        return [(None if i is None else i + 1, f) for i, f in check_issue(issue)]
    return [(n, f) for n, b in enumerate(read_bullets(text), 1) for f in check_bullet(b)]


def fix_document(text: str, name: str) -> str:
    """`text` with the fixes that need no judgement made, all else as it was."""
    issue = _issue(text, name)
    bullets = issue.bullets if issue else tuple(read_bullets(text))
    for i, bullet in enumerate(bullets):
        context = issue_context(issue, i) if issue else IssueContext()
        fixed = fix(bullet, context)
        for old, new in (
            (bullet_markdown(bullet), bullet_markdown(fixed)),
            (bullet.headline, fixed.headline),
        ):
            if old and old != new:
                text = text.replace(old, new, 1)
    return text


def _issue(text: str, name: str) -> Issue | None:
    try:
        return read_issue(text, name)
    except IngestError:
        return None
