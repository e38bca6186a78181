"""Reads a prompt with an embedded model and says how it would begin its answer.

OpenVINO reads a prompt about three times as fast as the portable build of llama.cpp does:
it uses what the processor has (AMX, AVX-512), where the other must run on any. llama.cpp
writes twice as fast, and so each does what it does better, from the same file.

Reading is one pass over the same numbers in the same order, so that a question has the
same answer to the last bit on one machine, whatever was asked before.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from jinja2.sandbox import ImmutableSandboxedEnvironment

from assistant import resources
from assistant.errors import ModelError
from assistant.llm.catalog import Adapter, EmbeddedModel
from assistant.llm.client import Answer
from assistant.llm.gguf import Matrices, read_adapter, read_header, tokenizer_of
from assistant.llm.graph import MASK, POSITIONS, TOKENS, WANTED, readable, worn_input
from assistant.prompts import Message

# As many as OpenAI's interface gives.
_TOP = 20
# Keys and values of what was read, by the name of their input: (1, tokens, heads, width).
_State = dict[str, npt.NDArray[np.float16]]


class Reader:
    """One model file, loaded in some seconds at first use. Not for several threads at once."""

    def __init__(self, model: EmbeddedModel, path: Path) -> None:
        self._model = model
        self._path = path
        self._request: Any = None
        self._held: dict[str, tuple[str, _State]] = {}

    def first_token(self, messages: Sequence[Message], shared: int, slot: str) -> Answer:
        """The likeliest first tokens of an answer, as `[token, log-probability]` pairs.

        The first `shared` messages are kept read for each `slot`, which also chooses the
        adapter. Raises ModelError if the file or an adapter cannot be loaded.
        """
        if self._request is None:
            self._load()
        whole = self._text(messages, ended=True)
        begun = self._text(messages[:shared], ended=False) if shared else ""
        if self._held.get(slot, ("",))[0] == begun:
            state = self._held[slot][1] if begun else self._nothing
            cached = _length(state)
        else:
            _, state = self._read(self._ids(begun), self._nothing, slot)
            self._held[slot] = (begun, state)
            cached = 0
        ids = self._ids(whole[len(begun) :])
        logits, _ = self._read(ids, state, slot)
        return Answer({"top": self._top(logits)}, _length(state) + len(ids), cached, 1)

    def close(self) -> None:
        """Give the memory back; a later use loads the file again."""
        self._request = None
        self._held.clear()

    def _load(self) -> None:
        import openvino
        from openvino.frontend import FrontEndManager

        header = read_header(self._path)
        self._tokenizer = tokenizer_of(header)
        template = header.metadata.get("tokenizer.chat_template", "")
        self._template = ImmutableSandboxedEnvironment().from_string(template)
        adapters = {adapter.slot: _matrices(adapter) for adapter in self._model.adapters}
        # Else it rounds the weights' zero points, for 5 % of speed, and says so on the terminal.
        os.environ.setdefault("OV_GGUF_Q4_K_ZP_F16", "1")
        frontend = FrontEndManager().load_by_framework("gguf")
        try:
            graph = readable(frontend.convert(frontend.load(str(self._path))), adapters)
            compiled = openvino.Core().compile_model(graph, "CPU", {"PERFORMANCE_HINT": "LATENCY"})
        except RuntimeError as error:
            raise ModelError(
                f"The model file {self._path} could not be loaded. Delete it and run"
                f" `digest model pull {self._model.name}`."
            ) from error
        self._nothing = {output.any_name: _empty(output) for output in compiled.outputs[1:]}
        self._request = compiled.create_infer_request()

    def _text(self, messages: Sequence[Message], *, ended: bool) -> str:
        said = [{"role": message.role, "content": message.content} for message in messages]
        return self._template.render(messages=said, add_generation_prompt=ended)

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer.encode(text, add_special_tokens=False).ids
        return ids

    def _read(
        self, ids: Sequence[int], state: _State, slot: str
    ) -> tuple[npt.NDArray[np.float32], _State]:
        """The logits after the last of `ids`, and the state of all that was read by then."""
        before, count = _length(state), len(ids)
        seen = np.tri(count, before + count, before, dtype=bool)
        fed = {
            TOKENS: _row(ids),
            POSITIONS: _row(range(before, before + count)),
            WANTED: _row([count - 1]),
            MASK: np.where(seen, 0.0, -np.inf).astype(np.float32)[None, None],
            **{
                worn_input(adapter.slot): np.array(
                    adapter.strength * (adapter.slot == slot), np.float32
                )
                for adapter in self._model.adapters
            },
            **state,
        }
        try:
            logits, *kept = self._request.infer(fed).values()
        except RuntimeError as error:
            raise ModelError(f"{self._model.name} could not read the prompt ({error}).") from error
        after = {name: np.array(value) for name, value in zip(self._nothing, kept, strict=True)}
        return logits.reshape(-1), after

    def _top(self, logits: npt.NDArray[np.float32]) -> list[list[Any]]:
        logprobs = logits - np.logaddexp.reduce(logits)
        best = np.argsort(-logits, kind="stable")[:_TOP]
        return [[self._tokenizer.decode([int(n)]), float(logprobs[n])] for n in best]


def _length(state: _State) -> int:
    return len(next(iter(state.values()))[0])


def _empty(output: Any) -> npt.NDArray[np.float16]:
    heads, width = (size.get_length() for size in list(output.partial_shape)[2:])
    return np.empty((1, 0, heads, width), np.float16)


def _row(numbers: Sequence[int]) -> npt.NDArray[np.int32]:
    return np.array(numbers, np.int32).reshape(1, 1, 1, -1)


def _matrices(adapter: Adapter) -> Matrices:
    path = resources.prompts() / adapter.file
    try:
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError as error:
        raise ModelError(f"There is no file {path}; put it back.") from error
    if digest != adapter.sha256:
        raise ModelError(f"{path} has other bytes than prompts/models.yaml says; put it back.")
    return read_adapter(path)
