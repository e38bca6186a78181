"""A model that is asked each question once, for suites that draft the same story again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, TypeVar

from pydantic import BaseModel

from assistant.llm.catalog import Model
from assistant.llm.chat import Chat, Reply
from assistant.prompts import Message
from assistant.types import Usage

S = TypeVar("S", bound=BaseModel)


class Remembered:
    """A `Chat` that answers what it was asked before as it did then, at no cost."""

    def __init__(self, chat: Chat) -> None:
        self._chat = chat
        self._replies: dict[tuple[tuple[Message, ...], type[BaseModel], int], Reply[Any]] = {}
        self._chances: dict[tuple[Message, ...], float] = {}

    @property
    def name(self) -> str:
        """The model's name."""
        return self._chat.name

    @property
    def entry(self) -> Model:
        """The model's properties."""
        return self._chat.entry

    def complete(
        self,
        messages: Sequence[Message],
        schema: type[S],
        *,
        max_tokens: int,
        shared: int = 0,
        slot: str = "",
    ) -> Reply[S]:
        """As the model's own; an error is not remembered."""
        key = (tuple(messages), schema, max_tokens)
        if key in self._replies:
            return replace(self._replies[key], usage=Usage())
        reply = self._chat.complete(
            messages, schema, max_tokens=max_tokens, shared=shared, slot=slot
        )
        self._replies[key] = reply
        return reply

    def probability_of_yes(
        self, messages: Sequence[Message], *, shared: int = 0, slot: str = ""
    ) -> tuple[float, Usage]:
        """As the model's own; an error is not remembered."""
        key = tuple(messages)
        if key in self._chances:
            return self._chances[key], Usage()
        self._chances[key], usage = self._chat.probability_of_yes(
            messages, shared=shared, slot=slot
        )
        return self._chances[key], usage

    def close(self) -> None:
        """Leave the model to whoever opened it."""
