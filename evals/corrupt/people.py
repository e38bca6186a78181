"""Wrong people: another name, another rank, another office."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from evals.corrupt.edits import Claim, Edit, Template, any_of, like, names, words

# One to three capitalised words, initials allowed: "Antony J. Blinken", "Kim Jong Un".
_NAME = (
    r"(?!(?:The|In|On|At)\b)[A-Z][a-zà-ÿ'’-]+(?:[A-Z][a-z]+)?(?: [A-Z]\.)?"
    r"(?: [A-Z][a-zà-ÿ-]+(?:[A-Z][a-z]+)?){0,2}"
)
_POSSESSIVE = re.compile(r"['’]s?$")
# "Secretary General", "Attorney General": no rank.
_CIVIL = re.compile(r"\b(?:Secretary|Director|Attorney|Consul|Inspector|Governor|Deputy)[ -]$")
# "Fuyo General Lease": written out, a rank after a name is a part of it.
_COMPANY = re.compile(r"[A-Z][a-z]+ $")
# Capitalised words after a title that are no name.
_NO_NAME = frozenset(
    """Staff State Defense Defence Foreign Affairs Trade Finance Minister Ministry General Cabinet
    Office Sheikh Lease Co Corp Inc
    Department Council Secretary Joint Assembly House Economy Vice President
    Motors""".split()
)


@dataclass(frozen=True)
class Person:
    """Somebody named in a text: offsets of the name as it stands there, and of its family name."""

    start: int
    end: int
    name: str
    title: str
    surname: str
    at: int


@lru_cache(maxsize=4096)
def find_people(text: str) -> tuple[Person, ...]:
    """Everybody whom `text` names after a title."""
    found = []
    for match in _titled().finditer(text):
        name = _POSSESSIVE.sub("", match["name"])
        if not _NO_NAME.intersection(name.split()):
            start = match.start("name")
            family = _family(name)
            at = start + re.search(rf"\b{re.escape(family)}\b", name).start()  # type: ignore[union-attr]
            found.append(Person(start, start + len(name), name, match["title"], family, at))
    return tuple(found)


@lru_cache(maxsize=1)
def _titled() -> re.Pattern[str]:
    ranks = [rank for line in words()["ranks"] for rank in line]
    return re.compile(
        rf"\b(?P<title>{any_of([*names()['titles'], *ranks, 'leader'])}) (?P<name>{_NAME})"
    )


def _family(name: str) -> str:
    """The family name, in whichever order the name is written."""
    parts = name.split()
    known = set(names()["family_names"])
    return parts[0] if parts[0] in known and parts[-1] not in known else parts[-1]


def _origin(surname: str) -> str:
    """Which list of family names a name is of."""
    lists: Mapping[str, Sequence[str]] = words()["surnames"]
    for origin in ("korean", "chinese"):
        if surname in lists[origin]:
            return origin
    return "japanese" if surname in names()["family_names"] else "western"


@lru_cache(maxsize=8)
def _surnames(origin: str) -> tuple[str, ...]:
    lists: Mapping[str, Sequence[str]] = words()["surnames"]
    if origin != "japanese":
        return tuple(lists[origin])
    foreign = {*lists["korean"], *lists["chinese"]}
    return tuple(n for n in names()["family_names"] if n not in foreign and " " not in n)


def known_surnames(claim: Claim) -> frozenset[str]:
    """Family names of everybody to whom the claim or its corpus gives a title."""
    return frozenset(p.surname for text in (claim.text, *claim.others) for p in find_people(text))


def _mentions(claim: Claim) -> list[Person]:
    """People of the claim, those without a title too if the corpus gives them one elsewhere."""
    titled = find_people(claim.text)
    known = {p.surname: p for text in (*claim.others, claim.text) for p in find_people(text)}
    found = list(titled)
    for match in re.finditer(
        r"(?<![\w-])(?:[A-Z][a-z]+ )?([A-Z][a-zà-ÿ]+)(?![\w-]| [A-Z])", claim.text
    ):
        person = known.get(match[1])
        if person and not any(p.start < match.end() and match.start() < p.end for p in titled):
            start, end = match.span(1)
            given = match[0] if match[0] == person.name else match[1]
            if match[0] == match[1] or given == match[0]:
                found.append(Person(end - len(given), end, given, "", match[1], start))
    # A name that comes twice would be at odds with itself, not wrong.
    return [p for p in found if len(re.findall(rf"\b{re.escape(p.surname)}\b", claim.text)) == 1]


def _other_surname(claim: Claim) -> Iterator[Edit]:
    for person in _mentions(claim):
        for other in _surnames(_origin(person.surname)):
            if other not in claim.text:
                yield Edit(person.at, person.at + len(person.surname), other)


def _borrowed_person(claim: Claim) -> Iterator[Edit]:
    """The name of somebody else who holds the same title elsewhere in the corpus."""
    for person in _mentions(claim):
        for other in _corpus_people(claim):
            if other.title == person.title and other.surname not in claim.text:
                name = other.name if person.name != person.surname else other.surname
                yield Edit(person.start, person.end, name)


def _borrowed_surname(claim: Claim) -> Iterator[Edit]:
    """The name of somebody else of the corpus, whatever the title, from the same country."""
    for person in _mentions(claim):
        for other in _corpus_people(claim):
            same = _origin(other.surname) == _origin(person.surname)
            if same and other.surname not in claim.text and person.name == person.surname:
                yield Edit(person.start, person.end, other.surname)


def _corpus_people(claim: Claim) -> list[Person]:
    people = {p.name: p for text in claim.others for p in find_people(text)}
    return [people[name] for name in sorted(people)]


def _ranks(claim: Claim) -> Iterator[tuple[re.Match[str], Sequence[str]]]:
    """Ranks before a name, each with the ladder that it stands on."""
    ladders: Sequence[Sequence[str]] = words()["ranks"]
    rank = re.compile(rf"\b({any_of({r for line in ladders for r in line})}) (?=[A-Z][a-z])")
    for match in rank.finditer(claim.text):
        before = claim.text[: match.start()]
        if not _CIVIL.search(before) and (match[1].endswith(".") or not _COMPANY.search(before)):
            yield from ((match, line) for line in ladders if match[1] in line)


def _promoted(claim: Claim) -> Iterator[Edit]:
    yield from _moved(claim, 1)


def _demoted(claim: Claim) -> Iterator[Edit]:
    yield from _moved(claim, -1)


def _moved(claim: Claim, step: int) -> Iterator[Edit]:
    for match, line in _ranks(claim):
        at = line.index(match[1]) + step
        if 0 <= at < len(line):
            yield Edit(*match.span(1), line[at])


def _other_service(claim: Claim) -> Iterator[Edit]:
    table: Mapping[str, str] = words()["other_service"]
    for match, _ in _ranks(claim):
        if match[1] in table:
            yield Edit(*match.span(1), table[match[1]])


def _found(claim: Claim, phrases: Sequence[str]) -> Iterator[re.Match[str]]:
    """Whole phrases, in the claim's own capitals, that are not a part of a longer title."""
    before = (
        r"(?<![\w-])(?<!Vice )(?<!vice )(?<!Deputy )(?<!deputy )(?<!Dep\. )(?<!Asst\. )(?<!former )"
    )
    pattern = re.compile(rf"{before}(?:{any_of(phrases)})(?![\w-])(?! General\b)")
    yield from pattern.finditer(claim.text)


def _other_office(claim: Claim) -> Iterator[Edit]:
    lines: Sequence[Sequence[str]] = words()["offices"]
    for match in _found(claim, [office for line in lines for office in line]):
        for line in lines:
            if match[0] in line:
                others = (o for o in line if o != match[0] and o not in claim.text)
                yield from (Edit(*match.span(), other) for other in others)


def _deputy_added(claim: Claim) -> Iterator[Edit]:
    table: Mapping[str, str] = words()["deputies"]
    for match in _found(claim, list(table)):
        if table[match[0]] not in claim.text and _is_held(claim.text, match):
            yield Edit(*match.span(), table[match[0]])


def _deputy_dropped(claim: Claim) -> Iterator[Edit]:
    chiefs: Mapping[str, str] = {deputy: chief for chief, deputy in words()["deputies"].items()}
    for match in re.finditer(rf"(?<![\w-])(?:{any_of(chiefs)})(?![\w-])", claim.text):
        yield Edit(*match.span(), chiefs[match[0]])


def _is_held(text: str, match: re.Match[str]) -> bool:
    """Whether a bare "President" is somebody's office: there is a name behind it."""
    return match[0] not in ("President", "FM") or bool(
        re.match(r" [A-Z][a-z]", text[match.end() :])
    )


def _other_post(claim: Claim) -> Iterator[Edit]:
    table: Mapping[str, str] = words()["posts"]
    for match in _found(claim, list(table)):
        yield Edit(*match.span(), like(match[0], table[match[0]]))


NAME: tuple[Template, ...] = (_other_surname, _borrowed_person, _borrowed_surname)
RANK: tuple[Template, ...] = (_promoted, _demoted, _other_service)
TITLE: tuple[Template, ...] = (_other_office, _deputy_added, _deputy_dropped, _other_post)
