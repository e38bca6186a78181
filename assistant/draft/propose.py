"""Proposes the best source for each of an editor's own sentences."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from assistant.draft.link import choose_anchor
from assistant.stories import best_source
from assistant.types import Article, Bullet, Citation, Claim
from assistant.verify.claims import split_claims
from assistant.verify.verifier import NEAR, Verifier

# Pages whose nearness differs by less say it equally well.
_EQUAL = 0.1
# At most so many pages are checked for a sentence.
_MOST = 3


def propose_sources(
    bullet: Bullet, verifier: Verifier, find: Callable[[str], Sequence[Article]]
) -> Bullet:
    """The bullet with a link on each sentence that some article of the corpus supports.

    Without a model, which alone reads for meaning, a page is proposed where it is near in wording
    and no check refutes the sentence; its verdict is then `unchecked`. Of several that say
    it about equally well, the house's order decides: open before paywalled, official before
    wire before press.
    """
    citations: list[Citation] = []
    claims: list[Claim] = []
    for claim in split_claims(bullet):
        found = ((verifier.nearness(claim.text, a)[0], a) for a in find(claim.text))
        near = sorted(((n, a) for n, a in found if n >= NEAR and a.url), key=lambda p: -p[0])
        verdicts = [(verifier.check_claim(claim.text, [a]), n, a) for n, a in near[:_MOST]]
        said = [v for v in verdicts if v[0].status == "supported"]
        supporting = said or [v for v in verdicts if v[0].status == "unchecked"]
        if supporting:
            best = max(n for _, n, _ in supporting)
            equal = [(v, a) for v, n, a in supporting if n >= best - _EQUAL]
            verdict, source = min(equal, key=lambda pair: best_source(pair[1]))
            anchor = choose_anchor(claim.text, None)
            if claim.field == "text" and anchor is not None and source.url:
                start, end = (claim.start + offset for offset in anchor)
                citations.append(Citation(start, end, source.url, source.id))
        else:
            verdict = verdicts[0][0] if verdicts else claim.verdict
        claims.append(replace(claim, verdict=verdict))
    return replace(bullet, citations=tuple(citations), claims=tuple(claims))
