"""Quotations of a claim that its pages do not have word for word."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.types import Finding, Level

_QUOTED = re.compile(r"“([^“”]+)”|\"([^\"]+)\"|(?<![\w’'])‘([^‘’]+)’(?!\w)")
# One word in quotation marks may be a title or doubt.
_FEWEST_WORDS = 3
# What an editor may change in a quotation: leave words out (`...`) or put some in (`[the]`).
_EDITED = re.compile(r"\.\.\.|…|\[[^\]]*\]")

_WORD = re.compile(r"[^\W_]+")


# A stretch of the page with so many of a quotation's words is what it is taken from.
_ALIKE = 0.6


def misquoted(claim: str, page: str) -> list[Finding]:
    """Quotations of three plain words and more that `page`, all text of its pages, does not have.

    One that the page has with other words in it is a warning.
    """
    said = _words(page)
    spelled = _spelled(said)
    found = []
    for match in _QUOTED.finditer(claim):
        words = match[match.lastindex or 0]
        plain = [word for word in words.split() if word[0].islower()]
        if len(plain) < _FEWEST_WORDS:  # a word or two, or the title of a work
            continue
        if not all(
            _spelled(_words(part)) in spelled for part in _EDITED.split(words) if _words(part)
        ):
            level: Level = "warning" if _nearly(_words(words), said) else "error"
            message = f"The source does not have “{words}” word for word."
            found.append(Finding("quotation", level, message, *match.span()))
    return found


def _nearly(quoted: Sequence[str], said: Sequence[str]) -> bool:
    """Whether some stretch of the page, as long as the quotation, has most of its words."""
    wanted = set(quoted)
    own = [word in wanted for word in said]
    size = len(quoted)
    counts = (sum(own[i : i + size]) for i in range(max(1, len(own) - size + 1)))
    return max(counts, default=0) >= _ALIKE * size


def _words(text: str) -> list[str]:
    text = re.sub(r"\b(?:can['’]t|cannot)\b", "can not", text.lower())
    text = re.sub(r"\bwon['’]t\b", "will not", text)
    text = re.sub(r"n['’]t\b", " not", text)
    return _WORD.findall(re.sub("['’]", "", text))


def _spelled(words: Sequence[str]) -> str:
    return f" {' '.join(words)} "
