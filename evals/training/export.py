"""Writes a trained adapter as a GGUF file: `python -m evals.training.export`."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path

import numpy as np
from gguf import GGUFWriter


def write(adapter: Path, out: Path, alpha: float) -> str:
    """The adapter of `evals.training.train.save` as a GGUF file; returns its sha256.

    `lora_a` is (rank, into), `lora_b` (out, rank), both in half precision; who reads it adds
    `alpha / rank * b @ a` to the matrix that each is named for.
    """
    writer = GGUFWriter(out, "qwen2")
    writer.add_type("adapter")
    writer.add_string("adapter.type", "lora")
    writer.add_float32("adapter.lora.alpha", alpha)
    for name, values in np.load(adapter).items():
        writer.add_tensor(name, np.ascontiguousarray(values))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return hashlib.sha256(out.read_bytes()).hexdigest()


def main() -> None:
    """Write the file and print its digest."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("adapter", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--alpha", type=float, default=32.0, help="as trained or merged with")
    parser.add_argument("--strength", type=float, default=0.75, help="what to wear of it")
    args = parser.parse_args()
    print(write(args.adapter, args.out, args.alpha * args.strength))


if __name__ == "__main__":
    main()
