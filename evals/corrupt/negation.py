"""Wrong polarity: "not" put in or taken out, in good grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.nlp import Token
from evals.corrupt.edits import (
    Claim,
    Edit,
    Template,
    end_of,
    lemma_of,
    past,
    subject_of,
    third_person,
    with_article,
    words,
)

# A subject under which "not" would be read two ways ("all did not").
_QUANTIFIED = frozenset(
    "all any both each every few many most neither no none nobody nothing only some".split()
)


def _statements(claim: Claim) -> Iterator[Token]:
    """The verbs whose truth the claim stands for: of main and reported clauses."""
    for verb in claim.doc:
        if verb.dep_ in ("ROOT", "ccomp", "conj", "relcl") and verb.pos_ in ("VERB", "AUX"):
            first = subject_of(verb)
            if first is None or verb.dep_ == "conj" and verb.head.dep_ not in ("ROOT", "ccomp"):
                continue
            quantified = any(t.lower_ in _QUANTIFIED for t in first.subtree)
            denied = any(c.dep_ == "neg" or c.lower_ in ("no", "never") for c in verb.subtree)
            if not quantified and not denied and claim.free(verb.idx, end_of(verb)):
                yield verb


def _not_after_auxiliary(claim: Claim) -> Iterator[Edit]:
    """`Will run` as `will not run`."""
    for verb in _statements(claim):
        helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass") and c.i < verb.i]
        if helpers and helpers[0].lower_ not in ("to", "'s", "’s", "having", "being"):
            yield Edit(helpers[0].idx, end_of(helpers[0]), f"{helpers[0].text} not")


def _not_after_be(claim: Claim) -> Iterator[Edit]:
    """`Is ready` as `is not ready`."""
    for verb in _statements(claim):
        if verb.lower_ in ("is", "are", "was", "were") and not any(
            c.dep_ == "aux" for c in verb.children
        ):
            yield Edit(verb.idx, end_of(verb), f"{verb.text} not")


def _did_not(claim: Claim) -> Iterator[Edit]:
    """`Hosted` as `did not host`."""
    helper = {"VBD": "did", "VBZ": "does", "VBP": "do"}
    for verb in _statements(claim):
        lemma = lemma_of(verb)
        plain = not any(c.dep_ in ("aux", "auxpass") for c in verb.children)
        if verb.pos_ == "VERB" and verb.tag_ in helper and lemma and plain and lemma != "be":
            shared = verb.dep_ == "conj" and any(
                c.dep_ in ("aux", "auxpass") for c in verb.head.children
            )
            if not shared:
                yield Edit(verb.idx, end_of(verb), f"{helper[verb.tag_]} not {lemma}")


def _not_removed(claim: Claim) -> Iterator[Edit]:
    """`Did not run` as `ran`, `has not said` as `has said`."""
    for word in claim.doc:
        if word.dep_ != "neg" or word.lower_ != "not" or not claim.free(word.idx, end_of(word)):
            continue
        after = word.nbor() if word.i + 1 < len(claim.doc) else None
        helper = word.nbor(-1) if word.i else None
        if (
            after is None
            or helper is None
            or helper.pos_ != "AUX"
            or after.lower_ in ("only", "all")
        ):
            continue
        if after.lower_ == "yet":
            yield Edit(word.idx, end_of(after), "already")
        elif helper.lower_ in ("did", "does", "do"):
            if after.tag_ == "VB":
                yield Edit(helper.idx, end_of(after), _positive(helper.lower_, after.lower_))
        else:
            yield Edit(helper.idx, end_of(word), helper.text)


def _positive(helper: str, lemma: str) -> str:
    return {"did": past(lemma), "does": third_person(lemma), "do": lemma}[helper]


def _no_removed(claim: Claim) -> Iterator[Edit]:
    """`No missile was fired` as `a missile was fired`."""
    for word in claim.doc:
        if word.lower_ != "no" or word.dep_ != "det" or not claim.free(word.idx, end_of(word)):
            continue
        noun, after = word.head, word.nbor()
        if noun.tag_ == "NNS" or noun.lemma_.lower() in words()["mass_nouns"]:
            new = "some" if noun.tag_ != "NNS" else "several"
        elif noun.tag_ == "NN":
            new = with_article("other" if after.lower_ == "other" else after.text).split()[0]
            if after.lower_ == "other":
                new = "another"
        else:
            continue
        end = end_of(after) if new == "another" else end_of(word)
        yield Edit(word.idx, end, new)


def _other_negatives(claim: Claim) -> Iterator[Edit]:
    """`Without`, `no longer`, `none of`, `neither`: each has a positive of its own."""
    turned = {
        r"\bno longer\b": "still",
        r"\bwithout (?=[a-z]+ing\b)": "after ",
        r"\bnone of\b": "all of",
        r"\bneither of the\b": "both of the",
        r"\bagainst(?= the (?:plan|idea|bill|proposal|move)\b)": "in favor of",
        r"\bunable to\b": "able to",
        r"\bfailed to\b": "managed to",
        r"\brefused to\b": "agreed to",
        r"\bexcluding\b": "including",
        r"\bincluding\b": "excluding",
    }
    for pattern, new in turned.items():
        for match in re.finditer(pattern, claim.text):
            if claim.free(*match.span()):
                yield Edit(*match.span(), new)


NEGATION: tuple[Template, ...] = (
    _not_after_auxiliary,
    _not_after_be,
    _did_not,
    _not_removed,
    _no_removed,
    _other_negatives,
)
