"""GGUF files small enough to be made in a test: a model of two layers, an adapter for it."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from tokenizers.pre_tokenizers import ByteLevel

WIDTH, HEADS, KV_HEADS, INNER, LAYERS, CONTEXT = 128, 4, 2, 96, 2, 256
_KINDS = {np.dtype("<f4"): 0, np.dtype("<f2"): 1}
MARKS = ["<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)


def write_gguf(path: Path, metadata: Mapping[str, Any], tensors: Mapping[str, Any] = {}) -> Path:
    head = b"GGUF" + struct.pack("<IQQ", 3, len(tensors), len(metadata))
    head += b"".join(_text(key) + _typed(value) for key, value in metadata.items())
    body = b""
    for name, values in tensors.items():
        head += _text(name) + struct.pack("<I", values.ndim)
        head += struct.pack(f"<{values.ndim}Q", *values.shape[::-1])
        head += struct.pack("<IQ", _KINDS[values.dtype], len(body))
        body += _padded(values.tobytes())
    path.write_bytes(_padded(head) + body)
    return path


def vocabulary() -> dict[str, Any]:
    """Metadata of a tokenizer of single bytes, two merges and the marks of a chat."""
    tokens = [*sorted(ByteLevel.alphabet()), "no", "Ye", "Yes", *MARKS]
    return {
        "tokenizer.ggml.model": "gpt2",
        "tokenizer.ggml.pre": "qwen2",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.token_type": [3 if token in MARKS else 1 for token in tokens],
        "tokenizer.ggml.merges": ["n o", "Y e", "Ye s"],
        "tokenizer.ggml.eos_token_id": len(tokens) - 1,
        "tokenizer.chat_template": TEMPLATE,
    }


def tiny_model(path: Path) -> Path:
    """A model of random weights in the form of Qwen2."""
    said = vocabulary()
    count = len(said["tokenizer.ggml.tokens"])
    chance = np.random.default_rng(3)

    def matrix(out: int, into: int) -> Any:
        return (chance.standard_normal((out, into)) / into**0.5).astype("<f2")

    def vector(length: int) -> Any:
        return (1 + chance.standard_normal(length) / 10).astype("<f4")

    kv = WIDTH // HEADS * KV_HEADS
    tensors = {"token_embd.weight": matrix(count, WIDTH), "output.weight": matrix(count, WIDTH)}
    tensors["output_norm.weight"] = vector(WIDTH)
    for n in range(LAYERS):
        sizes = {"q": WIDTH, "k": kv, "v": kv}
        tensors |= {f"blk.{n}.attn_{x}.weight": matrix(out, WIDTH) for x, out in sizes.items()}
        tensors |= {f"blk.{n}.attn_{x}.bias": vector(out) for x, out in sizes.items()}
        tensors |= {f"blk.{n}.{x}_norm.weight": vector(WIDTH) for x in ("attn", "ffn")}
        tensors |= {
            f"blk.{n}.attn_output.weight": matrix(WIDTH, WIDTH),
            f"blk.{n}.ffn_gate.weight": matrix(INNER, WIDTH),
            f"blk.{n}.ffn_up.weight": matrix(INNER, WIDTH),
            f"blk.{n}.ffn_down.weight": matrix(WIDTH, INNER),
        }
    shape = {
        "general.architecture": "qwen2",
        "qwen2.block_count": LAYERS,
        "qwen2.context_length": CONTEXT,
        "qwen2.embedding_length": WIDTH,
        "qwen2.feed_forward_length": INNER,
        "qwen2.attention.head_count": HEADS,
        "qwen2.attention.head_count_kv": KV_HEADS,
        "qwen2.attention.layer_norm_rms_epsilon": 1e-6,
        "qwen2.rope.freq_base": 1e6,
        "general.file_type": 1,
    }
    return write_gguf(path, shape | said, tensors)


def tiny_adapter(path: Path, matrix: str = "blk.0.attn_q.weight", alpha: float = 8.0) -> Path:
    """An adapter of rank 2 for one matrix."""
    chance = np.random.default_rng(4)
    a, b = chance.standard_normal((2, WIDTH)), chance.standard_normal((WIDTH, 2))
    tensors = {f"{matrix}.lora_a": a.astype("<f2"), f"{matrix}.lora_b": b.astype("<f2")}
    return write_gguf(path, {"adapter.type": "lora", "adapter.lora.alpha": alpha}, tensors)


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _typed(value: Any) -> bytes:
    if isinstance(value, str):
        return struct.pack("<I", 8) + _text(value)
    if isinstance(value, list):
        texts = isinstance(value[0], str)
        items = [_text(item) if texts else struct.pack("<i", item) for item in value]
        return struct.pack("<IIQ", 9, 8 if texts else 5, len(value)) + b"".join(items)
    if isinstance(value, float):
        return struct.pack("<If", 6, value)
    return struct.pack("<II", 4, value)


def _padded(data: bytes) -> bytes:
    return data + bytes(-len(data) % 32)
