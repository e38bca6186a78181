"""Gives text without capitals those of its names: the layers tell a name by its capital.

Posts, captions and older collections of news have none. What is a name there the tagger says,
which learned from lower-cased text too. A word is a name throughout a page or nowhere on it,
and in a claim about it as on the page, so that the two can be compared word by word. What is
quarantined has no vote.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.nlp import parse
from assistant.sources import usable_sentences
from assistant.types import Article

# A page of fewer words may well name nobody.
_FEWEST_WORDS = 30
# Of the words of a page; news has a capital within a sentence at every tenth or twentieth.
_FEW_CAPITALS = 0.01
# So many sentences of a page are tagged, at some 5 ms each; what they name counts for all of it.
_TAGGED = 80
_NAMED = frozenset("PERSON ORG GPE NORP LOC FAC EVENT PRODUCT LAW".split())
_WORD = re.compile(r"[^\W\d_][\w'’]*")
# A capital that no sentence begins with.
_WITHIN = re.compile(r"(?<=[a-z0-9,;] )[\"'“‘(]?[A-Z]")


def with_capitals(claim: str, articles: Sequence[Article]) -> tuple[str, list[Article]]:
    """Claim and articles with capitals where they had none; every offset stays as it was."""
    pages = [_cased(article) for article in articles]
    if _WITHIN.search(claim):
        return claim, pages
    written: dict[str, str] = {}
    for article in articles:
        written |= _names(article) if _is_bare(article) else _forms(article)
    bare = any(page is not article for page, article in zip(pages, articles, strict=True))
    if not bare and all(written.get(m[0], m[0]) == m[0] for m in _WORD.finditer(claim)):
        return claim, pages
    tagged = _tagged(claim)

    def form(match: re.Match[str]) -> str:
        named = _capital(match[0]) if match.start() in tagged else match[0]
        return written.get(match[0].lower(), named)

    return _rewritten(claim, form), pages


@lru_cache(maxsize=512)  # as many as `usable_sentences` keeps
def _cased(article: Article) -> Article:
    """The article itself where it has capitals, as it nearly always does."""
    if not _is_bare(article):
        return article
    names = _names(article)
    text = _rewritten(article.text, lambda match: names.get(match[0].lower(), match[0]))
    return replace(article, text=text)


@lru_cache(maxsize=512)
def _is_bare(article: Article) -> bool:
    said = [sentence.text for sentence in usable_sentences(article)]
    words = sum(len(text.split()) for text in said)
    capitals = sum(len(_WITHIN.findall(text)) for text in said)
    return words >= _FEWEST_WORDS and capitals < _FEW_CAPITALS * words


@lru_cache(maxsize=512)
def _names(article: Article) -> Mapping[str, str]:
    """The words of a page without capitals, those with one that are mostly tagged as names."""
    seen: Counter[str] = Counter()
    named: Counter[str] = Counter()
    for sentence in usable_sentences(article)[:_TAGGED]:
        tagged = _tagged(sentence.text)
        for match in _WORD.finditer(sentence.text):
            seen[match[0].lower()] += 1
            named[match[0].lower()] += match.start() in tagged
    return {word: _capital(word) if 2 * named[word] >= seen[word] else word for word in seen}


@lru_cache(maxsize=512)
def _forms(article: Article) -> Mapping[str, str]:
    """How a page with capitals mostly writes each word that begins no sentence."""
    forms: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for sentence in usable_sentences(article):
        for match in list(_WORD.finditer(sentence.text))[1:]:
            forms[match[0].lower()][match[0]] += 1
    return {word: counted.most_common(1)[0][0] for word, counted in forms.items()}


@lru_cache(maxsize=4096)
def _tagged(sentence: str) -> frozenset[int]:
    """Offsets of the words that the parse takes for names, or for part of one."""
    doc = parse(sentence, entities=True)
    named = {t.idx for e in doc.ents if e.label_ in _NAMED for t in e}
    return frozenset(t.idx for t in doc if not t.is_stop and (t.pos_ == "PROPN" or t.idx in named))


def _rewritten(text: str, form: Callable[[re.Match[str]], str]) -> str:
    """`text` with words in their form where that has the same length and a capital."""

    def written(match: re.Match[str]) -> str:
        word = form(match)
        return word if len(word) == len(match[0]) and word[0].isupper() else match[0]

    return _WORD.sub(written, text)


def _capital(word: str) -> str:
    return word[0].upper() + word[1:]
