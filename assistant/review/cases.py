"""What an editor knows better than the check, kept as a case that the checker is measured on.

A verdict that is wrong, a sentence of a revision that was rejected, a bullet approved
against the check: each becomes a case with its pages, under Evals. Nothing in the issue
changes by it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from assistant.errors import ReviewError
from assistant.review.edit import find_bullet, linked_pages
from assistant.review.evidence import sources_of
from assistant.review.signoff import standing
from assistant.store import audit
from assistant.types import Bullet, Claim
from assistant.workspace import Workspace

if TYPE_CHECKING:
    from evals.corrections import Decision, Page

_GONE = "That sentence reads differently now; look at the bullet again."


@dataclass(frozen=True)
class Kept:
    """A case: `supported` is whether the editor says that the linked pages say the claim."""

    id: str
    claim: str
    supported: bool


@dataclass(frozen=True)
class Count:
    """How many cases were kept: claims that their pages say, and claims that they do not."""

    supported: int
    unsupported: int


def keep_verdict(
    workspace: Workspace, issue_id: str, bullet_id: str, number: int, text: str, who: str
) -> list[Kept]:
    """Keep claim `number` of a bullet, from 0, with the opposite of its verdict.

    `text` is the claim as the editor saw it. Raises ReviewError where it reads otherwise
    now, was not checked, or links to no page of the corpus.
    """
    bullet = find_bullet(workspace.issues.get(issue_id), bullet_id)
    claim = bullet.claims[number] if 0 <= number < len(bullet.claims) else None
    if claim is None or claim.text != text:
        raise ReviewError(_GONE)
    status = claim.verdict.status
    if claim.stale or status == "unchecked":
        raise ReviewError("This claim has no verdict yet; wait for its check.")
    decision: Decision = "correction" if status == "supported" else "override"
    pages = _pages(workspace, bullet, claim)
    reason = f"The check said {status}; the editor says otherwise."
    return [_keep(workspace, decision, claim.text, pages, reason, who)]


def keep_override(workspace: Workspace, issue_id: str, bullet_id: str, who: str) -> list[Kept]:
    """Keep the claims that a bullet was approved with against the check, each as supported.

    Raises ReviewError where the bullet as it stands was not approved against the check, or
    none of the claims in doubt links to a page of the corpus.
    """
    now = standing(workspace, bullet_id)
    if now.outdated or now.signature is None or now.signature.reason is None:
        raise ReviewError("This bullet was not approved against the check as it stands now.")
    bullet = find_bullet(workspace.issues.get(issue_id), bullet_id)
    doubted = [c for c in bullet.claims if c.verdict.status != "supported" and not c.stale]
    found = [(c.text, pages) for c in doubted if (pages := _pages(workspace, bullet, c))]
    if not found:
        raise ReviewError("No claim in doubt links to a page, so there is nothing to measure on.")
    reason = now.signature.reason
    return [_keep(workspace, "override", text, pages, reason, who) for text, pages in found]


def keep_rejected(
    workspace: Workspace,
    issue_id: str,
    bullet_id: str,
    rejected: str,
    who: str,
    *,
    instead_of: str = "",
    url: str | None = None,
    instruction: str,
) -> list[Kept]:
    """Keep a proposed sentence that the editor rejected, as one that its pages do not say.

    The pages are those of the sentence that it would have stood `instead_of`; of a new
    sentence or a proposed link, the page at `url`. Raises ReviewError where the old
    sentence is gone or there is no such page.
    """
    bullet = find_bullet(workspace.issues.get(issue_id), bullet_id)
    pages: Sequence[Page]
    if url is not None:
        pages = list(_page_at(workspace, url))
    else:
        old = next((c for c in bullet.claims if c.text == instead_of), None)
        if old is None:
            raise ReviewError(_GONE)
        pages = _pages(workspace, bullet, old)
    reason = f"Rejected when asked for: {instruction}"
    return [_keep(workspace, "rejected", rejected, pages, reason, who)]


def take_back(workspace: Workspace, ids: Sequence[str], who: str) -> Count:
    """Take cases out of those that were kept; returns how many are left."""
    from evals.corrections import corrections_file, remove_corrections

    remove_corrections(corrections_file(workspace.settings), ids)
    with workspace.database.write() as connection:
        audit.record(connection, who, "test cases taken back", {"cases": list(ids)})
    return count(workspace)


def count(workspace: Workspace) -> Count:
    """How many cases there are."""
    from evals.corrections import corrections_file, count_corrections

    labels = count_corrections(corrections_file(workspace.settings))
    return Count(labels[1], labels[0])


def _keep(
    workspace: Workspace,
    decision: Decision,
    claim: str,
    pages: Sequence[Page],
    reason: str,
    who: str,
) -> Kept:
    from evals.corrections import LABELS, add_correction, corrections_file

    if not pages:
        raise ReviewError(
            "This sentence links to no page of the corpus, so there is nothing to measure it "
            "on; link the page first."
        )
    path = corrections_file(workspace.settings)
    name = add_correction(path, decision, claim, pages, reason=reason, by=who)
    with workspace.database.write() as connection:
        audit.record(connection, who, "test case kept", {"case": name, "claim": claim})
    return Kept(name, claim, LABELS[decision] == 1)


def _pages(workspace: Workspace, bullet: Bullet, claim: Claim) -> list[Page]:
    """The linked pages as the claim was checked against them, with its evidence marked."""
    from evals.corrections import Page

    seen = {source.article_id: source for source in sources_of(workspace, bullet.id, claim)}
    pages = []
    for article in linked_pages(workspace, bullet, claim):
        source = seen.get(article.id)
        text = source.text if source else article.text
        pages.append(Page(article.id, article.url, text, source.marks if source else ()))
    return pages


def _page_at(workspace: Workspace, url: str) -> Iterator[Page]:
    from evals.corrections import Page

    article = workspace.articles.by_url(url)
    if article is not None:
        yield Page(article.id, article.url, article.text)
