"""Normal forms of names: what stands for the same country, institution, office or rank.

Countries, capitals and demonyms come from the library `countryinfo`, all else from
`prompts/lexicon.yaml`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict

from assistant import resources
from assistant.terms import stem, without_accents

if TYPE_CHECKING:
    from countryinfo import CountryInfo

# Words of a name that its initials leave out.
JOINING = frozenset("of the and for in on to a an".split())
# Codes of two or three capitals are left out: `IN` and `CAN` are words.
_SHORTEST_FORM = 4
# A form of so few letters may be a word as well: `male`, `diet`.
_MAY_BE_A_WORD = 5
# `of` and `and` may be left out of a long name, and hyphens written as spaces.
_GAP = r"(?:,\s|\.\s|[\s-])+"


class _Institution(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    forms: tuple[str, ...]
    of: str | None = None


class Lexicon(BaseModel):
    """The file as it stands; its own comments say what each part is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    countries: Mapping[str, tuple[str, ...]]
    capitals: Mapping[str, str]
    institutions: Mapping[str, _Institution]
    offices: Mapping[str, tuple[str, ...]]
    ranks: tuple[str, ...]
    titles: str
    lesser: str
    short: Mapping[str, str]


@dataclass(frozen=True)
class Name:
    """A known name at `start:end` of a text; `keys` are what it is compared by.

    `of` is the country that it names with itself: that of an institution (the Marine Corps is
    American), or of a capital, which `may_stand_for` its government.
    """

    keys: frozenset[str]
    of: frozenset[str]
    start: int
    end: int

    @property
    def may_stand_for(self) -> frozenset[str]:
        """The keys of what it may mean."""
        return self.keys | (self.of if self.keys.isdisjoint(lexicon().institutions) else set())


@lru_cache(maxsize=1)
def lexicon() -> Lexicon:
    """The data; PromptError where the file is missing or wrong."""
    return resources.read_yaml(resources.prompts() / "lexicon.yaml", Lexicon)


@lru_cache(maxsize=1)
def title_words() -> frozenset[str]:
    """The words of offices and ranks, spelled out."""
    own = lexicon()
    return frozenset((*own.titles.split(), *own.lesser.split(), *own.ranks))


@lru_cache(maxsize=512)  # each check asks for those of the same sentences
def known_names(text: str) -> tuple[Name, ...]:
    """The countries, institutions and offices that `text` names, in any of their forms.

    Of forms that lie in each other the longest counts: `Democratic People's Republic of Korea`
    does not name the `Republic of Korea`. The pronoun `us` is no country.
    """
    pattern, keys = _forms()
    plain = re.sub(r"\b(?:us|Us)\b", "--", without_accents(text))
    plain = plain.lower().replace("’", "'")
    plain = plain.replace("people's", "peoples ").replace("minister's", "ministers ")
    return tuple(
        Name(found, frozenset(filter(None, map(_country_of, found))), *m.span())
        for m in pattern.finditer(plain)
        for found in [keys[_spelled(m[0])]]
        if len(m[0]) > _MAY_BE_A_WORD or text[m.start()].isupper()
    )


def _country_of(key: str) -> str | None:
    """The country of an institution or a capital."""
    body = lexicon().institutions.get(key)
    return body.of if body else _capitals().get(key)


def keys_of(text: str) -> frozenset[str]:
    """The keys of all known names in `text`, and of the countries that they name with them."""
    return frozenset().union(*(name.keys | name.of for name in known_names(text)))


def spelled_out(word: str) -> str:
    """`Lt.` as `lieutenant`; other words in small letters."""
    plain = word.rstrip(".").lower()
    return lexicon().short.get(plain, plain)


@lru_cache(maxsize=1)
def _forms() -> tuple[re.Pattern[str], Mapping[str, frozenset[str]]]:
    """What finds any form, and the keys that each form has."""
    own = lexicon()
    found: dict[str, set[str]] = {}
    for country, forms in {**_countries(), **own.countries}.items():
        for form in (*_countries().get(country, ()), *forms, country):
            found.setdefault(_spelled(form), set()).add(country)
    for capital in _capitals():
        found.setdefault(_spelled(capital), set()).add(capital)
    for name, body in own.institutions.items():
        for form in (name, *body.forms):
            found.setdefault(_spelled(form), set()).add(name)
    for name, forms in own.offices.items():
        for form in (name, *forms):
            found.setdefault(_spelled(form), set()).add(name)
    longest_first = sorted(found, key=len, reverse=True)
    spelled = (re.escape(form).replace(r"\ ", _GAP) for form in longest_first)
    pattern = re.compile(rf"\b(?:{'|'.join(spelled)})(?=\b|\.)")
    return pattern, {form: frozenset(keys) for form, keys in found.items()}


def _spelled(form: str) -> str:
    return " ".join(re.split(_GAP, form.replace("'", "").replace("u.s. ", "us ")))


@lru_cache(maxsize=1)
def _countries() -> Mapping[str, tuple[str, ...]]:
    """Names, demonyms and official names of countries, in small letters."""
    every = [(c.name() or "", c.demonym() or "", c) for c in _library() if c.name()]
    demonyms = Counter(demonym for _, demonym, _ in every)
    found = {}
    for name, demonym, country in every:
        forms = [name, *(country.alt_spellings() or ())]
        if demonyms[demonym] == 1:  # `Congolese` is of two
            forms.append(demonym)
        plain = {without_accents(form).lower() for form in forms if form}
        found[without_accents(name).lower()] = tuple(
            sorted(f for f in plain if f.isascii() and len(f) >= _SHORTEST_FORM and "," not in f)
        )
    return found


@lru_cache(maxsize=1)
def _capitals() -> Mapping[str, str]:
    """The country of each capital; one that is named as its country (`Singapore`) is left out."""
    found = dict(lexicon().capitals)
    for country in _library():
        capital = country.capital() or ()
        for city in [capital] if isinstance(capital, str) else capital:
            found.setdefault(without_accents(city).lower(), without_accents(country.name()).lower())
    return {city: country for city, country in found.items() if city not in _countries()}


def _library() -> Sequence[CountryInfo]:
    from countryinfo import all_countries

    every: Sequence[CountryInfo] = all_countries()
    return every


def same_word(word: str) -> str:
    """What a word is compared by: the key of a name of one word, else its stem."""
    plain = re.sub(r"['’]s$", "", without_accents(word)).rstrip(".")
    if plain.lower() in ("us", "u.s"):
        return "united states" if plain.isupper() else "us"
    keys = _forms()[1].get(plain.lower())
    if keys and len(keys) == 1:
        return min(keys)
    return stem(spelled_out(plain))
