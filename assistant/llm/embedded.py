"""llama.cpp in this process, as a private OpenAI-compatible server on loopback.

Same inputs, same answer, whatever was asked before. Log-probabilities depend
on how a prompt was split between tokens found in the cache and tokens evaluated
now, because other batch shapes round differently: left alone, one question gave
-0.0153 or -0.0152 for its first token, depending on the question before. So the
state of the cache before a call is made canonical:

- A call names its `shared` messages: the beginning that many calls have in
  common. Each kind of call keeps them in a slot of its own.
- When a slot is to hold other shared messages, they are evaluated from nothing.
- Before every call they are sent again. That cuts the slot back to them (a few
  tokens' work), and the call then evaluates exactly the rest of its prompt.
- The slots' caches are separate (`kv_unified` off): in a common one the order
  of the cells, and with it the rounding, depends on the other slots.

Answers are then the same to the last bit on one machine, across restarts too.
Another processor or number of threads may round differently.

Questions that need only the odds of an answer's first token go to `llm/reader.py`.
"""

from __future__ import annotations

import secrets
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from assistant.errors import ModelError
from assistant.llm.catalog import EmbeddedModel
from assistant.llm.client import Answer
from assistant.llm.reader import Reader
from assistant.prompts import Message


class EmbeddedServer:
    """Serves one model file; starts at first use. Not for several threads at once.

    `start` makes the engine from the model, its file and the key to ask for.
    """

    def __init__(
        self,
        model: EmbeddedModel,
        path: Path,
        start: Callable[[EmbeddedModel, Path, str], Any] | None = None,
    ) -> None:
        self._model = model
        self._path = path
        self._start = start or start_engine
        self._engine: Any = None
        self._reader = Reader(model, path)
        self._held: OrderedDict[str, tuple[int, tuple[Message, ...]]] = OrderedDict()
        self.api_key = secrets.token_urlsafe(32)

    @property
    def identity(self) -> str:
        """The sha256 of the model file and of each adapter."""
        return " ".join([self._model.sha256, *(a.sha256 for a in self._model.adapters)])

    @property
    def base_url(self) -> str:
        """The address of the OpenAI-compatible interface; starts the server.

        Raises ModelError if the model file cannot be loaded.
        """
        return f"{self._running().listening_address}/v1"

    def prepare(self, slot: str, shared: Sequence[Message]) -> dict[str, Any]:
        """Brings `slot` into its canonical state for a call that begins with `shared`.

        Returns what the body of the call must carry besides the messages. A call
        that shares nothing is evaluated from nothing.
        """
        messages = tuple(shared)
        known = slot in self._held
        number, held = self._held.pop(slot) if known else (self._free_slot(), ())
        call = {"id_slot": number}
        if messages and messages != held:
            self._evaluate(messages, {**call, "cache_prompt": False})
        if messages:
            self._evaluate(messages, {**call, "cache_prompt": True})
        self._held[slot] = (number, messages)
        return {**call, "cache_prompt": bool(messages)}

    def first_token(self, messages: Sequence[Message], shared: int, slot: str) -> Answer:
        """How an answer would begin, from the reader; llama.cpp is not started for it."""
        return self._reader.first_token(messages, shared, slot)

    def close(self) -> None:
        """Stops the server and the reader; a later use starts them again."""
        self._engine = None
        self._reader.close()
        self._held.clear()

    def _running(self) -> Any:
        if self._engine is None:
            self._engine = self._start(self._model, self._path, self.api_key)
        return self._engine

    def _free_slot(self) -> int:
        """The number of an unused slot, or of the one unused for longest."""
        free = set(range(self._model.slots)) - {number for number, _ in self._held.values()}
        return min(free) if free else self._held.popitem(last=False)[1][0]

    def _evaluate(self, messages: Sequence[Message], call: Mapping[str, Any]) -> None:
        answer = self._running().handle_chat_completions(
            {
                "messages": [{"role": m.role, "content": m.content} for m in messages],
                "max_tokens": 1,
                "temperature": 0,
                **call,
            }
        )
        if "error" in answer:
            raise ModelError(
                f"The embedded model refused the prompt: {answer['error']['message']}."
            )


def start_engine(model: EmbeddedModel, path: Path, api_key: str) -> Any:
    """A running llama.cpp server, or ModelError if the file cannot be loaded."""
    import xllamacpp

    p = xllamacpp.CommonParams()
    p.model.path = str(path)
    p.n_parallel = model.slots
    p.n_ctx = model.context * model.slots
    p.kv_unified = False
    p.cache_idle_slots = False  # would move a slot's cache away between calls
    p.cache_ram_mib = 0
    p.n_ctx_checkpoints = 0
    p.slot_prompt_similarity = 0.0
    p.hostnames = ["127.0.0.1"]
    p.port = 0  # the system chooses one
    p.api_keys = [api_key]
    p.ui = False
    p.endpoint_slots = False
    p.verbosity = -1  # it would write to the terminal
    try:
        return xllamacpp.Server(p)
    except RuntimeError as error:
        raise ModelError(
            f"The model file {path} could not be loaded. Delete it and run"
            f" `digest model pull {model.name}`."
        ) from error
