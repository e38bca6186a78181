"""Words whose exchange changes what a claim says, from `prompts/claim-words.yaml`."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pydantic import BaseModel, ConfigDict

from assistant import resources
from assistant.terms import without_accents
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
_LONGEST_SHORT_NAME = 2  # words
_GAP = re.compile(r"[\s-]+")  # between the words of a name


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
    """`text` with blanks for the `us` and the `who` that are no names."""
    return re.sub(r"\b(?:us|Us|who|Who)\b", lambda m: " " * len(m[0]), text)


@dataclass(frozen=True)
class Known:
    """A name of several forms at `start:end` of a text; `name` is what all its forms share.

    Its last word begins at `last`. A `whole` one names nothing by its words: two countries have
    them in their official names, or it names two (`both Koreas`), and then stands once for each.
    """

    name: str
    start: int
    last: int
    end: int
    whole: bool


def known_names(text: str) -> list[Known]:
    """The names of several forms in `text`, in order; a capital stands for its country.

    Of forms that lie in each other the longest counts: the `Republic of Korea` is not named
    by `Democratic People's Republic of Korea`.
    """
    pattern, name_of = _forms()
    plain = without_accents(without_pronouns(text)).lower().replace("’", "'")
    known = []
    for match in pattern.finditer(plain):
        words = _GAP.split(match[0])
        form, last = " ".join(words), match.end() - len(words[-1])
        known += [
            Known(name, match.start(), last, match.end(), _is_whole(form)) for name in name_of[form]
        ]
    return known


@lru_cache(maxsize=1)
def names_of_forms() -> Mapping[str, Sequence[str]]:
    """Which name each form is one of; `both koreas` is of two, in the order that it gives them."""
    found: dict[str, list[str]] = {}
    for name, forms in claim_words().same.items():
        for form in forms:
            found.setdefault(form, []).append(name)
    return {
        form: sorted(names, key=lambda name: form.find(name.split("-")[0]))
        for form, names in found.items()
    }


@lru_cache(maxsize=1)
def words_of_names() -> Mapping[str, frozenset[str]]:
    """For each such name the words that also name it."""
    found: dict[str, set[str]] = {}
    for form, names in _forms()[1].items():
        if not _is_whole(form):
            found.setdefault(names[0], set()).update(form.split())
    return {name: frozenset(words) for name, words in found.items()}


@lru_cache(maxsize=1)
def _forms() -> tuple[re.Pattern[str], Mapping[str, Sequence[str]]]:
    """What finds any form or capital, and which names each stands for."""
    capitals = {capital: [name] for capital, name in claim_words().capitals.items()}
    name_of = {**capitals, **names_of_forms()}
    longest_first = sorted(name_of, key=len, reverse=True)
    spelled = (re.escape(form).replace(r"\ ", _GAP.pattern) for form in longest_first)
    return re.compile(rf"\b(?:{'|'.join(spelled)})\b"), name_of


def _is_whole(form: str) -> bool:
    return len(_forms()[1][form]) > 1 or len(form.split()) > _LONGEST_SHORT_NAME
