"""Commands on an editor's own text: check, cite, style."""

from __future__ import annotations

import difflib
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from assistant.cli import records
from assistant.cli.options import answer, common, notes, working, workspace
from assistant.errors import IngestError

if TYPE_CHECKING:
    from assistant.types import Bullet

_FILE = click.argument("file", type=click.Path(path_type=Path))
_STRICT = click.option("--strict", is_flag=True, help="Exit 1 if there are findings.")


@click.command()
@_FILE
@click.option("--fetch", is_flag=True, help="Fetch linked pages that are not in the corpus.")
@_STRICT
@common
def check(
    file: Path, fetch: bool, strict: bool, home: Path | None, model: str | None, as_json: bool
) -> None:
    """Check whether each linked page says what its sentence says."""
    from assistant.review.edit import articles_behind
    from assistant.review.own_text import check_bullets

    bullets = _read(file)
    with workspace(home, model) as work, working("Checking"):
        if fetch:
            missing = {c.url for b in bullets for c in b.citations if c.url.startswith("http")}
            work.ingest.run(sorted(missing - articles_behind(work, missing).keys()))
        verifier = work.verifier(work.chat)
        done = check_bullets(work, bullets, verifier)
        record = records.checked(done, work.articles.get) | {
            "model": work.chat.name if work.chat else "none",
            "calibrated": work.uncalibrated is None,
            "usage": asdict(verifier.usage),
        }
        if work.uncalibrated:
            notes.print(
                f"{work.uncalibrated} is not calibrated for checking: take its verdicts as hints,"
                " or run `digest model calibrate`.",
                markup=False,
            )
    answer(record, as_json, lambda: _claims(done))
    claims = [c for b in done for c in b.claims]
    if strict and (
        any(c.verdict.status != "supported" or c.verdict.findings for c in claims)
        or any(b.findings for b in done)
    ):
        sys.exit(1)


@click.command()
@_FILE
@common
def cite(file: Path, home: Path | None, model: str | None, as_json: bool) -> None:
    """Propose the best source for each of an editor's own sentences."""
    from assistant.draft.propose import propose_sources

    bullets = _read(file)
    with workspace(home, model) as work, working("Looking for sources"):
        verifier = work.verifier(work.chat)
        done = [propose_sources(b, verifier, work.find_articles) for b in bullets]
        record = records.checked(done, work.articles.get)
    proposed = "\n\n".join(b["markdown"] for b in record["bullets"])
    answer(record, as_json, lambda: f"{proposed}\n\n{_claims(done)}")


@click.command()
@_FILE
@click.option("--fix", is_flag=True, help="Write the fixes that need no judgement into FILE.")
@click.option("--diff", is_flag=True, help="Show what --fix would change.")
@_STRICT
@common
def style(
    file: Path,
    fix: bool,
    diff: bool,
    strict: bool,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Check a text against the house style."""
    from assistant.ingest.reading import read_own
    from assistant.publish.save import save
    from assistant.style.document import check_document, fix_document

    text = read_own(file)
    findings = check_document(text, str(file))
    fixed = fix_document(text, str(file)) if fix or diff else text
    changes = "".join(
        difflib.unified_diff(
            text.splitlines(keepends=True), fixed.splitlines(keepends=True), str(file), "fixed"
        )
    )
    if fix and fixed != text:
        save(file, fixed)
    rows = [{"bullet": n, **records.finding(f)} for n, f in findings]
    record: dict[str, Any] = {"findings": rows}
    if diff:
        record["diff"] = changes
    lines = [
        f"{r['bullet'] or 'issue'}  {r['level']:10}  {r['code']}: {r['message']}" for r in rows
    ]
    answer(record, as_json, lambda: changes if diff else "\n".join(lines) or "No findings.")
    if strict and rows:
        sys.exit(1)


def _read(file: Path) -> list[Bullet]:
    from assistant.ingest.reading import read_own
    from assistant.publish.read_issue import read_bullets

    bullets = read_bullets(read_own(file))
    if not bullets:
        raise IngestError(f"{file} holds no paragraph or list item to check.")
    return bullets


def _claims(bullets: Sequence[Bullet]) -> str:
    lines = []
    for n, bullet in enumerate(bullets, 1):
        for c in bullet.claims:
            lines.append(f"{n}  {c.verdict.status:12}  {c.text}")
            lines += [f"     {f.code}: {f.message}" for f in c.verdict.findings]
        lines += [f"{n}  {f.level:12}  {f.code}: {f.message}" for f in bullet.findings]
    return "\n".join(lines)


COMMANDS = [check, cite, style]
