"""What a run comes to: its figures with their intervals, and those of its parts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import Any

from assistant.types import Usage
from evals.metrics import Measure, estimate, table
from evals.sample import HALVES
from evals.suite import Result, Suite


def summary(suite: Suite, results: Sequence[Result], seconds: float) -> dict[str, Any]:
    """The figures of a run: of all cases, of each half and of each group, and what it took.

    `seconds` is what solving took, from start to end.
    """
    groups = sorted({r.case.group for r in results if r.case.group})
    halves = {h: own for h in HALVES if (own := [r for r in results if r.case.half == h])}
    failed = [r for r in results if r.error is not None]
    usage = sum((r.usage for r in results), Usage())
    return {
        "rows": len(results),
        "failed": [{"id": r.case.id, "error": r.error} for r in failed],
        "metrics": figures(suite.measures, results),
        "halves": {half: figures(suite.measures, own) for half, own in halves.items()},
        "groups": {
            group: _defined(figures(suite.measures, [r for r in results if r.case.group == group]))
            for group in groups
            if len(groups) > 1
        },
        "usage": asdict(replace(usage, seconds=round(usage.seconds, 2))),
        **suite.details(results, seconds),
    }


def figures(measures: Sequence[Measure], results: Sequence[Result]) -> dict[str, dict[str, Any]]:
    """Each measure that some of the results have scores for, with its interval."""
    scores = [r.scores for r in results]
    clusters = [r.case.cluster or r.case.id for r in results]
    found = {}
    for measure in measures:
        rows = table(measure, scores, clusters)
        if len(rows):
            found[measure.name] = {
                **asdict(estimate(measure, rows)),
                "cases": len(rows),
                "better": measure.better,
            }
    return found


def _defined(found: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Without figures that need what a group does not have, such as claims of both labels."""
    return {name: figure for name, figure in found.items() if figure["value"] is not None}
