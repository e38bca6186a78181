"""Fits the weights of the claim checker: `python -m evals.calibrate FILE...`.

Each FILE holds rows `{id, source, claim, label}` of a public set of human judgements;
`evals.learning_rows` says what is read of them and what joins them. Every set weighs the
same, and so do its supported and its other rows.

With `--ask`, the embedded model is asked about some rows of each set that the layers leave
open, on pages that its adapter did not learn from (`evals.rows.kept_apart`), and the weight
of its answer is fitted too.

Prints for each set the ROC-AUC of weights that were fitted without it, and writes
`assistant/verify/calibration.json`.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import chain
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from rich.progress import track
from scipy.optimize import minimize
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from assistant.llm.catalog import Catalog
from assistant.llm.chat import open_chat
from assistant.settings import Settings
from assistant.verify import score
from assistant.verify.ask import ask
from assistant.verify.examine import examine
from assistant.verify.judge import refuted
from evals.grounding import embedder, page_of
from evals.learning_rows import SEED, SPLICED, training_sets
from evals.rows import Row, kept_apart

OUT = Path(__file__).parents[1] / "assistant" / "verify" / "calibration.json"
# From this probability of the layers alone a claim copies its source with nothing changed that
# matters: a small model's no would be wrong more often than they are.
_SURE = 0.7
# Below this probability of the layers a model's yes would hardly change the verdict.
_HOPELESS = 0.2
# Inverse strength of the L2 penalty on standardised features.
_C = 0.05
Matrix = npt.NDArray[np.float64]
Vector = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Sample:
    """The features of one row and its label; what a model would be asked of it, if anything."""

    features: Mapping[str, float]
    label: int
    claim: str = ""
    evidence: tuple[str, ...] = ()
    open: bool = False


def _sample(row: Row) -> Sample | None:
    """None where the layers decide by themselves."""
    seen = examine(row.claim, [page_of(row.source)], embedder())
    if seen is None or seen.verbatim:
        return None
    asked = kept_apart(row.source) and not refuted(seen)
    return Sample(seen.features, int(row.label or 0), seen.claim, seen.shown, asked)


def measure(sets: Mapping[str, Sequence[Row]]) -> dict[str, list[Sample]]:
    """The samples of every set."""
    rows = [(name, row) for name, rows in sets.items() for row in rows]
    found: dict[str, list[Sample]] = {name: [] for name in sets}
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        samples = pool.map(_sample, [row for _, row in rows], chunksize=16)
        for (name, _), sample in zip(rows, track(samples, total=len(rows)), strict=True):
            if sample is not None:
                found[name].append(sample)
    return found


@dataclass(frozen=True)
class Fit:
    """Weights of the features and the intercept, in the features' own units."""

    weights: Matrix
    intercept: float

    def logits(self, samples: Sequence[Sample]) -> Matrix:
        """Log-odds of support."""
        result: Matrix = _matrix(samples) @ self.weights + self.intercept
        return result


def fit(sets: Mapping[str, Sequence[Sample]]) -> Fit:
    """A logistic regression in which sets weigh the same, and labels within a set.

    Weights keep the direction that `score.FEATURES` gives them. Free ones learn what is
    odd about a set (where models copy and get it wrong, copying counts against a claim)
    and do worse on every other: ROC-AUC on WiCE 0.775 free and 0.784 bound, on spliced
    claims 0.850 and 0.898, each fitted without the set.
    """
    samples = list(chain(*sets.values()))
    x, y = _matrix(samples), 2 * _labels(samples) - 1
    weight = np.concatenate([_balanced(name, own) for name, own in sets.items()])
    weight *= _C * len(y) / weight.sum()
    mean = x.mean(axis=0)
    spread = np.where(x.std(axis=0) > 0, x.std(axis=0), 1.0)
    z = (x - mean) / spread

    def loss(p: Vector) -> tuple[float, Vector]:
        margin = y * (z @ p[1:] + p[0])
        pull = -weight * y / (1 + np.exp(margin))
        gradient = np.concatenate([[pull.sum()], z.T @ pull + p[1:]])
        return float(weight @ np.logaddexp(0, -margin) + p[1:] @ p[1:] / 2), gradient

    bounds = [(0, None) if sign > 0 else (None, 0) for sign in score.FEATURES.values()]
    start = np.zeros(len(bounds) + 1)
    solved = minimize(loss, start, jac=True, bounds=[(None, None), *bounds], method="L-BFGS-B").x
    weights = solved[1:] / spread
    return Fit(weights, float(solved[0] - weights @ mean))


def _balanced(name: str, samples: Sequence[Sample]) -> Vector:
    labels = _labels(samples)
    # Drafts copy their sources, as spliced claims do: these count for two sets.
    return (2 if name == SPLICED else 1) / np.bincount(labels, minlength=2)[labels]


def _matrix(samples: Sequence[Sample]) -> Matrix:
    return np.array([[s.features[name] for name in score.FEATURES] for s in samples])


def _labels(samples: Sequence[Sample]) -> npt.NDArray[np.int64]:
    return np.array([s.label for s in samples])


def _probabilities(fitted: Fit, samples: Sequence[Sample]) -> Matrix:
    """Of support, as the verifier gives them: with an error there is at most a partial."""
    p = 1 / (1 + np.exp(-fitted.logits(samples)))
    wrong = np.array([s.features["errors"] > 0 for s in samples])
    return np.where(wrong, np.minimum(p, score.MOST["partial"]), p)


def best_threshold(fitted: Fit, sets: Sequence[Sequence[Sample]]) -> float:
    """The threshold with the highest balanced accuracy, on average over the sets."""
    scored = [(_labels(one), _probabilities(fitted, one)) for one in sets]

    def mean(threshold: float) -> float:
        return float(np.mean([balanced_accuracy_score(y, p >= threshold) for y, p in scored]))

    return max((float(t) for t in np.linspace(0.1, 0.9, 81)), key=mean)


def _asked(
    fitted: Fit, sets: Mapping[str, Sequence[Sample]], count: int, threshold: float
) -> dict[str, float]:
    """How the embedded model's answer counts beside the layers, on claims that they leave open.

    Sets and labels weigh the same, and even odds are put at the `threshold` of the layers.
    """
    chance = random.Random(SEED)
    chat = open_chat(Settings(model=Catalog.load().default_embedded.name), Catalog.load(), None)
    assert chat is not None
    rows: dict[str, list[Sample]] = {}
    for name, samples in sets.items():
        doubtful = [s for s in samples if s.open]
        rows[name] = chance.sample(doubtful, min(count, len(doubtful)))
    own = list(chain(*rows.values()))
    answers = [ask(chat, s.claim, s.evidence)[0] for s in track(own, description="asking")]
    chat.close()
    p = np.clip(answers, 1e-4, 1 - 1e-4)
    x = np.column_stack([fitted.logits(own), np.log(p / (1 - p))])
    weight = np.concatenate([_balanced(name, some) for name, some in rows.items()])
    model = LogisticRegression(C=1.0).fit(x, _labels(own), sample_weight=weight)
    start = 0
    for name, some in rows.items():
        part = slice(start, start + len(some))
        alone, both = x[part, 1], model.decision_function(x[part])
        aucs = [f"{roc_auc_score(_labels(some), v):.3f}" for v in (alone, both)]
        print(f"{name}: {len(some)} asked, ROC-AUC of the answer {aucs[0]}, fused {aucs[1]}")
        start += len(some)
    return {
        "intercept": round(float(model.intercept_[0]) + score.logit(threshold), 4),
        "layers": round(float(model.coef_[0][0]), 4),
        "model": round(float(model.coef_[0][1]), 4),
    }


def _layers() -> Fit:
    """The weights as the file has them."""
    kept = _kept("layers")
    return Fit(np.array([kept[name] for name in score.FEATURES]), kept["intercept"])


def _kept(part: str) -> dict[str, float]:
    return score.load_calibration()[part]


def main() -> None:
    """Fit, print what each set gives, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--rows", type=int, default=600, help="rows of each file")
    parser.add_argument("--ask", type=int, default=0, help="rows of each set to ask the model of")
    parser.add_argument(
        "--keep-layers", action="store_true", help="fit only how the model's answer counts"
    )
    args = parser.parse_args()

    samples = measure(training_sets(args.files, args.rows))
    for name, own in samples.items():
        without = fit({n: s for n, s in samples.items() if n != name})
        print(f"{name}: {len(own)} rows, ROC-AUC {_auc(without, own):.3f} fitted without it")
    fitted = _layers() if args.keep_layers else fit(samples)
    threshold = (
        _kept("thresholds")["supported"]
        if args.keep_layers
        else best_threshold(fitted, list(samples.values()))
    )
    out: dict[str, Any] = {
        "fitted_on": _kept("fitted_on")
        if args.keep_layers
        else {name: len(own) for name, own in samples.items()},
        "layers": {
            "intercept": round(fitted.intercept, 4),
            **dict(zip(score.FEATURES, fitted.weights.round(4).tolist(), strict=True)),
        },
        "asked": _asked(fitted, samples, args.ask, threshold) if args.ask else _kept("asked"),
        "thresholds": {
            "supported": round(threshold, 3),
            "partial": round(threshold * 0.6, 3),
            "ask_from": _HOPELESS,
            "ask_below": _SURE,
        },
    }
    OUT.write_text(json.dumps(out, indent=2) + "\n", encoding="utf-8")


def _auc(fitted: Fit, samples: Sequence[Sample]) -> float:
    return float(roc_auc_score(_labels(samples), fitted.logits(samples)))


if __name__ == "__main__":
    main()
