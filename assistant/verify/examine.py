"""Holds one claim against some articles, without a model: evidence, findings, features."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.llm.embeddings import Embedder
from assistant.sources import Sentence, usable_sentences
from assistant.terms import terms
from assistant.types import Article, Finding
from assistant.verify import layers
from assistant.verify.align import COPIED, align, words
from assistant.verify.quantities import Quantity, counted, find_quantities
from assistant.verify.score import Features, features, probability
from assistant.verify.select import context, select_evidence, term_weights

# The findings compare a claim with so many sentences; the rest is context for a model.
COMPARED = 3


@dataclass(frozen=True)
class Examined:
    """What the layers saw of a claim.

    claim: with lengths in the page's own units; evidence: the sentences that bear on it most,
    best first; findings: what differs; features: for the score; verbatim: one sentence holds
    the claim as it stands.
    """

    claim: str
    articles: tuple[Article, ...]
    evidence: tuple[Sentence, ...]
    findings: tuple[Finding, ...]
    features: Features
    verbatim: bool

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that speak against the claim."""
        return tuple(f for f in self.findings if f.level == "error")

    @cached_property
    def _published(self) -> Mapping[str, dt.date | None]:
        return {a.id: a.published_on for a in self.articles}

    @cached_property
    def shown(self) -> tuple[str, ...]:
        """What a model is asked over, in the page's order.

        A sentence stands in the house's words where those have more of the claim's, since a
        model takes `North Korea` and a page's `Democratic People's Republic` for two.
        """
        body = _sentences(self.articles)
        read = context(self.claim, self.evidence, body, term_weights(body), self._published)
        said = set(terms(self.claim))

        def shared(text: str) -> int:
            return len(said.intersection(terms(text)))

        return tuple(max(text, layers.in_house_style(text), key=shared) for text in read)

    @cached_property
    def copied(self) -> float:
        """Share of the claim's words that the sentence it copies has in order; 0 if it copies none.

        Of a copy the layers judge each change. Japanese, which is not cut into words, has
        that share: its errors stand.
        """
        issued = max((d for d in self._published.values() if d), default=None)
        said = [
            (text, words(text, self._published[s.article_id]))
            for s in self.evidence[:COMPARED]
            for text in (s.text, layers.in_house_style(s.text))
        ]
        claimed = words(self.claim, issued)
        alignment = align(claimed, said)
        if alignment is None:
            return 0.0 if claimed else COPIED
        return alignment.copied


def examine(claim: str, articles: Sequence[Article], embedder: Embedder) -> Examined | None:
    """`claim` against `articles` together; None where there is nothing to compare.

    A claim of no content word says nothing.
    """
    body = _sentences(articles)
    if not terms(claim) or not body:
        return None
    weights = term_weights(body)
    chosen = select_evidence(claim, body, weights)
    compared = chosen[:COMPARED]
    verbatim = layers.is_verbatim(claim, chosen)
    found = [] if verbatim else layers.compare(claim, compared, articles)
    if any(f.code in ("number", "date") for f in found):
        compared, found = _widen(claim, compared, body, found, articles)
    evidence = tuple(dict.fromkeys([*compared, *chosen]))
    return Examined(
        _in_units_of(evidence, claim),
        tuple(articles),
        evidence,
        tuple(found),
        features(claim, evidence, body, weights, found, embedder),
        verbatim,
    )


def nearness(
    claim: str, articles: Sequence[Article], embedder: Embedder
) -> tuple[float, tuple[Sentence, ...]]:
    """How likely `claim` is supported if nothing speaks against it, and by which sentences.

    A third of the work of `examine`, or less: it tells which pages are worth that.
    """
    body = _sentences(articles)
    weights = term_weights(body)
    chosen = tuple(select_evidence(claim, body, weights))
    if not chosen:
        return 0.0, ()
    return probability(features(claim, chosen, body, weights, (), embedder)), chosen


def _sentences(articles: Sequence[Article]) -> list[Sentence]:
    return [s for a in articles for s in usable_sentences(a)]


def _in_units_of(evidence: Sequence[Sentence], claim: str) -> str:
    """`claim` with each converted length as the evidence gives it: a small model cannot convert."""
    given = [(s.text[q.start : q.end], q) for s in evidence for q in find_quantities(s.text)]
    for own in reversed(find_quantities(claim)):
        same = [(words, q) for words, q in given if q.same_as(own)]
        if own.unit and same and all(q.unit not in (own.unit, None) for _, q in same):
            claim = claim[: own.start] + same[0][0] + claim[own.end :]
    return claim


def _widen(
    claim: str,
    chosen: list[Sentence],
    body: Sequence[Sentence],
    found: list[Finding],
    articles: Sequence[Article],
) -> tuple[list[Sentence], list[Finding]]:
    """A figure or day that another sentence on the same matter, or of the same thing, gives."""
    wanted = {t for f in found for t in terms(claim[f.start : f.end])}
    figures = {
        q: counted(claim, q)[:1]
        for q in find_quantities(claim)
        if any(f.start < q.end and q.start < f.end for f in found)
    }
    anchor = {t for s in chosen[:1] for t in s.terms}
    for sentence in body:
        if sentence in chosen:
            continue
        related = len(anchor & sentence.bag) >= 2
        same, alike = _same_figures(figures, sentence.text) if figures else (False, False)
        if alike or (related and (same or wanted & sentence.bag)):
            wider = [*chosen, sentence]
            rest = layers.compare(claim, wider, articles)
            if _count(rest) < _count(found):
                chosen, found = wider, rest
    return chosen, found


def _same_figures(figures: Mapping[Quantity, Sequence[str]], text: str) -> tuple[bool, bool]:
    """Whether `text` has one of `figures`, and whether it has one of the same thing."""
    same = [
        (thing, counted(text, other))
        for own, thing in figures.items()
        for other in find_quantities(text)
        if own.same_as(other)
    ]
    return bool(same), any(thing and thing[0] in near for thing, near in same)


def _count(found: Sequence[Finding]) -> int:
    return sum(f.level == "error" for f in found)
