"""Proposes the best source for each of an editor's own sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.draft.link import choose_anchor
from assistant.stories import best_source
from assistant.types import Article, Bullet, Citation, Claim
from assistant.verify.claims import split_claims
from assistant.verify.verifier import Verifier, says

# Pages whose probabilities differ by less say it equally well.
_EQUAL = 0.1


def propose_sources(
    bullet: Bullet, verifier: Verifier, find: Callable[[str], Sequence[Article]]
) -> Bullet:
    """The bullet with a link on each sentence that some article of the corpus supports.

    A page is proposed only where the checker is sure of it (`says`). Of several that
    support the sentence about equally well, the house's order decides: open before
    paywalled, official before wire before press.
    """
    citations: list[Citation] = []
    claims: list[Claim] = []
    for claim in split_claims(bullet):
        verdicts = [(verifier.check_claim(claim.text, [a]), a) for a in find(claim.text)]
        supporting = [(v, a) for v, a in verdicts if says(v) and a.url]
        if supporting:
            best = max(v.score or 0.0 for v, _ in supporting)
            equal = [(v, a) for v, a in supporting if (v.score or 0.0) >= best - _EQUAL]
            verdict, source = min(equal, key=lambda pair: best_source(pair[1]))
            anchor = choose_anchor(claim.text, None)
            if claim.field == "text" and anchor is not None and source.url:
                start, end = (claim.start + offset for offset in anchor)
                citations.append(Citation(start, end, source.url, source.id))
        else:
            nearest = max(verdicts, key=lambda pair: pair[0].score or 0.0, default=None)
            verdict = nearest[0] if nearest else claim.verdict
        claims.append(replace(claim, verdict=verdict))
    return replace(bullet, citations=tuple(citations), claims=tuple(claims))
