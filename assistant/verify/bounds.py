"""A least, a most or an about: `more than 50` of a page that says 65."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from assistant.types import Finding
from assistant.verify.quantities import Quantity, counted, find_quantities

_BOUND = re.compile(
    r"""\b(?:
    (?P<least>at\ least|(?:no|not)\ (?:(?:less|fewer)\ than|under|below)|a\ minimum\ of
        |more\ than|over|above)
    |(?P<most>up\ to|at\ most|(?:no|not)\ (?:more\ than|over|above)|as\ (?:many|much)\ as
        |a\ maximum\ of|less\ than|fewer\ than|under|below)
    )(?=\ (?:about\ |some\ |the\ )?$)""",
    re.VERBOSE | re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:(?P<round>about|around|some|roughly|approximately)|(?P<short>nearly|almost|close to)) $",
    re.IGNORECASE,
)
_AGE = re.compile(r"[ -]old\b")
# An `about` is off by this share at most, an `almost` falls short by that one.
_ROUNDED = 0.05
_SHORT = 0.1


def allows(quantity: Quantity, claim: str, have: Sequence[Quantity], evidence: str) -> bool:
    """Whether a figure of the evidence, of the same unit or thing, is what the claim leaves open.

    `more than 50 languages` leaves 65 open, `less than 5 billion years` 4.54 billion, `almost
    50 years` 48. One that the evidence has as a bound of the other kind is not within it.
    """
    before = claim[: quantity.start]
    bound, about = _BOUND.search(before), _ABOUT.search(before)
    if bound is None and about is None:
        return False
    thing = counted(claim, quantity)[:1]
    for other in have:
        own = quantity.in_unit_of(other)
        alike = other.unit is not None or thing == counted(evidence, other)[:1]
        if own is None or not alike or _AGE.match(evidence, other.end):
            continue
        if bound is not None:
            theirs = _BOUND.search(evidence[: other.start])
            opposite = theirs is not None and theirs.lastgroup != bound.lastgroup
            more = other.value > own if bound["least"] else other.value < own
            if more and not opposite:
                return True
        elif about is not None:
            least = own * (1 - (_ROUNDED if about["round"] else _SHORT))
            most = own * (1 + _ROUNDED) if about["round"] else own
            if least <= other.value <= most:
                return True
    return False


def check_bounds(claim: str, sources: Iterable[str]) -> list[Finding]:
    """Figures that are a least in the claim and a most in the source, or the other way round."""
    texts = list(sources)
    found = []
    for quantity in find_quantities(claim):
        own = _BOUND.search(claim[: quantity.start])
        if own is None:
            continue
        theirs = {
            bound[0]: bound.lastgroup
            for text in texts
            for other in find_quantities(text)
            if quantity.same_as(other) and (bound := _BOUND.search(text[: other.start]))
        }
        if theirs and own.lastgroup not in theirs.values():
            instead = min(theirs)
            message = f"The source says “{instead}” of this figure, not “{own[0]}”."
            found.append(Finding("scope", "error", message, *own.span(), instead))
    return found
