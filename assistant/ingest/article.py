"""Makes an `Article` of a page: identity, kind, language, date, and the text in its final form."""

from __future__ import annotations

import datetime as dt
import hashlib
import re

from assistant.ingest.access import is_teaser
from assistant.ingest.address import article_id, canonical_url, date_in_url, kind_of, same_site
from assistant.ingest.dates import day_in_text
from assistant.ingest.page import Page
from assistant.ingest.text import assemble, garbled, line
from assistant.nlp import is_japanese
from assistant.types import Article, Origin

_ENGLISH = re.compile(r"\b(the|and|of|to|in|that|said|for|on|with|is|was)\b", re.IGNORECASE)
_ENGLISH_SHARE = 0.1  # of an English text's words; in French, German or Indonesian under 0.03


def build_article(page: Page, origin: Origin, now: dt.datetime) -> tuple[Article, tuple[str, ...]]:
    """Article that `page` holds, fetched or read at `now`, and warnings for the editor.

    Raises:
        IngestError: the page has no text, or too much.

    """
    warnings = list(page.warnings)
    url, canonical = _addresses(page, warnings)
    title, blocks = _titled(page)
    text = assemble(blocks)
    published_on, date_from = page.published_on, page.date_from
    if published_on is None and url is not None:
        published_on, date_from = date_in_url(url), "url"
    if published_on is None:
        published_on, date_from = day_in_text(blocks), "text"
    if published_on is None:
        date_from = None
        warnings.append("No date was found: state `published_on`.")
    elif published_on > now.date() + dt.timedelta(days=1):  # tomorrow has begun in Japan
        warnings.append(f"The date {published_on} lies in the future: check `published_on`.")
    if page.publisher is None:
        warnings.append("No publisher was found: state `publisher`.")
    if (sample := garbled(f"{title}\n{text}")) is not None:
        warnings.append(f"The text looks garbled near “{line(sample)}”: check its encoding.")
    language = page.language if page.date_from == "front matter" else None
    language = language or language_of(text, page.language)
    if language == "und":
        warnings.append("The language was not recognised: state `language`.")
    article = Article(
        id=article_id(canonical, title, text),
        url=url,
        canonical_url=canonical,
        title=title,
        publisher=page.publisher,
        published_on=published_on,
        date_from=date_from,
        language=language,
        access=page.access or ("teaser" if is_teaser(text[-400:]) else "open"),
        origin=origin,
        kind=page.kind or kind_of(canonical),
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        fetched_at=now,
        authors=page.authors,
    )
    return article, tuple(warnings)


def _addresses(page: Page, warnings: list[str]) -> tuple[str | None, str | None]:
    """Address to cite and the canonical one.

    A page may name another address of its own site as canonical, not one of another
    site: it could take the place of that site's article.
    """
    if page.url is None:
        return page.canonical, canonical_url(page.canonical) if page.canonical else None
    canonical = canonical_url(page.url)
    if page.canonical is not None and same_site(page.canonical, page.url):
        return page.url, canonical_url(page.canonical)
    if page.canonical is not None:
        warnings.append(f"The page claims the address {page.canonical[:200]}, which was ignored.")
    return page.url, canonical


def _titled(page: Page) -> tuple[str, tuple[str, ...]]:
    """Title, and the blocks without it at their head."""
    blocks = tuple(block for each in page.blocks if (block := line(each)))
    title = line(page.title or "")
    for number, block in enumerate(blocks[:3]):
        if title and _key(block) == _key(title) and len(blocks) > number + 1:
            return title, blocks[:number] + blocks[number + 1 :]
    if not title and len(blocks) > 1 and len(blocks[0]) <= 200 and blocks[0][-1] not in ".。":
        return blocks[0], blocks[1:]
    return title or " ".join(blocks[:1])[:120], blocks


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def language_of(text: str, stated: str | None = None) -> str:
    """ISO 639 code by script, else as `stated` by the page, else `en` or `und` by common words."""
    sample = text[:5000]
    if is_japanese(sample):
        return "ja" if re.search("[぀-ヿ]", sample) else "zh"
    words = len(re.findall(r"\w+", sample))
    if len(_ENGLISH.findall(sample)) >= _ENGLISH_SHARE * max(words, 1):
        return "en"
    return stated or ("ko" if re.search("[가-힣]{2}", sample) else "und")
