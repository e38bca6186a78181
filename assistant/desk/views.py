"""What the page is told, as JSON. Offsets count UTF-16 units here, and only here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from assistant.desk.offsets import to_units
from assistant.review.blocked import Blocker
from assistant.review.edit import Words
from assistant.review.history import Sitting
from assistant.review.merge import Piece
from assistant.review.past_issues import Past, Reading
from assistant.review.repairs import Repair
from assistant.review.signoff import Standing
from assistant.store.bullets import Revision
from assistant.store.issues import IssueStatus, Line
from assistant.store.jobs import Job
from assistant.store.notes import Note
from assistant.types import Bullet, Citation, Claim, Finding, Issue

Json = dict[str, Any]


def moment(at: dt.datetime | None) -> str | None:
    """A point in time as ISO 8601; the browser puts it into its own zone."""
    return None if at is None else at.isoformat()


def bullet_view(
    revision: Revision, standing: Standing, notes: Sequence[Note], checking: bool
) -> Json:
    """A bullet as the editor shows it."""
    bullet = revision.bullet
    return {
        "id": bullet.id,
        "revision": revision.number,
        "author": revision.author,
        "saved_at": moment(revision.saved_at),
        "headline": bullet.headline,
        "text": bullet.text,
        "links": [link_view(bullet.text, c) for c in bullet.citations],
        "claims": [claim_view(bullet, n, c) for n, c in enumerate(bullet.claims)],
        "findings": [finding_view(bullet, f) for f in bullet.findings],
        "standing": standing_view(standing),
        "notes": [note_view(n) for n in notes],
        "story": bullet.story and bullet.story.title,
        "checking": checking,
    }


def link_view(text: str, citation: Citation) -> Json:
    """A link and where its anchor stands."""
    return {
        "start": to_units(text, citation.start),
        "end": to_units(text, citation.end),
        "url": citation.url,
        "known": citation.article_id is not None,
    }


def claim_view(bullet: Bullet, number: int, claim: Claim) -> Json:
    """A claim; its findings stand at offsets into the field, like the claim itself."""
    whole = _field(bullet, claim.field)
    verdict = claim.verdict
    return {
        "n": number,
        "field": claim.field,
        "text": claim.text,
        "start": to_units(whole, claim.start),
        "end": to_units(whole, claim.end),
        "status": "stale" if claim.stale else verdict.status,
        "score": verdict.score,
        "findings": [
            {
                "code": f.code,
                "level": f.level,
                "message": f.message,
                "start": to_units(whole, claim.start + f.start),
                "end": to_units(whole, claim.start + f.end),
                "whole": f.end - f.start >= len(claim.text),
            }
            for f in verdict.findings
        ],
    }


def finding_view(bullet: Bullet, finding: Finding) -> Json:
    """A style finding; `fix` is what would stand there, where one is proposed."""
    whole = _field(bullet, finding.field)
    return {
        "code": finding.code,
        "level": finding.level,
        "message": finding.message,
        "field": finding.field,
        "start": to_units(whole, finding.start),
        "end": to_units(whole, finding.end),
        "said": whole[finding.start : finding.end],
        "fix": finding.replacement,
    }


def standing_view(standing: Standing) -> Json:
    """Where a bullet stands, and who took it there."""
    signed = standing.signature
    return {
        "state": standing.state,
        "outdated": standing.outdated,
        "last": signed
        and {
            "state": signed.state,
            "who": signed.who,
            "at": moment(signed.at),
            "reason": signed.reason,
        },
    }


def note_view(note: Note) -> Json:
    """A note to a colleague."""
    return {
        "id": note.id,
        "author": note.author,
        "text": note.text,
        "at": moment(note.at),
        "settled_by": note.settled_by,
    }


def issue_view(
    issue: Issue,
    status: IssueStatus,
    points: Sequence[Blocker],
    standings: Mapping[str, Standing],
    notes: Mapping[str, int],
    checking: bool,
) -> Json:
    """An issue as its list shows it: a line a bullet, and what is still open."""
    rows = []
    for number, bullet in enumerate(issue.bullets, 1):
        open_here = [p for p in points if p.bullet == number and p.finding.code != "not-approved"]
        rows.append(
            {
                "id": bullet.id,
                "headline": bullet.headline or bullet.text[:70],
                "open": len(open_here),
                "stale": any(c.stale for c in bullet.claims),
                "claims": len(bullet.claims),
                "state": standings[bullet.id].state,
                "notes": notes.get(bullet.id, 0),
            }
        )
    return {
        **line_view(Line(issue.id, issue.volume, issue.number, issue.date, status)),
        "masthead": {
            "title": issue.masthead.title,
            "credit": issue.masthead.image_credit or "",
            "boilerplate": issue.masthead.boilerplate or "",
        },
        "window": issue.window
        and {"since": issue.window.since.isoformat(), "until": issue.window.until.isoformat()},
        "warnings": list(issue.warnings),
        "bullets": rows,
        "points": [point_view(issue, p) for p in points],
        "checking": checking,
    }


def line_view(line: Line) -> Json:
    """An issue in a list of issues."""
    return {
        "id": line.id,
        "name": f"{line.volume}.{line.number}",
        "date": line.date.isoformat(),
        "status": line.status,
    }


def reading_view(reading: Reading) -> Json:
    """Past issues as their files have them, and why others could not be read."""
    return {
        "issues": [past_view(past) for past in reading.issues],
        "failed": list(reading.failed),
    }


def past_view(past: Past) -> Json:
    """A past issue: its number and day, and each headline with the words that are linked."""
    issue = past.issue
    return {
        "source": past.source,
        "name": f"{issue.volume}.{issue.number}",
        "date": issue.date.isoformat(),
        "replaces": past.replaces,
        "bullets": [
            {
                "headline": bullet.headline,
                "links": [
                    {"anchor": bullet.text[c.start : c.end], "url": c.url} for c in bullet.citations
                ],
            }
            for bullet in issue.bullets
        ],
    }


def point_view(issue: Issue, point: Blocker) -> Json:
    """Something that blocks, with the way to it."""
    bullet = issue.bullets[point.bullet - 1]
    finding = point.finding
    whole = _field(bullet, finding.field)
    return {
        "number": point.bullet,
        "bullet": bullet.id,
        "code": finding.code,
        "message": finding.message,
        "field": finding.field,
        "start": to_units(whole, finding.start),
        "end": to_units(whole, finding.end),
    }


def repair_view(number: int, repair: Repair) -> Json:
    """A proposed repair."""
    return {
        "n": number,
        "kind": repair.kind,
        "label": repair.label,
        "sentence": repair.sentence,
        "status": repair.status,
    }


def sitting_view(sitting: Sitting) -> Json:
    """A line of a bullet's history."""
    last = sitting.last
    return {
        "number": last.number,
        "first": sitting.first,
        "saves": sitting.saves,
        "author": last.author,
        "note": last.note,
        "at": moment(last.saved_at),
        "headline": last.headline,
    }


def words_view(words: Words) -> Json:
    """Words and links without anything that was said of them."""
    links = [link_view(words.text, c) for c in words.citations]
    return {"headline": words.headline, "text": words.text, "links": links}


def piece_view(piece: Piece) -> Json:
    """A stretch of two versions to choose from."""
    mine, theirs = words_view(piece.mine), words_view(piece.theirs)
    return {"mine": mine, "theirs": theirs, "choice": piece.choice}


def _field(bullet: Bullet, field: str) -> str:
    return bullet.headline if field == "headline" else bullet.text


def job_view(job: Job) -> Json:
    """Long work and how far it is."""
    return {
        "id": job.id,
        "kind": job.kind,
        "issue": job.issue_id,
        "author": job.author,
        "state": job.state,
        "done": job.done,
        "total": job.total,
        "step": job.step,
        "result": job.result,
        "at": moment(job.started_at),
    }
