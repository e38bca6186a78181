"""Evals from the desk: a suite run as a job, and the report of all runs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from assistant.errors import EvalError
from assistant.review.sources import Progress
from assistant.workspace import Workspace


def suite_names() -> list[str]:
    """The suites that there are."""
    from evals.suites import SUITES

    return list(SUITES)


def run_suite(
    workspace: Workspace, request: Mapping[str, Any], author: str, progress: Progress
) -> dict[str, Any]:
    """Run the `suite` of the request, over at most `cases` of each kind where given.

    With `kept` the cases are those that editors kept, which are rows for `grounding`.
    Begun again after a break, it takes over what was solved. Raises EvalError where the
    suite cannot be opened.
    """
    from evals.corrections import corrections_file
    from evals.run import run_suite as run
    from evals.suite import Options
    from evals.suites import open_suite

    name = request["suite"]
    if name not in suite_names():
        raise EvalError(f"There is no suite {name!r}; open the page again.")
    data = corrections_file(workspace.settings) if request.get("kept") else None
    options = Options(workspace.chat, data, request.get("cases"))
    progress(0, 0, f"Opening {name}")
    with open_suite(name, options) as suite:
        done = run(
            suite,
            workspace.settings,
            progress=lambda n, of: progress(n, of, f"{name}: case {n} of {of}"),
        )
    return {"run": done.id, "suite": name, "metrics": done.header["metrics"]}


def runs(workspace: Workspace) -> list[dict[str, Any]]:
    """The finished runs of the home, newest first; `kept` those over cases that editors kept."""
    from evals.corrections import corrections_file
    from evals.history import history_of
    from evals.record import runs_folder

    found = history_of(runs_folder(workspace.settings), None, None)["runs"]
    own = [str(corrections_file(workspace.settings))]
    return [row | {"kept": row["data"] == own} for row in reversed(found)]


def report(workspace: Workspace, suite: str | None) -> str:
    """The report of the runs, of one suite or of all, as a page that needs nothing but itself.

    Raises EvalError where there is no run yet.
    """
    from evals.record import runs_folder
    from evals.report import write_report

    path = workspace.settings.home / "evals" / "report.html"
    path.parent.mkdir(parents=True, exist_ok=True)
    write_report(path, runs_folder(workspace.settings), suite, None)
    return path.read_text(encoding="utf-8")
