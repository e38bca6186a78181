"""Markdown's blocks and inline marks as plain text with links kept apart."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from assistant.types import Citation

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(?=[\w-]+[ \t]*:).*?^(?:---|\.\.\.)[ \t]*$", re.S | re.M)


class _Parser(MarkdownIt):
    """Takes every URL, and takes it as it is written."""

    def normalizeLink(self, url: str) -> str:
        return url

    def validateLink(self, url: str) -> bool:
        return True


def parser() -> MarkdownIt:
    """A CommonMark parser that leaves URLs exactly as they are written.

    It accepts every scheme, so that a doubtful link is seen and reported;
    whatever makes links for a browser has to refuse them.
    """
    return _Parser("commonmark")


def lines_of(markdown: str) -> list[str]:
    """The lines of a file without byte order mark, carriage returns and front matter.

    Front matter becomes empty lines, so that line numbers stay those of the file.
    """
    text = markdown.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    text = _FRONT_MATTER.sub(lambda match: "\n" * match[0].count("\n"), text)
    return text.split("\n")


def references(lines: Sequence[str]) -> dict[str, Any]:
    """The link definitions (`[name]: url`) of a file, to be shared by its parts."""
    env: dict[str, Any] = {}
    parser().parse("\n".join(lines), env)
    return env


def plain(inlines: Sequence[Token]) -> tuple[str, tuple[Citation, ...]]:
    """Text of inline tokens, joined by spaces, and the links at their offsets in it."""
    text = ""
    citations: list[Citation] = []
    opened = 0
    url = ""
    for inline in inlines:
        text += " " if text else ""
        for token in inline.children or []:
            if token.type == "link_open":
                opened, url = len(text), str(token.attrGet("href") or "")
            elif token.type == "link_close":
                citations.append(Citation(opened, len(text), url, None))
            elif token.type in ("softbreak", "hardbreak"):
                text += " "
            elif token.type in ("text", "text_special", "code_inline"):
                text += token.content
    return text, tuple(citations)


def plain_line(markdown: str) -> tuple[str, tuple[Citation, ...]]:
    """Text and links of one stretch of Markdown, such as a credit line."""
    tokens = parser().parse(markdown)
    return plain([token for token in tokens if token.type == "inline"])
