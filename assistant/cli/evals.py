"""The eval command."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.progress import Progress

from assistant.cli.options import answer, common, notes, settings
from assistant.errors import EvalError

if TYPE_CHECKING:
    from assistant.llm.chat import Chat
    from evals.grounding import Scored


@click.command("eval")
@click.argument("suite", type=click.Choice(("grounding", "corruption")))
@click.option("--data", type=click.Path(path_type=Path), help="Rows of claim and source.")
@click.option(
    "--scores", type=click.Path(path_type=Path), help="Write each row's score and verdict here."
)
@click.option("--workers", default=2, type=click.IntRange(1, 64), help="Processes, model aside.")
@click.option("--cases", default=60, type=click.IntRange(1), help="Cases of each kind and half.")
@common
def evaluate(
    suite: str,
    data: Path | None,
    scores: Path | None,
    workers: int,
    cases: int,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Measure a part of the assistant: grounding, on rows of DATA, or corruption."""
    if suite == "grounding" and data is None:
        raise click.UsageError("grounding needs rows to score; give them with --data FILE.")
    with _chat(model) as chat:
        if data is not None and suite == "grounding":
            record, text = _grounding(data, scores, workers, chat)
        else:
            record, text = _corruption(cases, chat)
    record["model"] = chat.name if chat else "none"
    answer(record, as_json, lambda: f"{suite}, model {record['model']}\n{text}")


@contextmanager
def _chat(model: str | None) -> Iterator[Chat | None]:
    from assistant.llm.catalog import Catalog
    from assistant.llm.chat import open_chat

    given = {"model": model} if model else {}
    chat = open_chat(settings(**given), Catalog.load(), None)
    try:
        yield chat
    finally:
        if chat is not None:
            chat.close()


def _grounding(
    data: Path, scores: Path | None, workers: int, chat: Chat | None
) -> tuple[dict[str, Any], str]:
    from evals.grounding import report, score_rows
    from evals.rows import load_rows

    rows = load_rows(data)
    done: list[Scored] = []
    begun = time.perf_counter()
    try:
        with Progress(console=notes, transient=True) as bar:
            for scored in bar.track(
                score_rows(rows, chat, workers), total=len(rows), description="Checking claims"
            ):
                done.append(scored)
    finally:
        if scores is not None:
            _write(scores, done)
    record = report(rows, done, time.perf_counter() - begun)
    lines = [f"  {name}: {_shown(f)}" for name, f in record["metrics"].items()]
    lines.append(
        f"  threshold {record['threshold']}, {record['claims_per_second']} claims a second"
    )
    return record, "\n".join([f"  rows: {record['rows']}", *lines])


def _corruption(cases: int, chat: Chat | None) -> tuple[dict[str, Any], str]:
    from assistant.verify.verifier import Verifier
    from evals import corruption
    from evals.grounding import embedder

    some = corruption.cases(cases)
    verifier = Verifier(embedder(), chat)
    with Progress(console=notes, transient=True) as bar:
        outcomes = list(
            bar.track(
                corruption.check(verifier, some), total=len(some), description="Checking claims"
            )
        )
    record = corruption.report(outcomes)
    lines = [
        f"  {kind:14} {part:8} {figures['all']['rows']:4}  {_shown(figures['all'])}"
        for part in ("detected", "accepted")
        for kind, figures in record[part].items()
    ]
    return record, "\n".join(lines)


def _shown(figure: dict[str, Any]) -> str:
    if figure["value"] is None:
        return "not defined: rows of one label only, or none"
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"


def _write(path: Path, done: list[Scored]) -> None:
    """What was scored so far, one line a row in order; an interrupted run leaves its beginning."""
    lines = [json.dumps({"id": s.id, "score": s.score, "verdict": s.verdict}) for s in done]
    try:
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    except OSError as error:
        raise EvalError(f"{path} could not be written: {error.strerror}.") from error


COMMANDS = [evaluate]
