"""Finds the sentences of an article that bear on a claim."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from assistant.sources import Sentence
from assistant.terms import Weights, terms

MAX_SENTENCES = 5
# A further sentence must add this share of the claim's term weight.
MIN_GAIN = 0.06


def term_weights(sentences: Iterable[Sentence]) -> Weights:
    """Term weights with every sentence as a document; what no sentence has weighs most."""
    return Weights(s.terms for s in sentences)


def select_evidence(
    claim: str, sentences: Sequence[Sentence], weights: Weights, limit: int = MAX_SENTENCES
) -> list[Sentence]:
    """The few sentences that together cover most of the claim's terms, best first.

    Greedy: each step takes the sentence that adds the most term weight, until none
    adds `MIN_GAIN` of the whole. Empty where no sentence shares a term.
    """
    missing = set(terms(claim))
    total = sum(weights.idf(t) for t in missing) or 1.0
    chosen: list[Sentence] = []
    while missing and len(chosen) < limit:
        best = max(
            (s for s in sentences if s not in chosen),
            key=lambda s: (sum(weights.idf(t) for t in missing & set(s.terms)), -s.position),
            default=None,
        )
        if best is None:
            break
        gain = sum(weights.idf(t) for t in missing & set(best.terms)) / total
        if gain < (MIN_GAIN if chosen else 1e-9):
            break
        chosen.append(best)
        missing -= set(best.terms)
    return chosen
