"""Figures made of the scores of cases, each with its 95 % interval.

Intervals are percentile bootstraps over clusters: cases that share a source are drawn
together, since a source that is hard is hard for all of its claims. Shares of cases that
stand alone, and figures at 0 or 1 where the bootstrap sees no spread, have the exact
interval of Clopper and Pearson (1934): a cluster that is all right is one observation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
from scipy.stats import binomtest, rankdata

RESAMPLES = 500
SEED = 7
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Columns = Mapping[str, Floats]
OfLabels = Callable[[Ints, Floats], float]
Better = Literal["higher", "lower", "neither"]


@dataclass(frozen=True)
class Figure:
    """A value with the bounds of its 95 % interval; all None where it is not defined."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Measure:
    """A figure: what it is computed of (`columns` of the scores), and which way is better.

    Only cases that have all the columns count. `compute` gives NaN where the figure is
    not defined.
    """

    name: str
    columns: tuple[str, ...]
    compute: Callable[[Columns], float]
    better: Better = "higher"


def mean(name: str, column: str = "", better: Better = "higher") -> Measure:
    """The mean of one score over cases; `column` is the name by default."""
    column = column or name
    return Measure(name, (column,), lambda c: float(c[column].mean()), better)


def ratio(name: str, part: str, whole: str, better: Better = "higher") -> Measure:
    """The sum of one score over the sum of another: a share of things that cases hold."""

    def compute(columns: Columns) -> float:
        total = columns[whole].sum()
        return float(columns[part].sum() / total) if total else float("nan")

    return Measure(name, (part, whole), compute, better)


def of_labels(name: str, function: OfLabels, better: Better = "higher") -> Measure:
    """A figure of the scores `label` (1 or 0) and `score`; undefined for one label only."""

    def compute(columns: Columns) -> float:
        labels = columns["label"].astype(np.int64)
        if len(np.unique(labels)) < 2:
            return float("nan")
        return function(labels, columns["score"])

    return Measure(name, ("label", "score"), compute, better)


def auroc(labels: Ints, scores: Floats) -> float:
    """Chance that a supported row scores above one that is not; ties count half.

    From the ranks (Mann and Whitney 1947): the thousands of resamples of a run take a library's
    curve, with its checks of each call, minutes.
    """
    right = int(labels.sum())
    above = rankdata(scores)[labels == 1].sum() - right * (right + 1) / 2
    return float(above / (right * (len(labels) - right)))


def balanced_accuracy(threshold: float) -> OfLabels:
    """Mean of the shares of both classes that `score >= threshold` gets right."""

    def measure(labels: Ints, scores: Floats) -> float:
        passed = scores >= threshold
        return float((passed[labels == 1].mean() + (~passed[labels == 0]).mean()) / 2)

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


@dataclass(frozen=True)
class Table:
    """The scores of some cases as columns, and the cluster of each case."""

    columns: Columns
    clusters: tuple[str, ...]

    def __len__(self) -> int:
        return len(self.clusters)

    def take(self, rows: Ints) -> Columns:
        """The columns of these rows."""
        return {name: column[rows] for name, column in self.columns.items()}


def table(
    measure: Measure, scores: Sequence[Mapping[str, float]], clusters: Sequence[str]
) -> Table:
    """The rows that `measure` is computed of: those that have all of its columns."""
    rows = [i for i, s in enumerate(scores) if all(name in s for name in measure.columns)]
    columns = {
        name: np.array([scores[i][name] for i in rows], dtype=np.float64)
        for name in measure.columns
    }
    return Table(columns, tuple(clusters[i] for i in rows))


def estimate(measure: Measure, rows: Table) -> Figure:
    """The value of a measure with its interval; undefined where there is no row."""
    if not len(rows):
        return Figure(None, None, None)
    value = measure.compute(rows.columns)
    if np.isnan(value):
        return Figure(None, None, None)
    groups = members(rows.clusters)
    alone = len(groups) == len(rows) and len(measure.columns) == 1
    if alone and np.isin(rows.columns[measure.columns[0]], (0.0, 1.0)).all():
        return _exactly(value, len(groups))
    if len(groups) == 1 < len(rows):  # one document says nothing of how documents differ
        return Figure(rounded(value), None, None)
    drawn = [x for r in resamples(groups) if not np.isnan(x := measure.compute(rows.take(r)))]
    if not drawn:
        return Figure(rounded(value), None, None)
    low, high = np.quantile(drawn, [0.025, 0.975])
    if value in (0.0, 1.0) and low == high:
        return _exactly(value, len(groups))
    return Figure(rounded(value), rounded(low), rounded(high))


def _exactly(value: float, of: int) -> Figure:
    low, high = exact(round(value * of), of)
    return Figure(rounded(value), rounded(low), rounded(high))


def figure(
    measure: OfLabels, labels: Sequence[int], scores: Sequence[float], clusters: Sequence[str]
) -> Figure:
    """`estimate` for a measure of labels and scores."""
    columns = {"label": np.array(labels, np.float64), "score": np.array(scores, np.float64)}
    return estimate(of_labels("", measure), Table(columns, tuple(clusters)))


def share(hits: Sequence[bool]) -> Figure:
    """The share of `hits` with its exact interval."""
    if not hits:
        return Figure(None, None, None)
    low, high = exact(sum(hits), len(hits))
    return Figure(rounded(sum(hits) / len(hits)), rounded(low), rounded(high))


def exact(hits: int, of: int) -> tuple[float, float]:
    """The interval of Clopper and Pearson for `hits` of `of`."""
    interval = binomtest(hits, of).proportion_ci(method="exact")
    return float(interval.low), float(interval.high)


def members(clusters: Sequence[str]) -> list[Ints]:
    """The rows of each cluster, in the order in which clusters first appear."""
    found: dict[str, list[int]] = {}
    for i, name in enumerate(clusters):
        found.setdefault(name, []).append(i)
    return [np.array(rows) for rows in found.values()]


def resamples(groups: Sequence[Ints], count: int = RESAMPLES) -> list[Ints]:
    """Rows of as many clusters as there are, drawn with replacement, `count` times."""
    chance = np.random.default_rng(SEED)
    draws = [chance.integers(len(groups), size=len(groups)) for _ in range(count)]
    if all(len(rows) == 1 for rows in groups):
        alone = np.concatenate(groups)
        return [alone[picked] for picked in draws]
    return [np.concatenate([groups[i] for i in picked]) for picked in draws]


def rounded(value: float | None) -> float | None:
    """To the fourth digit, as figures are printed and kept."""
    return None if value is None else round(float(value), 4)
