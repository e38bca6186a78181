"""Fits the score of support, and holds it beside plainer methods: `python -m evals.calibrate FILE`.

FILE is what `evals.answers` wrote. Each set is scored by weights and a threshold that were
fitted on the other sets; sets named with `--measure-only` are never fitted on. Every set
weighs the same, and so do its supported and its other rows. The threshold is that of the sets
named with `--threshold-of`, whose text is like that which is to be checked.

Prints for each set ROC-AUC of the share of one- to four-word runs on the page, of the plain
model, of the answer alone, of the finished score, and of the score without each check;
balanced accuracy at the threshold and the best that any threshold would give. With `--write`
the weights fitted on all sets go to `assistant/llm/calibration.json`.
"""

from __future__ import annotations

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.console import Console
from rich.table import Table
from scipy.optimize import minimize
from sklearn.metrics import roc_auc_score

from assistant.llm.calibration import ASKED, SUREST, WORDING, Calibration, asked_as, logit
from assistant.llm.catalog import Catalog
from assistant.verify.checks import CHECKS
from assistant.verify.score import below

OUT = Path(__file__).parents[1] / "assistant" / "llm" / "calibration.json"
WORN = "1"
# The least score that is `partial`, as a share of the threshold of support.
PARTIAL = 0.6
# Inverse strength of the L2 penalty on standardised features.
_C = 0.05
# A set of fewer rows is not fitted on: it would weigh as much as one of many.
_FEWEST_ROWS = 30
# A threshold may be any of these.
_THRESHOLDS = np.linspace(0.05, 0.95, 91)
# Less of balanced accuracy is no difference.
_AS_GOOD = 0.01
_WORD_FOR_WORD = 0.99
_REFUTING = frozenset(c.name for c in CHECKS if c.refutes)
Vector = npt.NDArray[np.float64]
Line = Mapping[str, Any]


@dataclass(frozen=True)
class Fit:
    """Weights by name, the intercept among them, and the threshold of support."""

    weights: Mapping[str, float]
    threshold: float = 0.5

    def odds(self, line: Line) -> float:
        """Log-odds of support of one sentence."""
        return self.weights["intercept"] + sum(
            weight * _value(name, line)
            for name, weight in self.weights.items()
            if name != "intercept"
        )


def _value(name: str, line: Line) -> float:
    if name != "answer":
        return float(line["features"][name])
    return logit(min(max(line["answers"][WORN], SUREST), 1 - SUREST))


def fit_weights(sets: Mapping[str, Sequence[Line]], names: Sequence[str]) -> Fit:
    """A logistic regression in which sets weigh the same, and labels within a set.

    No weight is below 0: more of a feature never counts against support.
    """
    lines = [line for own in sets.values() for line in own]
    x = np.array([[_value(name, line) for name in names] for line in lines])
    y = np.array([2 * line["label"] - 1 for line in lines])
    weight = np.concatenate([_balanced([line["label"] for line in own]) for own in sets.values()])
    weight *= _C * len(y) / weight.sum()
    mean, spread = x.mean(axis=0), np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    z = (x - mean) / spread

    def loss(p: Vector) -> tuple[float, Vector]:
        margin = y * (z @ p[1:] + p[0])
        pull = -weight * y / (1 + np.exp(margin))
        gradient = np.concatenate([[pull.sum()], z.T @ pull + p[1:]])
        return float(weight @ np.logaddexp(0, -margin) + p[1:] @ p[1:] / 2), gradient

    bounds = [(None, None), *[(0, None)] * len(names)]
    start = np.zeros(len(names) + 1)
    solved = minimize(loss, start, jac=True, bounds=bounds, method="L-BFGS-B").x
    weights = solved[1:] / spread
    intercept = float(solved[0] - weights @ mean)
    return Fit({"intercept": intercept, **dict(zip(names, map(float, weights), strict=True))})


def _balanced(labels: Sequence[int]) -> Vector:
    shares: Vector = 1.0 / np.bincount(labels, minlength=2)[np.array(labels)]
    return shares


def score(fitted: Fit, lines: Sequence[Line], without: str = "") -> float:
    """The finished score of a row: that of its weakest sentence, checks included."""
    return min(_sentence_score(fitted, line, without) for line in lines)


def _sentence_score(fitted: Fit, line: Line, without: str) -> float:
    if line.get("answers", {}).get(WORN) is None:
        return 0.0
    refuted = _REFUTING.intersection(line["fired"]) - {without}
    if line["word_for_word"] and not refuted and without != "word for word":
        return _WORD_FOR_WORD
    p = float(1 / (1 + np.exp(-fitted.odds(line))))
    return below(p, fitted.threshold) if refuted else p


def best_threshold(fitted: Fit, sets: Mapping[str, Mapping[Any, Sequence[Line]]]) -> float:
    """The middle of the thresholds whose balanced accuracy, on average over the sets, is best.

    Some hundred rows tell no two thresholds apart that are nearly as good.
    """
    scored = [_scored(rows, lambda lines: score(fitted, lines)) for rows in sets.values()]
    reached = [float(np.mean([accuracy(y, v, t) for y, v in scored])) for t in _THRESHOLDS]
    good = [n for n, mean in enumerate(reached) if mean >= max(reached) - _AS_GOOD]
    return float(_THRESHOLDS[good[len(good) // 2]])


def _scored(
    rows: Mapping[Any, Sequence[Line]], method: Callable[[Sequence[Line]], float]
) -> tuple[Vector, Vector]:
    labels = np.array([lines[0]["label"] for lines in rows.values()], dtype=float)
    return labels, np.array([method(lines) for lines in rows.values()])


def accuracy(labels: Vector, values: Vector, threshold: float) -> float:
    """Balanced accuracy of calling `supported` what reaches the threshold."""
    yes = values >= threshold
    return float((yes[labels == 1].mean() + (~yes)[labels == 0].mean()) / 2)


def plainer() -> dict[str, Callable[[Sequence[Line]], float]]:
    """The plain methods beside the score; a text is as well supported as its weakest sentence."""

    def run(n: int) -> Callable[[Sequence[Line]], float]:
        return lambda lines: min(line["runs"][n] for line in lines)

    def model(strength: str) -> Callable[[Sequence[Line]], float]:
        return lambda lines: min(line.get("answers", {}).get(strength, 0.0) for line in lines)

    return {
        **{f"{n + 1}-word runs": run(n) for n in range(4)},
        "plain model": model("0"),
        "answer alone": model(WORN),
    }


def _single(rows: Mapping[Any, Sequence[Line]]) -> list[Line]:
    """The sentences that a label is surely about: those of rows of one sentence."""
    return [
        lines[0]
        for lines in rows.values()
        if len(lines) == 1 and lines[0].get("answers", {}).get(WORN) is not None
    ]


def load(file: Path) -> dict[str, dict[Any, list[Line]]]:
    """Lines by set and row."""
    sets: dict[str, dict[Any, list[Line]]] = defaultdict(lambda: defaultdict(list))
    for text in file.read_text(encoding="utf-8").splitlines():
        line = json.loads(text)
        sets[line["set"]][line["row"]].append(line)
    return {
        name: rows for name, rows in sets.items() if len({r[0]["label"] for r in rows.values()}) > 1
    }


def fit(
    sets: Mapping[str, Mapping[Any, Sequence[Line]]],
    names: Sequence[str],
    deciding: Collection[str] = (),
) -> Fit:
    """Weights from these sets, the threshold from those in `deciding`, or from all."""
    usable = {name: _single(rows) for name, rows in sets.items()}
    usable = {n: own for n, own in usable.items() if len({line["label"] for line in own}) == 2}
    fitted = fit_weights(usable, names)
    own = {name: rows for name, rows in sets.items() if name in deciding}
    return Fit(fitted.weights, best_threshold(fitted, own or sets))


def main() -> None:
    """Fit, print both tables, and write the file if asked."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("answers", type=Path)
    parser.add_argument("--measure-only", nargs="*", default=[], help="sets never fitted on")
    parser.add_argument(
        "--threshold-of", nargs="*", default=[], help="by default all that are fitted on"
    )
    parser.add_argument("--write", action="store_true", help=f"write {OUT.name}")
    args = parser.parse_args()
    sets = load(args.answers)
    may_fit = {
        name: rows
        for name, rows in sets.items()
        if name not in args.measure_only and len(rows) >= _FEWEST_ROWS
    }
    console = Console(width=200)

    table = Table("set", "rows", *plainer(), "score", "balanced", "best", *_without(), box=None)
    for name, rows in sorted(sets.items()):
        others = {n: r for n, r in may_fit.items() if n != name}
        table.add_row(name, str(len(rows)), *_figures(rows, fit(others, ASKED, args.threshold_of)))
    console.print(table)
    fitted = fit(may_fit, ASKED, args.threshold_of)
    wording = fit(may_fit, WORDING)
    console.print(fitted)
    if args.write:
        model = asked_as(Catalog.load().default_embedded)
        calibration(model, may_fit, fitted, wording).save(OUT)


def _without() -> list[str]:
    return [*(f"no {name}" for name in sorted(_REFUTING)), "no word for word"]


def _figures(rows: Mapping[Any, Sequence[Line]], fitted: Fit) -> list[str]:
    figures = [_auc(*_scored(rows, method)) for method in plainer().values()]
    labels, values = _scored(rows, lambda lines: score(fitted, lines))
    figures += [_auc(labels, values), accuracy(labels, values, fitted.threshold)]
    figures.append(max(accuracy(labels, values, t) for t in (*values, 1.1)))
    for name in (*sorted(_REFUTING), "word for word"):
        figures.append(_auc(*_scored(rows, partial(score, fitted, without=name))))
    return [f"{figure:.3f}" for figure in figures]


def _auc(labels: Vector, values: Vector) -> float:
    return float(roc_auc_score(labels, values))


def calibration(
    model: str, sets: Mapping[str, Mapping[Any, Sequence[Line]]], fitted: Fit, wording: Fit
) -> Calibration:
    """What was fitted on these sets of answers of `model`, as the checker reads it."""
    return Calibration(
        model,
        {name: len(rows) for name, rows in sorted(sets.items())},
        {name: round(value, 4) for name, value in wording.weights.items()},
        {name: round(value, 4) for name, value in fitted.weights.items()},
        round(fitted.threshold, 3),
        round(fitted.threshold * PARTIAL, 3),
    )


if __name__ == "__main__":
    main()
