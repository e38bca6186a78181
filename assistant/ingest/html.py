"""Article in a web page: its text without furniture, and nothing that readers cannot see."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from assistant.errors import IngestError
from assistant.ingest.access import is_teaser
from assistant.ingest.dates import day_in_text, is_date_line
from assistant.ingest.hidden import remove_hidden
from assistant.ingest.html_meta import page_metadata
from assistant.ingest.page import Page
from assistant.ingest.quiet import quiet
from assistant.ingest.text import decode, line

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_CHARSET = re.compile(
    rb"<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*[\"']?([\w:.-]+)", re.I
)
_DEPTH = 256  # levels at which the parser stops, and the rest of a page would be lost unseen
_TAGS = "aside button dialog figcaption footer form input nav select textarea"
_FURNITURE_TAGS = frozenset(_TAGS.split())
_WORDS = """
ad ads advert advertisement banner breadcrumb breadcrumbs byline comment comments complementary
consent cookie cookies crumb crumbs dialog disqus gdpr navigation newsletter newsletters outbrain
popular promo recommended related search share sharing sidebar signup skip social sponsored
subscribe taboola ticker toolbar trending
"""
_FURNITURE_WORDS = frozenset(_WORDS.split())
MAX_ELEMENTS = 50_000  # extraction slows down with their square
_KEPT_SHARE = 0.4  # an element with more of the page's text than this is not furniture


def read_html(data: bytes, charset: str | None = None) -> Page:
    """Read a web page; `charset` is what its server declared.

    Raises:
        IngestError: wrong encoding, no article in the page, or nested too deeply.

    """
    declared = charset
    if declared is None and (found := _CHARSET.search(data[:4096])) is not None:
        declared = found[1].decode("ascii")
    tree = _parse(decode(data, declared))
    page = page_metadata(tree)
    heading = next((line(h.text_content()) for h in tree.iter("h1")), "")
    remove_hidden(tree)
    if page.access != "teaser" and is_teaser(line(tree.text_content())):
        page = page.overridden({"access": "teaser"}, "")
    _remove_furniture(tree)
    found_blocks = list(_article_blocks(tree))
    if not found_blocks:
        raise IngestError("No article was found in this page: paste its text instead.")
    stated = day_in_text(found_blocks)
    if page.published_on is None and stated is not None:
        page = page.overridden({"published_on": stated}, "text")
    title = page.title or heading or None
    blocks = _after_heading(found_blocks, {_key(title or ""), _key(heading)} - {""})
    kept = [b for b in blocks if not is_date_line(b) and not (len(b) < 120 and is_teaser(b))]
    return page.overridden({"title": title, "blocks": tuple(kept)}, page.date_from or "")


def _parse(text: str) -> HtmlElement:
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        tree = html.document_fromstring(text.encode(), parser=parser)
    except etree.LxmlError as error:
        raise IngestError("This page has no content that can be read.") from error
    if any("Excessive depth" in entry.message for entry in parser.error_log):
        raise IngestError(f"This page is nested more than {_DEPTH} levels deep: paste its text.")
    if sum(1 for _ in tree.iter()) > MAX_ELEMENTS:
        raise IngestError(f"This page has more than {MAX_ELEMENTS:,} elements: paste its text.")
    return tree


def _remove_furniture(tree: HtmlElement) -> None:
    """Drop navigation, cookie notices, related stories, sign-ups and comments.

    Times stay as text: a library that drops them leaves `Tokyo, ` behind.
    """
    total = len(tree.text_content())
    for element in list(tree.iter("time")):
        element.drop_tag()
    for element in list(tree.iter()):
        if not isinstance(element.tag, str) or element.tag in ("html", "body", "main", "article"):
            continue
        names = " ".join(element.get(name, "") for name in ("class", "id", "role", "aria-label"))
        words = re.split(r"[^a-z]+", re.sub(r"([a-z])([A-Z])", r"\1 \2", names).lower())
        site_header = (
            element.tag == "header" and next(element.iterancestors("article"), None) is None
        )
        if element.tag in _FURNITURE_TAGS or site_header or not _FURNITURE_WORDS.isdisjoint(words):
            holds_article = next(element.iter("h1", "article"), None) is not None
            if not holds_article and len(element.text_content()) <= _KEPT_SHARE * total:
                element.drop_tree()


def _article_blocks(tree: HtmlElement) -> Iterator[str]:
    """Paragraphs, headings, items and rows of the article, as trafilatura finds them."""
    import trafilatura

    with quiet("trafilatura", "htmldate", "courlan", "justext"):
        document = trafilatura.bare_extraction(
            tree, include_comments=False, include_tables=True, favor_precision=True
        )
    body = getattr(document, "body", None)
    if body is None:
        return
    for element in body.iter("p", "head", "item", "quote", "row", "code", "ab"):
        if element.tag == "row":
            cells = (line("".join(cell.itertext())) for cell in element.iter("cell"))
            yield " | ".join(cell for cell in cells if cell)
        elif next(element.iterancestors("row"), None) is None:
            yield from filter(None, map(line, _own_text(element)))


def _own_text(element: HtmlElement) -> Iterator[str]:
    """Text of a block up to and between the blocks inside it, which come by themselves."""
    parts = [element.text or ""]
    for child in element:
        if child.tag in ("p", "head", "item", "quote", "row", "code", "ab", "list", "table"):
            yield "".join(parts)
            parts = []
        elif child.tag == "lb":
            parts.append(" ")
        else:
            parts.append("".join(child.itertext()))
        parts.append(child.tail or "")
    yield "".join(parts)


def _after_heading(blocks: list[str], headings: set[str]) -> list[str]:
    """Blocks after the page's own heading, if it stands among the first ones."""
    for number, block in enumerate(blocks[:5]):
        if _key(block) in headings and blocks[number + 1 :]:
            return blocks[number + 1 :]
    return blocks


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()
