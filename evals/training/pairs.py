"""Trains the judging adapter further on pairs of claims: `python -m evals.training.pairs`.

    python -m evals.training.pairs model.gguf rows.jsonl --begin adapter.gguf --out FOLDER
        [--apart WRITER...]

Rows are those of `evals.real_claims`: of each pair one claim is supported by its page and its
twin, which differs in one thing, is not. Both are asked over the same sentences, chosen for
one of them by chance, so that only the page can tell them apart. The loss is cross-entropy of
each answer, and half as much of their difference.

Begins from the adapter `--begin`, worn at `--start` of its strength, and ends
with the mean of that one and what was learned, the latter counting `--mix`: it judges text of
other kinds better than what was learned from editors' claims alone. Blocks below `--first`
keep theirs: they learn little and cost a backward pass. Runs on two cores of a CPU
with 16-bit arithmetic (some 70 minutes for 1,500 pairs). Stopped, it goes on from its last
save, at the step that was printed with it (`--resume STEP`), with a fresh optimiser. Needs
PyTorch and gguf. Pairs of the writers named with `--apart` are measured at the end, and not
learned from.
"""

from __future__ import annotations

import argparse
import math
import random
import time
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from gguf import GGUFReader
from rich.progress import track
from sklearn.metrics import roc_auc_score

from assistant.llm.catalog import Catalog
from assistant.llm.gguf import read_adapter, read_header, tokenizer_of
from assistant.verify.entailment import question, says_word_for_word
from assistant.verify.evidence import Held, hold
from assistant.verify.judge import unaccented
from evals.grounding import embedder, page_of
from evals.rows import Row, load_rows
from evals.training.export import write
from evals.training.merge import mean_of
from evals.training.pack import as_chat, save_weights
from evals.training.qwen import ADAPTED, Model
from evals.training.train import save
from evals.training.trees import Prompt, batched, join

# Tokens read at once, pairs in a step, and steps until the learning rate is full.
_AT_ONCE, _STEP, _WARM = 760, 8, 12
# What is left of the learning rate at the end, and the share of the loss of the difference.
_LAST, _DIFFERENCE = 0.08, 0.5
# Of the adapter that it begins from.
_RANK = 8
Pair = tuple[Held, Held]
Group = Sequence[Prompt]


def pairs_of(rows: Sequence[Row]) -> dict[str, list[Pair]]:
    """By writer the true and the false claim of each pair, held against their page.

    One that its page says word for word is left out: no model is asked about it.
    """
    by_pair: dict[str, dict[int, tuple[Row, Held]]] = defaultdict(dict)
    for row in track([r for r in rows if "pair" in r.meta], description="pages"):
        held = hold(row.claim, [unaccented(page_of(row.source, row.meta))], embedder())
        if held is not None and row.label is not None and not says_word_for_word(held, row.claim):
            by_pair[row.meta["pair"]][row.label] = (row, held)
    found: dict[str, list[Pair]] = defaultdict(list)
    for both in by_pair.values():
        if len(both) == 2:
            found[str(both[1][0].meta["writer"])].append((both[1][1], both[0][1]))
    return found


class Asked:
    """Pairs as token numbers, over the sentences chosen for the true or for the false claim."""

    def __init__(self, tokenizer: Any, pairs: Sequence[Pair]) -> None:
        entry = Catalog.load().default_embedded
        self._groups = [
            [
                [
                    tokenizer.encode(
                        as_chat(question(entry, replace(shown, claim=own.claim))),
                        add_special_tokens=False,
                    ).ids
                    for own in pair
                ]
                for shown in pair
            ]
            for pair in pairs
        ]

    def __len__(self) -> int:
        return len(self._groups)

    def over(self, number: int, shown: int) -> Group:
        """The true and the false claim of a pair over the sentences of claim `shown`."""
        return self._groups[number][shown]

    def words(self) -> set[int]:
        """Every token that occurs."""
        return {t for pair in self._groups for group in pair for prompt in group for t in prompt}


def odds(model: Model, groups: Sequence[Group], number_of: Mapping[int, int], answers: Any) -> Any:
    """Log-odds of yes, (groups, 2), of pairs that are read as one tree."""
    tree = join(groups)
    ids = np.array([number_of[int(t)] for t in tree.ids])
    logits = model.tree(
        torch.from_numpy(ids), torch.from_numpy(tree.positions), torch.from_numpy(tree.sees),
        tree.ends,
    )  # fmt: skip
    return (logits[:, answers[0]] - logits[:, answers[1]]).view(-1, 2)


def train(
    model: Model, asked: Asked, number_of: Mapping[int, int], answers: Any, args: Any
) -> None:
    """Fits the adapter in place, one pass; saves every 25 steps."""
    chance = random.Random(args.seed)
    order = chance.sample(range(len(asked)), len(asked))
    steps = [order[n : n + _STEP] for n in range(0, len(order), _STEP)]
    trained = {n: p for n, p in model.named_parameters() if p.requires_grad}
    groups = [
        {"params": [p for n, p in trained.items() if n.endswith(end)], "full": rate}
        for end, rate in ((".a", args.rate), (".b", 2.5 * args.rate))
    ]
    optimiser = torch.optim.AdamW(groups, lr=args.rate, weight_decay=0.01, betas=(0.9, 0.98))
    begun, losses = time.time(), []
    for step, some in enumerate(steps):
        shown = [asked.over(n, chance.randrange(2)) for n in some]
        if step < args.resume:
            continue
        cosine = 0.5 * (1 + math.cos(math.pi * step / len(steps)))
        rate = min(1.0, (step + 1) / _WARM) * (_LAST + (1 - _LAST) * cosine)
        for group in optimiser.param_groups:
            group["lr"] = group["full"] * rate
        for batch in batched(shown, _AT_ONCE):
            z = odds(model, [shown[n] for n in batch], number_of, answers)
            wanted = torch.tensor([1.0, 0.0]).expand_as(z)
            each = F.binary_cross_entropy_with_logits(z, wanted, reduction="none").mean(1)
            loss = (each + _DIFFERENCE * F.softplus(z[:, 1] - z[:, 0])).sum() / len(some)
            loss.backward()
            losses.append(loss.item() * len(some) / len(batch))
        torch.nn.utils.clip_grad_norm_(list(trained.values()), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if step % 25 == 24 or step == len(steps) - 1:
            keep(model, args.out / "adapter.npz")
            mean = np.mean(losses[-50:])
            print(f"step {step + 1} of {len(steps)}: loss {mean:.3f}, {time.time() - begun:.0f} s")


def measure(model: Model, asked: Asked, number_of: Mapping[int, int], answers: Any) -> str:
    """ROC-AUC, and in how many pairs the true claim is more likely."""
    shown = [asked.over(n, n % 2) for n in range(len(asked))]
    with torch.no_grad():
        found = [
            odds(model, [shown[n] for n in batch], number_of, answers).numpy()
            for batch in batched(shown, _AT_ONCE)
        ]
    z = np.concatenate(found)
    auc = roc_auc_score(np.tile([1, 0], len(z)), z.reshape(-1))
    return f"{len(z)} pairs, ROC-AUC {auc:.3f}, in order {(z[:, 0] > z[:, 1]).mean():.3f}"


def put_on(model: Model, file: Path, strength: float) -> None:
    """The adapter of a GGUF file, at this strength, as what the model wears whole."""
    stored = read_adapter(file)
    for n, layer in zip(model.blocks, model.layers, strict=True):
        for name in ADAPTED:
            part = getattr(layer, name)
            for end, factor in (("a", 1.0), ("b", strength)):
                values = np.array(stored[f"blk.{n}.{name}.weight.lora_{end}"], dtype="f4")
                getattr(part, end).data.copy_(torch.from_numpy(values * factor))


def mix(model: Model, file: Path, strength: float, share: float) -> None:
    """Makes what the model wears the mean of it, counting `share`, and of the adapter in `file`."""
    stored = read_adapter(file)
    for n, layer in zip(model.blocks, model.layers, strict=True):
        for name in ADAPTED:
            part = getattr(layer, name)
            before = [np.array(stored[f"blk.{n}.{name}.weight.lora_{end}"], "f8") for end in "ab"]
            now = (part.a.detach().double().numpy(), part.b.detach().double().numpy())
            a, b = mean_of([(before[0], before[1] * strength), now], _RANK, [1 - share, share])
            part.a.data.copy_(torch.from_numpy(a))
            part.b.data.copy_(torch.from_numpy(b))


def keep(model: Model, file: Path) -> None:
    """The adapter's matrices, and beside them as a GGUF file; whole or not at all."""
    unfinished = file.with_name("unfinished.npz")
    save(model, unfinished)
    write(unfinished, unfinished.with_suffix(".gguf"), float(_RANK))
    for end in (".npz", ".gguf"):
        unfinished.with_suffix(end).replace(file.with_suffix(end))


def main() -> None:
    """Train, measure on the writers kept apart, and write the adapter."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("gguf", type=Path)
    parser.add_argument("rows", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--apart", nargs="*", default=[], help="writers not learned from")
    parser.add_argument("--begin", type=Path, required=True, help="an adapter, as a GGUF file")
    parser.add_argument("--start", type=float, default=0.5, help="how much of it is worn")
    parser.add_argument("--mix", type=float, default=0.8)
    parser.add_argument("--first", type=int, default=8)
    parser.add_argument("--rate", type=float, default=2e-4)
    parser.add_argument("--seed", type=int, default=17)
    parser.add_argument("--resume", type=int, default=0, metavar="STEP")
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(args.seed)
    tokenizer: Any = tokenizer_of(read_header(args.gguf))
    by_writer = pairs_of(load_rows(args.rows))
    if unknown := set(args.apart) - by_writer.keys():
        parser.error(f"there are no pairs of the writers {', '.join(sorted(unknown))}")
    apart = [p for w in args.apart for p in by_writer.pop(w)]
    learned = Asked(tokenizer, [p for some in by_writer.values() for p in some])
    kept = Asked(tokenizer, apart)
    yes_no = [tokenizer.token_to_id(word) for word in ("Yes", "No")]
    used = np.array(sorted(learned.words() | kept.words() | set(yes_no)))
    save_weights(args.out, GGUFReader(args.gguf), used)
    number_of = {int(token): n for n, token in enumerate(used)}
    answers = (number_of[yes_no[0]], number_of[yes_no[1]])
    model = Model(args.out, "cpu", _RANK, float(_RANK))
    put_on(model, *((args.out / "adapter.gguf", 1.0) if args.resume else (args.begin, args.start)))
    for n, layer in zip(model.blocks, model.layers, strict=True):
        layer.requires_grad_(n >= args.first)
    print(f"{len(learned)} pairs of {len(by_writer)} writers")
    train(model, learned, number_of, answers, args)
    mix(model, args.begin, args.start, args.mix)
    keep(model, args.out / "verify.npz")
    if apart:
        print(measure(model, kept, number_of, answers))


if __name__ == "__main__":
    main()
