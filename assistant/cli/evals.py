"""The eval command."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.progress import Progress

from assistant.cli.options import answer, common, notes, settings
from assistant.errors import EvalError

if TYPE_CHECKING:
    from evals.grounding import Scored

_SUITES = ("grounding",)
_DATA = click.option(
    "--data", type=click.Path(path_type=Path), required=True, help="Rows of claim and source."
)
_SCORES = click.option(
    "--scores", type=click.Path(path_type=Path), help="Write each row's score and verdict here."
)


@click.command("eval")
@click.argument("suite", type=click.Choice(_SUITES))
@_DATA
@_SCORES
@click.option("--workers", default=2, type=click.IntRange(1, 64), help="Processes, model aside.")
@common
def evaluate(
    suite: str,
    data: Path,
    scores: Path | None,
    workers: int,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Measure a part of the assistant on rows of DATA."""
    from assistant.llm.catalog import Catalog
    from assistant.llm.chat import open_chat
    from assistant.types import Usage
    from evals.grounding import report, score_rows
    from evals.rows import load_rows

    rows = load_rows(data)
    given = {"model": model} if model else {}
    chat = open_chat(settings(**given), Catalog.load(), None)
    done: list[Scored] = []
    usage = Usage()
    begun = time.perf_counter()
    try:
        with Progress(console=notes, transient=True) as bar:
            for scored, used in bar.track(
                score_rows(rows, chat, workers),
                total=len(rows),
                description="Checking claims",
            ):
                done.append(scored)
                usage += used
    finally:
        if chat is not None:
            chat.close()
        if scores is not None:
            _write(scores, done)
    record = report(rows, done, usage, time.perf_counter() - begun)
    record["model"] = chat.name if chat else "none"
    answer(record, as_json, lambda: _table(record))


def _write(path: Path, done: list[Scored]) -> None:
    """What was scored so far, one line a row in order; an interrupted run leaves its beginning."""
    lines = [json.dumps({"id": s.id, "score": s.score, "verdict": s.verdict}) for s in done]
    try:
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    except OSError as error:
        raise EvalError(f"{path} could not be written: {error.strerror}.") from error


def _table(record: dict[str, Any]) -> str:
    lines = [f"grounding, {record['rows']} rows, model {record['model']}"]
    for name, figure in record["metrics"].items():
        if figure["value"] is None:
            lines.append(f"  {name}: not defined without rows of both labels")
        else:
            lines.append(
                f"  {name}: {figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"
            )
    lines.append(
        f"  threshold {record['threshold']}, {record['claims_per_second']} claims a second"
    )
    return "\n".join(lines)


COMMANDS = [evaluate]
