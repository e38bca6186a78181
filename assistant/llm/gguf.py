"""Reads what a GGUF file says of itself: its metadata, its tokenizer, and small adapters.

The format is that of ggml's docs/gguf.md, version 3: a header, typed key-value pairs, the
names and shapes of the tensors, then their bytes from the next multiple of the alignment.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import numpy.typing as npt
from tokenizers import AddedToken, Regex, Tokenizer, decoders
from tokenizers.models import BPE
from tokenizers.pre_tokenizers import ByteLevel, Sequence, Split

from assistant.errors import ModelError

_NUMBERS = dict(enumerate("BbHhIif?")) | {10: "Q", 11: "q", 12: "d"}
_STRING, _ARRAY = 8, 9
_HALF = 1  # the tensor type F16
_ALIGNMENT = 32
_CONTROL = 3  # the token type of marks such as <|im_end|>
# How each family of tokenizers cuts a text before it joins bytes; llama.cpp has the same.
_CUTS = {
    "qwen2": r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}"
    r"| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
}


# The matrices of an adapter, by the names of those that they adapt and `lora_a` or `lora_b`.
Matrices = Mapping[str, npt.NDArray[np.float16]]


@dataclass(frozen=True)
class Header:
    """Metadata by key; of each tensor its shape, its type and its place in the file."""

    metadata: Mapping[str, Any]
    tensors: Mapping[str, tuple[tuple[int, ...], int, int]]


def read_header(path: Path) -> Header:
    """The header of `path`; ModelError if it is no GGUF file of version 3."""
    try:
        with path.open("rb") as file:
            if file.read(4) != b"GGUF" or _number(file, "I") != 3:
                raise ModelError(f"{path} is no GGUF file of version 3.")
            count, pairs = _number(file, "Q"), _number(file, "Q")
            metadata = {_string(file): _value(file, _number(file, "I")) for _ in range(pairs)}
            found = []
            for _ in range(count):
                name = _string(file)
                shape = tuple(_number(file, "Q") for _ in range(_number(file, "I")))
                # GGUF counts dimensions from the innermost.
                found.append((name, shape[::-1], _number(file, "I"), _number(file, "Q")))
            alignment = metadata.get("general.alignment", _ALIGNMENT)
            begin = -(-file.tell() // alignment) * alignment
    except (OSError, struct.error, UnicodeDecodeError, KeyError) as error:
        raise ModelError(f"{path} cannot be read as a GGUF file ({error}).") from error
    return Header(metadata, {name: (shape, kind, begin + at) for name, shape, kind, at in found})


def read_adapter(path: Path) -> Matrices:
    """The matrices of a low-rank adapter by name, `lora_b` scaled so that `b @ a` is added.

    `lora_a` is (rank, into), `lora_b` (out, rank). Raises ModelError where the file is none.
    """
    header = read_header(path)
    alpha = header.metadata.get("adapter.lora.alpha")
    if alpha is None or any(kind != _HALF for _, kind, _ in header.tensors.values()):
        raise ModelError(f"{path} is no adapter in half precision.")
    made = {}
    for name, (shape, _, at) in header.tensors.items():
        values = np.fromfile(path, "<f2", math.prod(shape), offset=at).reshape(shape)
        scale = alpha / shape[1] if name.endswith("lora_b") else 1.0
        made[name] = (values * scale).astype("<f2")
    return made


def tokenizer_of(header: Header) -> Tokenizer:
    """The tokenizer that a model file carries; ModelError where its family is not known."""
    said = header.metadata
    cut = _CUTS.get(said.get("tokenizer.ggml.pre", ""))
    if said.get("tokenizer.ggml.model") != "gpt2" or cut is None:
        raise ModelError(
            f"The model's tokenizer is of a family ({said.get('tokenizer.ggml.pre')}) that is not"
            " known here; add how it cuts texts to assistant/llm/gguf.py."
        )
    tokens = said["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in said["tokenizer.ggml.merges"]]
    tokenizer = Tokenizer(BPE({token: n for n, token in enumerate(tokens)}, merges))
    tokenizer.pre_tokenizer = Sequence(
        [
            Split(Regex(cut), "isolated"),
            ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    marks = zip(tokens, said["tokenizer.ggml.token_type"], strict=True)
    tokenizer.add_special_tokens(
        [AddedToken(token, normalized=False) for token, kind in marks if kind == _CONTROL]
    )
    return tokenizer


def _number(file: BinaryIO, code: str) -> Any:
    return struct.unpack("<" + code, file.read(struct.calcsize("<" + code)))[0]


def _string(file: BinaryIO) -> str:
    return file.read(_number(file, "Q")).decode("utf-8")


def _value(file: BinaryIO, kind: int) -> Any:
    if kind == _STRING:
        return _string(file)
    if kind != _ARRAY:
        return _number(file, _NUMBERS[kind])
    of, length = _number(file, "I"), _number(file, "Q")
    if of in (_STRING, _ARRAY):
        return [_value(file, of) for _ in range(length)]
    code = f"<{length}{_NUMBERS[of]}"
    return list(struct.unpack(code, file.read(struct.calcsize(code))))
