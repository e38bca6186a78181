"""Markdown and plain text: their paragraphs without marks, escapes and link addresses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from assistant.errors import IngestError
from assistant.ingest import frontmatter
from assistant.ingest.labels import take_labels
from assistant.ingest.page import Page
from assistant.ingest.text import BULLET, clean, refuse_too_long, unwrap

if TYPE_CHECKING:
    from markdown_it.token import Token

# A line this long in a text whose lines are all short was broken by an editor, not by its author.
_WRAPPED, _WIDEST = 45, 100

# The parser slows down with the square of a paragraph of nothing but brackets.
MAX_PARAGRAPH = 50_000


def read_markdown(text: str) -> Page:
    """Read a Markdown file with or without front matter.

    Raises:
        IngestError: the front matter is wrong, or the text or a paragraph too long.

    """
    from markdown_it import MarkdownIt

    fields, body, warnings = frontmatter.split(clean(text))
    refuse_too_long(body)
    if max(map(len, re.split(r"\n\s*\n", body))) > MAX_PARAGRAPH:
        raise IngestError(f"A paragraph has more than {MAX_PARAGRAPH:,} characters: split it.")
    tokens = MarkdownIt("commonmark").enable("table").parse(body)
    title, blocks = _blocks(tokens)
    if any(token.type == "html_block" for token in tokens):
        warnings += ("HTML inside the Markdown was left out: save such a page as .html.",)
    return Page(tuple(blocks), title=title, warnings=warnings).overridden(fields, "front matter")


def _blocks(tokens: Sequence[Token]) -> tuple[str | None, list[str]]:
    """Leading first-level heading, and the paragraphs, headings, items and rows."""
    title: str | None = None
    blocks: list[str] = []
    cells: list[str] = []
    heading = ""
    for token in tokens:
        if token.type == "heading_open":
            heading = token.tag
        elif token.type in ("th_open", "td_open"):
            heading = "cell"
        elif token.type == "inline":
            text = _inline(token.children or [])
            if heading == "cell":
                cells.append(text)
            elif heading == "h1" and title is None and not blocks:
                title = text
            else:
                blocks.append(text)
            heading = ""
        elif token.type == "tr_close":
            blocks.append(" | ".join(cells))
            cells.clear()
        elif token.type in ("fence", "code_block"):
            blocks.append(token.content)
    return title, blocks


def _inline(children: Sequence[Token]) -> str:
    lines = [""]
    for child in children:
        if child.type in ("softbreak", "hardbreak"):
            lines.append("")
        elif child.type in ("text", "code_inline"):
            lines[-1] += child.content
    return unwrap(lines)


def read_text(text: str) -> Page:
    """Read plain text with or without front matter or `Source:` lines at its head.

    Raises:
        IngestError: the front matter or a leading line is wrong.

    """
    fields, body, warnings = frontmatter.split(clean(text))
    labelled, lines = take_labels(body.splitlines())
    page = Page(tuple(_paragraphs("\n".join(lines))), warnings=warnings)
    return page.overridden(labelled, "text").overridden(fields, "front matter")


def _paragraphs(text: str) -> list[str]:
    """Blocks between blank lines, hard-wrapped lines joined; else one line, one paragraph."""
    paragraphs: list[str] = []
    for block in re.split(r"\n\s*\n", text):
        pending: list[str] = []
        lines = block.splitlines()
        wrapped = max(map(len, lines), default=0) <= _WIDEST
        for each in lines:
            if BULLET.match(each):
                paragraphs.append(unwrap(pending))
                pending = []
            pending.append(BULLET.sub("", each, count=1))
            if not wrapped or len(each) < _WRAPPED:
                paragraphs.append(unwrap(pending))
                pending = []
        paragraphs.append(unwrap(pending))
    return [paragraph for paragraph in paragraphs if paragraph]
