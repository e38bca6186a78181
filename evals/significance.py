"""Whether a figure changed between two runs: better, worse or undecided, never by eye.

Both runs are compared on the cases that both have. The interval of the difference is a
paired bootstrap over clusters. The p-value is that of a paired permutation test: were
the two runs alike, each cluster's two outcomes could stand the other way round. It is
exact where few clusters differ (then, for shares of single cases, it is McNemar's
exact test). A change is called only where the test and the interval agree.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from scipy.stats import permutation_test

from evals.metrics import SEED, Floats, Ints, Measure, Table, members, resamples, rounded, table

Call = Literal["better", "worse", "undecided"]
LEVEL = 0.05
_PERMUTATIONS = 2000
Scores = Mapping[str, float]


@dataclass(frozen=True)
class Change:
    """A figure in run `a` and in run `b`, their difference with its 95 % interval, and the call.

    All figures are of the `cases` that both runs have. `p` is None where nothing differs.
    """

    name: str
    a: float | None
    b: float | None
    difference: float | None
    low: float | None
    high: float | None
    p: float | None
    call: Call
    cases: int


def compare(
    measure: Measure,
    a: Sequence[Scores],
    b: Sequence[Scores],
    clusters: Sequence[str],
) -> Change:
    """The change of `measure` from `a` to `b`: scores of the same cases in the same order."""
    pairs = [
        i
        for i in range(len(clusters))
        if all(name in a[i] and name in b[i] for name in measure.columns)
    ]
    named = [clusters[i] for i in pairs]
    before = table(measure, [a[i] for i in pairs], named)
    after = table(measure, [b[i] for i in pairs], named)
    values = [measure.compute(t.columns) if pairs else float("nan") for t in (before, after)]
    x, y = (None if np.isnan(v) else rounded(v) for v in values)
    if x is None or y is None:
        return Change(measure.name, x, y, None, None, None, None, "undecided", len(pairs))
    if all(np.array_equal(before.columns[c], after.columns[c]) for c in measure.columns):
        return Change(measure.name, x, y, 0.0, 0.0, 0.0, None, "undecided", len(pairs))
    difference = values[1] - values[0]
    low, high = _interval(measure, before, after)
    p = _p_value(measure, before, after)
    call: Call = "undecided"
    if p < LEVEL and (low > 0 or high < 0) and measure.better != "neither":
        call = "better" if (difference > 0) == (measure.better == "higher") else "worse"
    spread = (rounded(difference), rounded(low), rounded(high), rounded(p))
    return Change(measure.name, x, y, *spread, call, len(pairs))


def _interval(measure: Measure, before: Table, after: Table) -> tuple[float, float]:
    drawn = [
        measure.compute(after.take(rows)) - measure.compute(before.take(rows))
        for rows in resamples(members(before.clusters))
    ]
    low, high = np.nanquantile(drawn, [0.025, 0.975])
    return float(low), float(high)


def _p_value(measure: Measure, before: Table, after: Table) -> float:
    """Of the test that swaps the outcomes of clusters; only those that differ are swapped."""
    groups = members(before.clusters)
    differing = [rows for rows in groups if _differ(before, after, rows)]
    same = np.setdiff1d(np.arange(len(before)), np.concatenate(differing))
    both = {
        name: np.concatenate([before.columns[name], after.columns[name]])
        for name in measure.columns
    }

    def of(codes: Ints) -> float:
        """Of the cluster `code % n` from the first run (code below n) or the second."""
        n = len(differing)
        rows = [differing[c % n] + (len(before) if c >= n else 0) for c in codes.astype(int)]
        every = np.concatenate([same, *rows])
        return measure.compute({name: column[every] for name, column in both.items()})

    def difference(x: Floats, y: Floats) -> float:
        return of(y.astype(np.int64)) - of(x.astype(np.int64))

    n = len(differing)
    if n == 1:  # one cluster alone can show nothing, and the test needs two
        return 1.0
    test = permutation_test(
        (np.arange(n), np.arange(n, 2 * n)),
        difference,
        permutation_type="samples",
        vectorized=False,
        n_resamples=_PERMUTATIONS,
        rng=np.random.default_rng(SEED),
    )
    return float(test.pvalue)


def _differ(before: Table, after: Table, rows: Ints) -> bool:
    return any(
        not np.array_equal(before.columns[name][rows], after.columns[name][rows])
        for name in before.columns
    )
