"""What a web page says about itself: meta tags, JSON-LD, canonical link, `<time>`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from assistant.errors import IngestError
from assistant.ingest.address import canonical_url
from assistant.ingest.dates import stated_day
from assistant.ingest.page import Page
from assistant.ingest.text import line

if TYPE_CHECKING:
    import datetime as dt

    from lxml.html import HtmlElement

_DATES = (
    "article:published_time", "og:published_time", "datepublished", "pubdate", "publishdate",
    "publish_date", "publication_date", "parsely-pub-date", "sailthru.date", "dc.date.issued",
    "dcterms.issued", "dc.date", "dcterms.date", "date",
)  # fmt: skip
_AUTHORS = ("author", "parsely-author", "article:author", "dc.creator")
_LONGEST = 1000


def page_metadata(tree: HtmlElement) -> Page:
    """Page without text that holds what meta tags and JSON-LD say."""
    meta = _meta(tree)
    data = _json_ld(tree)
    day, day_from = _published(tree, meta, data)
    title = _first(meta, "og:title", "twitter:title") or _text(data.get("headline"))
    authors = _authors(meta, data)
    return Page(
        blocks=(),
        title=title or _bare_title(tree, _first(meta, "og:site_name")),
        canonical=_canonical(tree, meta, data),
        publisher=_first(meta, "og:site_name", "application-name", "dc.publisher")
        or _text(_named(data.get("publisher"))),
        published_on=day,
        date_from=day_from,
        # The text is here, but readers who follow the link may have to pay for it.
        access="paywalled" if str(data.get("isAccessibleForFree")).lower() == "false" else None,
        language=_language(tree, data),
        authors=authors,
    )


def _meta(tree: HtmlElement) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in tree.iter("meta"):
        name = element.get("property") or element.get("name") or element.get("itemprop") or ""
        if value := line(element.get("content", ""))[:_LONGEST]:
            found.setdefault(name.strip().lower(), value)
    return found


def _first(meta: dict[str, str], *names: str) -> str | None:
    return next((meta[name] for name in names if name in meta), None)


def _json_ld(tree: HtmlElement) -> dict[str, Any]:
    """First object of JSON-LD that is an article; empty if there is none."""
    for script in tree.iter("script"):
        if script.get("type", "").strip().lower() != "application/ld+json":
            continue
        try:
            parsed = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue  # it is the page's own mistake; the meta tags may do
        for item in _items(parsed):
            types = item.get("@type")
            named = types if isinstance(types, list) else [types]
            if any(isinstance(t, str) and t.endswith(("Article", "BlogPosting")) for t in named):
                return item
    return {}


def _items(parsed: object) -> Iterator[dict[str, Any]]:
    for item in parsed if isinstance(parsed, list) else [parsed]:
        if isinstance(item, dict):
            yield item
            graph = item.get("@graph")
            yield from (
                (each for each in graph if isinstance(each, dict))
                if isinstance(graph, list)
                else ()
            )


def _text(value: object) -> str | None:
    return line(value)[:_LONGEST] or None if isinstance(value, str) else None


def _named(value: object) -> object:
    return value.get("name") if isinstance(value, dict) else value


def _published(
    tree: HtmlElement, meta: dict[str, str], data: dict[str, Any]
) -> tuple[dt.date | None, str | None]:
    for name in _DATES:
        if name in meta and (day := stated_day(meta[name])) is not None:
            return day, "meta"
    if (day := stated_day(_text(data.get("datePublished")) or "")) is not None:
        return day, "json-ld"
    times = list(tree.iter("time"))
    marked = [t for t in times if t.get("itemprop") == "datePublished" or "pubdate" in t.attrib]
    inside = [t for t in times if next(t.iterancestors("article", "main"), None) is not None]
    for element in (*marked, *inside[:1]):
        if (day := stated_day(element.get("datetime") or element.text_content())) is not None:
            return day, "time"
    return None, None


def _authors(meta: dict[str, str], data: dict[str, Any]) -> tuple[str, ...]:
    author = data.get("author")
    names = [_text(_named(each)) for each in (author if isinstance(author, list) else [author])]
    stated = tuple(name for name in names if name) or (_first(meta, *_AUTHORS),)
    return tuple(name for name in stated if name and "://" not in name)


def _canonical(tree: HtmlElement, meta: dict[str, str], data: dict[str, Any]) -> str | None:
    """First absolute address that the page gives for itself."""
    links = [
        e.get("href", "")
        for e in tree.iter("link")
        if "canonical" in e.get("rel", "").lower().split()
    ]
    main = data.get("mainEntityOfPage")
    main = main.get("@id") if isinstance(main, dict) else main
    for address in (*links, meta.get("og:url"), main):
        try:
            canonical_url(address or "")
        except (IngestError, AttributeError):
            continue  # relative, or no address at all: the next may do
        return str(address).strip()
    return None


def _bare_title(tree: HtmlElement, site: str | None) -> str | None:
    """Only first-level heading, else the window's title without the site's name."""
    headings = [text for h in tree.iter("h1") if (text := line(h.text_content()))]
    if len(headings) == 1:
        return headings[0][:_LONGEST]
    title = next((line(t.text_content()) for t in tree.iter("title")), "")
    for dash in (" | ", " - ", " – ", " — "):
        if site and title.endswith(dash + site):
            title = title.removesuffix(dash + site)
    return title[:_LONGEST] or None


def _language(tree: HtmlElement, data: dict[str, Any]) -> str | None:
    stated = tree.get("lang") or _text(data.get("inLanguage")) or ""
    code = stated.strip().lower().split("-")[0]
    return code if code.isalpha() and len(code) in (2, 3) else None
