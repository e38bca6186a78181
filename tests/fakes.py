"""Stand-ins at the project's own seams: scripted, and they record what they are asked."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from pydantic import BaseModel

from assistant.llm.catalog import Catalog, Model
from assistant.llm.chat import Reply
from assistant.prompts import Message
from assistant.types import Usage

S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True)
class Call:
    """One question that a ScriptedModel was asked; `schema` is None for yes or no."""

    messages: tuple[Message, ...]
    schema: type[BaseModel] | None
    shared: int
    slot: str


class ScriptedModel:
    """A `Chat` that gives prepared answers, in order, and records the calls.

    An answer is a dict or a model for `complete`, a float for `probability_of_yes`,
    an exception, which is raised, or a function from the call to one of these.
    """

    name = "scripted"
    usage = Usage(prompt_tokens=10, completion_tokens=5)

    def __init__(self, answers: Iterable[Any], entry: Model | None = None) -> None:
        self.answers = list(answers)
        self.calls: list[Call] = []
        self.entry = entry or Catalog.load().default_embedded

    def complete(
        self,
        messages: Sequence[Message],
        schema: type[S],
        *,
        max_tokens: int,
        shared: int = 0,
        slot: str = "",
    ) -> Reply[S]:
        answer = self._next(Call(tuple(messages), schema, shared, slot))
        return Reply(schema.model_validate(answer), self.usage)

    def probability_of_yes(
        self, messages: Sequence[Message], *, shared: int = 0, slot: str = ""
    ) -> tuple[float, Usage]:
        return float(self._next(Call(tuple(messages), None, shared, slot))), self.usage

    def close(self) -> None:
        pass

    def _next(self, call: Call) -> Any:
        self.calls.append(call)
        assert self.answers, f"call {len(self.calls)} was not expected: {call}"
        answer = self.answers.pop(0)
        if callable(answer):
            answer = answer(call)
        if isinstance(answer, Exception):
            raise answer
        return answer


def echo(call: Call) -> Any:
    """Answers as a careful model would: evidence in its own words, and yes."""
    if call.schema is None:
        return 0.9
    text = call.messages[-1].content
    shown = re.findall(r"^\[(\d+)\] (.*)$", text, re.M)
    asked = call.schema.model_fields
    sentences = [{"text": t, "evidence": [int(n)], "anchor": ""} for n, t in shown]
    if "headline" in asked:
        return {"headline": " ".join(text.split()[:9])}
    if "sentences" in asked:
        return {"sentences": sentences}
    return {field: value for field, value in sentences[0].items() if field in asked}
