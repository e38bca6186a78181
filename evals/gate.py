"""Floors under the figures, and the gate that holds a change against them.

`evals/baselines/SUITE.MODEL.json` keeps, with the digest of the data, a bound for each
figure and the scores of every case. A gate is red where a figure is beyond its bound or
not defined, where a figure is significantly worse on the same cases, and where the data
is not that of the floors. Floors rise freely; to lower one takes a reason, which is kept.
"""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.errors import EvalError
from evals.record import Run
from evals.significance import Change, compare
from evals.suite import PASSED, Options, Suite

BASELINES = Path(__file__).with_name("baselines")
# A group of fewer cases has no floor of its own: one case would move it too far.
_FEWEST = 30
# Without a model a figure is the same on every machine; its floor is this far below at most.
_STEPS = 100
_CASES = "cases"


class Bound(BaseModel):
    """The least or the most that a figure may be."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    at_least: float | None = None
    at_most: float | None = None

    def holds(self, value: float | None) -> bool:
        """Whether `value` keeps within; a figure that is not defined does not."""
        if value is None:
            return False
        if self.at_least is not None and value < self.at_least:
            return False
        return self.at_most is None or value <= self.at_most

    def looser_than(self, other: Bound) -> bool:
        """Whether this lets pass what `other` does not."""
        least = (-math.inf if b.at_least is None else b.at_least for b in (self, other))
        most = (math.inf if b.at_most is None else b.at_most for b in (self, other))
        (own_least, other_least), (own_most, other_most) = least, most
        return own_least < other_least or own_most > other_most


class Lowered(BaseModel):
    """A floor that was lowered, and why."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    floor: str
    before: Bound
    after: Bound | None = None
    reason: str
    on: dt.date


class Baseline(BaseModel):
    """What a gate compares with. `cases` are the scores of each, by its id."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    suite: str
    model: str
    data: str
    options: dict[str, Any]
    commit: str | None = None
    pinned_on: dt.date
    floors: dict[str, Bound]
    lowered: tuple[Lowered, ...] = ()
    cases: dict[str, dict[str, float]]

    def opened_with(self) -> Options:
        """The options of the run that the floors are of."""
        return Options(cases=self.options.get("cases"), writer=self.options.get("writer", "auto"))


def baseline_path(suite: str, model: str, folder: Path = BASELINES) -> Path:
    """The file of a suite's floors for a model."""
    return folder / f"{suite}.{model.replace('/', '_')}.json"


def load_baseline(path: Path) -> Baseline:
    """The floors of a file; EvalError where there are none or the file is wrong."""
    try:
        return Baseline.model_validate_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        raise EvalError(
            f"There are no floors at {path}; `digest eval SUITE --pin` writes them."
        ) from error
    except (OSError, ValidationError, UnicodeDecodeError) as error:
        raise EvalError(f"{path} holds no floors that can be read: {error}") from error


def check(suite: Suite, run: Run, baseline: Baseline) -> dict[str, Any]:
    """Whether a run keeps the floors and is not significantly worse; which cases turned."""
    values = _values(run)
    floors = {
        name: {
            **bound.model_dump(exclude_none=True),
            "value": values.get(name),
            "held": bound.holds(values.get(name)),
        }
        for name, bound in baseline.floors.items()
    }
    regressed = [asdict(c) for c in changes(suite, run, baseline.cases) if c.call == "worse"]
    same_data = run.header["data"]["digest"] == baseline.data
    broken = [name for name, floor in floors.items() if not floor["held"]]
    return {
        "name": suite.name,
        "model": baseline.model,
        "run": run.id,
        "passed": same_data and not broken and not regressed,
        "metrics": run.header["metrics"],
        "floors": floors,
        "below": broken,
        "regressed": regressed,
        "turned": turned(run, baseline.cases),
        "failed": run.header["failed"],
        "data_changed": not same_data,
    }


def changes(suite: Suite, run: Run, before: Mapping[str, Mapping[str, float]]) -> list[Change]:
    """How each figure changed on the cases that `before` has scores of."""
    common = [r for r in run.results if r.case.id in before]
    clusters = [r.case.cluster or r.case.id for r in common]
    old = [before[r.case.id] for r in common]
    new = [r.scores for r in common]
    return [compare(measure, old, new, clusters) for measure in suite.measures]


def turned(run: Run, before: Mapping[str, Mapping[str, float]]) -> dict[str, list[str]]:
    """Ids of the cases that pass no more, that pass now, and that the run does not have."""
    now = {r.case.id: r.scores[PASSED] for r in run.results}
    common = [name for name in before if name in now]
    return {
        "worse": [n for n in common if now[n] < before[n][PASSED]],
        "better": [n for n in common if now[n] > before[n][PASSED]],
        "missing": [n for n in before if n not in now],
    }


def pin(suite: Suite, run: Run, folder: Path, reason: str | None) -> tuple[Path, list[str]]:
    """Make the figures of a run the floors; returns the file and the floors that were lowered.

    Raises EvalError where a floor would be lowered and there is no `reason`.
    """
    path = baseline_path(suite.name, run.header["model"], folder)
    old = load_baseline(path) if path.is_file() else None
    floors = _floors(suite, run)
    lowered = _lowered(old.floors if old else {}, floors)
    if lowered and not reason:
        raise EvalError(
            f"This would lower {len(lowered)} floors of {suite.name} ({', '.join(lowered)}); "
            "mend the change, or give the reason with --allow-regression REASON."
        )
    today = dt.datetime.now(dt.UTC).date()
    noted = [
        Lowered(
            floor=name,
            before=old.floors[name],
            after=floors.get(name),
            reason=reason or "",
            on=today,
        )
        for name in lowered
        if old
    ]
    _write(
        path,
        Baseline(
            suite=suite.name,
            model=run.header["model"],
            data=run.header["data"]["digest"],
            options=run.header["options"],
            commit=run.header["commit"],
            pinned_on=today,
            floors=floors,
            lowered=(*(old.lowered if old else ()), *noted),
            cases={r.case.id: dict(r.scores) for r in run.results},
        ),
    )
    return path, lowered


def _lowered(old: Mapping[str, Bound], new: Mapping[str, Bound]) -> list[str]:
    return [name for name, b in old.items() if name not in new or new[name].looser_than(b)]


def _floors(suite: Suite, run: Run) -> dict[str, Bound]:
    floors = {_CASES: Bound(at_least=run.header["rows"])}
    alone = run.header["model"] == "none"
    groups = {"": run.header["metrics"], **run.header["groups"]}
    for group, figures in groups.items():
        for name, figure in figures.items():
            if figure["value"] is None or figure["better"] == "neither":
                continue
            if not alone and figure["low"] is None:
                continue
            if not group or figure["cases"] >= _FEWEST:
                floors[f"{name}/{group}".rstrip("/")] = _bound(figure, alone)
    return floors


def _bound(figure: Mapping[str, Any], alone: bool) -> Bound:
    """Without a model the value, to the second decimal; with one, the end of its interval."""
    value = figure["value"]
    if figure["better"] == "higher":
        return Bound(at_least=math.floor(value * _STEPS) / _STEPS if alone else figure["low"])
    return Bound(at_most=math.ceil(value * _STEPS) / _STEPS if alone else figure["high"])


def _values(run: Run) -> dict[str, float | None]:
    found: dict[str, float | None] = {_CASES: run.header["rows"]}
    for group, figures in {"": run.header["metrics"], **run.header["groups"]}.items():
        for name, figure in figures.items():
            found[f"{name}/{group}".rstrip("/")] = figure["value"]
    return found


def _write(path: Path, baseline: Baseline) -> None:
    """One line a case, so that a diff shows which ones changed."""
    head = baseline.model_dump(mode="json", exclude={"cases"}, exclude_none=True)
    lines = [f"  {json.dumps(n)}: {json.dumps(s)}" for n, s in sorted(baseline.cases.items())]
    text = json.dumps(head, ensure_ascii=False, indent=1)[:-2]
    text += ',\n "cases": {\n' + ",\n".join(lines) + "\n }\n}\n"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise EvalError(f"{path} could not be written: {error.strerror}.") from error


def pinned_suites(model: str, folder: Path = BASELINES) -> Sequence[Path]:
    """The files of all floors for a model."""
    return sorted(folder.glob(f"*.{model.replace('/', '_')}.json"))
