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
# Verdicts by probability: chosen on the development data of `evals/calibrate.py`.
_RANKS: tuple[Status, ...] = ("unchecked", "contradicted", "unsupported", "partial", "supported")
FEATURES = ("coverage", "best", "bigrams", "embedding", "errors")


def features(
    claim: str,
    evidence: Sequence[Sentence],
    weights: Weights,
    findings: Sequence[Finding],
    embedder: Embedder,
) -> dict[str, float]:
    """The layers' view of a claim, each value 0 to 1 (`errors`: 0, 0.5 for one, 1 for more).

    coverage: term weight of the claim that all evidence has; best: that one sentence
    has; bigrams: neighbouring term pairs found in one sentence; embedding: cosine
    with the nearest evidence sentence.
    """
    wanted = terms(claim)
    together = [t for s in evidence for t in s.terms]
    pairs = set(zip(wanted, wanted[1:], strict=False))
    have = {p for s in evidence for p in zip(s.terms, s.terms[1:], strict=False)}
    vectors = embedder.embed([claim, *(s.text for s in evidence)])
    errors = sum(f.level == "error" for f in findings)
    return {
        "coverage": weights.coverage(wanted, together),
        "best": max((weights.coverage(wanted, s.terms) for s in evidence), default=0.0),
        "bigrams": len(pairs & have) / len(pairs) if pairs else 0.0,
        "embedding": max((float(v @ vectors[0]) for v in vectors[1:]), default=0.0),
        "errors": min(errors, 2) / 2,
    }


def probability(values: Mapping[str, float], p_yes: float | None) -> float:
    """Probability of support from the features and, where a model was asked, its own."""
    calibration = load_calibration()
    layers = calibration["layers"]
    logit = layers["intercept"] + sum(layers[name] * values[name] for name in FEATURES)
    if p_yes is not None:
        fused = calibration["fused"]
        clipped = min(max(p_yes, 1e-4), 1 - 1e-4)
        logit = (
            fused["intercept"]
            + fused["layers"] * logit
            + fused["model"] * math.log(clipped / (1 - clipped))
        )
    return 1 / (1 + math.exp(-logit))


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
