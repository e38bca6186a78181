"""The embedded model's arithmetic in PyTorch, from its own quantised weights, with adapters.

Weights are those of the GGUF file, dequantised, so that an adapter learns to work on what
the embedded model will run. Only the last layer's state at a prompt's last token is made,
and logits for the words that occur. PyTorch is needed for training alone and is no part of
the project.
"""

from __future__ import annotations

import json
import math
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from gguf import GGMLQuantizationType
from gguf.quants import dequantize
from torch import Tensor, nn

LAYERS, HEADS, GROUPS, WIDTH = 28, 12, 2, 1536
HEAD = WIDTH // HEADS
ROPE_BASE, EPSILON = 1e6, 1e-6
# Compiling pays on a GPU.
_FUSED = torch.compile(dynamic=True) if torch.cuda.is_available() else lambda function: function
# Matrices of a layer that get an adapter, by their names in a GGUF file.
ADAPTED = ("attn_q", "attn_k", "attn_v", "attn_output", "ffn_gate", "ffn_up", "ffn_down")


class Adapted(nn.Module):
    """A frozen matrix plus `b @ a`, of rank `rank`, scaled by `alpha / rank`."""

    def __init__(self, weight: Tensor, bias: Tensor | None, rank: int, alpha: float) -> None:
        super().__init__()
        self.weight, self.bias = weight, bias
        out, into = weight.shape
        self.a = nn.Parameter(torch.randn(rank, into, device=weight.device) / math.sqrt(into))
        self.b = nn.Parameter(torch.zeros(out, rank, device=weight.device))
        self.scale = self.whole = alpha / rank

    def forward(self, x: Tensor) -> Tensor:
        """(..., into) to (..., out)."""
        plain = F.linear(x, self.weight, self.bias)
        low = F.linear(F.linear(x, self.a.to(x.dtype)), self.b.to(x.dtype))
        return plain + low * self.scale


class Layer(nn.Module):
    """One block: attention over what stands before, then the gated feed-forward part."""

    def __init__(self, tensors: dict[str, Tensor], rank: int, alpha: float) -> None:
        super().__init__()
        for name in ADAPTED:
            matrix = tensors[f"{name}.weight"]
            setattr(self, name, Adapted(matrix, tensors.get(f"{name}.bias"), rank, alpha))
        self.attn_norm = tensors["attn_norm.weight"]
        self.ffn_norm = tensors["ffn_norm.weight"]

    def forward(self, x: Tensor, cos: Tensor, sin: Tensor, sees: Tensor | None = None) -> Tensor:
        """(rows, tokens, WIDTH) to the same; a token sees all before it, or what `sees` says."""
        rows, length, _ = x.shape
        h = _normed(x, self.attn_norm)
        q = self.attn_q(h).view(rows, length, HEADS, HEAD).transpose(1, 2)
        k = self.attn_k(h).view(rows, length, GROUPS, HEAD).transpose(1, 2)
        v = self.attn_v(h).view(rows, length, GROUPS, HEAD).transpose(1, 2)
        q, k = _turned(q, cos, sin), _turned(k, cos, sin)
        told = F.scaled_dot_product_attention(
            q, k, v, attn_mask=sees, is_causal=sees is None, enable_gqa=True
        )
        x = x + self.attn_output(told.transpose(1, 2).reshape(rows, length, WIDTH))
        h = _normed(x, self.ffn_norm)
        return x + self.ffn_down(_gated(self.ffn_gate(h), self.ffn_up(h)))


class Model(nn.Module):
    """The model up to its last state; rows of token numbers are padded on the right.

    `skipped` are the numbers of blocks that are left out.
    """

    def __init__(
        self, folder: Path, device: str, rank: int, alpha: float, skipped: Collection[int] = ()
    ) -> None:
        super().__init__()
        self.blocks = [n for n in range(LAYERS) if n not in skipped]
        tensors = _read(folder, device, skipped)
        self.tokens = tensors["token_embd.weight"]
        self.words = tensors["output.weight"]
        self.norm = tensors["output_norm.weight"]
        self.layers = nn.ModuleList()
        for n in self.blocks:
            own = {
                k[len(f"blk.{n}.") :]: t for k, t in tensors.items() if k.startswith(f"blk.{n}.")
            }
            self.layers.append(Layer(own, rank, alpha))

    def wear(self, strength: float) -> None:
        """Adapters count `strength` times what they were trained to."""
        for part in self.modules():
            if isinstance(part, Adapted):
                part.scale = part.whole * strength

    def forward(self, rows: Tensor, last: Tensor) -> Tensor:
        """(rows, tokens) and where each row ends, to (rows, words): the logits of the next."""
        x = self.tokens[rows]
        cos, sin = _rotation(torch.arange(rows.shape[1], device=x.device))
        for layer in self.layers:
            x = layer(x, cos, sin)
        ends = x[torch.arange(len(rows), device=x.device), last]
        return F.linear(_normed(ends, self.norm), self.words).float()

    def tree(self, ids: Tensor, positions: Tensor, sees: Tensor, ends: list[int]) -> Tensor:
        """Prompts joined by `evals.training.trees`, to (prompts, words)."""
        x = self.tokens[ids][None]
        cos, sin = _rotation(positions)
        mask = torch.zeros(sees.shape, dtype=x.dtype).masked_fill_(~sees, -math.inf)
        for layer in self.layers:
            x = layer(x, cos, sin, mask[None, None])
        return F.linear(_normed(x[0, ends], self.norm), self.words).float()


@_FUSED
def _gated(gate: Tensor, x: Tensor) -> Tensor:
    return F.silu(gate) * x


@_FUSED
def _normed(x: Tensor, weight: Tensor) -> Tensor:
    wide = x.float()
    return (wide * torch.rsqrt(wide.pow(2).mean(-1, keepdim=True) + EPSILON) * weight).to(x.dtype)


def _rotation(positions: Tensor) -> tuple[Tensor, Tensor]:
    turns = ROPE_BASE ** (-torch.arange(0, HEAD, 2, device=positions.device).float() / HEAD)
    angles = torch.outer(positions.float(), turns)
    angles = torch.cat([angles, angles], dim=-1)
    return angles.cos(), angles.sin()


@_FUSED
def _turned(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    first, second = x.float().chunk(2, dim=-1)
    return (x * cos + torch.cat([-second, first], dim=-1) * sin).to(x.dtype)


def _read(folder: Path, device: str, skipped: Collection[int]) -> dict[str, Tensor]:
    """The tensors that `evals.training.pack` wrote: norms in single, the rest in half width."""
    without = tuple(f"blk.{n}." for n in skipped)
    entries = json.loads((folder / "index.json").read_text())
    index = [e for e in entries if not e["name"].startswith(without)]
    raw = np.memmap(folder / "weights.bin", dtype=np.uint8, mode="r")

    def one(entry: dict[str, Any]) -> tuple[str, Tensor]:
        stored = raw[entry["at"] : entry["at"] + entry["bytes"]]
        rows = entry["shape"][0] if len(entry["shape"]) > 1 else 1
        kind = GGMLQuantizationType(entry["kind"])
        if kind == GGMLQuantizationType.F32:
            values = stored.view(np.float32)
        else:
            values = dequantize(stored.reshape(rows, -1), kind)
        tensor = torch.from_numpy(np.array(values).reshape(entry["shape"]))
        norm = entry["name"].endswith("norm.weight")
        return entry["name"], tensor.to(device, torch.float32 if norm else torch.bfloat16)

    with ThreadPoolExecutor(12) as pool:
        return dict(pool.map(one, index))
