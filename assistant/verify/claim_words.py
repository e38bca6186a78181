"""Words whose exchange changes what a claim says, from `prompts/claim-words.yaml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from assistant import resources
from assistant.verify.verbs import base


class ClaimWords(BaseModel):
    """The file as it stands: groups of words that may stand for each other, and plain lists."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    weak: tuple[str, ...]
    strong: tuple[str, ...]
    saying: tuple[str, ...]
    scope: tuple[str, ...]
    degree: tuple[str, ...]
    timing: tuple[str, ...]
    opposites: tuple[tuple[str, ...], ...]
    undoing: str
    cause: str
    negation: str
    titles: str
    lesser: str
    units: str
    bodies: str
    short: Mapping[str, str]
    capitals: Mapping[str, str]
    bounds: Mapping[str, tuple[str, ...]]
    same: Mapping[str, tuple[str, ...]]
    absolute: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def claim_words() -> ClaimWords:
    """The lists; PromptError where the file is missing or wrong."""
    return resources.read_yaml(resources.prompts() / "claim-words.yaml", ClaimWords)


@lru_cache(maxsize=1)
def kinds() -> Mapping[str, Mapping[str, frozenset[int]]]:
    """For each kind of word, each base form with the groups that it is in."""
    lists = claim_words()
    grouped: dict[str, Sequence[str]] = {
        "negation": (lists.negation,),
        "weak": lists.weak,
        "strength": (*lists.weak, *lists.strong),
        "saying": lists.saying,
        "scope": lists.scope,
        "degree": lists.degree,
        "timing": lists.timing,
        "undoing": lists.undoing.split(),
        "cause": (lists.cause,),
        "title": lists.titles.split(),
        "lesser": lists.lesser.split(),
        "unit": lists.units.split(),
    }
    found: dict[str, dict[str, set[int]]] = {kind: {} for kind in grouped}
    for kind, groups in grouped.items():
        for number, group in enumerate(groups):
            for word in group.split():
                found[kind].setdefault(base(word), set()).add(number)
    return {
        kind: {word: frozenset(groups) for word, groups in entries.items()}
        for kind, entries in found.items()
    }


# `Unlikely` for `likely`; shorter words are not made from each other (`form`, `inform`).
_UNDONE_BY = ("un", "in", "im", "il", "ir", "dis", "non")
_SHORTEST = 5


def opposed(word: str, others: Collection[str]) -> bool:
    """Whether `word` excludes one of `others` and goes with none of them; all in base form."""
    sides = _sides().get(word, frozenset())
    rivals = {pair for other in others for pair in _sides().get(other, ())}
    if any(line == rival for line, _ in sides for rival, _ in rivals):
        return not sides & rivals
    return any(
        len(plain) >= _SHORTEST and longer in (before + plain for before in _UNDONE_BY)
        for other in others
        for plain, longer in ((word, other), (other, word))
    )


@lru_cache(maxsize=1)
def _sides() -> Mapping[str, frozenset[tuple[int, int]]]:
    """Each base form with the lines of `opposites` that have it, and on which side."""
    found: dict[str, set[tuple[int, int]]] = {}
    for number, line in enumerate(claim_words().opposites):
        for side, some in enumerate(line):
            for word in some.split():
                found.setdefault(base(word), set()).add((number, side))
    return {word: frozenset(places) for word, places in found.items()}


def without_pronouns(text: str) -> str:
    """`text` without the `us` and the `who` that are no names."""
    return re.sub(r"\b(?:us|Us|who|Who)\b", " ", text)


@lru_cache(maxsize=1)
def name_forms() -> tuple[re.Pattern[str], Mapping[str, frozenset[str]]]:
    """What finds any form of the names that have several, and the words of all its forms.

    A capital stands for its country and the country for it.
    """
    same, capitals = claim_words().same, claim_words().capitals
    groups = {
        name: [*forms, *(capital for capital, country in capitals.items() if country == name)]
        for name, forms in same.items()
    }
    words_of = {
        form: frozenset(word for other in forms for word in other.split())
        for forms in groups.values()
        for form in forms
    }
    longest_first = sorted(words_of, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b"), words_of
