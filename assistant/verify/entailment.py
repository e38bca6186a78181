"""Whether evidence entails a claim: word for word, or by a model's answer.

Claim and evidence are data: neither may give orders.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant import prompts
from assistant.dates import resolve_days
from assistant.llm.catalog import Model
from assistant.llm.chat import Chat
from assistant.nlp import is_japanese
from assistant.prompts import Message
from assistant.sources import ADDRESS, Sentence, unbarred, usable_title
from assistant.types import Usage
from assistant.verify.align import align
from assistant.verify.background import background
from assistant.verify.checks import issued_on
from assistant.verify.evidence import Held, in_house_style
from assistant.verify.spans import leaves_out

# Tokens of an answer in words, with those that a model thinks in, and the probability that
# its verdict counts for.
_IN_WORDS, _SAID = 2000, 0.9


def says_word_for_word(held: Held, claim: str) -> bool:
    """Whether one sentence, two in a row or a title has every word of `claim` in its order.

    Words count in their normal forms. What limits the sentence, the claim may not leave out. On
    text of others 0.96 of such claims are supported.
    """
    issued, body = issued_on(held.pages), held.pages.sentences
    titles = [(usable_title(a), a.published_on) for a in held.pages.articles]
    if any(_copies(claim, issued, _worded(title, day)) for title, day in titles if title):
        return True
    following = {a: b for a, b in pairwise(body) if a.article_id == b.article_id}
    for first in held.evidence:
        stretches = [[first], *([[first, following[first]]] if first in following else [])]
        for some in stretches:
            if is_japanese(claim) and _flat(claim) == _flat(first.text):
                return True
            if _copies(claim, issued, wordings(held, some)):
                return True
    return False


def wordings(held: Held, sentences: Sequence[Sentence]) -> list[tuple[str, dt.date | None]]:
    """Sentences as one text, in the page's and the house's words, with the day of publication."""
    if not sentences:
        return []
    published = {a.id: a.published_on for a in held.pages.articles}
    return _worded(" ".join(s.text for s in sentences), published[sentences[0].article_id])


def _worded(text: str, day: dt.date | None) -> list[tuple[str, dt.date | None]]:
    dated = resolve_days(text, day, day.year) if day else text
    forms = dict.fromkeys((text, in_house_style(text), in_house_style(dated)))
    return [(form, day) for form in forms]


def _copies(
    claim: str, issued: dt.date | None, worded: Sequence[tuple[str, dt.date | None]]
) -> bool:
    alignment = align(claim, issued, worded)
    return alignment is not None and alignment.copied >= 1 and not leaves_out(alignment)


@dataclass(frozen=True)
class Answer:
    """A model's probability of yes, and words of the claim that it names as unsupported."""

    yes: float
    usage: Usage
    not_said: str = ""


class _InWords(BaseModel):
    """The answer of a model that gives no probabilities."""

    model_config = ConfigDict(extra="forbid")

    not_said: Annotated[str, Field(max_length=1000)]
    sentences: Annotated[list[int], Field(max_length=100)]
    verdict: Literal["supported", "not supported"]


def question(model: Model, held: Held) -> list[Message]:
    """What `ask` puts to a model of this kind."""
    prompt, mark = ("verify", "-") if model.logprobs else ("verify-in-words", "[{}]")
    shown = [f"{mark.format(n)} {sentence}" for n, sentence in enumerate(held.read, 1)]
    shown += [f"- {line}" for line in background(held)]
    return prompts.load(prompt).render(
        evidence=ADDRESS.sub("[address]", "\n".join(shown)),
        claim=ADDRESS.sub("[address]", unbarred(held.claim)),
    )


def ask(chat: Chat, held: Held) -> Answer:
    """Puts a claim and what is read of its pages to a model; ModelError where that fails.

    A model that gives no probabilities answers by a schema, and its verdict counts as `_SAID`.
    """
    messages = question(chat.entry, held)
    if chat.entry.logprobs:
        return Answer(*chat.probability_of_yes(messages, shared=1, slot="verify"))
    reply = chat.complete(messages, _InWords, max_tokens=_IN_WORDS, shared=1, slot="verify")
    said = reply.value
    not_said = said.not_said.strip()
    # A verdict that rests on no sentence of the page, or leaves words unsaid, is none.
    rests = any(0 < n <= len(held.read) for n in said.sentences) and not not_said
    yes = _SAID if said.verdict == "supported" and rests else 1 - _SAID
    return Answer(yes, reply.usage, not_said)


def _flat(text: str) -> str:
    text = text.translate(str.maketrans("“”‘’–—", "\"\"''--"))
    return re.sub(r"\s+", " ", text).strip(" .。").lower()
