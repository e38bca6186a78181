"""Two editors changed one bullet: their versions side by side, sentence by sentence."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from assistant.nlp import sentences
from assistant.review.edit import Words
from assistant.types import Citation

Choice = Literal["same", "mine", "theirs", "both changed"]
_Part = tuple[str, tuple[tuple[int, int, str], ...]]


@dataclass(frozen=True)
class Piece:
    """A stretch of the two versions. `choice` says which of them moved away from the base."""

    mine: Words
    theirs: Words
    choice: Choice


def merge(base: Words, mine: Words, theirs: Words) -> list[Piece]:
    """The headline, then the text in stretches of whole sentences, as both editors have it.

    Where only one of them changed a stretch, the choice is that one; where both did, an
    editor has to say.
    """
    choice = _choice(base.headline, mine.headline, theirs.headline)
    pieces = [Piece(Words(mine.headline, ""), Words(theirs.headline, ""), choice)]
    old, a, b = (_parts(words) for words in (base, mine, theirs))
    kept = set(old)
    for what, i, j, k, m in difflib.SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if what == "equal":
            pieces.append(Piece(_joined(a[i:j]), _joined(b[k:m]), "same"))
        elif j - i == m - k:  # sentence by sentence
            pieces += [_piece(kept, [x], [y]) for x, y in zip(a[i:j], b[k:m], strict=True)]
        else:
            pieces.append(_piece(kept, a[i:j], b[k:m]))
    return pieces


def _piece(kept: set[_Part], mine: Sequence[_Part], theirs: Sequence[_Part]) -> Piece:
    if kept.issuperset(mine) and not kept.issuperset(theirs):
        choice: Choice = "theirs"
    elif kept.issuperset(theirs) and not kept.issuperset(mine):
        choice = "mine"
    else:
        choice = "both changed"
    return Piece(_joined(mine), _joined(theirs), choice)


def _choice(base: str, mine: str, theirs: str) -> Choice:
    if mine == theirs:
        return "same"
    if base == mine:
        return "theirs"
    return "mine" if base == theirs else "both changed"


def _parts(words: Words) -> list[_Part]:
    """Sentences with the white space after them and the links in them, links from its start."""
    spans = sentences(words.text)
    bounds = [0, *(start for start, _ in spans[1:]), len(words.text)] if spans else [0, 0]
    parts = []
    for start, end in zip(bounds, bounds[1:], strict=False):
        inside = (c for c in words.citations if start <= c.start < end)
        links = tuple((c.start - start, c.end - start, c.url) for c in inside)
        # The last sentence has no space after it: that must not make it another one.
        parts.append((words.text[start:end].rstrip(), links))
    return parts


def _joined(parts: Sequence[_Part]) -> Words:
    return join([Words("", text, _citations(links)) for text, links in parts])


def join(pieces: Sequence[Words]) -> Words:
    """Texts one after another, their links moved along."""
    text, citations = "", list[Citation]()
    for piece in pieces:
        if text and piece.text:
            text += " "
        citations += [
            replace(c, start=c.start + len(text), end=c.end + len(text)) for c in piece.citations
        ]
        text += piece.text
    return Words("", text, tuple(citations))


def _citations(links: Sequence[tuple[int, int, str]]) -> tuple[Citation, ...]:
    return tuple(Citation(start, end, url, None) for start, end, url in links)
