"""Cuts a bullet into checkable statements, and says which pages each is checked against."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.nlp import sentences
from assistant.types import Bullet, Citation, Claim, Verdict

UNCHECKED = Verdict("unchecked", None)


def split_claims(bullet: Bullet) -> list[Claim]:
    """Claims of `bullet` in order, headline first, none of them checked yet."""
    claims = []
    if bullet.headline.strip():
        claims.append(Claim("headline", bullet.headline, 0, len(bullet.headline), UNCHECKED))
    for start, end in sentences(bullet.text):
        claims.append(Claim("text", bullet.text[start:end], start, end, UNCHECKED))
    return claims


def pages_for(bullet: Bullet, claim: Claim) -> list[Citation]:
    """The links whose pages `claim` of `bullet` is checked against.

    Of a headline all links of its bullet; of a sentence its own, or where it has none those of
    the last sentence before it that has some, which it continues.
    """
    if claim.field == "headline":
        return list(bullet.citations)
    linked: list[Citation] = []
    for start, end in sentences(bullet.text):
        linked = [c for c in bullet.citations if start <= c.start < end] or linked
        if end >= claim.end:
            break
    return linked


def verdict_counts(bullets: Sequence[Bullet]) -> Mapping[str, int]:
    """How many claims came to each verdict, every verdict named."""
    counts = dict.fromkeys(("supported", "partial", "unsupported", "contradicted", "unchecked"), 0)
    for bullet in bullets:
        for claim in bullet.claims:
            counts[claim.verdict.status] += 1
    return counts
