"""Fits how the adapter's answer counts beside the layers: `python -m evals.training.weigh`.

Reads the rows and the scores of training, of the pages that the adapter did not learn from
(use `fit`), and writes the part `asked` of `assistant/verify/calibration.json`. `FILES` are
the sets of human judgements that the rows were made of, for the pages' whole text.
"""

from __future__ import annotations

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from assistant.verify.examine import examine
from assistant.verify.judge import refuted
from assistant.verify.score import load_calibration, logit, probability
from evals.calibrate import OUT
from evals.grounding import embedder, page_of
from evals.rows import Row, load_rows

# Of a set's rows: the log-odds of the layers and of the answer, the labels, the weights.
_Set = tuple[npt.NDArray[np.float64], npt.NDArray[np.int64], npt.NDArray[np.float64]]


def asked_rows(
    rows: Sequence[Mapping[str, Any]], scores: Any, sets: Mapping[str, Sequence[Row]]
) -> dict[str, _Set]:
    """The rows that no layer has refuted.

    Sets weigh the same, and labels within a set, what the layers refuted included: of the
    false claims they refute more than half, and those that are left count for themselves.
    """
    found: dict[str, list[tuple[float, float, int]]] = {name: [] for name in sets}
    count = Counter((row["set"], row["label"]) for row in rows if row["use"] == "fit")
    for row, answer in track(list(zip(rows, scores, strict=True)), description="layers"):
        if row["use"] != "fit" or row["set"] not in sets:
            continue
        page = page_of(sets[row["set"]][int(row["id"])].source)
        seen = examine(row["claim"], [page], embedder())
        if seen is not None and not seen.verbatim and not refuted(seen):
            layers = logit(probability(seen.features))
            found[row["set"]].append((layers, float(answer), row["label"]))
    made = {name: np.array(own) for name, own in found.items() if own}
    return {
        name: (
            own[:, :2],
            own[:, 2].astype(np.int64),
            np.array([1 / count[name, int(label)] for label in own[:, 2]]),
        )
        for name, own in made.items()
    }


def weigh(sets: Mapping[str, _Set]) -> dict[str, float]:
    """A logistic regression. Even odds are put at the threshold of the layers: one serves both."""
    x, y, weight = (np.concatenate([own[n] for own in sets.values()]) for n in range(3))
    model = LogisticRegression(C=10.0).fit(x, y, sample_weight=weight * len(y) / weight.sum())
    for name, (own, labels, _) in sets.items():
        alone, fused = own[:, 1], model.decision_function(own)
        aucs = [f"{roc_auc_score(labels, v):.3f}" for v in (own[:, 0], alone, fused)]
        print(f"{name}: {len(labels)} rows, ROC-AUC of layers, answer, both: {', '.join(aucs)}")
    shift = logit(load_calibration()["thresholds"]["supported"])
    return {
        "intercept": round(float(model.intercept_[0]) + shift, 4),
        "layers": round(float(model.coef_[0][0]), 4),
        "model": round(float(model.coef_[0][1]), 4),
    }


def main() -> None:
    """Fit and write."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--rows", type=Path, required=True, help="of evals.training.rows")
    parser.add_argument("--scores", type=Path, required=True, help="of evals.training.train")
    args = parser.parse_args()
    rows = [json.loads(line) for line in args.rows.read_text(encoding="utf-8").splitlines()]
    sets = {p.name: load_rows(p) for p in args.files}
    calibration = load_calibration()
    asked = weigh(asked_rows(rows, np.load(args.scores)["scores"], sets))
    OUT.write_text(json.dumps({**calibration, "asked": asked}, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
