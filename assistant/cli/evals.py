"""The commands of evaluation: run a suite, hold it against its floors, compare runs."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from functools import partial
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.progress import Progress

from assistant.cli import eval_text
from assistant.cli.options import answer, common, notes, settings
from assistant.errors import AssistantError, EvalError
from evals.suites import SUITES, open_suite

if TYPE_CHECKING:
    from assistant.llm.chat import Chat
    from assistant.settings import Settings
    from evals.record import Run
    from evals.suite import Options, Suite

_PATH = click.Path(path_type=Path)


@click.command("eval")
@click.argument("suite", required=False, type=click.Choice(tuple(SUITES)))
@click.option("--data", type=_PATH, help="A public set, in place of the project's own.")
@click.option("--scores", type=_PATH, help="Write each row's score and verdict here (grounding).")
@click.option("--cases", type=click.IntRange(1), help="At most so many of each kind and half.")
@click.option(
    "--writer",
    type=click.Choice(("auto", "extractive", "model", "chain")),
    default="auto",
    help="Who writes, where a suite drafts.",
)
@click.option("--workers", default=2, type=click.IntRange(1, 64), help="Processes, model aside.")
@click.option("--fresh", is_flag=True, help="Solve all cases anew; take nothing of earlier runs.")
@click.option(
    "--baseline", help="A run, by its id or folder, or a file of floors, to compare with."
)
@click.option("--gate", is_flag=True, help="Exit 1 below a floor or on a significant regression.")
@click.option("--pin", is_flag=True, help="Make the figures of this run the floors.")
@click.option("--allow-regression", metavar="REASON", help="Lower floors too; the reason is kept.")
@click.option("--baselines", type=_PATH, help="Folder of floors, in place of the project's own.")
@common
def evaluate(
    suite: str | None,
    data: Path | None,
    scores: Path | None,
    cases: int | None,
    writer: str,
    workers: int,
    fresh: bool,
    baseline: str | None,
    gate: bool,
    pin: bool,
    allow_regression: str | None,
    baselines: Path | None,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Measure a part of the assistant, or with --gate all parts that have floors."""
    from evals.gate import BASELINES
    from evals.suite import Options

    if suite is None and not gate:
        raise click.UsageError(f"Name a suite: {', '.join(SUITES)}; or use --gate.")
    if gate and (pin or data or baseline):
        raise click.UsageError("--gate takes no --pin, --data or --baseline.")
    if allow_regression and not pin:
        raise click.UsageError("--allow-regression lowers floors; it goes with --pin.")
    given = {k: v for k, v in {"home": home, "model": model}.items() if v is not None}
    made = settings(**given)
    floors = baselines or BASELINES
    with _chat(made) as chat:
        runner = _Runner(made, workers, fresh)
        options = Options(chat, data, cases, writer)
        if gate or suite is None:
            record = _gate(runner, options, suite, floors)
        else:
            record = _one(runner, options, suite, scores, baseline, floors, pin, allow_regression)
    text = eval_text.gate if gate else eval_text.run
    answer(record, as_json, lambda: text(record))
    if gate and not record["passed"]:
        sys.exit(1)


@dataclass(frozen=True)
class _Runner:
    """Runs suites, with a bar on standard error unless `quiet`."""

    settings: Settings
    workers: int
    fresh: bool
    quiet: bool = False

    @property
    def folder(self) -> Path:
        """Where runs are kept."""
        from evals.record import runs_folder

        return runs_folder(self.settings)

    def run(self, suite: Suite) -> Run:
        """The run of all cases of a suite."""
        from evals.run import run_suite

        with Progress(console=notes, transient=True, disable=self.quiet) as bar:
            task = bar.add_task(suite.name, total=None)
            return run_suite(
                suite,
                self.settings,
                workers=self.workers,
                fresh=self.fresh,
                progress=lambda done, of: bar.update(task, completed=done, total=of),
            )


@contextmanager
def _chat(made: Settings) -> Iterator[Chat | None]:
    from assistant.llm.catalog import Catalog
    from assistant.llm.chat import open_chat

    # Without the call cache: what a model answers now is what is measured.
    chat = open_chat(made, Catalog.load(), None)
    try:
        yield chat
    finally:
        if chat is not None:
            chat.close()


def _one(
    runner: _Runner,
    options: Options,
    name: str,
    scores: Path | None,
    baseline: str | None,
    floors: Path,
    pin: bool,
    reason: str | None,
) -> dict[str, Any]:
    from evals import gate

    with open_suite(name, options) as suite:
        run = runner.run(suite)
        record = {**run.header, "run": run.id}
        if baseline is not None:
            before = _scores_of(baseline, runner.folder)
            record["changes"] = [asdict(c) for c in gate.changes(suite, run, before)]
            record["turned"] = gate.turned(run, before)
        if pin:
            path, lowered = gate.pin(suite, run, floors, reason)
            record["pinned"] = {"file": str(path), "lowered": lowered}
    if scores is not None:
        _write_scores(scores, run)
    return record


def _scores_of(name: str, folder: Path) -> dict[str, dict[str, float]]:
    """The scores of each case of a run, or of a file of floors."""
    from evals.gate import load_baseline
    from evals.record import load_run

    if Path(name).is_file():
        return load_baseline(Path(name)).cases
    return {r.case.id: dict(r.scores) for r in load_run(name, folder).results}


def _gate(runner: _Runner, options: Options, only: str | None, floors: Path) -> dict[str, Any]:
    from evals.gate import baseline_path, pinned_suites

    model = options.chat.name if options.chat else "none"
    paths = [baseline_path(only, model, floors)] if only else pinned_suites(model, floors)
    if not paths:
        raise EvalError(f"No suite has floors for the model {model}; write some with --pin.")
    if options.chat is None and runner.workers > 1 and len(paths) > 1:
        checked = _spread(runner, paths)
    else:
        checked = [_held(runner, options.chat, path) for path in paths]
    return {"passed": all(c["passed"] for c in checked), "suites": checked}


def _spread(runner: _Runner, paths: Sequence[Path]) -> list[dict[str, Any]]:
    """Suites side by side: one of few cases, or that opens slowly, leaves no processor idle."""
    one = partial(_held, replace(runner, workers=1, quiet=True), None)
    with (
        Progress(console=notes, transient=True) as bar,
        ProcessPoolExecutor(runner.workers, mp_context=get_context("spawn")) as pool,
    ):
        return list(bar.track(pool.map(one, paths), total=len(paths), description="gates"))


def _held(runner: _Runner, chat: Chat | None, path: Path) -> dict[str, Any]:
    """A suite run and held against the floors of a file."""
    from evals.gate import check, load_baseline

    pinned = load_baseline(path)
    try:
        with open_suite(pinned.suite, replace(pinned.opened_with(), chat=chat)) as suite:
            return check(suite, runner.run(suite), pinned)
    except AssistantError as error:  # a suite that cannot run has not passed
        return _broken(pinned.suite, pinned.model, str(error))


def _broken(suite: str, model: str, error: str) -> dict[str, Any]:
    empty: dict[str, Any] = {"metrics": {}, "floors": {}, "below": [], "regressed": []}
    return {"name": suite, "model": model, "passed": False, "error": error, **empty}


def _write_scores(path: Path, run: Run) -> None:
    lines = [
        json.dumps(
            {
                "id": r.case.expected.get("id", r.case.id),
                "score": r.output["score"] if r.output else None,
                "verdict": r.output["verdict"] if r.output else "unchecked",
            }
        )
        for r in run.results
    ]
    try:
        path.write_text("\n".join([*lines, ""]), encoding="utf-8")
    except OSError as error:
        raise EvalError(f"{path} could not be written: {error.strerror}.") from error


@click.command("eval-compare")
@click.argument("a")
@click.argument("b")
@common
def compare(a: str, b: str, home: Path | None, model: str | None, as_json: bool) -> None:
    """Say what is better, worse or undecided in run B against run A of the same suite."""
    from evals import gate
    from evals.record import load_run, runs_folder
    from evals.suite import Options

    folder = runs_folder(settings(**({"home": home} if home else {})))
    before, after = load_run(a, folder), load_run(b, folder)
    names = {run.header["suite"] for run in (before, after)}
    if len(names) > 1:
        raise EvalError(f"The runs are of different suites: {' and '.join(sorted(names))}.")
    scores = {r.case.id: r.scores for r in before.results}
    with open_suite(names.pop(), Options()) as suite:
        changes = gate.changes(suite, after, scores)
    record = {
        "suite": after.header["suite"],
        "a": before.id,
        "b": after.id,
        "metrics": [asdict(change) for change in changes],
        "turned": gate.turned(after, scores),
        "same_data": before.header["data"]["digest"] == after.header["data"]["digest"],
    }
    answer(record, as_json, lambda: eval_text.comparison(record))


@click.command("eval-history")
@click.option("--suite", type=click.Choice(tuple(SUITES)), help="Only the runs of this suite.")
@click.option("--report", type=_PATH, help="Write a page with charts and the failing cases here.")
@common
def history(
    suite: str | None,
    report: Path | None,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """List the runs of this home, each with what changed since the one before it."""
    from evals.history import history_of
    from evals.record import runs_folder

    folder = runs_folder(settings(**({"home": home} if home else {})))
    record = history_of(folder, suite, model)
    if report is not None:
        from evals.report import write_report

        write_report(report, folder, suite, model)
        record["report"] = str(report)
    answer(record, as_json, lambda: eval_text.history(record))


COMMANDS = [evaluate, compare, history]
