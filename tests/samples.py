"""Values that several tests start from."""

import datetime as dt
import hashlib
from dataclasses import replace

from assistant.types import Article
from assistant.verify.checks import run_checks
from assistant.verify.evidence import open_pages


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


def errors(claim, *pages):
    """Code, words and replacement of each error that the checks find in `claim` on `pages`."""
    found = run_checks(claim, open_pages(pages))
    both = (*found.refuting, *found.pointing)
    return [(f.code, claim[f.start : f.end], f.replacement) for f in both if f.level == "error"]
