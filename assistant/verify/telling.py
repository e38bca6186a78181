"""How a claim tells a thing: as planned or done, as sure or possible, denied, without exception.

In words of its own a claim may use any verb, so these findings need a sentence that it
retells, or a page that has the word in no other way.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from assistant.sources import Sentence
from assistant.terms import STOP_WORDS, terms
from assistant.types import Finding
from assistant.verify.claim_words import claim_words, kinds
from assistant.verify.verbs import base, is_past

_FUTURE = (
    r"(?:will|would|shall|may|might|could|plans? to|planned to|intends? to|aims? to|hopes? to|"
    r"expected to|scheduled to|due to|set to|agreed to|wants? to|vowed to|pledged to|promised to|"
    r"is to|are to|to be)"
)
_WEAK = re.compile(rf"\b{_FUTURE}\s+(?:not\s+|also\s+|be\s+)?(\w+)", re.I)
_WEAK_NEAR = re.compile(
    rf"\b(?:{_FUTURE}|should|must|can|plans?|planned|planning|proposed|to)\s+(?:\w+\s+){{0,2}}$",
    re.I,
)
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|n[’']t|without|refused to|denied|declined to|failed to|yet to|"
    r"neither)\s+(?:yet\s+|been\s+|be\s+|to\s+|any\s+|have\s+)*(\w+)",
    re.I,
)
# `Found no signs` says what `did not find any signs` says.
_NONE_OF_IT = re.compile(
    r"\b(\w+) no(?! (?:more|less|fewer|later|earlier|longer|doubt|matter)\b)(?= \w)", re.I
)
_NOT_ANY = re.compile(r"(?:\b(?:not|never)|n[’']t) (\w+)(?: any)?(?= \w)", re.I)
_NONE = re.compile(r"\b(?:no|without(?: an?| any)?|not any|neither) ([a-z]{4,})", re.I)
_DENIAL = re.compile(
    r"\b(?:no|not|never|nor|neither|none|nobody|without|lack\w*|den(?:y|ie)\w*|fail\w*|declin\w+)\b"
    r"|n[’']t\b",
    re.I,
)
_SURE = re.compile(r"\b(will)\s+(?:also\s+|be\s+)?(\w+)", re.I)
_POSSIBLE = re.compile(r"\b(may|might|could)\s+(?:also\s+|later\s+|be\s+)?(\w+)", re.I)
# Terms after a verb that tell what it is said of, and the share of them that a sentence has.
_SAID_OF = 4
_MOST = 0.6
# Two at least: one may be there by chance.
_FEWEST = 2
_FILLERS = frozenset(base(w) for w in "be have not take make a an the also more new".split())


def check_strength(claim: str, retold: str, evidence: str) -> list[Finding]:
    """Verbs that the sentences `retold` only plan or allow for, told as done."""
    weak = {base(m[1]) for m in _WEAK.finditer(retold)} - _FILLERS
    done = _bases(_WEAK.sub(" ", evidence))
    reached = {g for w in done for g in kinds()["strength"].get(w, ())}
    done |= {w for w in weak if kinds()["strength"].get(w, frozenset()) & reached}
    found = []
    for match in re.finditer(r"\b[A-Za-z]+(?:ed|s|ing)?\b", claim):
        verb = base(match[0])
        plain = match[0].lower() not in STOP_WORDS and not match[0].endswith("ly")
        if plain and verb in weak - done and not _WEAK_NEAR.search(claim[: match.start()]):
            found.append(_told_as_done(match))
    return found[:1]


def check_plans(claim: str, evidence: Sequence[Sentence], whole: str) -> list[Finding]:
    """Verbs told as done or sure that the page, `whole`, has only as planned or as possible.

    A sentence tells of the same act where it has most of what follows the verb in the claim.
    """
    planned = frozenset().union(*(_planned_in(s.text) for s in evidence)) - _FILLERS
    for verb in re.finditer(r"[A-Za-z]+", claim) if planned else ():
        act = base(verb[0])
        if (
            is_past(verb[0])
            and act in planned
            and not _WEAK_NEAR.search(claim[: verb.start()])
            and any(act in _planned_in(s) for s in _telling(claim, verb, evidence))
            and act not in _bases(_WEAK.sub(" ", whole))
        ):
            return [_told_as_done(verb)]
    for said in _SURE.finditer(claim):
        possible = {
            base(m[2]): m[1] for s in _telling(claim, said, evidence) for m in _POSSIBLE.finditer(s)
        }
        modal = possible.get(base(said[2]))
        if modal and all(base(m[2]) != base(said[2]) for m in _SURE.finditer(whole)):
            message = f"The source says “{modal}” of this, not “{said[1]}”."
            return [Finding("strength", "error", message, *said.span(1), modal)]
    return []


def _telling(claim: str, verb: re.Match[str], evidence: Sequence[Sentence]) -> Iterator[str]:
    """The sentences that have most of what follows `verb` in the claim."""
    about = set(terms(claim[verb.end() :])[:_SAID_OF])
    fewest = max(_FEWEST, _MOST * len(about))
    return (s.text for s in evidence if len(about & s.bag) >= fewest)


@lru_cache(maxsize=512)  # several claims are held against the same sentences
def _planned_in(text: str) -> frozenset[str]:
    """The verbs of `text` that tell a plan or a possibility, in base form."""
    return frozenset(base(m[1]) for m in _WEAK.finditer(text))


def _told_as_done(verb: re.Match[str]) -> Finding:
    message = f"The source speaks of a plan or a possibility; “{verb[0]}” says it was done."
    return Finding("strength", "error", message, verb.start(), verb.end())


def check_absolutes(claim: str, whole: str) -> list[Finding]:
    """Words without exception, such as `every` and `ever`, of which the page has none.

    Warnings: of the project's own claims as many true ones have such a word as wrong ones.
    """
    allowed = claim_words().absolute
    told = [m for m in re.finditer(r"[A-Za-z]+", claim) if m[0].lower() in allowed]
    have = set(re.findall(r"[a-z]+", whole.lower())) if told else set()
    return [
        Finding(
            "scope",
            "warning",
            f"The source does not say “{m[0]}”: see whether it leaves no exception.",
            *m.span(),
        )
        for m in told
        if have.isdisjoint((m[0].lower(), *allowed[m[0].lower()]))
    ]


def check_negation(claim: str, retold: str, evidence: str) -> list[Finding]:
    """A verb that the claim denies and the sentences `retold` state, or the other way round."""
    denied_claim = {base(m[1]): m for m in _NEGATED.finditer(claim)}
    denied_source = {base(m[1]) for p in (_NEGATED, _NONE_OF_IT) for m in p.finditer(retold)}
    said_claim = _said(_NONE_OF_IT.sub(" ", claim))
    said_source = _said(_NONE_OF_IT.sub(" ", _NEGATED.sub(" ", evidence))).keys()
    found = []
    for verb, match in denied_claim.items():
        if verb not in denied_source and verb in _said(_NEGATED.sub(" ", retold)):
            message = f"The source does not deny this: it has no “{match[0]}”."
            found.append(Finding("negation", "error", message, match.start(), match.end()))
    for verb in denied_source - set(denied_claim) - said_source - _FILLERS:
        if verb in said_claim and not denied_claim:
            start = claim.index(said_claim[verb])
            message = f"The source denies this: it says “not” of “{said_claim[verb]}”."
            end = start + len(said_claim[verb])
            found.append(Finding("negation", "error", message, start, end))
    return found


def check_none(claim: str, whole: str) -> list[Finding]:
    """Things that the page, `whole`, names only to say that there are none: `no timetable`."""
    if _DENIAL.search(claim):
        return []
    none = _none_of(whole)
    named = [m for m in re.finditer(r"\b[a-z]{4,}\b", claim) if base(m[0]) in none]
    have = _bases(_NONE.sub(" ", whole)) if named else set()
    return [
        Finding("negation", "error", f"The source has no {m[0]}: it says so.", *m.span())
        for m in named
        if base(m[0]) not in have
    ][:1]


@lru_cache(maxsize=64)  # a page is asked for with each of the claims that cite it
def _none_of(whole: str) -> frozenset[str]:
    return frozenset(base(m[1]) for m in _NONE.finditer(whole))


def _bases(text: str) -> set[str]:
    return {base(w) for w in re.findall(r"[A-Za-z]+", text)}


def denied_otherwise(text: str) -> str:
    """`text` with `found no signs` for `did not find any signs`, or the other way round."""
    if _NOT_ANY.search(text):
        return _NOT_ANY.sub(r" \1 no", text)
    return _NONE_OF_IT.sub(r"not \1 any", text)


def _said(text: str) -> dict[str, str]:
    """The content words of `text` by their base form."""
    words = re.findall(r"[A-Za-z]{3,}", text)
    return {base(w): w for w in words if w.lower() not in STOP_WORDS}


def check_undoing(claim: str, evidence: str) -> list[Finding]:
    """Verbs such as `cancelled`, which evidence that the claim retells must use itself."""
    have = _bases(evidence)
    return [
        Finding("action", "error", f"The source does not say “{m[0]}”.", m.start(), m.end())
        for m in re.finditer(r"[A-Za-z]+", claim)
        if base(m[0]) in kinds()["undoing"] and base(m[0]) not in have
    ]
