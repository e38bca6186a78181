"""From features of a claim and its evidence to one calibrated probability of support.

A logistic regression whose weights are data, `calibration.json`, written by
`evals/calibrate.py` from public sets of human judgements (its header says which).
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from assistant.llm.embeddings import Embedder
from assistant.sources import Sentence
from assistant.terms import Weights, terms
from assistant.types import Finding, Status, Verdict

_CALIBRATION = Path(__file__).with_name("calibration.json")
_RANKS: tuple[Status, ...] = ("unchecked", "contradicted", "unsupported", "partial", "supported")
# A score never says more than its verdict: what a layer refuted keeps no high probability.
MOST: Mapping[Status, float] = {
    "supported": 1.0,
    "partial": 0.4,
    "unsupported": 0.2,
    "contradicted": 0.05,
}
# With the direction in which each speaks: more of it never counts the other way.
FEATURES = {"joined": 1, "embedding": 1, "errors": -1}
Features = Mapping[str, float]
# A score that is put below the threshold is so when it is rounded, too.
_NEARLY = 0.999
# Two terms of a claim that stand so near in a source sentence count as said together.
_NEAR = 4
_MOST_ERRORS = 3


def features(
    claim: str,
    evidence: Sequence[Sentence],
    body: Sequence[Sentence],
    weights: Weights,
    findings: Sequence[Finding],
    embedder: Embedder,
) -> Features:
    """The layers' view of a claim, each value 0 to 1.

    joined: term weight of the claim that one evidence sentence has, times the share of
    its neighbouring terms that stand near each other in a sentence of `body`, squared, so
    that it tells among claims that copy their source and says nothing of others;
    embedding: cosine with the nearest evidence sentence; errors: findings that speak
    against it, of `_MOST_ERRORS`.
    """
    wanted = terms(claim)
    best = max((weights.coverage(wanted, s.terms) for s in evidence), default=0.0)
    pairs = set(zip(wanted, wanted[1:], strict=False))
    near = {pair for s in body for pair in _near(s.terms)}
    joined = len(pairs & near) / len(pairs) if pairs else 1.0
    vectors = embedder.embed([claim, *(s.text for s in evidence)])
    errors = sum(f.level == "error" for f in findings)
    return {
        "joined": (best * joined) ** 2,
        "embedding": max((float(v @ vectors[0]) for v in vectors[1:]), default=0.0),
        "errors": min(errors, _MOST_ERRORS) / _MOST_ERRORS,
    }


def _near(words: Sequence[str]) -> set[tuple[str, str]]:
    return {(a, b) for i, a in enumerate(words) for b in words[i + 1 : i + 1 + _NEAR]}


def probability(values: Features, yes: float | None = None) -> float:
    """Probability of support from the features and, where a model was asked, its own."""
    calibration = load_calibration()
    layers = calibration["layers"]
    odds = layers["intercept"] + sum(layers[name] * values[name] for name in FEATURES)
    if yes is not None:
        asked = calibration["asked"]
        said = logit(min(max(yes, 1e-4), 1 - 1e-4))
        odds = asked["intercept"] + asked["layers"] * odds + asked["model"] * said
    return 1 / (1 + math.exp(-odds))


def below(p: float, threshold: float) -> float:
    """`p` of a refuted claim put below `threshold`: a low one hardly changes, 1 becomes it.

    So the order among refuted claims stays, and that to others is left nearly as it was.
    """
    return float(_NEARLY * threshold * (1 - (1 - p) ** (1 / threshold)))


def logit(p: float) -> float:
    """Log-odds of a probability between 0 and 1."""
    return math.log(p / (1 - p))


def combine(parts: Sequence[tuple[int, Verdict]]) -> Verdict:
    """The verdict on a whole text from those on its statements and where each starts.

    The whole is as well supported as its weakest statement, and unchecked where one is.
    """
    worst = min((v for _, v in parts), key=lambda v: _RANKS.index(v.status))
    scores = [v.score for _, v in parts if v.score is not None]
    return Verdict(
        worst.status,
        None if worst.status == "unchecked" else min(scores),
        tuple(dict.fromkeys(e for _, v in parts for e in v.evidence)),
        tuple(
            replace(f, start=f.start + at, end=f.end + at) for at, v in parts for f in v.findings
        ),
    )


@lru_cache(maxsize=1)
def load_calibration() -> dict[str, dict[str, float]]:
    """Weights and thresholds, as `evals/calibrate.py` wrote them."""
    loaded: dict[str, dict[str, float]] = json.loads(_CALIBRATION.read_text(encoding="utf-8"))
    return loaded
