"""What the score of support is made of: features of the wording, and how verdicts join."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.llm.calibration import Features
from assistant.llm.embeddings import Embedder
from assistant.terms import terms
from assistant.types import Status, Verdict
from assistant.verify.evidence import Held

_RANKS: tuple[Status, ...] = ("unchecked", "contradicted", "unsupported", "partial", "supported")
# A score that is put below the threshold is so when it is rounded, too.
_NEARLY = 0.999
# Two terms of a claim that stand so near in a source sentence count as said together.
_NEAR = 4


def features(held: Held, embedder: Embedder) -> Features:
    """How near the wording of a claim is to its page, each value 0 to 1 (a cosine from -1).

    joined: term weight of the claim that one evidence sentence has, times the share of
    its neighbouring terms that stand near each other in a sentence of the page, squared;
    embedding: cosine with the nearest evidence sentence.
    """
    wanted, weights = terms(held.claim), held.pages.weights
    best = max((weights.coverage(wanted, s.terms) for s in held.evidence), default=0.0)
    pairs = set(zip(wanted, wanted[1:], strict=False))
    near = {pair for s in held.pages.sentences for pair in _near(s.terms)}
    joined = len(pairs & near) / len(pairs) if pairs else 1.0
    vectors = embedder.embed([held.claim, *(s.text for s in held.evidence)])
    return {
        "joined": (best * joined) ** 2,
        "embedding": max((float(v @ vectors[0]) for v in vectors[1:]), default=0.0),
    }


def _near(words: Sequence[str]) -> set[tuple[str, str]]:
    return {(a, b) for i, a in enumerate(words) for b in words[i + 1 : i + 1 + _NEAR]}


def below(p: float, threshold: float) -> float:
    """`p` of a refuted claim put below `threshold`: a low one hardly changes, 1 becomes it.

    So the order among refuted claims stays, and that to others is left nearly as it was.
    """
    return float(_NEARLY * threshold * (1 - (1 - p) ** (1 / threshold)))


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
