"""Makes a true claim false by one small edit, as writers and their models do.

`evals.splices` takes the wrong words from elsewhere on the page; here they come from outside
it: a name or figure that no page has, the opposite of a word, a plan told as done, a detail
that nobody gave. The word lists are for training alone: no suite measures with them.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence

from assistant.nlp import Doc, Token

# Either stands in for the other.
_OPPOSITES = """
accept reject|accepted rejected|agreed refused|approve oppose|approved rejected|before after
increase decrease|increased decreased|increasing decreasing|rise fall|rose fell|rising falling
more fewer|higher lower|highest lowest|largest smallest|bigger smaller|most least|best worst
won lost|win lose|winning losing|support oppose|supported opposed|supports opposes|for against
allow ban|allowed banned|allows bans|begin end|began ended|start stop|started stopped
open close|opened closed|join leave|joined left|buy sell|bought sold|gain loss|gained lost
first last|early late|earlier later|north south|northern southern|east west|eastern western
public private|male female|men women|man woman|son daughter|father mother|brother sister
guilty innocent|convicted acquitted|arrested released|killed injured|dead alive|found missing
above below|over under|up down|inside outside|strong weak|safe dangerous|success failure
confirmed denied|confirm deny|admitted denied|praised criticised|praised criticized
welcomed condemned|strengthen weaken|strengthened weakened|expand reduce|expanded reduced
raise cut|raised cut|passed failed|many few|majority minority|always never|major minor
with without|legal illegal|likely unlikely|positive negative|former current|new old|long short
"""
# What is said more weakly on the left is said more strongly, or otherwise, on the right.
_STRONGER = """
will > has already agreed to | plans to > decided to | plan to > decided to | may > will
might > will | could > will | would > did | should > must | hopes to > will | hope to > will
seeks to > managed to | aims to > managed to | is expected to > will | are expected to > will
proposed > agreed | considering > beginning | called for > agreed on | asked > ordered
offered > gave | tried to > managed to | said > proved | alleged > proved | warned > announced
suspected > confirmed | accused of > convicted of | charged with > convicted of
some > all | many > all | most > all | several > all | one of the > the only | part of > all of
partly > entirely | almost > fully | nearly > exactly | about > exactly | near > in
at least > exactly | up to > at least | more than > exactly | another > the last | by > in
"""
_UNITS = "thousand million billion|hours days weeks months years|metres kilometres miles".split("|")
_ASIDES = (
    "according to police",
    "following weeks of protests",
    "after months of talks",
    "despite warnings from experts",
    "because of rising costs",
    "in response to public criticism",
    "for the first time",
    "for the second year in a row",
    "amid concerns over security",
    "as part of a new agreement",
    "prompting an official inquiry",
    "causing widespread disruption",
    "to mark the anniversary",
    "with the backing of the government",
    "after a vote by lawmakers",
    "at a ceremony in the capital",
)
_KINDS = frozenset("PERSON ORG GPE NORP DATE CARDINAL MONEY TIME LOC FAC EVENT".split())
_MONTHS = (
    "January February March April May June July August September October November December".split()
)
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
# What other pages have: named things by their kind, and ends of sentences under `_ENDS`.
Elsewhere = Mapping[str, Sequence[str]]
_Way = Callable[[str, Doc, Elsewhere, random.Random], str | None]
_ENDS = "ends"
_END_WORDS = range(3, 11)


def _pairs(text: str, parting: str | None) -> list[tuple[str, str]]:
    entries = [e.split(parting) for e in text.strip().replace("\n", "|").split("|")]
    return [(a.strip(), b.strip()) for a, b in entries]


_OPPOSED = _pairs(_OPPOSITES, None)
_SWAPS = [*_OPPOSED, *((b, a) for a, b in _OPPOSED)]
_STRONG = _pairs(_STRONGER, ">")


def falsified(claim: str, doc: Doc, elsewhere: Elsewhere, chance: random.Random) -> str | None:
    """`claim` with one thing in it wrong, None where no way fits. `doc` is its parse."""
    ways: list[_Way] = [_foreign_name, _figure, _day, _opposite, _stronger, _aside, _unit, _grafted]
    chance.shuffle(ways)
    # An aside and a foreign end fit everywhere: tried last two times in three.
    if chance.random() < 2 / 3:
        ways.sort(key=lambda way: way in (_aside, _grafted))
    for way in ways:
        wrong = way(claim, doc, elsewhere, chance)
        if wrong and wrong != claim:
            return wrong
    return None


def found_in(docs: Sequence[Doc]) -> dict[str, list[str]]:
    """What claims about other texts take from these: see `Elsewhere`."""
    found: dict[str, set[str]] = {_ENDS: set()}
    for doc in docs:
        for sentence in doc.sents:
            found[_ENDS].update(_ends(sentence.root))
        for e in doc.ents:
            if e.label_ in _KINDS and 2 < len(e.text) < 40 and "\n" not in e.text:
                found.setdefault(e.label_, set()).add(e.text)
    return {kind: sorted(names) for kind, names in found.items()}


def _foreign_name(claim: str, doc: Doc, elsewhere: Elsewhere, chance: random.Random) -> str | None:
    own = [e for e in doc.ents if e.label_ in elsewhere]
    if not own:
        return None
    name = chance.choice(own)
    other = chance.choice(elsewhere[name.label_])
    if set(other.lower().split()) & set(claim.lower().split()):
        return None
    return claim[: name.start_char] + other + claim[name.end_char :]


def _figure(claim: str, doc: Doc, elsewhere: Elsewhere, chance: random.Random) -> str | None:
    found = list(re.finditer(r"\d[\d,]*(?:\.\d+)?", claim))
    if not found:
        return None
    figure = chance.choice(found)
    value = float(figure[0].replace(",", ""))
    if "." in figure[0]:
        other = f"{value + chance.choice([-1, 1]) * chance.choice([0.1, 0.5, 1.2, 3]):.1f}"
    elif 1900 < value < 2100:
        other = str(int(value) + chance.choice([-10, -3, -2, -1, 1, 2, 5]))
    else:
        step = max(1, int(value * chance.choice([0.05, 0.1, 0.3, 0.5])))
        other = f"{max(1, int(value) + chance.choice([-1, 1]) * step):,}"
    return claim[: figure.start()] + other.lstrip("-") + claim[figure.end() :]


def _day(claim: str, doc: Doc, elsewhere: Elsewhere, chance: random.Random) -> str | None:
    for series in chance.sample([_MONTHS, _DAYS], 2):
        found = list(re.finditer(rf"\b(?:{'|'.join(series)})\b", claim))
        if found:
            day = chance.choice(found)
            other = chance.choice([d for d in series if d != day[0]])
            return claim[: day.start()] + other + claim[day.end() :]
    return None


def _unit(claim: str, doc: Doc, elsewhere: Elsewhere, chance: random.Random) -> str | None:
    for units in chance.sample([u.split() for u in _UNITS], len(_UNITS)):
        found = list(re.finditer(rf"\b(?:{'|'.join(units)})\b", claim))
        if found:
            unit = chance.choice(found)
            other = chance.choice([u for u in units if u != unit[0]])
            return claim[: unit.start()] + other + claim[unit.end() :]
    return None


def _opposite(claim: str, doc: Doc, elsewhere: Elsewhere, chance: random.Random) -> str | None:
    return _exchanged(claim, _SWAPS, chance)


def _stronger(claim: str, doc: Doc, elsewhere: Elsewhere, chance: random.Random) -> str | None:
    return _exchanged(claim, _STRONG, chance)


def _exchanged(claim: str, pairs: Sequence[tuple[str, str]], chance: random.Random) -> str | None:
    fitting = [(a, b) for a, b in pairs if re.search(rf"\b{a}\b", claim)]
    if not fitting:
        return None
    word, other = chance.choice(fitting)
    found = chance.choice(list(re.finditer(rf"\b{word}\b", claim)))
    return claim[: found.start()] + other + claim[found.end() :]


def _ends(root: Token) -> Iterator[str]:
    """The phrase that ends the sentence of this verb and says when, where, how or why."""
    for phrase in root.children:
        last = phrase.right_edge.i + 1 == root.right_edge.i
        if phrase.dep_ not in ("prep", "advcl") or phrase.i < root.i or not last:
            continue
        words = [t for t in phrase.subtree if not t.is_punct]
        if len(words) in _END_WORDS:
            text = root.doc[words[0].i : words[-1].i + 1].text
            if "\n" not in text:
                yield text


def _grafted(claim: str, doc: Doc, elsewhere: Elsewhere, chance: random.Random) -> str | None:
    if not elsewhere[_ENDS]:
        return None
    return f"{claim.rstrip(' .')} {chance.choice(elsewhere[_ENDS])}."


def _aside(claim: str, doc: Doc, elsewhere: Elsewhere, chance: random.Random) -> str | None:
    return f"{claim.rstrip(' .')}, {chance.choice(_ASIDES)}."
