"""Chooses the evidence of a story and the order in which it will be told. Pure code.

A sentence is worth telling when it says what the story's other articles say too
(the centroid), stands early, tells of days inside the window, and of what somebody did.
The same fact in several articles is taken from the best source: open before paywalled,
official before wire before press. No event is told twice, and no past act without its day.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from assistant.dates import find_dates
from assistant.draft.events import Event, event_of, same_event
from assistant.draft.tellable import (
    of_another_month,
    refers_back,
    strip_dateline,
    tellable,
    telling,
)
from assistant.sources import Sentence, usable_sentences
from assistant.stories import best_source
from assistant.terms import Weights, cosine, terms
from assistant.types import Article, Plan, Story, Window

# The house's bullets run 60 to 165 words in 3 to 8 sentences; these aim at the middle.
TARGET_WORDS = 105
MAX_WORDS = 150
MAX_SENTENCES = 5
MIN_SENTENCES = 4
# Two sentences tell one fact when either covers this share of the other's term
# weight, or when they are this similar.
SAME_FACT = 0.5
TOO_SIMILAR = 0.38
# A better source's sentence takes the place of another that it covers this far.
SAME_TELLING = 0.7


@dataclass(frozen=True)
class _Candidate:
    sentence: Sentence
    article: Article
    vector: dict[str, float]
    salience: float
    recent: bool
    days: frozenset[dt.date]
    # Those of the sentence before it in its paragraph, or that one's own, where it names none.
    days_before: frozenset[dt.date]

    @cached_property
    def event(self) -> Event | None:
        return event_of(strip_dateline(self.sentence.text), self.article.published_on)

    @property
    def news(self) -> bool:
        return self.event is not None and self.event.news

    @property
    def words(self) -> int:
        return len(strip_dateline(self.sentence.text).split())


def plan_story(story: Story, articles: Sequence[Article], weights: Weights, window: Window) -> Plan:
    """Evidence for one bullet, best first sentence first; empty where nothing can be told.

    `articles` are the story's, `weights` the term weights of the window. Every group
    of the plan is one sentence to write and rests on one piece of evidence.
    """
    tellable = [a for a in articles if a.language == "en" and not a.duplicate_of] or list(articles)
    candidates = _candidates(tellable, weights, window, story)
    chosen = _choose(candidates, weights)
    told = _in_order(chosen)
    return Plan(
        story,
        tuple(c.sentence.evidence for c in told),
        tuple((n,) for n in range(1, len(told) + 1)),
    )


def _candidates(
    articles: Sequence[Article], weights: Weights, window: Window, story: Story
) -> list[_Candidate]:
    # A term counts once per article, so no single article (nor text planted in
    # one) can pull the centre of the story to itself.
    spread: Counter[str] = Counter(terms(story.title))
    for article in articles:
        spread.update({t for s in usable_sentences(article) for t in s.terms})
    shared = {t: float(n) for t, n in spread.items() if n > 1 or len(articles) == 1}
    norm = sum((n * weights.idf(t)) ** 2 for t, n in shared.items()) ** 0.5 or 1.0
    centre = {t: n * weights.idf(t) / norm for t, n in shared.items()}
    found: list[_Candidate] = []
    for article in sorted(articles, key=best_source):
        before: frozenset[dt.date] = frozenset()
        end = 0
        for sentence in usable_sentences(article):
            mentions = find_dates(sentence.text, article.published_on)
            days = frozenset(d for m in mentions for d in m.days)
            in_one_paragraph = "\n\n" not in article.text[end : sentence.start]
            days_before = before if in_one_paragraph else frozenset()
            before, end = days or days_before, sentence.end
            if not tellable(sentence):
                continue
            vector = weights.vector(sentence.terms)
            if any(m.relative and len(m.days) > 1 for m in mentions):
                continue  # `last Thursday` that may be either of two days
            recent = any(window.since <= day <= window.until for day in days)
            old = not recent and (
                any(day < window.since - dt.timedelta(days=30) for day in days)
                or bool(re.search(r"\b(?:19|20)\d\d\b", sentence.text))
                or of_another_month(sentence.text, window)
            )
            early = 1.0 / (1.0 + 0.15 * sentence.position)
            salience = cosine(vector, centre) * (0.55 + 0.45 * early)
            salience *= (1.35 if recent else 1.0) * (0.5 if old else 1.0)
            salience *= telling(sentence.text, days, window)
            salience *= {"official": 1.1, "wire": 1.05, "press": 1.0, "other": 0.8}[article.kind]
            salience *= 1.0 if article.access == "open" else 0.7
            found.append(_Candidate(sentence, article, vector, salience, recent, days, days_before))
    return found


def _choose(candidates: Sequence[_Candidate], weights: Weights) -> list[_Candidate]:
    """Lead first, then what adds most; each article at most twice."""
    leads = [c for c in candidates if c.sentence.position <= 1 and not refers_back(c.sentence.text)]
    if not leads:
        return []
    chosen = [_best_told(max(leads, key=_rank), candidates, weights)]
    words = chosen[0].words
    left = list(candidates)
    while len(chosen) < MAX_SENTENCES and (words < TARGET_WORDS or len(chosen) < MIN_SENTENCES):
        left = [c for c in left if _adds(c, chosen, weights)]
        best = max(
            (c for c in left if words + c.words <= MAX_WORDS),
            key=lambda c: _gain(c, chosen),
            default=None,
        )
        if best is None:
            break
        best = _best_told(best, left, weights)
        if _told_already(best, chosen) or _loses_its_day(best, chosen):
            left.remove(best)
            continue
        chosen.append(best)
        words += best.words
    return chosen


def _rank(c: _Candidate) -> tuple[float, str]:
    return (c.salience * (1.5 if c.news else 1.0) * (1.2 if c.recent else 1.0), c.article.id)


def _gain(c: _Candidate, chosen: Sequence[_Candidate]) -> tuple[float, str]:
    near = max(cosine(c.vector, other.vector) for other in chosen)
    cited = {other.article.id for other in chosen}
    fresh = 1.0 if c.article.id in cited else 1.8  # three links a bullet need three pages
    news = 1.25 if c.news else 1.0 if c.event else 0.8  # what is so, not what happened
    return (c.salience * news * fresh * (1 - near) ** 0.5, c.article.id)


def _adds(c: _Candidate, chosen: Sequence[_Candidate], weights: Weights) -> bool:
    used = sum(other.article.id == c.article.id for other in chosen)
    return used < 2 and not any(
        cosine(c.vector, other.vector) >= TOO_SIMILAR
        or _same_fact(c.sentence, other.sentence, weights)
        for other in chosen
    )


def _told_already(c: _Candidate, chosen: Sequence[_Candidate]) -> bool:
    events = [other.event for other in chosen]
    return c.event is not None and any(e and same_event(c.event, e) for e in events)


def _loses_its_day(c: _Candidate, chosen: Sequence[_Candidate]) -> bool:
    """Whether a past act has its day from a sentence before it whose day the bullet does not tell.

    In the bullet it would seem to be of the day told there.
    """
    if c.days or not c.days_before or c.event is None or not c.event.past:
        return False
    return not any(c.days_before & other.days for other in chosen)


def _same_fact(a: Sentence, b: Sentence, weights: Weights) -> bool:
    return max(weights.coverage(a.terms, b.terms), weights.coverage(b.terms, a.terms)) >= SAME_FACT


def _best_told(fact: _Candidate, candidates: Sequence[_Candidate], weights: Weights) -> _Candidate:
    """The same fact from the best source that gives the same figures."""
    same = [
        c
        for c in candidates
        if c is fact
        or (
            weights.coverage(fact.sentence.terms, c.sentence.terms) >= SAME_TELLING
            and _figures(fact.sentence) <= _figures(c.sentence)
        )
    ]
    return min(same, key=lambda c: (best_source(c.article), c.sentence.position))


def _figures(sentence: Sentence) -> set[str]:
    return {t for t in sentence.terms if t[0].isdigit()}


def _in_order(chosen: Sequence[_Candidate]) -> list[_Candidate]:
    """Lead first; sentences of one article together, so that one link covers both."""
    order: list[str] = []
    for c in chosen:
        if c.article.id not in order:
            order.append(c.article.id)
    return [
        c
        for article_id in order
        for c in sorted(
            (c for c in chosen if c.article.id == article_id),
            key=lambda c: (c is not chosen[0], c.sentence.position),
        )
    ]
