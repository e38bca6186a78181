"""Another organisation or another place: one that could stand there, best one of the corpus."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from evals.corrupt.edits import Claim, Edit, Template, any_of, words

# A name that goes on ("Tokyo Electron", "Air Force Base") is another thing.
_GOES_ON = r"(?! (?:[A-Z][a-z]|Inc|Corp\b)|[\w-]|['’]s [A-Z][a-z]+ [A-Z])"
_LOCATED = re.compile(r"\b(?:in|at|from|near|outside|to|around|through|via|visited|off) $", re.I)
_ACRONYM = re.compile(r" \([A-Z]{2,6}\)")


def _swaps(claim: Claim, field: str, group: str) -> Iterator[Edit]:
    """Each member of a line for each other one that the claim does not name."""
    lines: Sequence[Sequence[str]] = words()[field][group]
    for match in _pattern(field, group).finditer(claim.text):
        # A capital stands for its government, a city for where something happens.
        located = bool(_LOCATED.search(claim.text[: match.start()]))
        if group == "capital" and located or group == "city" and not located:
            continue
        for line in lines:
            if match[0] not in line:
                continue
            others = [o for o in line if o != match[0] and o not in claim.text]
            yield from (Edit(match.start(), _end(claim, match), other) for other in others)


@lru_cache(maxsize=16)
def _pattern(field: str, group: str) -> re.Pattern[str]:
    members = {name for line in words()[field][group] for name in line}
    # "South Korea" is no place called Korea, "US-Japan" no place at all.
    before = r"(?<![\w(-])(?<!North )(?<!South )(?<!New )(?<!Sea of )(?<!Bank of )"
    return re.compile(rf"{before}(?:{any_of(members)}){_GOES_ON}")


def _end(claim: Claim, match: re.Match[str]) -> int:
    """A short form in brackets goes with the name that it shortens, if it is not used again."""
    acronym = _ACRONYM.match(claim.text, match.end())
    return acronym.end() if acronym and claim.text.count(acronym[0][2:-1]) == 1 else match.end()


def _borrowed(claim: Claim, field: str) -> Iterator[Edit]:
    """Swaps whose new name the corpus knows: an error that a writer of these stories would make."""
    corpus = "\n".join(claim.others)
    for group in words()[field]:
        yield from (e for e in _swaps(claim, field, group) if e.words in corpus)


def _service(claim: Claim) -> Iterable[Edit]:
    return _swaps(claim, "organisations", "service")


def _agency(claim: Claim) -> Iterable[Edit]:
    return _swaps(claim, "organisations", "agency")


def _company(claim: Claim) -> Iterable[Edit]:
    return _swaps(claim, "organisations", "company")


def _known_organisation(claim: Claim) -> Iterable[Edit]:
    return _borrowed(claim, "organisations")


def _capital(claim: Claim) -> Iterable[Edit]:
    return _swaps(claim, "places", "capital")


def _city(claim: Claim) -> Iterable[Edit]:
    return _swaps(claim, "places", "city")


def _base(claim: Claim) -> Iterable[Edit]:
    return _swaps(claim, "places", "base")


def _country(claim: Claim) -> Iterable[Edit]:
    return _swaps(claim, "places", "country")


def _region(claim: Claim) -> Iterable[Edit]:
    return _swaps(claim, "places", "region")


def _known_place(claim: Claim) -> Iterable[Edit]:
    return _borrowed(claim, "places")


ORGANISATION: tuple[Template, ...] = (_service, _agency, _company, _known_organisation)
PLACE: tuple[Template, ...] = (_capital, _city, _base, _country, _region, _known_place)
