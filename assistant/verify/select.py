"""Finds the sentences of an article that bear on a claim."""

from __future__ import annotations

import datetime as dt
import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from assistant.dates import resolve_days
from assistant.sources import Sentence
from assistant.terms import Weights, terms

MAX_SENTENCES = 5
# A further sentence must add this share of the claim's term weight.
MIN_GAIN = 0.06


@dataclass(frozen=True)
class Reading:
    """What a model reads of a page for one claim.

    sentences: at most so many; share: of the claim's term weight, that one must have which is
    read only for being near; longest: what is longer, in words, is no sentence but a menu or a
    list, and cut to `words`. Sentences of news have some 22, of joint statements up to 60.
    """

    sentences: int = 6
    share: float = 0.15
    longest: int = 60
    words: int = 40


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
    published: Mapping[str, dt.date | None] = MappingProxyType({}),
    reading: Reading = Reading(),
) -> tuple[str, ...]:
    """What a model reads to judge a claim, in the page's order: its first sentence and the nearest.

    The evidence covers the claim's words with few sentences; a model needs to know, too, what
    the page is about. Of a menu it reads the words nearest to the claim, or at the head of a
    page, where it says nothing of the claim, the first. Days are told as dates (`on Tuesday` as
    `on July 18`) where it is known when an article, by its id, was `published`.
    """
    if not evidence:
        return ()
    wanted = {t: weights.idf(t) for t in terms(claim)}
    first = next(s for s in body if s.article_id == evidence[0].article_id)
    least = reading.share * math.fsum(wanted.values())

    def told(s: Sentence) -> float:
        return math.fsum(wanted[t] for t in wanted.keys() & s.bag)

    near = [s for s in heapq.nlargest(reading.sentences, body, key=told) if told(s) >= least]
    chosen = list(dict.fromkeys([evidence[0], first, *evidence, *near]))[: reading.sentences]
    shown = []
    for s in sorted(chosen, key=lambda s: (s.article_id, s.position)):
        day = published.get(s.article_id)
        text = resolve_days(s.text, day, day.year) if day else s.text
        if len(text.split()) > reading.longest:
            title = s is first and s not in evidence
            head = " ".join(text.split()[: reading.words])
            text = head if title else excerpt(text, wanted, reading.words)
        shown.append(text)
    return tuple(shown)


def excerpt(text: str, wanted: Mapping[str, float], count: int) -> str:
    """The `count` words in a row that have most of the `wanted` weights, or all if they are fewer.

    What they have of it stands in their middle.
    """
    words = text.split()
    if len(words) <= count:
        return text
    has = [wanted.keys() & set(terms(word)) for word in words]

    def weight(start: int) -> float:
        return math.fsum(wanted[t] for t in set().union(*has[start : start + count]))

    best = max(range(len(words) - count + 1), key=weight)
    hits = [i for i in range(best, best + count) if has[i]] or [best]
    middle = (hits[0] + hits[-1]) // 2
    start = min(max(0, middle - count // 2), len(words) - count)
    return " ".join(words[start : start + count])
