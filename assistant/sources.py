"""The sentences of an article that may serve as evidence.

A source is data, never instruction: a paragraph that talks to a reader who is a
program ("ignore all previous instructions ...") is left out here, before any stage
counts, compares or shows a word of it. The marks are data, in
`prompts/quarantine.yaml`; so are those of subscription lines and other furniture.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from assistant import resources
from assistant.nlp import Span, sentences
from assistant.terms import terms
from assistant.types import Article, Evidence

# An address in running text. No model is shown one, and none of a model's is taken.
ADDRESS = re.compile(r"(?:https?://|\bwww\.|\b[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}/)\S*", re.IGNORECASE)


# Characters of the longest paragraph that one mark bars as a whole. Some pages come without
# blank lines, and a menu's “Write to us” would bar all that they tell.
_LONGEST_PARAGRAPH = 1000
# Characters between the words for a text and those that vouch for it. A page whose menu runs
# into its first sentence names both somewhere.
_NEAR = 200

_Patterns = Annotated[tuple[re.Pattern[str], ...], Field(min_length=1)]


class _Vouching(BaseModel):
    """Words for the text that they stand in, and what such a text says in its own favour."""

    model_config = ConfigDict(extra="forbid")

    itself: _Patterns
    appraisal: _Patterns


class _Marks(BaseModel):
    """The file of marks: one that is left empty would match every paragraph."""

    model_config = ConfigDict(extra="forbid")

    instructions: _Patterns
    vouching: Annotated[tuple[_Vouching, ...], Field(min_length=1)]
    furniture: _Patterns


@dataclass(frozen=True)
class Sentence:
    """One sentence of an article; `position` counts the usable ones from 0."""

    article_id: str
    start: int
    end: int
    text: str
    position: int
    terms: tuple[str, ...]

    @property
    def evidence(self) -> Evidence:
        """The same stretch as evidence."""
        return Evidence(self.article_id, self.start, self.end)

    @cached_property
    def bag(self) -> frozenset[str]:
        """The terms without order and repeats."""
        return frozenset(self.terms)


@lru_cache(maxsize=512)  # those of a window; each takes 10 KB and more
def usable_sentences(article: Article) -> tuple[Sentence, ...]:
    """Sentences of `article.text`, in order, without quarantined and furniture paragraphs."""
    barred = quarantined(article.text)
    furniture = _marks().furniture
    usable: list[Sentence] = []
    for start, end in sentences(article.text):
        text = article.text[start:end]
        if any(mark.search(text) for mark in furniture) or any(
            start < b and a < end for a, b in barred
        ):
            continue
        usable.append(Sentence(article.id, start, end, text, len(usable), tuple(terms(text))))
    return tuple(usable)


def usable_title(article: Article) -> str:
    """The title, empty where it addresses a program instead of a reader."""
    return "" if quarantined(article.title) else article.title


def usable_text(articles: Iterable[Article]) -> str:
    """The usable sentences of some articles as one text, to look words up in."""
    return " ".join(s.text for a in articles for s in usable_sentences(a))


def quarantined(text: str) -> list[Span]:
    """Offsets of the paragraphs that address a program instead of a reader.

    So does one with a sentence that vouches for the text itself: whoever reads it for the
    news has no use for that, and whoever checks it must not listen.
    """
    marks = _marks().instructions
    return [
        (a, b)
        for a, b in _paragraphs(text)
        if any(m.search(text[a:b]) for m in marks) or _vouches(text[a:b])
    ]


def _vouches(paragraph: str) -> bool:
    """Whether a sentence speaks of itself and, nearby, of what it is worth."""
    for itself, appraisal in _marks().vouching:
        if not (itself.search(paragraph) and appraisal.search(paragraph)):
            continue
        for start, end in sentences(paragraph):
            for match in itself.finditer(paragraph, start, end):
                near = max(start, match.start() - _NEAR), min(end, match.end() + _NEAR)
                if appraisal.search(paragraph, *near):
                    return True
    return False


def _paragraphs(text: str) -> Iterator[Span]:
    """Offsets of what blank lines part; where that is as long as a page, of its lines."""
    for block in re.finditer(r"[^\n]+(?:\n[^\n]+)*", text):
        if len(block[0]) <= _LONGEST_PARAGRAPH:
            yield block.span()
        else:
            yield from ((block.start() + a, block.start() + b) for a, b in _lines(block[0]))


def _lines(text: str) -> Iterator[Span]:
    """Offsets of the lines; where one is as long as a page, of its sentences with neighbours."""
    for line in re.finditer(r"[^\n]+", text):
        if len(line[0]) <= _LONGEST_PARAGRAPH:
            yield line.span()
            continue
        inside = [(line.start() + a, line.start() + b) for a, b in sentences(line[0])]
        for i in range(len(inside)):
            yield inside[max(i - 1, 0)][0], inside[min(i + 1, len(inside) - 1)][1]


def unbarred(text: str) -> str:
    """The sentences of an editor's or a writer's `text` that do not address a program."""
    barred = quarantined(text)
    return " ".join(
        text[a:b] for a, b in sentences(text) if not any(s < b and a < e for s, e in barred)
    )


@dataclass(frozen=True)
class _Compiled:
    """The marks; those of vouching in pairs, the others one by one: that searches faster."""

    instructions: tuple[re.Pattern[str], ...]
    vouching: tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]
    furniture: tuple[re.Pattern[str], ...]


@lru_cache(maxsize=1)
def _marks() -> _Compiled:
    marks = resources.read_yaml(resources.prompts() / "quarantine.yaml", _Marks)
    return _Compiled(
        _each(marks.instructions),
        tuple((_any(pair.itself), _any(pair.appraisal)) for pair in marks.vouching),
        _each(marks.furniture),
    )


def _each(patterns: _Patterns) -> tuple[re.Pattern[str], ...]:
    return tuple(re.compile(p.pattern, re.I) for p in patterns)


def _any(patterns: _Patterns) -> re.Pattern[str]:
    return re.compile("|".join(f"(?:{p.pattern})" for p in patterns), re.I)
