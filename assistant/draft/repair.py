"""Mends what a check did not support: the right source, the evidence's own words, or out.

A model's sentence that its source does not support is written again from its
evidence by the extractive writer, whose words are the source's; a sentence that
another article of the story supports gets that source; what still fails is dropped
while enough sentences remain, and is left flagged where not.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.draft.extract import house_sentence, tidy_bullet
from assistant.draft.link import link
from assistant.types import Article, Bullet, Claim, Written

MAX_ROUNDS = 3
_FEWEST_SENTENCES = 3
# At most so many headlines are tried, and the last one, which is the text's own clause.
MAX_HEADLINES = 3
# Checks a bullet; claims equal to one of those given keep its verdict.
Check = Callable[[Bullet, Sequence[Claim]], Bullet]


def repair(
    bullet: Bullet,
    written: Sequence[Written],
    headlines: Callable[[str], Sequence[str]],
    articles: Mapping[str, Article],
    year: int,
    check: Check,
) -> Bullet:
    """`bullet` with its unsupported parts mended and checked again.

    `written` are the sentences that `bullet` was linked from; `headlines` gives those
    for a text, best first. They are tried once the sentences stand: a headline that
    claims more than they do is none. The last one stays where none is supported.
    """
    sentences = told = list(written)
    for attempt in range(MAX_ROUNDS):
        bad = {i for i, claims in _claims_of(bullet, told).items() if not _fine(claims)}
        if not bad:
            break
        if attempt < MAX_ROUNDS - 1:
            sentences = [
                _mended(s, articles, year) if i in bad else s for i, s in enumerate(sentences)
            ]
        elif len(sentences) - len(bad) >= _FEWEST_SENTENCES:
            sentences = [s for i, s in enumerate(sentences) if i not in bad]
        else:
            break
        told = tidy_bullet(sentences, articles.values())
        bullet = check(link(bullet.headline, told, articles), ())
    tried = {bullet.headline}
    options = headlines(bullet.text)
    for headline in (*options[:MAX_HEADLINES], *options[-1:]):
        if _fine([c for c in bullet.claims if c.field == "headline"]):
            break
        if headline not in tried:
            bullet = check(replace(bullet, headline=headline), bullet.claims)
            tried.add(headline)
    return bullet


def _mended(sentence: Written, articles: Mapping[str, Article], year: int) -> Written:
    first = sentence.evidence[0]
    return Written(house_sentence(first, articles[first.article_id], year), (first,))


def _claims_of(bullet: Bullet, sentences: Sequence[Written]) -> dict[int, list[Claim]]:
    """The claims of the text by the sentence they lie in."""
    found: dict[int, list[Claim]] = {}
    start = 0
    for i, sentence in enumerate(sentences):
        end = start + len(sentence.text)
        found[i] = [c for c in bullet.claims if c.field == "text" and start <= c.start < end]
        start = end + 1
    return found


def _fine(claims: Sequence[Claim]) -> bool:
    return all(c.verdict.status == "supported" for c in claims)
