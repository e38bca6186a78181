"""Wrong parts: who did what to whom exchanged."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.nlp import Span, Token
from evals.corrupt.edits import (
    Claim,
    Edit,
    Template,
    any_of,
    end_of,
    is_plural,
    words,
)
from evals.corrupt.people import Person, find_people, known_surnames

_MOST_WORDS = 14
# Words that lose their capital when they no longer open the sentence.
_PLAIN = frozenset(
    "a all an both each its many most several some that the their these this two".split()
)


def _phrase(head: Token) -> Span | None:
    """Offsets of a noun with all that belongs to it; None where it is a clause or too long."""
    tokens = sorted(head.subtree, key=lambda t: t.i)
    while tokens and tokens[-1].is_punct and tokens[-1].text not in ')”"':
        tokens.pop()
    if not tokens or tokens[-1].i - tokens[0].i + 1 != len(tokens) or len(tokens) > _MOST_WORDS:
        return None
    if any(
        t.pos_ in ("PRON", "VERB", "AUX") or t.dep_ in ("relcl", "acl", "appos") for t in tokens
    ):
        return None
    return tokens[0].idx, end_of(tokens[-1])


def _acts(claim: Claim, head: Token) -> bool:
    """Whether a noun can do something: a name, or one of the listed actors."""
    if _is_person(claim, head):
        return True
    if head.ent_type_:
        return head.ent_type_ in ("PERSON", "ORG", "GPE", "NORP")
    if head.pos_ == "PROPN":
        return True
    return head.lemma_.lower() in words()["actors"]


def _exchanged(claim: Claim, one: Token, two: Token) -> Iterator[Edit]:
    """The two phrases in each other's place, the first capital of the sentence kept."""
    a, b = _phrase(one), _phrase(two)
    if not a or not b or not _acts(claim, one) or not _acts(claim, two):
        return
    (start, a_end), (b_start, end) = sorted((a, b))
    if a_end > b_start or not claim.free(start, end):
        return
    text = claim.text
    first, second = text[start:a_end], text[b_start:end]
    if first.lower() == second.lower() or first.count(",") or second.count(","):
        return
    if start == 0 and first.split()[0].lower() in _PLAIN:
        first = first[:1].lower() + first[1:]
    yield Edit(start, end, second + text[a_end:b_start] + first)


def _fits(verb: Token, one: Token, two: Token) -> bool:
    """Whether the verb's form suits both as subject."""
    finite = [verb, *(c for c in verb.children if c.dep_ in ("aux", "auxpass"))]
    varies = any(t.tag_ in ("VBZ", "VBP") or t.lower_ in ("was", "were") for t in finite)
    return not varies or is_plural(one) == is_plural(two)


def _swap_object(claim: Claim) -> Iterator[Edit]:
    """A told B as B told A, in the active voice."""
    for verb in claim.doc:
        if verb.pos_ == "VERB" and verb.lemma_.lower() not in words()["mutual"]:
            yield from _sides(claim, verb, _child(verb, "nsubj"), _child(verb, "dobj"))


def _swap_agent(claim: Claim) -> Iterator[Edit]:
    """A was told by B as B was told by A."""
    for verb in claim.doc:
        agent = _child(verb, "agent")
        if agent is not None:
            yield from _sides(claim, verb, _child(verb, "nsubjpass"), _child(agent, "pobj"))


def _swap_preposition(claim: Claim) -> Iterator[Edit]:
    """A sold it to B as B sold it to A."""
    table: Mapping[str, Sequence[str]] = words()["directed_to"]
    for verb in claim.doc:
        if verb.pos_ == "VERB" and verb.lemma_.lower() in table:
            for child in verb.children:
                if child.dep_ in ("prep", "dative") and child.lower_ in table[verb.lemma_.lower()]:
                    yield from _sides(claim, verb, _child(verb, "nsubj"), _child(child, "pobj"))


def _sides(claim: Claim, verb: Token, one: Token | None, two: Token | None) -> Iterator[Edit]:
    if one is None or two is None or not _fits(verb, one, two):
        return
    # A city cannot visit a person: both have to be people, or neither.
    if _is_person(claim, one) == _is_person(claim, two):
        yield from _exchanged(claim, one, two)


def _is_person(claim: Claim, head: Token) -> bool:
    """By the parse, or because the corpus gives the name a title somewhere."""
    return head.ent_type_ == "PERSON" or head.text in known_surnames(claim)


def _swap_from_to(claim: Claim) -> Iterator[Edit]:
    """From A to B as from B to A, for names."""
    for verb in claim.doc:
        ends = {c.lower_: _child(c, "pobj") for c in verb.children if c.dep_ == "prep"}
        one, two = ends.get("from"), ends.get("to")
        if one is not None and two is not None and one.pos_ == two.pos_ == "PROPN":
            yield from _exchanged(claim, one, two)


def _swap_possessor(claim: Claim) -> Iterator[Edit]:
    """A's attack on B as B's attack on A."""
    for noun in claim.doc:
        owner = _child(noun, "poss")
        if owner is None or owner.pos_ != "PROPN" or noun.lemma_ not in words()["directed_nouns"]:
            continue
        for prep in noun.children:
            other = _child(prep, "pobj")
            case = _child(owner, "case")
            if (
                prep.dep_ == "prep"
                and other is not None
                and case is not None
                and other.pos_ == "PROPN"
            ):
                one, two = _name(owner), _phrase(other)
                if one and two and one[1] == case.idx and claim.free(one[0], two[1]):
                    yield from _turned(claim, one, two)


def _swap_countries(claim: Claim) -> Iterator[Edit]:
    """Two countries, or capitals that stand for them, in each other's part.

    "Tokyo agreed after Washington asked" as "Washington agreed after Tokyo asked".
    """
    states = list(_states(claim))
    for i, (span, one, state) in enumerate(states):
        for other_span, two, other in states[i + 1 :]:
            parts = _part(one) in _ACTIVE and _part(two) and _head(one) != _head(two)
            apart = not one.is_ancestor(two) and not two.is_ancestor(one)
            once = (
                [s for _, _, s in states].count(state)
                == [s for _, _, s in states].count(other)
                == 1
            )
            if state != other and parts and apart and once:
                yield from _turned(claim, span, other_span)


_ACTIVE = ("nsubj", "nsubjpass", "poss", "agent")


def _states(claim: Claim) -> Iterator[tuple[Span, Token, str]]:
    """Countries and capitals that stand alone, not in a list and not in a longer name."""
    table: Mapping[str, str] = words()["states"]
    for match in re.finditer(rf"(?<![\w-])(?<!Sea of )(?:{any_of(table)})(?![\w-])", claim.text):
        span = claim.doc.char_span(*match.span())
        if span is None:
            continue
        token = span.root
        tied = ("conj", "cc", "compound", "amod", "nmod", "appos", "relcl", "poss")
        inside = all(c in span or c.dep_ not in tied for c in token.children)
        if inside and token.dep_ not in ("conj", "compound", "amod", "appos", "nmod"):
            yield match.span(), token, table[match[0]]


def _part(token: Token) -> str:
    """What a country does in its clause; empty where an exchange might change nothing."""
    if token.dep_ == "pobj":
        one_way = token.head.lower_ in ("to", "from", "by", "against", "on", "for", "of", "into")
        return token.head.dep_ if token.head.dep_ == "agent" else "pobj" if one_way else ""
    return token.dep_ if token.dep_ in ("nsubj", "nsubjpass", "poss", "dobj") else ""


def _head(token: Token) -> Token:
    return token.head.head if token.head.dep_ in ("prep", "agent") else token.head


def _swap_nationalities(claim: Claim) -> Iterator[Edit]:
    """`Japanese officials told US reporters` as `US officials told Japanese reporters`."""
    pattern = rf"(?<![\w-])(?<!\ban )(?<!\ba )(?:{any_of(words()['nationalities'])})(?= [a-z])"
    found = [(m.span(), claim.doc.char_span(*m.span())) for m in re.finditer(pattern, claim.text)]
    plain = [(s, c.root) for s, c in found if c is not None and c.root.dep_ in ("amod", "compound")]
    for i, (span, one) in enumerate(plain):
        for other_span, two in plain[i + 1 :]:
            listed = one.head == two.head or two.head in one.head.conjuncts
            listed = listed or two.head.head.lower_ == "with"  # A with B is B with A
            if one.text != two.text and not listed:
                yield from _turned(claim, span, other_span)


def _swap_people(claim: Claim) -> Iterator[Edit]:
    """The names behind two titles exchanged: who holds which office, who received whom."""
    people = find_people(claim.text)
    for i, one in enumerate(people):
        for two in people[i + 1 :]:
            between = claim.text[one.end : two.start]
            told_apart = _office(claim.text, one) != _office(claim.text, two)
            if one.surname != two.surname and (told_apart or not _MUTUAL.search(between)):
                yield from _turned(claim, (one.start, one.end), (two.start, two.end))


_MUTUAL = re.compile(r"\b(?:and|with|met|meets?|meeting|joins?|joined|spoke)\b|^, $")


def _office(text: str, person: Person) -> tuple[str, str, str]:
    """What a text says of somebody besides the name: nationality, title, "of Japan"."""
    before = re.search(rf"\b([A-Z]\w+|U\.S\.) {re.escape(person.title)} $", text[: person.start])
    after = re.match(r" of [A-Z]\w+(?: [A-Z]\w+)?|, [a-z][^,.]*", text[person.end :])
    return before[1] if before else "", person.title, after[0] if after else ""


def _turned(claim: Claim, a: Span, b: Span) -> Iterator[Edit]:
    """Two stretches in each other's place."""
    text = claim.text
    if a[1] <= b[0] and claim.free(a[0], b[1]):
        yield Edit(a[0], b[1], text[slice(*b)] + text[a[1] : b[0]] + text[slice(*a)])


def _name(owner: Token) -> Span | None:
    """A possessor without its "'s"."""
    tokens = [t for t in owner.subtree if t.dep_ != "case"]
    close = tokens[-1].i - tokens[0].i + 1 == len(tokens) <= _MOST_WORDS
    return (tokens[0].idx, end_of(tokens[-1])) if close else None


def _child(token: Token, dep: str) -> Token | None:
    found = [c for c in token.children if c.dep_ == dep]
    return found[0] if len(found) == 1 else None


ROLE_SWAP: tuple[Template, ...] = (
    _swap_object,
    _swap_agent,
    _swap_preposition,
    _swap_from_to,
    _swap_possessor,
    _swap_countries,
    _swap_nationalities,
    _swap_people,
)
