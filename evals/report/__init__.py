"""The report: one page that needs nothing but itself, of the runs that a home keeps."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from assistant.errors import EvalError
from evals.history import history_of
from evals.metrics import exact
from evals.record import Run, load_run
from evals.report.cases import View, view
from evals.report.charts import Bin, Point, Spot, calibration, cost, interval, runs
from evals.suite import PASSED, Result

_BINS = 10
_MOST_CASES = 40
_PARTS = ("detected", "located", "accepted")


def write_report(path: Path, folder: Path, suite: str | None, model: str | None) -> None:
    """Write the page of the runs in `folder`; EvalError where there are none, or no room."""
    record = history_of(folder, suite, model)
    if not record["runs"]:
        raise EvalError("There are no runs to report; `digest eval SUITE` makes one.")
    latest = {(row["suite"], row["model"], row["writer"]): row for row in record["runs"]}
    newest = {key: load_run(row["id"], folder) for key, row in latest.items()}
    page = _template().render(
        made=dt.datetime.now(dt.UTC).strftime("%B %-d, %Y, %H:%M UTC"),
        commit=(record["runs"][-1]["commit"] or "")[:10],
        cards=[_card(key, run, record["runs"]) for key, run in newest.items()],
        reliability=[
            (run.header["model"], Markup(calibration(bins)), sum(b.count for b in bins))
            for (name, *_), run in newest.items()
            if name == "grounding" and (bins := reliability(run.results))
        ],
        matrices=[
            (run.header["model"], matrix(run))
            for (name, *_), run in newest.items()
            if name == "corruption"
        ],
        costs=_costs(newest),
        failing=[_failing(run) for run in newest.values()],
    )
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise EvalError(f"{path} could not be written: {error.strerror}.") from error


def _card(key: tuple[str, str, str], run: Run, rows: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """A suite's figures now, and the first of them over its runs."""
    own = [r for r in rows if (r["suite"], r["model"], r["writer"]) == key]
    first = next(iter(run.header["metrics"]))
    points = [p for row in own if (p := _point(row, first)) is not None]
    changed = {c["name"]: c for c in own[-1]["metrics_changed"]}
    return {
        "suite": key[0],
        "model": key[1],
        "writer": key[2],
        "rows": run.header["rows"],
        "failed": len(run.header["failed"]),
        "first": first,
        "chart": Markup(runs(_without_repeats(points), first)) if points else "",
        "figures": [_shown(n, f, changed.get(n)) for n, f in run.header["metrics"].items()],
        "halves": {
            half: {n: f["value"] for n, f in figures.items()}
            for half, figures in run.header["halves"].items()
        },
    }


def _shown(
    name: str, figure: Mapping[str, Any], change: Mapping[str, Any] | None
) -> dict[str, Any]:
    value, low, high = (figure[k] for k in ("value", "low", "high"))
    on_scale = value is not None and low is not None and low >= 0 and high <= 1
    return {
        "name": name.replace("_", " "),
        "key": name,
        **figure,
        "scale": Markup(interval(low, value, high)) if on_scale else "",
        "call": change["call"] if change else "undecided",
    }


def _point(row: Mapping[str, Any], name: str) -> Point | None:
    figure = row["metrics"].get(name)
    if figure is None or figure["value"] is None or figure["low"] is None:
        return None
    calls = {c["name"]: c["call"] for c in row["metrics_changed"]}
    label = row["started"][5:16].replace("T", " ")
    return Point(
        label, figure["value"], figure["low"], figure["high"], calls.get(name, "undecided")
    )


def _without_repeats(points: Sequence[Point]) -> list[Point]:
    """Runs that only repeat the one before show nothing new; the last one stays."""
    return [
        p
        for i, p in enumerate(points)
        if i in (0, len(points) - 1) or (p.value, p.low) != (points[i - 1].value, points[i - 1].low)
    ]


def reliability(results: Sequence[Result]) -> list[Bin]:
    """Labelled claims by their score, in ten equal bins; empty ones are left out."""
    scored = [r.scores for r in results if r.output and r.output["score"] is not None]
    labelled = [s for s in scored if "label" in s]
    scores = np.array([s["score"] for s in labelled])
    labels = np.array([s["label"] for s in labelled])
    which = np.minimum((scores * _BINS).astype(int), _BINS - 1) if len(scores) else scores
    found = []
    for b in np.unique(which):
        own = which == b
        low, high = exact(int(labels[own].sum()), int(own.sum()))
        found.append(
            Bin(float(scores[own].mean()), float(labels[own].mean()), low, high, int(own.sum()))
        )
    return found


def matrix(run: Run) -> list[dict[str, Any]]:
    """Kind by kind what was caught, where it stands, and what was let through."""
    rows = []
    for part in ("detected", "accepted"):
        for kind, halves in run.header[part].items():
            if halves["all"]["rows"]:
                rows.append({"kind": kind, "part": part, **halves})
    return rows


def _costs(newest: Mapping[tuple[str, str, str], Run]) -> list[tuple[str, Markup]]:
    """Quality against seconds, for each way of writing that was run."""
    charts = []
    for name, title in (("facts_stated", "facts stated"), ("facts_reached", "facts reached")):
        spots = []
        for (suite, model, writer), run in newest.items():
            figure = run.header["metrics"].get(name)
            if suite == "drafting" and figure and figure["low"] is not None:
                label = "extractive" if model == "none" or writer == "extractive" else model
                label = f"{label}, plain chain" if writer == "chain" else label
                seconds = run.header.get("median_seconds", 0.0)
                spots.append(Spot(label, seconds, figure["value"], figure["low"], figure["high"]))
        if spots:
            charts.append((title, Markup(cost(spots, title))))
    return charts


def _failing(run: Run) -> dict[str, Any]:
    failed = [r for r in run.results if not r.scores[PASSED]]
    views: list[View] = [view(run.header["suite"], r) for r in failed[:_MOST_CASES]]
    groups: dict[str, list[View]] = {}
    for one in views:
        groups.setdefault(one.group or one.half or "all", []).append(one)
    return {
        "suite": run.header["suite"],
        "model": run.header["model"],
        "count": len(failed),
        "of": len(run.results),
        "more": max(len(failed) - _MOST_CASES, 0),
        "groups": groups,
        "run": run.id,
    }


def _figure(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:.3f}" if abs(value) < 10 else f"{value:.1f}"


@lru_cache(maxsize=1)
def _template() -> Template:
    environment = Environment(
        loader=FileSystemLoader(Path(__file__).parent),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["figure"] = _figure
    environment.filters["html"] = Markup
    environment.filters["model"] = lambda name: "no model" if name == "none" else name
    return environment.get_template("page.html")
