"""Trains the judging adapter: `python -m evals.training.train FOLDER --out FOLDER`.

FOLDER is what `evals.training.pack` wrote. One pass of some minutes on a large GPU. Cross-entropy
over the words that occur, the right one being Yes or No. Writes `adapter.npz` and, for the rows
that it did not learn from, the log-odds of yes at several strengths: worn at less than its
whole an adapter judges better what it has not seen (docs/grounding.md).
"""

from __future__ import annotations

import argparse
import json
import math
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from evals.training.qwen import ADAPTED, Adapted, Model

# Tokens in a batch of one step, and in one evaluated at once.
STEP, AT_ONCE = 12_000, 48_000
# What a row of a set counts; of other sets one.
_TIMES = {
    "fib_xsum.jsonl": 2.0,
    "wice.jsonl": 4.0,
    "wice.jsonl: without its evidence": 2.0,
    "fool_me_twice.jsonl: own sentences": 0.25,
    "neus_allsides_dev.jsonl: own sentences": 0.5,
}


class Rows:
    """Token numbers, labels, sets, uses and draws of a file of rows."""

    def __init__(self, path: Path, used: Any) -> None:
        loaded = np.load(path)
        ends = np.cumsum(loaded["lengths"])
        ids = np.searchsorted(used, loaded["ids"])
        self.ids = [ids[e - n : e] for e, n in zip(ends, loaded["lengths"], strict=True)]
        self.labels, self.sets, self.uses = loaded["labels"], loaded["sets"], loaded["uses"]
        self.draws = loaded["draws"]

    def batches(self, chosen: list[int], tokens: int) -> Iterator[list[int]]:
        """Rows of like length together, at most `tokens` with their padding."""
        batch: list[int] = []
        for i in sorted(chosen, key=lambda n: len(self.ids[n])):
            if batch and (len(batch) + 1) * len(self.ids[i]) > tokens:
                yield batch
                batch = []
            batch.append(i)
        if batch:
            yield batch

    def padded(self, batch: list[int], device: str) -> tuple[torch.Tensor, torch.Tensor]:
        """(rows, tokens) and the place of each row's last token."""
        longest = max(len(self.ids[i]) for i in batch)
        rows = np.zeros((len(batch), longest), dtype=np.int64)
        for n, i in enumerate(batch):
            rows[n, : len(self.ids[i])] = self.ids[i]
        last = torch.tensor([len(self.ids[i]) - 1 for i in batch], device=device)
        return torch.from_numpy(rows).to(device), last


def weights_of(rows: Rows, chosen: list[int]) -> dict[int, float]:
    """What each row counts: labels of a set the same, sets by their size and `_TIMES`."""
    count = Counter((rows.sets[i], int(rows.labels[i])) for i in chosen)
    found = {}
    for i in chosen:
        name, label = rows.sets[i], int(rows.labels[i])
        both = count[name, 0] + count[name, 1]
        even = both / (2 * count[name, label]) if count[name, 1 - label] else 1.0
        found[i] = min(even, 4.0) * _TIMES.get(str(name), 1.0)
    return found


def scores(model: Model, rows: Rows, chosen: list[int], answers: list[int], device: str) -> Any:
    """Log-odds of yes against no for the chosen rows, NaN for the others."""
    found = np.full(len(rows.ids), np.nan)
    with torch.no_grad():
        for batch in rows.batches(chosen, AT_ONCE):
            logits = model(*rows.padded(batch, device))
            found[batch] = (logits[:, answers[0]] - logits[:, answers[1]]).cpu().numpy()
    return found


def report(rows: Rows, found: Any, use: str) -> None:
    """ROC-AUC and balanced accuracy at even odds, a line a set."""
    for name in sorted(set(rows.sets)):
        own = (rows.sets == name) & (rows.uses == use) & ~np.isnan(found)
        if len(set(rows.labels[own])) == 2:
            auc = roc_auc_score(rows.labels[own], found[own])
            even = balanced_accuracy_score(rows.labels[own], found[own] > 0)
            print(f"  {use} {name}: {own.sum()} rows, ROC-AUC {auc:.3f}, balanced {even:.3f}")


def train(model: Model, rows: Rows, answers: list[int], args: Any) -> None:
    """Fits the adapter in place."""
    chosen = [
        i
        for i in range(len(rows.ids))
        if rows.uses[i] == "train" and not any(x in str(rows.sets[i]) for x in args.without)
    ]
    # A draw a pass, so that no row comes back as it was while there are more of them.
    draws = int(rows.draws.max()) + 1
    passes = [[i for i in chosen if rows.draws[i] == e % draws] for e in range(args.epochs)]
    weigh = {i: w for some in passes[:draws] for i, w in weights_of(rows, some).items()}
    trained = [p for p in model.parameters() if p.requires_grad]
    steps = sum(1 for some in passes for _ in rows.batches(some, STEP))
    optimiser = torch.optim.AdamW(trained, lr=args.rate, weight_decay=0.01, betas=(0.9, 0.99))
    chance, step, begun = random.Random(args.seed), 0, time.time()
    print(f"{len(chosen)} rows, {steps} steps")
    for epoch, some in enumerate(passes):
        # Only rows of some thousand are put together by length: other batches every epoch.
        order = chance.sample(some, len(some))
        parts = [order[n : n + 4000] for n in range(0, len(order), 4000)]
        batches = [b for part in parts for b in rows.batches(part, STEP)]
        chance.shuffle(batches)
        total = 0.0
        for batch in batches:
            warm = min(1.0, step / 40)
            cosine = 0.5 * (1 + math.cos(math.pi * min(1.0, step / (steps * 1.05))))
            for group in optimiser.param_groups:
                group["lr"] = args.rate * warm * cosine
            logits = model(*rows.padded(batch, args.device))
            wanted = torch.tensor(
                [answers[0] if rows.labels[i] else answers[1] for i in batch], device=args.device
            )
            each = F.cross_entropy(logits, wanted, reduction="none")
            counts = torch.tensor([weigh[i] for i in batch], device=args.device)
            loss = (each * counts).sum() / counts.sum()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(trained, 1.0)
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
            total += loss.item()
            step += 1
        print(f"epoch {epoch + 1}: loss {total / len(batches):.4f}, {time.time() - begun:.0f} s")
        save(model, args.out / "adapter.npz")


def save(model: Model, path: Path) -> None:
    """The adapter's matrices in half precision, by their names in a GGUF file."""
    made = {}
    for n, layer in zip(model.blocks, model.layers, strict=True):
        for name in ADAPTED:
            part: Adapted = getattr(layer, name)
            made[f"blk.{n}.{name}.weight.lora_a"] = part.a.detach().cpu().numpy().astype("f2")
            made[f"blk.{n}.{name}.weight.lora_b"] = part.b.detach().cpu().numpy().astype("f2")
    np.savez(path, **made)


def load(model: Model, path: Path) -> None:
    """Puts on an adapter that `save` wrote."""
    stored = np.load(path)
    for n, layer in zip(model.blocks, model.layers, strict=True):
        for name in ADAPTED:
            part: Adapted = getattr(layer, name)
            for own, values in ((part.a, "lora_a"), (part.b, "lora_b")):
                own.data.copy_(torch.from_numpy(stored[f"blk.{n}.{name}.weight.{values}"]))


def main() -> None:
    """Train, print what it gives on rows not learned from, and save."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--rows", default="rows.npz")
    parser.add_argument("--also", nargs="*", default=[], help="files only to measure on")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--adapter", type=Path, help="to begin with, or with --epochs 0 to measure")
    parser.add_argument("--rank", type=int, default=4)
    parser.add_argument("--alpha", type=float, default=16.0)
    parser.add_argument("--rate", type=float, default=4e-4)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--without", nargs="*", default=[], help="sets not to learn from")
    parser.add_argument(
        "--skip", type=int, nargs=2, metavar=("FIRST", "LAST"), help="blocks left out"
    )
    parser.add_argument("--device", default="cuda")
    parser.add_argument(
        "--strengths", type=float, nargs="*", default=[0, 0.35, 0.5, 0.75, 1], help="to measure"
    )
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    used = np.load(args.folder / "used.npy")
    answers = json.loads((args.folder / "answers.json").read_text())
    rows = Rows(args.folder / args.rows, used)
    begun = time.time()
    skipped = range(args.skip[0], args.skip[1] + 1) if args.skip else ()
    model = Model(args.folder, args.device, args.rank, args.alpha, skipped).to(args.device)
    print(f"loaded in {time.time() - begun:.0f} s")
    if args.adapter:
        load(model, args.adapter)
    if args.epochs:
        train(model, rows, answers, args)
    save(model, args.out / "adapter.npz")
    for name in [args.rows, *args.also]:
        own = rows if name == args.rows else Rows(args.folder / name, used)
        kept = [i for i in range(len(own.ids)) if own.uses[i] != "train"]
        for strength in args.strengths:
            model.wear(strength)
            found = scores(model, own, kept, answers, args.device)
            np.savez(args.out / f"scores-{strength}-{name}", scores=found)
            print(f"{name}, strength {strength}")
            for use in ("fit", "test"):
                report(own, found, use)


if __name__ == "__main__":
    main()
