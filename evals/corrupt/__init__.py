"""Wrong versions of true claims, and rewordings that keep them true, made by script.

A claim checker is measured on both: it has to catch the first and let the second pass.
Every change is made by one edit of one stretch of the claim, chosen by chance among the
templates of its kind that the claim allows.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from evals.corrupt import (
    days,
    entities,
    extent,
    figures,
    negation,
    opposites,
    people,
    rewording,
    roles,
    telling,
)
from evals.corrupt.edits import Claim, Edit, Template, apply_edit

KINDS: tuple[str, ...] = (
    "number",
    "date",
    "weekday",
    "money",
    "unit",
    "name",
    "rank",
    "title",
    "organisation",
    "place",
    "role-swap",
    "negation",
    "strength",
    "attribution",
    "scope",
    "cause",
    "opposite",
    "wrong-source",
)
PARAPHRASES = ("number-words", "country-form", "office-order", "passive", "conversion", "synonym")

_TEMPLATES: Mapping[str, Sequence[Template]] = {
    "number": figures.NUMBER,
    "date": days.DATE,
    "weekday": days.WEEKDAY,
    "money": figures.MONEY,
    "unit": figures.UNIT,
    "name": people.NAME,
    "rank": people.RANK,
    "title": people.TITLE,
    "organisation": entities.ORGANISATION,
    "place": entities.PLACE,
    "role-swap": roles.ROLE_SWAP,
    "negation": negation.NEGATION,
    "strength": telling.STRENGTH,
    "attribution": telling.ATTRIBUTION,
    "scope": extent.SCOPE,
    "cause": extent.CAUSE,
    "opposite": opposites.OPPOSITE,
}


@dataclass(frozen=True)
class Changed:
    """A changed claim; `text[start:end]` are the words that were put in, all else is as before."""

    kind: str
    text: str
    start: int
    end: int


def corrupt(kind: str, claim: str, others: Sequence[str], chance: random.Random) -> Changed | None:
    """`claim` made wrong in the way of `kind`; None where it does not allow that.

    `others` are true claims of the same corpus, to borrow names, places and figures from.
    `wrong-source` leaves the text alone: the caller holds it against another article.
    """
    if kind == "wrong-source":
        return Changed(kind, claim, 0, len(claim))
    given = Claim(claim, tuple(o for o in others if o != claim))
    return _changed(kind, given, _TEMPLATES[kind], chance)


def paraphrase(kind: str, claim: str, chance: random.Random) -> Changed | None:
    """`claim` in other words that keep every fact; None where it does not allow this kind."""
    return _changed(kind, Claim(claim), rewording.TEMPLATES[kind], chance)


def _changed(
    kind: str, claim: Claim, templates: Sequence[Template], chance: random.Random
) -> Changed | None:
    """A template by lot, then one of its edits: a rich template does not crowd out the others."""
    for template in chance.sample(templates, len(templates)):
        edits = _real(claim, template(claim))
        if edits:
            return Changed(kind, *apply_edit(claim.text, chance.choice(edits)))
    return None


def _real(claim: Claim, edits: Iterable[Edit]) -> list[Edit]:
    """The edits that change more than capitals, each once, and make no other true claim."""
    return [
        edit
        for edit in dict.fromkeys(edits)
        if apply_edit(claim.text, edit)[0].casefold() not in claim.true
    ]
