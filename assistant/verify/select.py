"""Finds the sentences of an article that bear on a claim."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence

from assistant.sources import Sentence
from assistant.terms import Weights, terms

MAX_SENTENCES = 5
# What a model reads of a page at most. On pages kept apart (`evals.rows.kept_apart`) six
# sentences for four gave WiCE 0.889 for 0.878 and FIB 0.890 for 0.898 (ROC-AUC).
MAX_READ = 6
# Words of one sentence that a model reads. Those of news have some 22; the menus and lists of web
# pages are “sentences” of hundreds. Uncut, up to 400 words together, WiCE had 0.863 for 0.868.
MAX_WORDS = 60
# Words of such a menu at the head of a page where it says nothing of the claim: the title.
_TITLE_WORDS = 40
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
) -> tuple[str, ...]:
    """What a model reads to judge a claim, in the page's order: its first sentence and the nearest.

    The evidence covers the claim's words with few sentences; a model needs to know, too, what
    the page is about. At most `limit` sentences, of each the `MAX_WORDS` nearest to the claim.
    """
    if not evidence:
        return ()
    wanted = {t: weights.idf(t) for t in terms(claim)}
    first = next(s for s in body if s.article_id == evidence[0].article_id)
    near = heapq.nlargest(limit, body, key=lambda s: sum(wanted[t] for t in wanted.keys() & s.bag))
    chosen = list(dict.fromkeys([evidence[0], first, *evidence, *near]))[:limit]
    return tuple(
        " ".join(s.text.split()[:_TITLE_WORDS])
        if s is first and s not in evidence and len(s.text.split()) > MAX_WORDS
        else excerpt(s.text, wanted)
        for s in sorted(chosen, key=lambda s: (s.article_id, s.position))
    )


def excerpt(text: str, wanted: Mapping[str, float]) -> str:
    """`text`, or where it is longer its `MAX_WORDS` words with most of the `wanted` weights.

    What they have of it stands in their middle.
    """
    words = text.split()
    if len(words) <= MAX_WORDS:
        return text
    has = [wanted.keys() & set(terms(word)) for word in words]

    def weight(start: int) -> float:
        return math.fsum(wanted[t] for t in set().union(*has[start : start + MAX_WORDS]))

    best = max(range(len(words) - MAX_WORDS + 1), key=weight)
    hits = [i for i in range(best, best + MAX_WORDS) if has[i]] or [best]
    middle = (hits[0] + hits[-1]) // 2
    start = min(max(0, middle - MAX_WORDS // 2), len(words) - MAX_WORDS)
    return " ".join(words[start : start + MAX_WORDS])
