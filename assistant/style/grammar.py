"""What needs a parse: the word class of an anchor, the tense of a headline.

spaCy takes `Brig. Gen. Mastalir hosted` for one long name, so ranks and titles are
replaced by plain words before parsing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Literal

from assistant.nlp import Span, parse, sentences
from assistant.style.rules import words
from assistant.style.view import Spot, View

if TYPE_CHECKING:
    from spacy.tokens import Token  # noqa: TID251 - types only; assistant.nlp parses

AnchorClass = Literal["finite verb", "verb form", "event noun"]

_PLAIN = (
    (r"(?:(?:Brig|Maj|Lt)\.? )?Gen\.?(?= [A-Z])", "General"),
    (r"(?:(?:Vice|Rear) )?Adm\.?(?= [A-Z])", "Admiral"),
    (r"(?:Col|Capt|Cmdr|Lt|Maj|Sgt)\.?(?= [A-Z])", "Captain"),
    (r"(?:Dep\.? |Asst\.? )?Sec\.?(?= (?:of )?[A-Z])", "Secretary"),
    (r"(?:Special )?Rep\.?(?= [A-Z])", "Representative"),
    (r"(?:First )?(?:Vice )?FM(?= [A-Z])", "Minister"),
    (r"\bSDF\b", "military"),
)
_FINITE = frozenset(("VBD", "VBZ", "VBP"))
_VERBS = frozenset(("VB", "VBG", "VBN", "MD"))
_SHORTEST_CLAUSE = 3  # words; a noun and its verb (`talks began`) still name the event
_LONGEST_CLAUSE = 6  # words; more of them is a clause, whatever the parse says


def spots(
    problem: Literal["clause", "not an event", "past tense"], view: View, span: Span
) -> Iterator[Spot]:
    """The span itself, where it has the problem."""
    text = view.text[slice(*span)]
    if problem == "past tense":
        found = _past_root(text)
    elif problem == "clause":
        found = _is_clause(view.text, *span)
    else:
        found = anchor_class(view.text, *span) is None
    if found and text.strip():
        yield Spot(*span, (text,))


def anchor_class(text: str, start: int, end: int) -> AnchorClass | None:
    """What kind of word carries the event in `text[start:end]`; None if none does.

    An auxiliary alone is no event. `text` is a sentence or a bullet.
    """
    tokens = _tokens(text, start, end)
    if any(token.tag_ in _FINITE for token in tokens):
        return "finite verb"
    if any(token.tag_ in _VERBS or token.pos_ == "VERB" for token in tokens):
        return "verb form"
    nouns = words("event-nouns")
    if any(word in nouns for token in tokens for word in (token.lower_, token.lemma_.lower())):
        return "event noun"
    return None


def _is_clause(text: str, start: int, end: int) -> bool:
    length = len(text[start:end].split())
    if length < _SHORTEST_CLAUSE:
        return False
    tokens = _tokens(text, start, end)
    subjects = [token for token in tokens if token.dep_ in ("nsubj", "nsubjpass")]
    return length > _LONGEST_CLAUSE or any(subject.head in tokens for subject in subjects)


def _past_root(headline: str) -> bool:
    roots = [token for token in parse(headline) if token.dep_ == "ROOT"]
    # The tense of `were alarmed` and `had met` is the auxiliary's.
    verbs = [*roots, *(t for root in roots for t in root.children if t.dep_.startswith("aux"))]
    # `hit`, `cut` and `set` have one form for both tenses: they pass.
    return any(token.tag_ == "VBD" and token.lower_ != token.lemma_ for token in verbs)


def verb_of(headline: str) -> str:
    """The word that the parse takes for the headline's verb; empty where it finds none."""
    roots = [t for t in parse(headline) if t.dep_ == "ROOT" and t.pos_ in ("VERB", "AUX")]
    return str(roots[0].text) if roots else ""


def _tokens(text: str, start: int, end: int) -> Sequence[Token]:
    """The tokens of the anchor, from the parse of its sentence with ranks made plain."""
    left, right = next(((a, b) for a, b in sentences(text) if a <= start < b), (start, end))
    before = _plain_ranks(text[left:start])
    anchor = text[start:end]
    after = _plain_ranks(text[end : max(right, end)])
    first, last = len(before), len(before) + len(anchor)
    doc = parse(before + anchor + after)
    found = doc.char_span(first, last, alignment_mode="expand")
    return () if found is None else tuple(found)


def _plain_ranks(text: str) -> str:
    for pattern, word in _PLAIN:
        text = re.sub(rf"\b{pattern}", word, text)
    return text
