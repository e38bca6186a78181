"""Values that several tests start from."""

import datetime as dt
import hashlib
from dataclasses import replace

from assistant.sources import usable_sentences
from assistant.types import Article
from assistant.verify.layers import compare


def article(name, text, title="Title", published_on=None, **more):
    made = Article(
        id=name,
        url=None,
        canonical_url=None,
        title=title,
        publisher=None,
        published_on=published_on,
        date_from=None,
        language="en",
        access="open",
        origin="file",
        kind="press",
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        fetched_at=dt.datetime(2023, 7, 14, 9, tzinfo=dt.UTC),
    )
    return replace(made, **more)


def errors(claim, page):
    """Code, words and replacement of each error that the layers find in `claim` on `page`."""
    found = compare(claim, usable_sentences(page), [page])
    return [(f.code, claim[f.start : f.end], f.replacement) for f in found if f.level == "error"]
