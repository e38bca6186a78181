"""The articles as an editor handles them: found, added, and taken out with what follows."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import ReviewError
from assistant.ingest import Pasted
from assistant.ingest.reading import SUFFIXES
from assistant.store import audit
from assistant.store.browse import Filter, Listed, browse, listed
from assistant.types import Issue
from assistant.workspace import Workspace

Progress = Callable[[int, int, str], None]
MOST_AT_ONCE = 200
_DEPTH = 60


@dataclass(frozen=True)
class Found:
    """An article in a list; `span` is the passage that a search found, `quote` its words."""

    article: Listed
    quote: str | None = None
    span: tuple[int, int] | None = None


@dataclass(frozen=True)
class Use:
    """A bullet of a draft that rests on an article."""

    issue_id: str
    bullet_id: str
    number: int
    headline: str
    claims: int


def find_articles(
    workspace: Workspace, query: str, wanted: Filter, offset: int = 0, limit: int = 100
) -> tuple[Sequence[Found], int]:
    """Articles that are `wanted`: newest first, or for a query the best passage of each first.

    The number is of all there are; for a query, of those found.
    """
    if not query.strip():
        rows, total = browse(workspace.database, wanted, offset, limit)
        return [Found(row) for row in rows], total
    hits = workspace.retriever.search(query, _DEPTH, wanted.since, wanted.until)
    known = listed(workspace.database, {hit.article_id for hit in hits}, wanted)
    best: dict[str, Found] = {}
    for hit in hits:
        if hit.article_id in known and hit.article_id not in best:
            span = (hit.start, hit.end)
            best[hit.article_id] = Found(known[hit.article_id], hit.quote, span)
    return list(best.values())[offset : offset + limit], len(best)


def keep_uploads(
    workspace: Workspace, files: Sequence[tuple[str, bytes]]
) -> tuple[list[str], list[dict[str, str]]]:
    """Put uploaded files into the home for a job to read.

    Returns their paths, and for each that is of no known kind its name and the reason.
    """
    if len(files) > MOST_AT_ONCE:
        raise ReviewError(f"At most {MOST_AT_ONCE} files at once; upload the rest afterwards.")
    folder = workspace.settings.home / "uploads"
    kept, failed = [], []
    for number, (name, data) in enumerate(files):
        plain = Path(name.replace("\\", "/")).name
        if Path(plain).suffix.lower() not in SUFFIXES:
            known = ", ".join(SUFFIXES)
            reason = f"Files of this kind cannot be read; known are {known}."
            failed.append({"source": plain, "reason": reason})
            continue
        # Each in a folder of its own: two may have one name.
        folder.mkdir(parents=True, exist_ok=True)
        place = folder / f"{_free(folder)}-{number}"
        place.mkdir()
        path = place / plain
        path.write_bytes(data)
        kept.append(str(path))
    return kept, failed


def read_sources(
    workspace: Workspace, request: Mapping[str, Any], author: str, progress: Progress
) -> dict[str, Any]:
    """Ingest what `request` names: `addresses`, `files` and a `pasted` text with its `fields`.

    Returns what became of each as JSON, as `digest ingest` does. One that fails is said to
    have failed, and the others go on.
    """
    pasted = request.get("pasted")
    sources: list[str | Pasted] = [*request.get("addresses", ()), *request.get("files", ())]
    if pasted:
        sources.append(Pasted(pasted["text"], pasted["fields"]))
    done = 0

    def read(name: str) -> None:
        nonlocal done
        done += 1
        progress(done, len(sources), f"Read {_name(name)}")

    progress(0, len(sources), "Reading")
    report = workspace.ingest.run(sources, read)
    workspace.retriever.catch_up()
    result = report.as_json()
    result["failed"] = [*request.get("failed", ()), *result["failed"]]
    for kind in ("added", "updated", "unchanged", "duplicates", "failed"):
        for entry in result[kind]:
            entry["source"] = _name(entry["source"])
    result["warnings"] = [_name(warning) for warning in result["warnings"]]
    with workspace.database.write() as connection:
        counts = {kind: len(rows) for kind, rows in result.items()}
        audit.record(connection, author, "articles read", counts)
    return result


def uses(workspace: Workspace, article_id: str) -> list[Use]:
    """Bullets of drafts that link to an article or rest on it."""
    found = []
    for issue in _drafts(workspace):
        for number, bullet in enumerate(issue.bullets, 1):
            linked = any(c.article_id == article_id for c in bullet.citations)
            resting = sum(
                any(e.article_id == article_id for e in claim.verdict.evidence)
                for claim in bullet.claims
            )
            if linked or resting:
                found.append(Use(issue.id, bullet.id, number, bullet.headline, resting))
    return found


def remove_article(workspace: Workspace, article_id: str, author: str) -> list[Use]:
    """Take an article out of the corpus; returns the bullets to be checked again.

    Its texts stay for what was written from them. `StoreError` where there is none.
    """
    resting = uses(workspace, article_id)
    workspace.articles.remove(article_id)
    with workspace.database.write() as connection:
        audit.record(connection, author, "article removed", {"article": article_id})
    return resting


def waiting_for_a_page(workspace: Workspace) -> list[tuple[str, str]]:
    """Issue and bullet of every draft's bullet with a link that opened no article when checked."""
    return [
        (issue.id, bullet.id)
        for issue in _drafts(workspace)
        for bullet in issue.bullets
        if any(citation.article_id is None for citation in bullet.citations)
    ]


def _drafts(workspace: Workspace) -> list[Issue]:
    lines = workspace.issues.index()
    return [workspace.issues.get(line.id) for line in lines if line.status == "draft"]


def _free(folder: Path) -> int:
    return sum(1 for _ in folder.iterdir()) + 1


def _name(source: str) -> str:
    """A source as the editor named it: an upload without the folder that it was put in."""
    head, mark, rest = source.rpartition("/uploads/")
    return rest.partition("/")[2] if mark else source
