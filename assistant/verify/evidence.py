"""Finds the sentences of a page that bear on a claim, and what of them a model reads."""

from __future__ import annotations

import heapq
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.dates import MONTH_NAMES, resolve_days
from assistant.draft.names import shorten_names
from assistant.llm.embeddings import Embedder
from assistant.quantities import find_quantities
from assistant.sources import Sentence, quarantined, usable_sentences, usable_title
from assistant.style.fix import apply_substitutions
from assistant.terms import Weights, terms
from assistant.types import Article

MAX_SENTENCES = 5
# A further sentence must add this share of the claim's term weight.
MIN_GAIN = 0.06
# A page of no more sentences and words than this is read whole.
_SHORT_PAGE = (8, 165)
_LONGEST_TITLE = 30  # words
_PLAIN_DIGITS = str.maketrans("０１２３４５６７８９，．％", "0123456789,.%")


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


@dataclass(frozen=True)
class Pages:
    """The pages that a claim is held against, as one text to look things up in.

    sentences: all usable ones; weights: of their terms; text: titles, publishers and sentences,
    with single spaces.
    """

    articles: tuple[Article, ...]
    sentences: tuple[Sentence, ...]
    weights: Weights
    text: str


@dataclass(frozen=True)
class Held:
    """A claim beside its pages.

    claim: with lengths in the page's own units; evidence: the sentences that bear on it most,
    best first; read: what a model is asked over, in the page's order.
    """

    claim: str
    pages: Pages
    evidence: tuple[Sentence, ...]
    read: tuple[str, ...] = ()


def hold(
    claim: str, articles: Sequence[Article], embedder: Embedder, reading: Reading = Reading()
) -> Held | None:
    """`claim` beside `articles`; None where one of the two says nothing."""
    pages = open_pages(tuple(articles))
    if not terms(claim) or not pages.sentences:
        return None
    chosen = select_evidence(claim, pages.sentences, pages.weights)
    near = chosen or _nearest(claim, pages.sentences, embedder)
    sentences = _read(claim, near, pages, reading)
    shown = _shown(claim, near, sentences, pages, reading)
    read = (*_headings(articles, sentences), *shown)
    return Held(_in_units_of(chosen, claim), pages, tuple(chosen), read)


@lru_cache(maxsize=64)  # a page is asked for with each of the claims that cite it
def open_pages(articles: tuple[Article, ...]) -> Pages:
    """These articles as pages to check against."""
    body = tuple(s for a in articles for s in usable_sentences(a))
    about = (f"{usable_title(a)} {a.publisher or ''}" for a in articles)
    text = " ".join(" ".join([*about, *(s.text for s in body)]).split())
    return Pages(articles, body, term_weights(body), text.translate(_PLAIN_DIGITS))


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


@lru_cache(maxsize=512)  # asked for with each claim on the same sentences
def in_house_style(text: str) -> str:
    """A source's words in the forms that a draft has for them: `Dep. Sec.`, `US`."""
    return shorten_names(apply_substitutions(text))


def _nearest(claim: str, body: Sequence[Sentence], embedder: Embedder) -> list[Sentence]:
    """The sentences nearest to a claim by their vectors, where none shares a word with it."""
    own, *others = embedder.embed([claim, *(s.text for s in body)])
    order = sorted(range(len(body)), key=lambda i: -float(others[i] @ own))
    return [body[i] for i in order[:MAX_SENTENCES]]


def _headings(articles: Iterable[Article], read: Sequence[Sentence]) -> Iterable[str]:
    """Title, publisher and day of each page that is read: what `today` and `we` mean there."""
    shown = {s.article_id for s in read}
    for article in articles:
        if article.id not in shown:
            continue
        day = article.published_on
        published = f"{MONTH_NAMES[day.month - 1]} {day.day}, {day.year}" if day else ""
        publisher = article.publisher or ""
        source = ", ".join(filter(None, ("" if quarantined(publisher) else publisher, published)))
        title = " ".join(usable_title(article).split()[:_LONGEST_TITLE]).rstrip(".")
        if heading := ". ".join(filter(None, (title, source))):
            yield heading


def _read(claim: str, near: Sequence[Sentence], pages: Pages, reading: Reading) -> list[Sentence]:
    """The sentences that a model reads, in the page's order: its first one and the nearest.

    The evidence covers the claim's words with few sentences; a model needs to know, too, what
    the page is about.
    """
    body = pages.sentences
    first = next(s for s in body if s.article_id == near[0].article_id)
    words = sum(len(s.text.split()) for s in body)
    if len(body) <= _SHORT_PAGE[0] and words <= _SHORT_PAGE[1]:
        return list(body)
    wanted = {t: pages.weights.idf(t) for t in terms(claim)}
    least = reading.share * math.fsum(wanted.values())

    def told(s: Sentence) -> float:
        return math.fsum(wanted[t] for t in wanted.keys() & s.bag)

    more = [s for s in heapq.nlargest(reading.sentences, body, key=told) if told(s) >= least]
    chosen = list(dict.fromkeys([near[0], first, *near, *more]))[: reading.sentences]
    return sorted(chosen, key=lambda s: (s.article_id, s.position))


def _shown(
    claim: str,
    near: Sequence[Sentence],
    read: Sequence[Sentence],
    pages: Pages,
    reading: Reading,
) -> Iterable[str]:
    """These sentences as a model sees them.

    Of a menu it reads the words nearest to the claim, or at the head of a page, where it says
    nothing of the claim, the first. Days are told as dates (`on Tuesday` as `on July 18`), and
    a sentence in the house's words where those have more of the claim's, since a small model
    takes `North Korea` and a page's `Democratic People's Republic` for two.
    """
    wanted = {t: pages.weights.idf(t) for t in terms(claim)}
    published = {a.id: a.published_on for a in pages.articles}
    for s in read:
        day = published.get(s.article_id)
        text = " ".join((resolve_days(s.text, day, day.year) if day else s.text).split())
        if len(text.split()) > reading.longest:
            opening = s.position == 0 and s not in near
            head = " ".join(text.split()[: reading.words])
            text = head if opening else excerpt(text, wanted, reading.words)
        yield max(text, in_house_style(text), key=lambda t: len(wanted.keys() & set(terms(t))))


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


def _in_units_of(evidence: Sequence[Sentence], claim: str) -> str:
    """`claim` with each converted length as the evidence gives it: a small model cannot convert."""
    given = [(s.text[q.start : q.end], q) for s in evidence for q in find_quantities(s.text)]
    for own in reversed(find_quantities(claim)):
        same = [(words, q) for words, q in given if q.same_as(own)]
        if own.unit in (None, "ordinal"):
            continue
        if same and all(q.unit not in (own.unit, None, "ordinal") for _, q in same):
            claim = claim[: own.start] + same[0][0] + claim[own.end :]
    return claim
