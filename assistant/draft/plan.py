"""Chooses the evidence of a story and the order in which it will be told. Pure code.

A sentence is worth telling when it says what the story's other articles say too
(the centroid), stands early, and tells of days inside the window. The same fact in
several articles is taken from the best source: open before paywalled, official
before wire before press.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.dates import find_dates
from assistant.sources import ADDRESS, Sentence, usable_sentences
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
_DATELINE = re.compile(r"[A-Z][A-Z.'’-]{2,}[^\n]{0,80}?(?:\s[-–]\s|\s?—\s?)")
_UNFIT_OPENING = re.compile(
    r"[\"“'‘(]|(?:It|They|He|She|This|That|These|Those|Both|But|And|Nor|Or|So|Yet|Such|Neither|"
    r"Either|Their|His|Her|Its|Here|There|Asked|Once|Another|Others?|Some|If|Whether|"
    r"What|Why|How|Most|One|None|Two|Three|In between|By contrast|However|Meanwhile|Still)\b"
)
_VAGUE = re.compile(
    r"\b(?:the latter|the former|same (?:day|month|week)|two days later|as well)\b", re.I
)


@dataclass(frozen=True)
class _Candidate:
    sentence: Sentence
    article: Article
    vector: dict[str, float]
    salience: float
    recent: bool

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
        for sentence in usable_sentences(article):
            if not _tellable(sentence):
                continue
            vector = weights.vector(sentence.terms)
            mentions = find_dates(sentence.text, article.published_on)
            if any(m.relative and len(m.days) > 1 for m in mentions):
                continue  # `last Thursday` that may be either of two days
            days = [d for m in mentions for d in m.days]
            recent = any(window.since <= day <= window.until for day in days)
            old = not recent and (
                any(day < window.since - dt.timedelta(days=30) for day in days)
                or bool(re.search(r"\b(?:19|20)\d\d\b", sentence.text))
            )
            early = 1.0 / (1.0 + 0.15 * sentence.position)
            salience = cosine(vector, centre) * (0.55 + 0.45 * early)
            salience *= (1.35 if recent else 1.0) * (0.5 if old else 1.0)
            salience *= _telling(sentence.text, days, window)
            salience *= {"official": 1.1, "wire": 1.05, "press": 1.0, "other": 0.8}[article.kind]
            salience *= 1.0 if article.access == "open" else 0.7
            found.append(_Candidate(sentence, article, vector, salience, recent))
    return found


def _telling(text: str, days: Sequence[dt.date], window: Window) -> float:
    """Lower for sentences that name little, announce what is past by now, or say `Friday's`."""
    names = len(re.findall(r"(?<=\w )[A-Z][\w-]+|\d[\d,.]*", text))
    factor = min(1.0, 0.4 + 0.15 * names)
    if not days and len(text.split()) < 12:
        factor *= 0.5  # a subtitle or a remark more often than a fact
    if days and max(days) <= window.until and re.search(r"\bwill\b", text):
        factor *= 0.25
    if re.search(r"\b(?:this|last|next) (?:week|month|year)\b", text):
        factor *= 0.7
    if re.search(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day['’]s\b", text):
        factor *= 0.6
    return factor


def strip_dateline(text: str) -> str:
    """The sentence without an opening such as `TOKYO, July 24 (Pacific Wire) - `."""
    opening = _DATELINE.match(text)
    return text[opening.end() :] if opening else text


def _tellable(sentence: Sentence) -> bool:
    """Whether a sentence can stand in a bullet without the one before it."""
    words = strip_dateline(sentence.text).split()
    quoted = sum(len(q) for q in re.findall(r"[\"“][^\"”]*[\"”]", sentence.text))
    return (
        9 <= len(words) <= 48
        and sentence.text[-1] == "."
        and not _UNFIT_OPENING.match(sentence.text)
        and not _VAGUE.search(sentence.text)
        and not ADDRESS.search(sentence.text)
        and quoted < 0.3 * len(sentence.text)
        and bool(re.search(r"\b[A-Z]", sentence.text[1:]))
    )


def _choose(candidates: Sequence[_Candidate], weights: Weights) -> list[_Candidate]:
    """Lead first, then what adds most; each article at most twice."""
    leads = [c for c in candidates if c.sentence.position <= 1]
    if not leads:
        return []
    chosen = [_best_told(max(leads, key=_rank), candidates, weights)]
    words = chosen[0].words
    while len(chosen) < MAX_SENTENCES and (words < TARGET_WORDS or len(chosen) < MIN_SENTENCES):
        best = max(
            (c for c in candidates if _adds(c, chosen, weights) and words + c.words <= MAX_WORDS),
            key=lambda c: _gain(c, chosen),
            default=None,
        )
        if best is None:
            break
        best = _best_told(best, [c for c in candidates if _adds(c, chosen, weights)], weights)
        chosen.append(best)
        words += best.words
    return chosen


def _rank(c: _Candidate) -> tuple[float, str]:
    return (c.salience * (1.2 if c.recent else 1.0), c.article.id)


def _gain(c: _Candidate, chosen: Sequence[_Candidate]) -> tuple[float, str]:
    near = max(cosine(c.vector, other.vector) for other in chosen)
    cited = {other.article.id for other in chosen}
    fresh = 1.0 if c.article.id in cited else 1.8  # three links a bullet need three pages
    return (c.salience * fresh * (1 - near) ** 0.5, c.article.id)


def _adds(c: _Candidate, chosen: Sequence[_Candidate], weights: Weights) -> bool:
    used = sum(other.article.id == c.article.id for other in chosen)
    return used < 2 and not any(
        cosine(c.vector, other.vector) >= TOO_SIMILAR
        or _same_fact(c.sentence, other.sentence, weights)
        for other in chosen
    )


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
