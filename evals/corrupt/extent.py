"""Wrong extent and wrong reasons: "some" as "all", "a" as "the first", invented causes."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from evals.corrupt.edits import (
    Claim,
    Edit,
    Template,
    any_of,
    end_of,
    full_stop,
    like,
    pairs,
    root_of,
    subject_of,
    words,
)
from evals.corrupt.figures import find_figures

_SINCE = re.compile(r"\bsince\b|\bin (?:[\w-]+ ){1,3}(?:days|weeks|months|years|decades)\b")
# Deeds that could have been done before.
_REPEATABLE = frozenset("hold host conduct fire test deploy visit fly ground travel launch".split())
# What follows a figure that counts no members: there is no "all 40 percent".
_NO_MEMBERS = frozenset("percent % million billion trillion dozen degrees gigawatts a p".split())


def _scope_word(claim: Claim) -> Iterator[Edit]:
    """`Some of` as `all of`, `nearly` as `more than`."""
    table: Mapping[str, str] = words()["scope_pairs"]
    before_figure = ("nearly", "almost", "just under", "up to", "at least", "more than")
    for edit in pairs("scope_pairs", claim):
        old = claim.text[edit.start : edit.end].lower()
        follows = claim.text[edit.end :]
        if old in before_figure and not re.match(
            r" [\d$€¥]| (?:two|three|half|a dozen|a hundred)\b", follows
        ):
            continue
        if old in ("several", "many", "most", "certain") and not re.match(r" [a-z-]+s\b", follows):
            continue
        if old in ("in some", "in many") and not re.match(r" (?:[a-z-]+ )?[a-z-]+s\b", follows):
            continue
        if re.search(r"\b(?:more|less|most|so|as|very|too) $", claim.text[: edit.start]):
            continue
        if old == "both" and not re.match(r" (?:the|of the)\b", follows):
            continue
        yield Edit(edit.start, edit.end, table[old] if edit.start else edit.words)


def _all_of_them(claim: Claim) -> Iterator[Edit]:
    """`About 3,000 people` as `all 3,000 people`."""
    rough = re.compile(r"(?<!all but )\b(?:[Aa]bout|[Ss]ome|[Aa]pproximately|[Aa]round) $")
    for figure in find_figures(claim.text):
        match = rough.search(claim.text, 0, figure.start)
        measured = figure.noun in words()["units"] or figure.noun in _NO_MEMBERS
        if match and figure.noun and not measured and claim.text[figure.end] == " ":
            yield Edit(match.start(), match.end() - 1, like(match[0], "all"))


def _superlative(claim: Claim) -> Iterator[Edit]:
    """`A drill` as `the first drill` or `the largest drill`."""
    if re.search(r"\b(?:first|largest|biggest|only|longest|most|not|no|never)\b", claim.text):
        return
    for article in claim.doc:
        noun = article.head
        if (
            article.lower_ not in ("a", "an")
            or article.dep_ != "det"
            or noun.lemma_ not in words()["ranked_nouns"]
        ):
            continue
        if (
            noun.dep_ in ("dobj", "attr")
            and noun.tag_ == "NN"
            and claim.free(article.idx, end_of(noun))
        ):
            for degree in ("first", "largest", "only"):
                yield Edit(article.idx, end_of(article), like(article.text, f"the {degree}"))


def _rank_changed(claim: Claim) -> Iterator[Edit]:
    """`The first`, `the largest` made something else than they were."""
    turned = {"first-ever": "annual", "first": "only", "largest": "smallest", "biggest": "smallest"}
    turned |= {"longest": "shortest", "highest": "lowest", "latest": "first"}
    owner = r"(?<!not )\b(?:the|its|their|Japan's)"
    for match in re.finditer(
        rf"{owner} (?P<w>{any_of(turned)})\b(?! half| time| place)", claim.text
    ):
        # The first in three months is the only one in three months.
        recent = match["w"] == "first" and _SINCE.search(claim.text, match.end())
        if claim.free(*match.span()) and turned[match["w"]] not in claim.text and not recent:
            yield Edit(*match.span("w"), turned[match["w"]])


def _first_time(claim: Claim) -> Iterator[Edit]:
    """A deed told as one that was never done before."""
    if re.search(
        r"\b(?:first|never|again|annual|always|every|since|regular\w*|not|no)\b", claim.text
    ):
        return
    root, end = root_of(claim), full_stop(claim)
    told = (
        root is not None
        and root.tag_ == "VBD"
        and root.lemma_ in _REPEATABLE
        and "," not in claim.text[root.idx :]
    )
    if end and told:
        yield Edit(end, end, " for the first time")


def _invented_cause(claim: Claim) -> Iterator[Edit]:
    yield from _joined(claim, "causes")


def _invented_effect(claim: Claim) -> Iterator[Edit]:
    root = root_of(claim)
    if root is not None and root.tag_ == "VBD":
        yield from _joined(claim, "effects")


def _joined(claim: Claim, name: str) -> Iterator[Edit]:
    end = full_stop(claim)
    if end:
        yield from (Edit(end, end, clause) for clause in words()[name])


def _cause_turned(claim: Claim) -> Iterator[Edit]:
    """`In response to` as `ahead of`, `because` as `although`."""
    for edit in pairs("cause_pairs", claim):
        old, follows = claim.text[edit.start : edit.end].lower(), claim.text[edit.end :]
        before = claim.text[: edit.start]
        if old == "because" and follows.startswith(" of"):
            continue
        if old == "due to" and re.search(r"\b(?:is|are|was|were)\s$", before):
            continue
        if old in ("caused", "prompted", "led to", "resulted in") and not _finite(
            claim, edit.start
        ):
            continue
        if old == "following" and not _is_preposition(claim, edit.start):
            continue
        yield edit


def _finite(claim: Claim, start: int) -> bool:
    verb = next((t for t in claim.doc if t.idx == start), None)
    helped = verb is not None and any(c.dep_ in ("aux", "auxpass") for c in verb.children)
    return verb is not None and verb.tag_ == "VBD" and not helped and subject_of(verb) is not None


def _is_preposition(claim: Claim, start: int) -> bool:
    word = next((t for t in claim.doc if t.idx == start), None)
    return word is not None and word.dep_ == "prep" and any(c.dep_ == "pobj" for c in word.children)


def _before_for_after(claim: Claim) -> Iterator[Edit]:
    """What came after told as what came before, and the other way round."""
    for word in claim.doc:
        other = {"after": "before", "before": "after"}.get(word.lower_)
        if other is None or not claim.free(word.idx, end_of(word)):
            continue
        event = next((c for c in word.children if c.dep_ in ("pobj", "pcomp")), None)
        clause = word.dep_ == "mark" and word.head.dep_ == "advcl"
        named = event is not None and event.ent_type_ not in (
            "PERSON",
            "GPE",
            "ORG",
            "TIME",
            "CARDINAL",
        )
        if (clause or named) and word.head.lemma_ not in ("name", "take", "seek", "look"):
            yield Edit(word.idx, end_of(word), like(word.text, other))


SCOPE: tuple[Template, ...] = (_scope_word, _all_of_them, _superlative, _rank_changed, _first_time)
CAUSE: tuple[Template, ...] = (_invented_cause, _invented_effect, _cause_turned, _before_for_after)
