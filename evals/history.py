"""The runs of a home over time, each compared with the last run of its kind."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from assistant.errors import AssistantError
from evals.gate import changes
from evals.record import headers, load_run
from evals.suite import Options
from evals.suites import SUITES, open_suite

_KEYS = ("id", "suite", "model", "commit", "started", "rows", "metrics", "usage", "seconds")


def finished(folder: Path, suite: str | None, model: str | None) -> list[dict[str, Any]]:
    """Headers of the finished runs of a suite and model (of all where None), oldest first.

    Of runs that only repeat another one, none is left out: they show that it repeats.
    """
    return [
        header
        for header in headers(folder)
        if header.get("finished")
        and header["suite"] in SUITES
        and suite in (None, header["suite"])
        and model in (None, header["model"])
    ]


def history_of(folder: Path, suite: str | None, model: str | None) -> dict[str, Any]:
    """`runs`, oldest first, and in `metrics` the latest change of each figure.

    A run is compared with the last one of the same suite, model, options and data.
    """
    last: dict[str, dict[str, Any]] = {}
    rows = []
    latest: dict[str, list[dict[str, Any]]] = {}
    for header in finished(folder, suite, model):
        key = _comparable(header)
        changed: list[dict[str, Any]] = []
        if key in last:
            changed = _changed(last[key], header, folder)
            latest[key] = [{"suite": header["suite"], **c} for c in changed]
        last[key] = header
        rows.append(
            {k: header[k] for k in _KEYS}
            | {
                "data": header["data"]["files"],
                "writer": header["options"]["writer"],
                "metrics_changed": changed,
            }
        )
    return {"runs": rows, "metrics": [c for found in latest.values() for c in found]}


def _comparable(header: Mapping[str, Any]) -> str:
    parts = (header["suite"], header["model"], header["options"], header["data"]["digest"])
    return repr(parts)


def _changed(
    before: Mapping[str, Any], after: Mapping[str, Any], folder: Path
) -> list[dict[str, Any]]:
    if before["fingerprint"] == after["fingerprint"] and not after["failed"]:
        return []  # the same outputs, taken over
    try:
        old, new = load_run(before["id"], folder), load_run(after["id"], folder)
        with open_suite(after["suite"], Options()) as suite:
            return [
                asdict(c) for c in changes(suite, new, {r.case.id: r.scores for r in old.results})
            ]
    except AssistantError:  # a run whose cases were deleted is listed, and compared with nothing
        return []
