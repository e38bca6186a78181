"""What an editor changed in a bullet: facts, style, or the choice of what to tell."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rapidfuzz import fuzz, process, utils

from assistant.nlp import sentences
from assistant.types import Bullet
from assistant.verify.verifier import Verifier
from evals.grounding import embedder, page_of

Kind = Literal["fact", "style", "selection"]
# Sentences that share fewer of their words than this (of 100) tell other things. Two sentences
# of different facts of one story rarely share half of their words.
_SAME_SENTENCE = 55
# Findings on what a page gives exactly; those on wording are edits of style.
_OF_FACT = frozenset(("number", "date", "title", "quotation", "name"))


@dataclass(frozen=True)
class Edit:
    """One change: a sentence before and after; None where it was added or dropped."""

    kind: Kind
    before: str | None
    after: str | None
    why: str = ""


def classify(before: Bullet, after: Bullet) -> list[Edit]:
    """The edits that lead from one bullet to another, headline first, then in order of `after`.

    A sentence that was reworded is an edit of fact where the checker finds that it
    says another figure, day, name or title; else of style. Sentences
    added or dropped are edits of selection.
    """
    edits = _paired(before.headline, after.headline) if before.headline else []
    old, new = _sentences(before.text), _sentences(after.text)
    pairs = _pairs(old, new)
    for i, sentence in enumerate(new):
        if i in pairs:
            edits += _paired(old[pairs[i]], sentence)
        else:
            edits.append(Edit("selection", None, sentence, "added"))
    kept = set(pairs.values())
    edits += [
        Edit("selection", sentence, None, "dropped")
        for i, sentence in enumerate(old)
        if i not in kept
    ]
    return edits


def _paired(before: str, after: str) -> list[Edit]:
    if before == after:
        return []
    judge = Verifier(embedder())
    found = [
        finding
        for claim, page in ((after, before), (before, after))
        for finding in judge.check_claim(claim, [page_of(page)]).findings
        if finding.code in _OF_FACT and finding.replacement
    ]
    if found:
        return [Edit("fact", before, after, found[0].message)]
    return [Edit("style", before, after)]


def _pairs(old: Sequence[str], new: Sequence[str]) -> dict[int, int]:
    """For each new sentence the old one that it rewords, the most alike first, each once."""
    if not old or not new:
        return {}
    alike = process.cdist(new, old, scorer=fuzz.token_sort_ratio, processor=utils.default_process)
    found: dict[int, int] = {}
    for score, i, j in sorted(
        ((float(alike[i][j]), i, j) for i in range(len(new)) for j in range(len(old))),
        key=lambda triple: (-triple[0], triple[1:]),
    ):
        if score >= _SAME_SENTENCE and i not in found and j not in found.values():
            found[i] = j
    return found


def _sentences(text: str) -> list[str]:
    return [text[a:b] for a, b in sentences(text)]
