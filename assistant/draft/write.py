"""The model writer: evidence in, house-style sentences out, each with its evidence numbers.

The model sees numbered evidence and two past bullets; it never sees a URL. Numbers
that it was not given are refused, so a sentence cannot rest on what it did not read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field

from assistant import prompts
from assistant.dates import find_dates
from assistant.draft.extract import house_sentence, tidy_bullet
from assistant.errors import AnswerError
from assistant.llm.chat import Chat
from assistant.sources import ADDRESS
from assistant.style.fix import apply_substitutions
from assistant.terms import Weights, base, cosine, is_past, terms, without_accents
from assistant.types import Article, Bullet, Plan, Usage, Written
from assistant.verify.figures import figures_of
from assistant.verify.names import unnamed

_SENTENCE_TOKENS = 160
_BULLET_TOKENS = 900
_HEADLINE_TOKENS = 60
# A participle after a comma, and the word that an "and" joins to its clause.
_JOINED_PARTICIPLE = re.compile(r"(?<=, )([a-z]+ing)\b(?=[^,.;]* and ([a-z]+))")


class _Sentence(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=600)
    evidence: list[int] = Field(min_length=1, max_length=8)


class _Linked(_Sentence):
    """With the word for its link, which only a large model is asked for.

    A small one takes a sixth of its time to write it, and a parse finds it as well.
    """

    anchor: str = Field(max_length=40)


class _Sentences(BaseModel):
    model_config = ConfigDict(extra="forbid")

    sentences: list[_Linked] = Field(min_length=1, max_length=8)


class _Headline(BaseModel):
    model_config = ConfigDict(extra="forbid")

    headline: str = Field(min_length=1, max_length=120)


T = TypeVar("T", _Sentence, _Sentences)


class ModelWriter:
    """Writes through a chat model; `examples` are the past bullets it may imitate.

    The same two examples serve a whole issue, so that the part of the prompt that
    all its calls share is evaluated once.
    """

    def __init__(self, chat: Chat, examples: Sequence[Bullet], year: int) -> None:
        self._chat = chat
        self._examples = examples
        self._year = year
        self.usage = Usage()

    def write(self, plan: Plan, articles: Mapping[str, Article]) -> list[Written]:
        """One sentence per group of the plan, or the whole bullet, as the model's entry says."""
        shown = [house_sentence(e, articles[e.article_id], self._year) for e in plan.evidence]
        written: Sequence[_Sentence]
        if self._chat.entry.writes == "bullet":
            every = list(range(1, len(shown) + 1))
            written = self._ask("write-bullet", _Sentences, plan, shown, every).sentences
        else:
            written = [
                self._ask("write-sentence", _Sentence, plan, shown, group) for group in plan.groups
            ]
        return tidy_bullet([_faithful(s, plan, shown) for s in written], articles.values())

    def headline(self, text: str) -> str:
        """A headline for the bullet's `text`, in house forms."""
        messages = prompts.load("write-headline").render(
            examples="\n".join(b.headline for b in self._examples), text=text
        )
        reply = self._chat.complete(
            messages, _Headline, max_tokens=_HEADLINE_TOKENS, shared=1, slot="headline"
        )
        self.usage += reply.usage
        _refuse_links(reply.value.headline)
        return apply_substitutions(reply.value.headline.strip().rstrip("."))

    def _ask(
        self,
        prompt: str,
        schema: type[T],
        plan: Plan,
        shown: Sequence[str],
        numbers: Sequence[int],
    ) -> T:
        messages = prompts.load(prompt).render(
            examples="\n".join(b.text for b in self._examples),
            evidence="\n".join(f"[{n}] {shown[n - 1]}" for n in numbers),
        )
        budget = _BULLET_TOKENS if schema is _Sentences else _SENTENCE_TOKENS
        reply = self._chat.complete(messages, schema, max_tokens=budget, shared=1, slot="write")
        self.usage += reply.usage
        value = reply.value
        used: Sequence[_Sentence] = value.sentences if isinstance(value, _Sentences) else [value]
        for s in used:
            _refuse_links(s.text)
        unknown = {n for s in used for n in s.evidence} - set(numbers)
        if unknown:
            raise AnswerError(
                f"The model rests on evidence {sorted(unknown)}, which it was not given; "
                "draft this bullet again or use the extractive writer."
            )
        return value


def choose_examples(
    past: Sequence[Bullet], wanted: str, weights: Weights, count: int = 2
) -> list[Bullet]:
    """The past bullets most like the text of the stories to be told, best first."""
    target = weights.vector(terms(wanted))
    # One that shows an address in its words would show it to the model.
    plain = [b for b in past if not ADDRESS.search(f"{b.headline} {b.text}")]
    ranked = sorted(plain, key=lambda b: -cosine(weights.vector(terms(b.text)), target))
    return ranked[:count]


def _faithful(sentence: _Sentence, plan: Plan, shown: Sequence[str]) -> Written:
    """The model's sentence, or its evidence's own words where it adds a name, figure or day."""
    numbers = tuple(dict.fromkeys(sentence.evidence))
    evidence = tuple(plan.evidence[n - 1] for n in numbers)
    source = " ".join(shown[n - 1] for n in numbers)
    text = apply_substitutions(_in_one_form(_finished(sentence.text), source))
    days = find_dates(text, None)
    dates = find_dates(source, None)
    named, given = {day for d in dates for day in d.days}, figures_of(source, dates)
    added = (
        unnamed(without_accents(text), without_accents(source))
        or any(all(not q.same_as(other) for other in given) for q in figures_of(text, days))
        or any(mention.days.isdisjoint(named) for mention in days)
    )
    if added:
        return Written(source, evidence)
    anchor = sentence.anchor if isinstance(sentence, _Linked) else ""
    return Written(text, evidence, anchor or None)


def _refuse_links(text: str) -> None:
    if ADDRESS.search(text) or "](" in text:
        raise AnswerError(
            "The model wrote an address into its text, which only the program may do; "
            "draft this bullet again or use the extractive writer."
        )


def _in_one_form(text: str, source: str) -> str:
    """`met, condemning it and vowed` as `met, condemned it and vowed`, as the source has it."""
    past = {base(w): str(w) for w in re.findall(r"\w+", source) if is_past(w)}

    def as_told(match: re.Match[str]) -> str:
        participle, other = match[1], match[2]
        joined = is_past(other) and base(other) in past
        return past.get(base(participle), participle) if joined else participle

    return _JOINED_PARTICIPLE.sub(as_told, text)


def _finished(text: str) -> str:
    text = " ".join(text.split())
    return text if text.endswith((".", "!", "?", '."', ".”")) else text + "."
