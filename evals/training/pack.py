"""Packs what training needs of a GGUF file and of the rows: `python -m evals.training.pack`.

Writes `weights.bin` and `index.json` (the layers' tensors as they are, of the two word tables
only the rows of words that occur), and `rows.npz`: token numbers of every prompt, renumbered
to those rows, with its label. Prompts are those of `prompts/verify.yaml`, in the model's own
form of a chat.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np
from gguf import GGUFReader

from assistant import prompts
from assistant.llm.gguf import read_header, tokenizer_of
from evals.training.asked import as_chat

_TABLES = ("token_embd.weight", "output.weight")


def main() -> None:
    """Write the packed weights and rows into a folder."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gguf", type=Path)
    parser.add_argument("rows", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    reader = GGUFReader(args.gguf)
    words = tokenizer_of(read_header(args.gguf))
    for path in args.rows:
        rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        texts = [_text(r) for r in rows]
        _save_rows(
            args.out / f"{path.stem}.npz",
            rows,
            [e.ids for e in words.encode_batch(texts, add_special_tokens=False)],
        )
    used = np.unique(
        np.concatenate([np.load(args.out / f"{p.stem}.npz")["ids"] for p in args.rows])
    )
    answers = np.array([words.token_to_id(w) for w in ("Yes", "No")], dtype=np.int64)
    used = np.union1d(used, answers)
    np.save(args.out / "used.npy", used)
    (args.out / "answers.json").write_text(json.dumps(np.searchsorted(used, answers).tolist()))
    save_weights(args.out, reader, used)


def _text(row: dict[str, Any]) -> str:
    evidence = "\n".join(f"- {s}" for s in row["evidence"])
    return as_chat(prompts.load("verify").render(evidence=evidence, claim=row["claim"]))


def _save_rows(path: Path, rows: list[dict[str, Any]], ids: list[list[int]]) -> None:
    np.savez_compressed(
        path,
        ids=np.concatenate([np.array(i, dtype=np.uint32) for i in ids]),
        lengths=np.array([len(i) for i in ids]),
        labels=np.array([r["label"] for r in rows]),
        sets=np.array([r["set"] for r in rows]),
        uses=np.array([r["use"] for r in rows]),
        draws=np.array([r.get("draw", 0) for r in rows]),
    )


def save_weights(folder: Path, reader: GGUFReader, used: Any) -> None:
    """The tensors as they are, of the word tables the rows `used`, and an index of them."""
    index, at = [], 0
    with (folder / "weights.bin").open("wb") as out:
        for tensor in reader.tensors:
            data = tensor.data[used] if tensor.name in _TABLES else tensor.data
            shape = [int(n) for n in reversed(tensor.shape)]
            if tensor.name in _TABLES:
                shape[0] = len(used)
            raw = np.ascontiguousarray(data).tobytes()
            entry = {"name": tensor.name, "kind": int(tensor.tensor_type), "shape": shape}
            index.append({**entry, "at": at, "bytes": len(raw)})
            at += out.write(raw)
    (folder / "index.json").write_text(json.dumps(index))


if __name__ == "__main__":
    main()
