"""Cuts a bullet into checkable statements: the headline, and each sentence of the text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assistant.nlp import sentences
from assistant.types import Bullet, Claim, Verdict

UNCHECKED = Verdict("unchecked", None)


def split_claims(bullet: Bullet) -> list[Claim]:
    """Claims of `bullet` in order, headline first, none of them checked yet."""
    claims = []
    if bullet.headline.strip():
        claims.append(Claim("headline", bullet.headline, 0, len(bullet.headline), UNCHECKED))
    for start, end in sentences(bullet.text):
        claims.append(Claim("text", bullet.text[start:end], start, end, UNCHECKED))
    return claims


def verdict_counts(bullets: Sequence[Bullet]) -> Mapping[str, int]:
    """How many claims came to each verdict, every verdict named."""
    counts = dict.fromkeys(("supported", "partial", "unsupported", "contradicted", "unchecked"), 0)
    for bullet in bullets:
        for claim in bullet.claims:
            counts[claim.verdict.status] += 1
    return counts
