"""The extractive writer: evidence sentences, trimmed and put in house style.

It needs no model, is the baseline of every eval, and is what a model's sentence
falls back to when the model's own cannot be verified.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.dates import resolve_days
from assistant.draft.names import settle_capitals, shorten_names
from assistant.draft.tellable import strip_dateline
from assistant.sources import usable_text
from assistant.style.acronyms import introduce_acronyms
from assistant.style.fix import apply_substitutions
from assistant.types import Article, Evidence, Plan, Written

# What a source says of itself adds nothing once the source is linked.
_SELF_REFERENCE = re.compile(
    r",? according to (?:the|a|an) (?:release|statement|announcement|readout)[^,.]*(?=\.$)"
)
_ACRONYM = re.compile(r" \(([A-Z][A-Za-z]*[A-Z])\)")


def write_extracts(plan: Plan, articles: Mapping[str, Article], year: int) -> list[Written]:
    """One sentence per group of the plan; `year` is the issue's."""
    written = [
        Written(_joined(plan, group, articles, year), tuple(plan.evidence[n - 1] for n in group))
        for group in plan.groups
    ]
    return tidy_bullet(written, articles.values())


def _joined(plan: Plan, group: Sequence[int], articles: Mapping[str, Article], year: int) -> str:
    return " ".join(
        house_sentence(e, articles[e.article_id], year)
        for e in (plan.evidence[n - 1] for n in group)
    )


def house_sentence(evidence: Evidence, article: Article, year: int) -> str:
    """One evidence sentence in house style: no dateline, days as dates, house forms."""
    text = strip_dateline(article.text[evidence.start : evidence.end])
    text = resolve_days(text, article.published_on, year)
    text = _SELF_REFERENCE.sub("", text)
    text = apply_substitutions(text)
    return text[:1].upper() + text[1:]


def tidy_bullet(written: Sequence[Written], articles: Iterable[Article]) -> list[Written]:
    """Names and acronyms over the whole bullet: title once, no acronym that is not used again."""
    mark = "\x00"
    text = shorten_names(mark.join(w.text for w in written))
    sources = usable_text(articles)
    text = introduce_acronyms(settle_capitals(text, sources), sources)
    for acronym in set(_ACRONYM.findall(text)):
        if len(re.findall(rf"\b{re.escape(acronym)}\b", text)) == 1:
            text = text.replace(f" ({acronym})", "")
    return [
        Written(piece, w.evidence, w.anchor)
        for piece, w in zip(text.split(mark), written, strict=True)
    ]
