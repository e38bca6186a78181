"""Keeps bullets as revisions: every saved wording with its claims, and every verdict on them.

The functions work inside a transaction that the caller holds.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from sqlalchemy import Connection, Row, func, insert, select, update

from assistant.errors import StoreError
from assistant.store.tables import article_versions, articles, claims, revisions, verdicts
from assistant.types import Bullet, Citation, Claim, Evidence, Finding, Story, Verdict

_OF_CLAIM = verdicts.alias()
# Correlated: found by the index of one claim, however many verdicts the database holds.
_NEWEST_VERDICT = (
    select(func.max(_OF_CLAIM.c.id)).where(_OF_CLAIM.c.claim_id == claims.c.id).scalar_subquery()
)
_OF_BULLET = revisions.alias()
_NEWEST_NUMBER = (
    select(func.max(_OF_BULLET.c.number))
    .where(_OF_BULLET.c.bullet_id == revisions.c.bullet_id)
    .scalar_subquery()
)


@dataclass(frozen=True)
class Revision:
    """A saved version of a bullet; `number` counts from 1."""

    number: int
    bullet: Bullet
    author: str
    note: str
    saved_at: dt.datetime


def history(connection: Connection, bullet_id: str) -> list[Revision]:
    """Return every revision of a bullet, oldest first, each with its last verdicts."""
    rows = connection.execute(
        select(revisions).where(revisions.c.bullet_id == bullet_id).order_by(revisions.c.number)
    )
    return [_revision(row, _claim_rows(connection, row.id)) for row in rows]


@dataclass(frozen=True)
class Entry:
    """A line of a bullet's history: a revision without its claims."""

    number: int
    headline: str
    text: str
    author: str
    note: str
    saved_at: dt.datetime


def log(connection: Connection, bullet_id: str) -> list[Entry]:
    """Return the history of a bullet, oldest first, without reading claims and verdicts."""
    names = ("number", "headline", "text", "author", "note", "saved_at")
    rows = connection.execute(
        select(*(revisions.c[name] for name in names))
        .where(revisions.c.bullet_id == bullet_id)
        .order_by(revisions.c.number)
    )
    return [Entry(*row) for row in rows]


def at(connection: Connection, bullet_id: str, number: int) -> Revision | None:
    """Return the revision of a bullet with this number."""
    row = connection.execute(
        select(revisions).where(revisions.c.bullet_id == bullet_id, revisions.c.number == number)
    ).first()
    return None if row is None else _revision(row, _claim_rows(connection, row.id))


def newest(connection: Connection, bullet_id: str) -> Revision | None:
    """Return the last revision of a bullet."""
    return newest_of(connection, (bullet_id,)).get(bullet_id)


def newest_of(connection: Connection, bullet_ids: Sequence[str]) -> dict[str, Revision]:
    """Return the last revision of each of these bullets that has one, by the bullet's id."""
    rows = connection.execute(
        select(revisions).where(
            revisions.c.bullet_id.in_(bullet_ids), revisions.c.number == _NEWEST_NUMBER
        )
    ).all()
    of_revision: dict[int, list[Row[Any]]] = {row.id: [] for row in rows}
    for claim in _claim_rows(connection, *of_revision):
        of_revision[claim.revision_id].append(claim)
    return {row.bullet_id: _revision(row, of_revision[row.id]) for row in rows}


def save(connection: Connection, bullet: Bullet, author: str, checker: str, note: str = "") -> None:
    """Save a bullet under its id: as a new revision, or as new verdicts on the same words.

    A verdict carried over from the revision before keeps the article versions that it was
    reached on; a new one gets the newest. Raises `StoreError` for evidence from an
    article that is not stored.
    """
    row = _newest_row(connection, bullet.id)
    known = () if row is None else _claim_rows(connection, row.id)
    if row is not None:
        before = _revision(row, known).bullet
        if before == bullet:
            return
        if _wording(before) == _wording(bullet):
            _save_verdicts(connection, row.id, known, before, bullet, checker)
            return
    reached = _evidence_by_verdict(known)
    revision = connection.execute(
        insert(revisions)
        .values(
            bullet_id=bullet.id,
            number=1 if row is None else row.number + 1,
            headline=bullet.headline,
            text=bullet.text,
            citations=[asdict(citation) for citation in bullet.citations],
            story=bullet.story and _story_json(bullet.story),
            findings=_findings_json(bullet.findings),
            author=author,
            note=note,
            saved_at=dt.datetime.now(dt.UTC),
        )
        .returning(revisions.c.id)
    ).scalar_one()
    if not bullet.claims:
        return
    claim_ids = connection.scalars(
        insert(claims).returning(claims.c.id, sort_by_parameter_order=True),
        [
            {
                "revision_id": revision,
                "position": position,
                "field": claim.field,
                "start": claim.start,
                "end": claim.end,
                "text": claim.text,
                "stale": claim.stale,
            }
            for position, claim in enumerate(bullet.claims)
        ],
    ).all()
    rows = [
        _verdict_row(
            connection, claim_id, claim.verdict, checker, reached.get((claim.text, claim.verdict))
        )
        for claim_id, claim in zip(claim_ids, bullet.claims, strict=True)
    ]
    connection.execute(insert(verdicts), rows)


def quotes(connection: Connection, bullet_id: str) -> Mapping[Evidence, str]:
    """Read what each evidence of a bullet's last revision says, in the version it came from.

    This holds after the article changed or was removed.
    """
    row = _newest_row(connection, bullet_id)
    if row is None:
        raise StoreError(f"There is no bullet {bullet_id!r}.")
    found: dict[Evidence, str] = {}
    known = _evidence_by_verdict(_claim_rows(connection, row.id))
    for piece in (e for rows in known.values() for e in rows):
        text = connection.execute(
            select(article_versions.c.text).where(
                article_versions.c.article_id == piece["article_id"],
                article_versions.c.version == piece["version"],
            )
        ).scalar_one()
        found[_evidence(piece)] = text[piece["start"] : piece["end"]]
    return found


def _newest_row(connection: Connection, bullet_id: str) -> Row[Any] | None:
    return connection.execute(
        select(revisions)
        .where(revisions.c.bullet_id == bullet_id)
        .order_by(revisions.c.number.desc())
        .limit(1)
    ).first()


def _claim_rows(connection: Connection, *revision_ids: int) -> Sequence[Row[Any]]:
    return connection.execute(
        select(
            claims,
            verdicts.c.status,
            verdicts.c.score,
            verdicts.c.evidence,
            verdicts.c.findings,
        )
        .join_from(claims, verdicts)
        .where(claims.c.revision_id.in_(revision_ids), verdicts.c.id == _NEWEST_VERDICT)
        .order_by(claims.c.revision_id, claims.c.position)
    ).all()


def _revision(row: Row[Any], claim_rows: Iterable[Row[Any]]) -> Revision:
    bullet = Bullet(
        headline=row.headline,
        text=row.text,
        citations=tuple(Citation(**citation) for citation in row.citations),
        claims=tuple(
            Claim(c.field, c.text, c.start, c.end, _verdict(c), c.stale) for c in claim_rows
        ),
        findings=_findings(row.findings),
        story=row.story and _story(row.story),
        id=row.bullet_id,
    )
    return Revision(row.number, bullet, row.author, row.note, row.saved_at)


def _wording(bullet: Bullet) -> Bullet:
    """What an editor sees as the same bullet, whatever a check says of it."""
    blank = Verdict("unchecked", None)
    return replace(
        bullet,
        findings=(),
        claims=tuple(replace(claim, verdict=blank, stale=False) for claim in bullet.claims),
    )


def _save_verdicts(
    connection: Connection,
    revision_id: int,
    rows: Iterable[Row[Any]],
    before: Bullet,
    after: Bullet,
    checker: str,
) -> None:
    connection.execute(
        update(revisions)
        .where(revisions.c.id == revision_id)
        .values(findings=_findings_json(after.findings))
    )
    for row, old, new in zip(rows, before.claims, after.claims, strict=True):
        if old.stale != new.stale:
            connection.execute(update(claims).where(claims.c.id == row.id).values(stale=new.stale))
        if old.verdict != new.verdict:
            verdict = _verdict_row(connection, row.id, new.verdict, checker)
            connection.execute(insert(verdicts).values(verdict))


def _verdict_row(
    connection: Connection,
    claim_id: int,
    verdict: Verdict,
    checker: str,
    evidence: list[dict[str, Any]] | None = None,
) -> dict[str, Any]:
    if evidence is None:
        evidence = [_versioned(connection, piece) for piece in verdict.evidence]
    return {
        "claim_id": claim_id,
        "status": verdict.status,
        "score": verdict.score,
        "evidence": evidence,
        "findings": _findings_json(verdict.findings),
        "checker": checker,
        "checked_at": dt.datetime.now(dt.UTC),
    }


def _versioned(connection: Connection, evidence: Evidence) -> dict[str, Any]:
    version = connection.scalar(
        select(articles.c.version).where(articles.c.id == evidence.article_id)
    )
    if version is None:
        raise StoreError(
            f"A claim rests on article {evidence.article_id!r}, which is not stored; "
            "ingest it first."
        )
    return asdict(evidence) | {"version": version}


def _evidence_by_verdict(
    rows: Iterable[Row[Any]],
) -> dict[tuple[str, Verdict], list[dict[str, Any]]]:
    return {(row.text, _verdict(row)): row.evidence for row in rows}


def _verdict(row: Row[Any]) -> Verdict:
    evidence = tuple(_evidence(piece) for piece in row.evidence)
    return Verdict(row.status, row.score, evidence, _findings(row.findings))


def _evidence(piece: Mapping[str, Any]) -> Evidence:
    return Evidence(piece["article_id"], piece["start"], piece["end"])


def _findings(rows: Iterable[Mapping[str, Any]]) -> tuple[Finding, ...]:
    return tuple(Finding(**row) for row in rows)


def _findings_json(findings: Iterable[Finding]) -> list[dict[str, Any]]:
    return [asdict(finding) for finding in findings]


def _story_json(story: Story) -> dict[str, Any]:
    days = {"first_on": story.first_on, "last_on": story.last_on}
    return asdict(story) | {name: day and day.isoformat() for name, day in days.items()}


def _story(row: Mapping[str, Any]) -> Story:
    days = {
        name: row[name] and dt.date.fromisoformat(row[name]) for name in ("first_on", "last_on")
    }
    return Story(**{**row, **days, "article_ids": tuple(row["article_ids"])})
