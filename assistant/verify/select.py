"""Finds the sentences of an article that bear on a claim."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Sequence

from assistant.sources import Sentence
from assistant.terms import Weights, terms

MAX_SENTENCES = 5
# What a model reads of a page at most. On pages kept apart (`evals.rows.kept_apart`): six
# sentences for four gave WiCE 0.889 for 0.878 and FIB 0.890 for 0.898 (ROC-AUC). Six sentences of
# news have some 130 words; on pages of longer ones 400 for 165 gave WiCE 0.899 for 0.847, in a
# quarter more time.
MAX_READ = 6
MAX_WORDS = 400
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
    weight = {t: weights.idf(t) for t in missing}
    total = sum(weight.values()) or 1.0
    chosen: list[Sentence] = []
    left = [s for s in sentences if not missing.isdisjoint(s.bag)]
    while left and len(chosen) < limit:
        # Summed exactly, since a set has its terms in another order in each process.
        gains = [math.fsum(weight[t] for t in missing & s.bag) for s in left]
        gain, _, best = max(
            zip(gains, (-s.position for s in left), left, strict=True), key=lambda g: g[:2]
        )
        if gain / total < (MIN_GAIN if chosen else 1e-9):
            break
        chosen.append(best)
        missing -= best.bag
        left = [s for s in left if not missing.isdisjoint(s.bag)]
    return chosen


def context(
    claim: str,
    evidence: Sequence[Sentence],
    body: Sequence[Sentence],
    weights: Weights,
    limit: int = MAX_READ,
    most_words: int = MAX_WORDS,
) -> tuple[Sentence, ...]:
    """What a model reads to judge a claim, in the page's order: its first sentence and the nearest.

    The evidence covers the claim's words with few sentences; a model needs to know, too, what
    the page is about. At most `limit` sentences of together `most_words`, the best one always.
    """
    if not evidence:
        return ()
    wanted = set(terms(claim))
    page = [s for s in body if s.article_id == evidence[0].article_id]
    near = heapq.nlargest(limit, body, key=lambda s: sum(weights.idf(t) for t in wanted & s.bag))
    read: list[Sentence] = []
    words = 0
    for sentence in dict.fromkeys([evidence[0], page[0], *evidence, *near]):
        length = len(sentence.text.split())
        if not read or (len(read) < limit and words + length <= most_words):
            read.append(sentence)
            words += length
    return tuple(sorted(read, key=lambda s: (s.article_id, s.position)))
