"""The one way to ask a language model, embedded or behind an endpoint.

`open_chat` finds the model that the settings mean. `ChatModel` refuses prompts
that do not fit, keeps answers in a call cache, and counts tokens and cost.
"""

from __future__ import annotations

import hashlib
import json
import math
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from pydantic import BaseModel, ValidationError

from assistant.errors import AnswerError, ModelError
from assistant.llm import tokens
from assistant.llm.catalog import Catalog, EmbeddedModel, EndpointModel, Model, is_pulled, path
from assistant.llm.client import Answer, Client
from assistant.llm.embedded import EmbeddedServer
from assistant.prompts import Message
from assistant.settings import Settings
from assistant.types import Usage

_OPENAI = "https://api.openai.com/v1"
# The first token must be some form of yes or no with at least this probability.
_LEAST_MASS = 0.1
# What a chat template adds: marks around each message, and a system message where none is given.
_TOKENS_PER_MESSAGE = 6
_TOKENS_PER_PROMPT = 32

S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True)
class Reply(Generic[S]):
    """A model's answer, read into the schema that was asked for."""

    value: S
    usage: Usage


class Chat(Protocol):
    """What the stages ask of a model. `name` is the catalog's, `entry` its properties.

    `shared` is the number of leading messages that many calls have in common, and
    `slot` a short name for this kind of call: an embedded model keeps the shared
    messages of each kind evaluated.
    """

    @property
    def name(self) -> str:
        """The model's name."""

    @property
    def entry(self) -> Model:
        """The model's properties."""

    def complete(
        self,
        messages: Sequence[Message],
        schema: type[S],
        *,
        max_tokens: int,
        shared: int = 0,
        slot: str = "",
    ) -> Reply[S]:
        """Answer in the form of `schema`; AnswerError or another ModelError if that fails."""

    def probability_of_yes(
        self, messages: Sequence[Message], *, shared: int = 0, slot: str = ""
    ) -> tuple[float, Usage]:
        """Probability, in 0…1, that the answer is yes rather than no."""

    def close(self) -> None:
        """Give back what the model holds."""


class CallCache(Protocol):
    """Answers by the digest of the whole question."""

    def get(self, key: str) -> dict[str, Any] | None:
        """Return the response kept under `key`."""

    def put(self, key: str, request: dict[str, Any], response: dict[str, Any], model: str) -> None:
        """Keep `response` under `key`."""


class Server(Protocol):
    """Where a model answers in OpenAI's manner."""

    @property
    def identity(self) -> str:
        """What distinguishes its answers from those of a model of the same name elsewhere."""

    @property
    def base_url(self) -> str:
        """The address, including `/v1`."""

    @property
    def api_key(self) -> str:
        """The key that the server asks for."""

    def prepare(self, slot: str, shared: Sequence[Message]) -> dict[str, Any]:
        """Get ready for a call; return what its body must carry."""

    def first_token(self, messages: Sequence[Message], shared: int, slot: str) -> Answer | None:
        """How an answer would begin; None where the interface is to be asked."""

    def close(self) -> None:
        """Give back what the server holds."""


@dataclass(frozen=True)
class Endpoint:
    """A server that someone else runs."""

    base_url: str
    api_key: str

    @property
    def identity(self) -> str:
        """The address."""
        return self.base_url

    def prepare(self, slot: str, shared: Sequence[Message]) -> dict[str, Any]:
        """Do nothing: an endpoint looks after its own cache."""
        return {}

    def first_token(self, messages: Sequence[Message], shared: int, slot: str) -> None:
        """Leave it to the interface."""

    def close(self) -> None:
        """Do nothing."""


def open_chat(settings: Settings, catalog: Catalog, cache: CallCache | None) -> ChatModel | None:
    """The model that the settings mean, or None for none.

    `auto` is a configured endpoint, else a pulled embedded model, else none. Any
    name that is not an embedded model's goes to the endpoint. Nothing is started
    or downloaded here. Raises ModelError if the named model cannot be used.
    """
    endpoint = None
    if settings.openai_api_key or settings.openai_base_url:
        key = settings.openai_api_key
        endpoint = Endpoint(
            settings.openai_base_url or _OPENAI, key.get_secret_value() if key else "none"
        )
    entry: EmbeddedModel | EndpointModel
    if settings.model == "none":
        return None
    if settings.model == "auto":
        if endpoint:
            return ChatModel(catalog.default_endpoint, endpoint, cache=cache, seed=settings.seed)
        pulled = [model for model in catalog.embedded if is_pulled(model, settings.models)]
        if not pulled:
            return None
        entry = max(pulled, key=lambda model: model.default)
    elif endpoint and settings.model not in {model.name for model in catalog.models}:
        entry = catalog.other_endpoint(settings.model)
    else:
        entry = catalog.get(settings.model)
    server: Server
    if isinstance(entry, EmbeddedModel):
        if not is_pulled(entry, settings.models):
            raise ModelError(
                f"The model {entry.name} is not on this machine. Run"
                f" `digest model pull {entry.name}` first."
            )
        server = EmbeddedServer(entry, path(entry, settings.models))
    elif endpoint:
        server = endpoint
    else:
        raise ModelError(
            f"The model {entry.name} needs an endpoint. Set OPENAI_API_KEY, or OPENAI_BASE_URL for"
            " a server of your own."
        )
    return ChatModel(entry, server, cache=cache, seed=settings.seed)


class ChatModel:
    """A model of the catalog behind a server. Safe to use from several threads."""

    def __init__(
        self, entry: Model, server: Server, *, cache: CallCache | None = None, seed: int = 7
    ) -> None:
        self.entry = entry
        self.name = entry.name
        self._server = server
        self._cache = cache
        self._seed = seed
        self._client: Client | None = None
        self._opening = threading.Lock()
        self._free = threading.BoundedSemaphore(entry.parallel)

    def complete(
        self,
        messages: Sequence[Message],
        schema: type[S],
        *,
        max_tokens: int,
        shared: int = 0,
        slot: str = "",
    ) -> Reply[S]:
        """Answer in the form of `schema`, in at most `max_tokens` tokens.

        Raises AnswerError if the answer is cut off, refused, or not of the form asked
        for, another ModelError if the prompt does not fit or the call fails.
        """
        max_tokens = min(max_tokens, self.entry.max_output)
        shape = schema.model_json_schema()
        self._check_length(messages, json.dumps(shape), max_tokens)
        data, usage = self._call(
            {"messages": messages, "schema": shape, "max_tokens": max_tokens, "shared": shared},
            lambda: self._open().structured(
                messages, schema, max_tokens, self._server.prepare(slot, messages[:shared])
            ),
        )
        try:
            return Reply(schema.model_validate(data["value"]), usage)
        except ValidationError as error:
            raise ModelError(
                f"The call cache holds an answer of {self.name} that is no longer valid. Clear the"
                " cache or turn it off."
            ) from error

    def probability_of_yes(
        self, messages: Sequence[Message], *, shared: int = 0, slot: str = ""
    ) -> tuple[float, Usage]:
        """P(yes) / (P(yes) + P(no)) for the first token of the answer, however written.

        Raises ModelError, besides where `complete` does, if the model gives no
        log-probabilities or means neither yes nor no.
        """
        if not self.entry.logprobs:
            raise ModelError(f"{self.name} gives no probabilities with its answers.")
        self._check_length(messages, "", 1)
        data, usage = self._call(
            {"messages": messages, "first_token": True, "shared": shared, "slot": slot},
            lambda: (
                self._server.first_token(messages, shared, slot)
                or self._open().first_token(messages, {})
            ),
        )
        mass = {"yes": 0.0, "no": 0.0}
        for token, logprob in data["top"]:
            word = token.strip().lower()
            if word in mass:
                mass[word] += math.exp(logprob)
        total = mass["yes"] + mass["no"]
        if total < _LEAST_MASS:
            raise AnswerError(f"{self.name} answered neither yes nor no.")
        return mass["yes"] / total, usage

    def close(self) -> None:
        """Close the connections and stop the embedded server; a later call starts them again."""
        with self._opening:
            if self._client:
                self._client.close()
            self._client = None
            self._server.close()

    def _call(
        self,
        question: dict[str, Any],
        ask: Callable[[], Answer],
    ) -> tuple[dict[str, Any], Usage]:
        """The data of an answer, from the cache if it is there, and what it took."""
        request = {
            **question,
            "messages": [[message.role, message.content] for message in question["messages"]],
            "model": self.name,
            "served_by": self._server.identity,
            "method": self.entry.structured_output,
            "temperature": self.entry.temperature,
            "seed": self._seed,
        }
        key = hashlib.sha256(json.dumps(request, sort_keys=True).encode()).hexdigest()
        if self._cache is not None and (kept := self._cache.get(key)) is not None:
            return kept, Usage()
        with self._free:
            begun = time.perf_counter()
            answer = ask()
            usage = self._usage(answer, time.perf_counter() - begun)
        if self._cache is not None:
            self._cache.put(key, request, answer.data, self.name)
        return answer.data, usage

    def _open(self) -> Client:
        with self._opening:
            if self._client is None:
                server = self._server
                self._client = Client(self.entry, server.base_url, server.api_key, self._seed)
            return self._client

    def _check_length(self, messages: Sequence[Message], shape: str, max_tokens: int) -> None:
        text = "\n".join([*(message.content for message in messages), shape])
        needed = tokens.count(text, self.entry.token_margin) + max_tokens
        needed += _TOKENS_PER_MESSAGE * len(messages) + _TOKENS_PER_PROMPT
        if needed > self.entry.context:
            raise ModelError(
                f"The prompt and its answer need about {needed} tokens, and {self.name} takes"
                f" {self.entry.context}. Use fewer or shorter sources, or another model."
            )

    def _usage(self, answer: Answer, seconds: float) -> Usage:
        prompt, cached, completion = (
            answer.prompt_tokens,
            answer.cached_tokens,
            answer.completion_tokens,
        )
        price = self.entry.price
        cost = (prompt - cached) * price.prompt + cached * price.cached
        cost += completion * price.completion
        return Usage(prompt, cached, completion, cost / 1e6, seconds)
