"""Rewordings that keep every fact, so that a checker may not object to them."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence

from assistant.nlp import Token
from evals.corrupt.edits import (
    Claim,
    Edit,
    Template,
    any_of,
    end_of,
    is_plural,
    lemma_of,
    like,
    participle,
    root_of,
    words,
)
from evals.corrupt.figures import find_figures, spell

_HUNDREDS = {1000.0: "thousand", 1_000_000.0: "million"}
# Feet per meter, miles per kilometer, pounds per kilogram.
_FACTORS = (
    ("meters", "feet", 3.28084),
    ("metres", "feet", 3.28084),
    ("kilometers", "miles", 0.621371),
    ("kilometres", "miles", 0.621371),
    ("km", "miles", 0.621371),
    ("kilograms", "pounds", 2.20462),
    ("feet", "meters", 0.3048),
    ("miles", "kilometers", 1.609344),
    ("pounds", "kilograms", 0.453592),
)
_SHORT = {"kilometers": "km|kilometres", "meters": "m|metres"}
# What a clause may hold besides verb and objects and still be turned safely.
_SIMPLE = {"nsubj", "dobj", "prep", "punct", "npadvmod", "aux", "advmod"}
_NUMERAL = r"\d[\d,]*(?:\.\d+)?"
_MEASURE = re.compile(
    rf"(?<![\w$.,-])(?P<a>{_NUMERAL})(?:(?P<to> (?:to|and|or) )(?P<b>{_NUMERAL}))? "
    rf"(?P<unit>{any_of(name for name, _, _ in _FACTORS)})\b(?! \(|[\w-])"
)
_ROUGH = re.compile(
    r"\b(?:about|some|around|approximately|roughly|nearly|almost|more than|over|up to) $", re.I
)
_COUNTRY_FORMS: Sequence[tuple[str, Sequence[str]]] = (
    (r"\bthe United States\b(?! of)", ("the US", "the U.S.")),
    (
        r"\bthe US\b(?! [A-Z]| [a-z]+s?\b(?<! and)(?<! to)(?<! in))",
        ("the United States", "the U.S."),
    ),
    (
        r"\bthe U\.S\.(?= (?:and|to|in|or|for|has|will|is|from|on|with)\b|,)",
        ("the United States", "the US"),
    ),
    (r"\bU\.S\.(?= [A-Z])(?<!the U\.S\.)", ("US",)),
    (r"\bUS(?= [A-Z])", ("U.S.",)),
    (
        r"\b(?:US|U\.S\.)(?= (?:officials?|forces|troops|military|aircraft|companies|allies)\b)",
        ("American",),
    ),
    (r"\bSouth Korea\b(?!['’]| [A-Z])", ("the Republic of Korea", "the ROK")),
    (r"\bthe Republic of Korea\b(?! [A-Z(]| \()", ("South Korea",)),
    (r"\bNorth Korea\b(?!['’]| [A-Z])", ("the DPRK",)),
    (r"\bthe United Kingdom\b", ("the UK", "Britain")),
    (r"\bthe UK\b(?! [A-Z])", ("the United Kingdom", "Britain")),
    (r"\bJapan['’]s(?= (?:Defense|Foreign|Finance) Ministry\b)", ("the Japanese",)),
    (r"\b[Tt]he Japanese(?= (?:Defense|Foreign|Finance) Ministry\b)", ("Japan's",)),
    (r"\bChina['’]s(?= (?:Commerce|Foreign|Defense) Ministry\b)", ("the Chinese",)),
    (r"\bSouth Korea['’]s(?= (?:Foreign|Defense) Ministry\b)", ("the South Korean",)),
)

_FIELD = "Foreign(?! Affairs)|Defense|Finance"
_OFFICE_FORMS: Sequence[tuple[str, str]] = (
    (rf"\b({_FIELD}) (Minister|Ministry)\b", r"\2 of \1"),
    (r"\b(Defense) (Secretary|Department)\b", r"\2 of \1"),
    (r"\b(State) (Department)\b", r"\2 of \1"),
    (r"\b(Minister|Ministry) (?:of|for) (Foreign) Affairs\b", r"\2 \1"),
    (r"\b(Minister|Ministry|Secretary|Department) of (Defense|Finance)\b", r"\2 \1"),
    (r"\b(Department) of (State)\b", r"\2 \1"),
)


def _number_in_words(claim: Claim) -> Iterator[Edit]:
    """`23 items` as `twenty-three items`, `3,000` as `three thousand`."""
    for f in find_figures(claim.text):
        if f.spelt or not f.noun or "." in claim.text[f.start : f.end]:
            continue
        word = _thousands(f.value) or (spell(f.value) if f.value >= 1 else None)
        if word and f.noun != "%" and not claim.text[: f.start].endswith("("):
            yield Edit(f.start, f.end, word)


def _thousands(value: float) -> str | None:
    for unit, name in _HUNDREDS.items():
        if value >= unit and value % unit == 0:
            word = spell(value / unit)
            return f"{word} {name}" if word else None
    return None


def _number_in_digits(claim: Claim) -> Iterator[Edit]:
    """`Seven nations` as `7 nations`; not where it opens the sentence."""
    for f in find_figures(claim.text):
        if f.spelt and f.start > 0 and f.noun != "dozen" and claim.free(f.start, f.end):
            yield Edit(f.start, f.end, str(int(f.value)))


def _country(claim: Claim) -> Iterator[Edit]:
    for pattern, forms in _COUNTRY_FORMS:
        for match in re.finditer(pattern, claim.text):
            if claim.free(*match.span()):
                yield from (Edit(*match.span(), form) for form in forms)


def _office(claim: Claim) -> Iterator[Edit]:
    """`Defense Minister` as `Minister of Defense`, and back."""
    for pattern, form in _OFFICE_FORMS:
        for match in re.finditer(pattern, claim.text):
            if claim.free(*match.span()):
                shown = match.expand(form)
                yield Edit(*match.span(), shown + " Affairs" * shown.endswith("of Foreign"))


def _passive(claim: Claim) -> Iterator[Edit]:
    """`The ministry approved the plan in May` as `The plan was approved by the ministry in May`."""
    verb = root_of(claim)
    if verb is None:
        return
    deps = [c.dep_ for c in verb.children]
    subject, thing = _only(verb, "nsubj"), _only(verb, "dobj")
    if not set(deps) <= _SIMPLE or subject is None or thing is None or claim.quoted:
        return
    told, first, last = _passive_form(verb, thing), _plain_phrase(subject), _plain_phrase(thing)
    if told and first and last and end_of(verb) + 1 == last[0]:
        opening = _opening(verb)
        if opening is None or first[1] + 1 != opening.idx:
            return
        text = claim.text
        doer, done = text[first[0] : first[1]], text[last[0] : last[1]]
        if first[0] == 0 and subject.left_edge.pos_ != "PROPN":
            doer = doer[:1].lower() + doer[1:]
        yield Edit(first[0], last[1], f"{done} {told} by {doer}")


def _passive_relative(claim: Claim) -> Iterator[Edit]:
    """`The plan that the Cabinet approved` as `the plan that was approved by the Cabinet`."""
    for verb in claim.doc:
        subject, link = _only(verb, "nsubj"), _only(verb, "dobj")
        if verb.dep_ != "relcl" or subject is None or link is None or claim.quoted:
            continue
        doer, told = _plain_phrase(subject), _passive_form(verb, verb.head)
        opening = _opening(verb)
        joined = link.lower_ in ("that", "which") and link.i == subject.left_edge.i - 1
        if joined and doer and told and opening is not None and doer[1] + 1 == opening.idx:
            by = claim.text[doer[0] : doer[1]]
            yield Edit(doer[0], end_of(verb), f"{told} by {by}")


def _passive_form(verb: Token, thing: Token) -> str | None:
    """`Was approved`, `will also be approved`; None for other tenses and verbs."""
    lemma = lemma_of(verb)
    if lemma is None or lemma not in words()["passive"]:
        return None
    helpers = [c for c in verb.children if c.dep_ in ("aux", "auxpass", "neg")]
    also = "also " if any(c.lower_ == "also" for c in verb.children) else ""
    done = participle(lemma)
    if verb.tag_ == "VBD" and not helpers:
        return f"{'were' if is_plural(thing) else 'was'} {also}{done}"
    if verb.tag_ == "VB" and [h.lower_ for h in helpers] == ["will"]:
        return f"will {also}be {done}"
    if verb.tag_ == "VBN" and [h.lower_ for h in helpers] in (["has"], ["have"]):
        return f"{'have' if is_plural(thing) else 'has'} {also}been {done}"
    return None


def _opening(verb: Token) -> Token | None:
    """The first word of the verb with its helpers and "also"; None if other words stand there."""
    first = min((c for c in verb.children if c.dep_ == "aux"), key=lambda t: t.i, default=verb)
    while first.i and first.nbor(-1).lower_ == "also":
        first = first.nbor(-1)
    between = list(first.doc[first.i : verb.i])
    return first if all(t.dep_ == "aux" or t.lower_ == "also" for t in between) else None


def _only(token: Token, dep: str) -> Token | None:
    found = [c for c in token.children if c.dep_ == dep]
    return found[0] if len(found) == 1 else None


def _plain_phrase(head: Token) -> tuple[int, int] | None:
    """A noun phrase without clause, pronoun or comma."""
    tokens = sorted(head.subtree, key=lambda t: t.i)
    if tokens[-1].i - tokens[0].i + 1 != len(tokens):
        return None
    if any(t.pos_ in ("PRON", "VERB", "AUX") or t.text in ",;:-–" for t in tokens):
        return None
    return tokens[0].idx, end_of(tokens[-1])


def _converted(claim: Claim) -> Iterator[Edit]:
    """`150 meters` as `492 feet`."""
    for match in _MEASURE.finditer(claim.text):
        if not _has_both(claim.text, match):
            yield Edit(*match.span(), _in_other_unit(match))


def _conversion_added(claim: Claim) -> Iterator[Edit]:
    """`150 meters` as `150 meters (492 feet)`."""
    for match in _MEASURE.finditer(claim.text):
        if not _has_both(claim.text, match):
            yield Edit(*match.span(), f"{match[0]} ({_in_other_unit(match)})")


def _has_both(text: str, match: re.Match[str]) -> bool:
    """Whether the figure is one half of a pair that gives the other unit already."""
    other = next(new for name, new, _ in _FACTORS if name == match["unit"])
    bracketed = re.search(r"\([^)]*$", text[: match.start()])
    return (
        bool(bracketed)
        or re.search(rf"\b(?:{other}|{_SHORT.get(other, other)})\b", text) is not None
    )


def _in_other_unit(match: re.Match[str]) -> str:
    unit, factor = next((new, f) for name, new, f in _FACTORS if name == match["unit"])
    rough = bool(_ROUGH.search(match.string[: match.start()]))
    shown = [_rounded(match[g], factor, rough) for g in ("a", "b") if match[g]]
    return f"{(match['to'] or '').join(shown)} {unit}"


def _rounded(figure: str, factor: float, rough: bool) -> str:
    """As a newspaper rounds: three figures, or as many as were given; two of a rough one."""
    value = float(figure.replace(",", "")) * factor
    given = len(figure.replace(",", "").replace(".", "").rstrip("0"))
    kept = max(2, given + 1) if rough else max(3, given)
    places = min(kept - 1 - math.floor(math.log10(value)), 0 if value >= 10 else 1)
    shown = round(value, places)
    return f"{shown:,.0f}" if shown == int(shown) else f"{shown:,}"


def _synonym(claim: Claim) -> Iterator[Edit]:
    table: Mapping[str, str] = words()["synonyms"]
    for phrase, equal in table.items():
        bare = phrase.removesuffix(" #")
        ahead = r"(?= [\d$])" if bare != phrase else r"(?![\w-])"
        for match in re.finditer(rf"(?<![\w-])(?i:{re.escape(bare)}){ahead}", claim.text):
            if claim.free(*match.span()) and (match.start() == 0 or match[0].islower()):
                yield Edit(*match.span(), like(match[0], equal))


TEMPLATES: Mapping[str, tuple[Template, ...]] = {
    "number-words": (_number_in_words, _number_in_digits),
    "country-form": (_country,),
    "office-order": (_office,),
    "passive": (_passive, _passive_relative),
    "conversion": (_converted, _conversion_added),
    "synonym": (_synonym,),
}
