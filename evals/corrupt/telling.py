"""Wrong telling: plans as deeds and deeds as plans, other speakers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.nlp import Span, Token
from evals.corrupt.edits import (
    Claim,
    Edit,
    Template,
    end_of,
    full_stop,
    is_plural,
    lemma_of,
    like,
    pairs,
    participle,
    past,
    subject_of,
    words,
)

# A day to come: beside it a deed in the past would be nonsense, not an error.
_TO_COME = re.compile(
    r"\b(?:next|later|tomorrow|upcoming|coming|soon|future|until|yet)\b|\bby 20\d\d\b"
)


def _told_as_done(claim: Claim) -> Iterator[Edit]:
    """`Will visit` as `visited`, `will be held` as `was held`."""
    for verb in claim.doc:
        will = next((c for c in verb.children if c.lower_ == "will" and c.dep_ == "aux"), None)
        if (
            will is None
            or _TO_COME.search(claim.text)
            or any(c.dep_ == "neg" for c in verb.children)
        ):
            continue
        deed = _deed(verb, [c for c in verb.children if c.dep_ in ("aux", "auxpass") and c != will])
        if deed and claim.free(will.idx, end_of(verb)):
            yield Edit(will.idx, end_of(verb), _between(claim, will, verb, deed))


def _deed(verb: Token, helpers: Sequence[Token]) -> str | None:
    """The past form of a verb after "will" or "to", active or passive."""
    subject = subject_of(verb) or (subject_of(verb.head) if verb.dep_ == "xcomp" else None)
    if verb.tag_ == "VB" and not [h for h in helpers if h.lower_ != "to"]:
        if verb.lower_ != "be":
            return past(verb.lower_)
        return None if subject is None else _was(subject)
    if verb.tag_ == "VBN" and [h.lower_ for h in helpers if h.lower_ != "to"] == ["be"] and subject:
        return f"{_was(subject)} {verb.text}"
    return None


def _was(subject: Token) -> str:
    return "were" if is_plural(subject) else "was"


def _between(claim: Claim, first: Token, verb: Token, deed: str) -> str:
    """The new verb with the adverbs that stood between: "will also visit" as "also visited"."""
    kept = [
        t.text for t in claim.doc[first.i + 1 : verb.i] if t.dep_ == "advmod" and t.head == verb
    ]
    return " ".join([*kept, deed])


def _intent_done(claim: Claim) -> Iterator[Edit]:
    """`Plans to buy` as `bought`, `is scheduled to end` as `ended`."""
    for verb in claim.doc:
        wish = verb.head
        passive = (
            wish.lemma_.lower() in words()["intents_passive"]
            or wish.lower_ in words()["intents_passive"]
        )
        if verb.dep_ != "xcomp" or verb.i < wish.i or _TO_COME.search(claim.text):
            continue
        helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass")]
        to = next((h for h in helpers if h.lower_ == "to"), None)
        if to is None or to.i != wish.i + 1 or not claim.free(wish.idx, end_of(verb)):
            continue
        lead = [c for c in wish.children if c.dep_ in ("aux", "auxpass", "neg")]
        first = wish
        if lead and (
            passive
            and len(lead) == 1
            and lead[0].tag_ in ("VBZ", "VBP", "VBD")
            and lead[0].i == wish.i - 1
        ):
            first = lead[0]
        elif (
            lead
            or wish.lemma_.lower() not in words()["intents"]
            or wish.tag_ not in ("VBZ", "VBP", "VBD")
        ):
            continue
        deed = _deed(verb, helpers)
        if deed:
            yield Edit(first.idx, end_of(verb), deed)


def _deed_planned(claim: Claim) -> Iterator[Edit]:
    """`Opened` as `planned to open`, `was held` as `may be held`."""
    for verb in claim.doc:
        lemma = lemma_of(verb)
        if lemma not in words()["deeds"] or verb.dep_ not in ("ROOT", "ccomp") or verb.ent_type_:
            continue
        helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass", "neg")]
        subject = subject_of(verb)
        free = subject is not None and claim.free(verb.idx, end_of(verb))
        if verb.tag_ == "VBD" and not helpers and free and subject is not None:
            plans = [f"{_was(subject)} due to"]
            if subject.ent_type_ in ("PERSON", "ORG", "GPE"):
                plans += ["planned to", "agreed to"]
            yield from (Edit(verb.idx, end_of(verb), f"{plan} {lemma}") for plan in plans)
        elif verb.tag_ == "VBN" and [h.lower_ for h in helpers] in (["was"], ["were"]):
            yield Edit(helpers[0].idx, end_of(helpers[0]), "may be")


def _will_may(claim: Claim) -> Iterator[Edit]:
    """A promise told as a chance."""
    for word in claim.doc:
        negated = any(c.dep_ == "neg" for c in word.head.children)  # "may not" is a ban
        if (
            word.lower_ == "will"
            and word.tag_ == "MD"
            and not negated
            and claim.free(word.idx, end_of(word))
        ):
            yield Edit(word.idx, end_of(word), like(word.text, "may"))


def _has_done(claim: Claim) -> Iterator[Edit]:
    """`Will join` as `has joined`."""
    for verb in claim.doc:
        subject = subject_of(verb)
        helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass", "neg")]
        if (
            verb.tag_ != "VB"
            or subject is None
            or verb.lower_ in ("be", "have")
            or _TO_COME.search(claim.text)
        ):
            continue
        dated = re.search(r"\bon [A-Z]", claim.text)  # "has joined on July 1" is no English
        if [h.lower_ for h in helpers] == ["will"] and not dated:
            have = "have" if is_plural(subject) else "has"
            done = _between(claim, helpers[0], verb, participle(verb.lower_))
            yield Edit(helpers[0].idx, end_of(verb), f"{have} {done}")


def _strength_word(claim: Claim) -> Iterator[Edit]:
    """`Discussed` as `agreed on`, `signed` as `discussed`, `could` as `will`."""
    for edit in pairs("strength_pairs", claim):
        old = claim.text[edit.start : edit.end]
        verb = next((t for t in claim.doc if t.idx == edit.start), None)
        if verb is not None and " " not in old and old.endswith("ed"):
            # As an adjective ("the proposed rule") or before "to" and "that" it has other equals.
            deps = {c.dep_ for c in verb.children}
            active = verb.tag_ == "VBD" and "dobj" in deps
            passive = verb.tag_ == "VBN" and "auxpass" in deps and " " not in edit.words
            if not active and not passive:
                continue
        yield edit


def _speakers(claim: Claim) -> Iterator[tuple[Token, Span]]:
    """Who says something in the claim: the verb, and the speaker's offsets."""
    for verb in claim.doc:
        if verb.lemma_.lower() in words()["say"] and verb.pos_ == "VERB":
            subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
            if subject is not None and (
                subject.pos_ != "PRON" or subject.lower_ in ("he", "she", "it", "they")
            ):
                tokens = sorted(subject.subtree, key=lambda t: t.i)
                if tokens[-1].i - tokens[0].i + 1 == len(tokens) <= 12 and not tokens[-1].is_punct:
                    yield verb, (tokens[0].idx, end_of(tokens[-1]))


def _other_speaker(claim: Claim) -> Iterator[Edit]:
    for verb, (start, end) in _speakers(claim):
        if not claim.free(start, end) or verb.tag_ not in ("VBD", "VBZ"):
            continue
        yield from (Edit(start, end, speaker) for speaker in _strangers(claim))


def _strangers(claim: Claim) -> list[str]:
    """Speakers that the claim does not name, by any of the words of their names."""
    plain = {
        "the",
        "a",
        "for",
        "senior",
        "official",
        "spokesperson",
        "China's",
        "South",
        "Korean",
        "Japanese",
    }
    text = claim.text.lower()
    return [
        s
        for s in words()["speakers"]
        if not any(w.lower() in text for w in s.split() if w not in plain)
    ]


def _according_to(claim: Claim) -> Iterator[Edit]:
    for match in re.finditer(r"\b[Aa]ccording to (?P<who>[^,.]+)(?=[,.])", claim.text):
        if claim.free(*match.span()):
            yield from (Edit(*match.span("who"), speaker) for speaker in _strangers(claim))


def _denied(claim: Claim) -> Iterator[Edit]:
    """`Said that` as `denied that`."""
    table: Mapping[str, str] = words()["deniable"]
    for verb, _ in _speakers(claim):
        told = next((c for c in verb.children if c.dep_ == "ccomp"), None)
        marked = told is not None and any(
            c.lower_ == "that" and c.dep_ == "mark" for c in told.children
        )
        follows = told is not None and told.i > verb.i
        if marked and follows and verb.lower_ in table and claim.free(verb.idx, end_of(verb)):
            yield Edit(verb.idx, end_of(verb), table[verb.lower_])


def _settled(claim: Claim) -> Iterator[Edit]:
    """Something held told as confirmed."""
    table: Mapping[str, str] = words()["settled"]
    for verb in claim.doc:
        that = verb.i + 1 < len(claim.doc) and verb.nbor().lower_ == "that"
        free = claim.free(verb.idx, end_of(verb))
        if that and free and verb.pos_ == "VERB" and verb.text in table:
            yield Edit(verb.idx, end_of(verb), table[verb.text])


def _invented_speaker(claim: Claim) -> Iterator[Edit]:
    """A source that said nothing of the kind, joined to a claim that names none."""
    if list(_speakers(claim)) or re.search(r"\b(?:according|said|says|asked|told)\b", claim.text):
        return
    end = full_stop(claim)
    if end:
        yield from (Edit(end, end, f", {speaker} said") for speaker in _strangers(claim))


STRENGTH: tuple[Template, ...] = (
    _told_as_done,
    _intent_done,
    _deed_planned,
    _will_may,
    _has_done,
    _strength_word,
)
ATTRIBUTION: tuple[Template, ...] = (
    _other_speaker,
    _according_to,
    _denied,
    _settled,
    _invented_speaker,
)
