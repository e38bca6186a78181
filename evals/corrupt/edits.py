"""A claim, an edit of it, and the word lists that edits are made with.

A template is a function from a claim to every edit that it can make there; it draws
nothing by chance. Which template and which edit is used is decided in one place.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any, cast

import yaml

from assistant import resources
from assistant.nlp import Doc, Token, parse

_QUOTED = re.compile(r"\"[^\"]*\"|“[^”]*”|(?<!\w)['‘][^'’]+(?:['’]\w[^'’]*)*['’](?!\w)")
_AGREES = re.compile(r"\b([Aa])n? $")
# "an 8-day", "an 11-nation", "an MSDF ship"; but "a one-day", "a unit", "a NATO".
_OPEN_SOUND = re.compile(r"8|11(?!\d)|18(?!\d)|(?!uni|us|uk|eu|one|once)[aeiou]", re.IGNORECASE)
_ACRONYM = re.compile(r"[A-Z](?:[A-Z.]|-\d)")
_ACRONYM_OPEN = re.compile(r"(?!NATO|NASA|METI|MOFA)[AEFHILMNORSX]")


@dataclass(frozen=True)
class Edit:
    """`words` put in place of `claim[start:end]`; never empty, so that a span can show them."""

    start: int
    end: int
    words: str


@dataclass(frozen=True)
class Claim:
    """A true claim, and the other true claims of its corpus to borrow from."""

    text: str
    others: tuple[str, ...] = ()

    @cached_property
    def doc(self) -> Doc:
        """Its parse, made when first asked for."""
        return _parsed(self.text)

    @cached_property
    def true(self) -> frozenset[str]:
        """All of these claims without regard to capitals."""
        return frozenset((self.text.casefold(), *(o.casefold() for o in self.others)))

    @cached_property
    def quoted(self) -> tuple[tuple[int, int], ...]:
        """Offsets of what stands in quotation marks: somebody's very words, not to be turned."""
        return tuple(match.span() for match in _QUOTED.finditer(self.text))

    def free(self, start: int, end: int) -> bool:
        """Whether no quotation touches the span."""
        return not any(start < b and a < end for a, b in self.quoted)


Template = Callable[[Claim], Iterable[Edit]]


@lru_cache(maxsize=1024)
def _parsed(text: str) -> Doc:
    return parse(text, entities=True)


def apply_edit(text: str, edit: Edit) -> tuple[str, int, int]:
    """The changed text and the span of its new words; "a" and "an" follow what comes after."""
    start, end, words = edit.start, edit.end, edit.words
    if start == 0:
        words = words[:1].upper() + words[1:]
    if words.endswith(".") and text.startswith(".", end):
        words = words[:-1]  # one stop is enough: "in the U.S."
    article = _AGREES.search(text, 0, start)
    if article:
        fitting = article[1] + ("n " if _sounds_open(words) else " ")
        if fitting != article[0]:
            start, words = article.start(), fitting + words
    return text[:start] + words + text[end:], start, start + len(words)


def with_article(words: str) -> str:
    """`an exercise`, `a meeting`."""
    return f"{'an' if _sounds_open(words) else 'a'} {words}"


def _sounds_open(words: str) -> bool:
    if _ACRONYM.match(words):
        return bool(_ACRONYM_OPEN.match(words))
    return bool(_OPEN_SOUND.match(words))


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """The lists of `evals/data/corruptions.yaml`."""
    path = resources.eval_data() / "corruptions.yaml"
    return cast(Mapping[str, Any], yaml.safe_load(path.read_text(encoding="utf-8")))


@lru_cache(maxsize=1)
def names() -> Mapping[str, Sequence[str]]:
    """The titles and family names of `prompts/names.yaml`."""
    path = resources.prompts() / "names.yaml"
    return cast(Mapping[str, Sequence[str]], yaml.safe_load(path.read_text(encoding="utf-8")))


def any_of(phrases: Iterable[str]) -> str:
    """A pattern that matches one of the phrases, the longest first."""
    return "|".join(re.escape(p) for p in sorted(phrases, key=len, reverse=True))


def pairs(name: str, claim: Claim) -> Iterator[Edit]:
    """Edits by one of the lists of "phrase: phrase"; capitals and quotations stay as they are."""
    table: Mapping[str, str] = words()[name]
    for match in _pair_pattern(name).finditer(claim.text):
        new = table[match[0].lower()]
        if claim.free(*match.span()) and _opens_or_plain(match):
            yield Edit(match.start(), match.end(), like(match[0], new))


def _opens_or_plain(match: re.Match[str]) -> bool:
    """Whether a phrase has a capital only for opening the sentence: "May" is a month."""
    return match[0][0].islower() or match.start() == 0 and match[0] != "May"


@lru_cache(maxsize=16)
def _pair_pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![\w-])(?i:{any_of(words()[name])})(?![\w-])")


def like(old: str, new: str) -> str:
    """`new` with a capital where `old` has one."""
    return new[:1].upper() + new[1:] if old[:1].isupper() else new


def past(lemma: str) -> str:
    """`hosted` of `host`."""
    return _irregular(lemma, 0) or _regular(lemma)


def participle(lemma: str) -> str:
    """`taken` of `take`."""
    return _irregular(lemma, 1) or _regular(lemma)


def third_person(lemma: str) -> str:
    """`holds` of `hold`."""
    if lemma in ("be", "have", "do", "go"):
        return {"be": "is", "have": "has", "do": "does", "go": "goes"}[lemma]
    if re.search(r"[^aeiou]y$", lemma):
        return lemma[:-1] + "ies"
    return lemma + ("es" if re.search(r"(?:s|x|z|ch|sh)$", lemma) else "s")


def _irregular(lemma: str, which: int) -> str | None:
    forms: Mapping[str, Sequence[str]] = words()["irregular"]
    return forms[lemma][which] if lemma in forms else None


def _regular(lemma: str) -> str:
    if lemma.endswith("e"):
        return lemma + "d"
    if re.search(r"[^aeiou]y$", lemma):
        return lemma[:-1] + "ied"
    return lemma + "ed"


def lemma_of(verb: Token) -> str | None:
    """The verb's base form, None where the forms above would not lead back to it."""
    lemma = verb.lemma_.lower()
    forms = {"VB": lemma, "VBP": lemma, "VBZ": third_person(lemma), "VBD": past(lemma)}
    forms["VBN"] = participle(lemma)
    return lemma if forms.get(verb.tag_) == verb.lower_ else None


def root_of(claim: Claim) -> Token | None:
    """The word that the claim hangs on; None of an empty one."""
    return next((t for t in claim.doc if t.dep_ == "ROOT"), None)


def full_stop(claim: Claim) -> int | None:
    """Where a clause can be joined on: before the stop of a whole sentence without quotation."""
    root = root_of(claim)
    told = root is not None and root.pos_ in ("VERB", "AUX") and subject_of(root) is not None
    plain = claim.text.endswith(".") and not claim.text.endswith(("..", "S.", "p.m.", "a.m."))
    return len(claim.text) - 1 if told and plain and not claim.quoted else None


def end_of(token: Token) -> int:
    """Offset behind a token."""
    return int(token.idx + len(token))


def is_plural(subject: Token) -> bool:
    """Whether a subject takes `were`: a plural noun, or two that are joined."""
    joined = any(child.dep_ == "conj" for child in subject.children)
    return joined or subject.tag_ in ("NNS", "NNPS") or subject.lower_ in ("they", "we", "these")


def subject_of(verb: Token) -> Token | None:
    """The noun or pronoun that a verb belongs to."""
    for child in verb.children:
        if child.dep_ in ("nsubj", "nsubjpass"):
            return child
    return subject_of(verb.head) if verb.dep_ == "conj" and verb.head != verb else None
