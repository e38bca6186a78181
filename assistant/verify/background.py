"""What a reader knows or works out that no sentence of a page spells out.

Told to the model beside the sentences, a line each: what a short form, a capital or an
institution stands for, and which of the page's days and figures make one of the claim.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from assistant.dates import find_dates
from assistant.lexicon import JOINING, Name, known_names, lexicon
from assistant.quantities import Quantity
from assistant.verify.checks import issued_on
from assistant.verify.days import told_from_another
from assistant.verify.evidence import Held
from assistant.verify.figures import figures_of, years_of

_ACRONYM = re.compile(r"\b[A-Z](?:&?[A-Z]){1,5}\b")
_PLAIN = frozenset(("US", "UN", "UK", "EU"))
_IN_A_ROW = re.compile(r"[\w’'-]+(?:,? [\w’'-]+)*")
# Figures of what is read of which sums are tried; smaller counts come of any by chance.
_MOST_ADDED, _LEAST = 12, 12


def background(held: Held) -> list[str]:
    """One line for each thing that links a claim to the sentences that are read."""
    read = " ".join(held.read)
    by_lexicon = list(dict.fromkeys(_names(held.claim, read)))
    told = {word.strip(".") for line in by_lexicon for word in line.split()}
    by_letters = [s for s in _short_forms(held.claim, read) if s.split()[0] not in told]
    return [*by_lexicon, *by_letters, *_days(held, read), *_worked_out(held.claim, read)]


def _names(claim: str, read: str) -> Iterator[str]:
    """Institutions, offices and capitals; that `Japanese` is of Japan a model knows."""
    there = known_names(read)
    for name in known_names(claim):
        shown = claim[name.start : name.end]
        if shown.lower() in read.lower():
            continue
        same = [read[o.start : o.end] for o in there if name.keys & o.keys]
        if same and not _is_country(name):
            yield f"{shown} is {same[0]}."
        elif not same:
            yield from _by_country(shown, name, there, read)


def _by_country(shown: str, name: Name, there: Sequence[Name], read: str) -> Iterator[str]:
    """`shown` of the claim beside a name of the sentences that is of the same country."""
    for other in there:
        theirs = read[other.start : other.end]
        if name.of & (other.keys | other.of):
            yield f"{shown} may stand for {_of(name)}."
        if (name.keys | name.of) & other.of:
            yield f"{theirs} may stand for {_of(other)}."
        if (name.keys | name.of) & (other.keys | other.of):
            return


def _is_country(name: Name) -> bool:
    own = lexicon()
    return not name.of and name.keys.isdisjoint(own.offices.keys() | own.institutions.keys())


def _of(name: Name) -> str:
    country = min(name.of).title().replace("United", "the United")
    institution = not name.keys.isdisjoint(lexicon().institutions)
    return f"an institution of {country}" if institution else f"the government of {country}"


def _short_forms(claim: str, read: str) -> Iterator[str]:
    """Initials in the claim whose words stand in a row in the sentences."""
    words = list(re.finditer(r"[A-Za-z]\w*", read))
    for match in _ACRONYM.finditer(claim):
        if match[0] in _PLAIN or re.search(rf"\b{re.escape(match[0])}\b", read):
            continue
        if found := _spelled_by(match[0].replace("&", ""), words, read):
            yield f"{match[0]} is {found}."


def _spelled_by(letters: str, words: Sequence[re.Match[str]], read: str) -> str | None:
    """Words in a row with these initials, joining words aside; two letters need capitals."""
    for i in range(len(words)):
        run = [w for w in words[i : i + 2 * len(letters)] if w[0].lower() not in JOINING]
        run = run[: len(letters)]
        initials = "".join(w[0][0] for w in run)
        said = read[words[i].start() : run[-1].end()] if run else ""
        if (initials if len(letters) == 2 else initials.upper()) == letters and (
            run[0] is words[i] and _IN_A_ROW.fullmatch(said)
        ):
            return said
    return None


def _days(held: Held, read: str) -> Iterator[str]:
    """Days of the claim that a page tells from another one, as `the previous day`."""
    named = [m for m in find_dates(held.claim, issued_on(held.pages)) if len(m.days) == 1]
    for page in held.pages.articles:
        for words, days in told_from_another(page).items():
            for mention in named:
                if mention.days == days and words in read:
                    yield f"{words.capitalize()} is {held.claim[mention.start : mention.end]}."


def _worked_out(claim: str, read: str) -> Iterator[str]:
    """How figures of the claim that no sentence gives are made of theirs."""
    have = figures_of(read, find_dates(read, None))
    have = tuple(q for q in have if not years_of(read[q.start : q.end]))[:_MOST_ADDED]
    for own in figures_of(claim, find_dates(claim, None)):
        shown = claim[own.start : own.end].strip()
        small = own.unit is None and own.value <= _LEAST
        if small or own.unit == "ordinal" or years_of(shown) or any(map(own.same_as, have)):
            continue
        if parts := _made_of(own, [q for q in have if q.unit == own.unit], have):
            words, sign = [read[q.start : q.end].strip() for q in parts[0]], parts[1]
            yield f"{sign.join(words)} = {shown}."


def _made_of(
    own: Quantity, same: Sequence[Quantity], have: Sequence[Quantity]
) -> tuple[Sequence[Quantity], str] | None:
    """The figures that make `own` and how: a sum, a difference, or a count of one."""

    def makes(value: float) -> bool:
        return abs(own.value - value) <= 1e-6 * max(own.value, 1.0)

    for count in (2, 3, 4) if own.unit else (2,):
        for some in itertools.combinations(same, count):
            if makes(sum(q.value for q in some)):
                return some, " + "
    for a, b in itertools.permutations(same, 2):
        if makes(a.value - b.value):
            return (a, b), " - "
    for number in have:
        for q in same:
            if number.unit is None and number is not q and makes(number.value * q.value):
                return (number, q), " x "
    return None
