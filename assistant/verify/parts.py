"""Says which part of a claim its evidence does not bear out, where no layer has named it.

A sentence that joins a fact of its page with one of no page looks well supported as a
whole; taken one by one its facts do not (`facts`). Where a sentence cannot be cut, the
longest stretch of words that the evidence lacks is the part to look at.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from assistant.sources import Sentence
from assistant.terms import terms
from assistant.types import Finding
from assistant.verify.facts import Fact, facts
from assistant.verify.layers import in_house_style

# A stretch with more of the claim's terms than this is not a part but the claim.
_MOST = 0.75
_FEWEST_TERMS = 2
_TOKEN = re.compile(r"[^\s]+")


def weak_facts(
    sentence: str, score: Callable[[str], float], sure: float, enough: float
) -> list[Fact]:
    """The facts of `sentence` that score below `enough` beside one of `sure` or more.

    Beside a fact that copies its page, one that does not stands out. Where none does, the
    sentence tells its source in words of its own, and a fact alone is too short to judge:
    on the development half of WiCE, every fact for itself gave ROC-AUC 0.791, only those
    beside a sure one 0.804, as did the whole sentences. Of 80 true sentences of the sample
    corpus with a fact of another story joined on, the whole passed for 11, so for 5.
    """
    found = facts(sentence)
    if len(found) < 2:
        return []
    scores = [score(f.read_in(sentence)) for f in found]
    if max(scores) < sure:
        return []
    return [f for f, s in zip(found, scores, strict=True) if s < enough]


def unsaid(claim: str, evidence: Sequence[Sentence]) -> Finding | None:
    """The longest stretch of `claim` whose terms the evidence lacks; None for all or nothing."""
    have = {t for s in evidence for t in (*s.terms, *terms(in_house_style(s.text)))}
    best: tuple[int, int, int] = (0, 0, 0)
    run: tuple[int, int, int] = (0, 0, 0)
    for token in _TOKEN.finditer(claim):
        own = terms(token[0])
        if own and have.issuperset(own):
            run = (0, 0, 0)
        elif own:
            start = run[1] if run[0] else token.start()
            run = (run[0] + len(own), start, token.end())
            best = max(best, run, key=lambda r: r[0])
    count, start, end = best
    if count < _FEWEST_TERMS or count > _MOST * len(terms(claim)):
        return None
    end = start + len(claim[start:end].rstrip(".,;:"))
    return part_finding(claim, start, end)


def part_finding(claim: str, start: int, end: int) -> Finding:
    """That the source lacks the words `claim[start:end]`."""
    shown = claim[start:end].rstrip(".")
    return Finding("part", "error", f"The source does not say “{shown}”.", start, end)
