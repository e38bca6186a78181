"""Figures of a set of scored rows, each with its interval.

Intervals are percentile bootstraps over clusters: rows that share a source are drawn
together, since a source that is hard is hard for all of its claims.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

RESAMPLES = 500
SEED = 7
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Measure = Callable[[Ints, Floats], float]


@dataclass(frozen=True)
class Figure:
    """A value with the bounds of its 95 % interval; all None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


def auroc(labels: Ints, scores: Floats) -> float:
    """Chance that a supported row scores above one that is not; ties count half."""
    return float(roc_auc_score(labels, scores))


def balanced_accuracy(threshold: float) -> Measure:
    """Mean of the shares of both classes that `score >= threshold` gets right."""

    def measure(labels: Ints, scores: Floats) -> float:
        return float(balanced_accuracy_score(labels, scores >= threshold))

    return measure


def calibration_error(labels: Ints, scores: Floats, bins: int = 10) -> float:
    """Expected calibration error: mean distance of score and share supported, by equal bins.

    Guo et al. (2017), "On Calibration of Modern Neural Networks", equation 3.
    """
    which = np.minimum((scores * bins).astype(int), bins - 1)
    gaps = [
        abs(scores[which == b].mean() - labels[which == b].mean()) * (which == b).mean()
        for b in np.unique(which)
    ]
    return float(sum(gaps))


def figure(
    measure: Measure, labels: Sequence[int], scores: Sequence[float], clusters: Sequence[str]
) -> Figure:
    """`measure` of the rows with its interval; undefined where only one class is there."""
    y, s = np.array(labels, dtype=np.int64), np.array(scores, dtype=np.float64)
    if len(np.unique(y)) < 2:
        return Figure(None, None, None)
    chance = np.random.default_rng(SEED)
    members: dict[str, list[int]] = {}
    for i, name in enumerate(clusters):
        members.setdefault(name, []).append(i)
    groups = [np.array(rows) for rows in members.values()]
    drawn = []
    for _ in range(RESAMPLES):
        picked = chance.integers(len(groups), size=len(groups))
        rows = np.concatenate([groups[i] for i in picked])
        if len(np.unique(y[rows])) == 2:
            drawn.append(measure(y[rows], s[rows]))
    low, high = np.quantile(drawn, [0.025, 0.975]) if drawn else (None, None)
    return Figure(_rounded(measure(y, s)), _rounded(low), _rounded(high))


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(float(value), 4)
