"""Trains the judging adapter further on pairs of claims: `python -m evals.training.pairs`.

    python -m evals.training.pairs model.gguf rows.jsonl --begin adapter.gguf --out FOLDER
        [--others FILE...] [--apart WRITER...]

Rows are those of `evals.real_claims`: of each pair one claim is supported by its page and its
twin, which differs in one thing, is not. Both are asked over the same sentences, chosen for
one of them by chance, so that only the page can tell them apart. In a quarter of the questions
one sentence fewer is shown, if it bears little on the two. The loss is cross-entropy of
each answer, and half as much of their difference.

So that text of other kinds is not forgotten, two claims of the development halves of `--others`
are asked with every seven pairs, at half the weight.

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
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F
from gguf import GGUFReader
from sklearn.metrics import roc_auc_score

from assistant.llm.gguf import read_adapter, read_header, tokenizer_of
from evals.rows import load_rows
from evals.training.asked import Asked, Group, others_of, pairs_of
from evals.training.export import write
from evals.training.merge import mean_of
from evals.training.pack import save_weights
from evals.training.qwen import ADAPTED, Model
from evals.training.train import save
from evals.training.trees import Prompt, batched, join

# Tokens read at once, pairs and other claims in a step, and steps until the rate is full.
_AT_ONCE, _STEP, _OTHERS, _WARM = 760, 7, 2, 12
# What one of the other claims weighs beside a pair.
_WEIGHT = 0.5
# What is left of the learning rate at the end, and the share of the loss of the difference.
_LAST, _DIFFERENCE = 0.08, 0.5
# Of the adapter that it begins from.
_RANK = 8


def log_odds(
    model: Model, groups: Sequence[Group], number_of: Mapping[int, int], answers: Any
) -> Any:
    """Log-odds of yes of all prompts of all groups, in order, read as one tree."""
    tree = join(groups)
    ids = np.array([number_of[int(t)] for t in tree.ids])
    logits = model.tree(
        torch.from_numpy(ids), torch.from_numpy(tree.positions), torch.from_numpy(tree.sees),
        tree.ends,
    )  # fmt: skip
    return logits[:, answers[0]] - logits[:, answers[1]]


def loss_of(z: Any, label: int | None) -> Any:
    """The loss of one group's log-odds: a true claim and its twin, or a claim with a label."""
    if label is not None:
        wanted = torch.full_like(z, label)
        return _WEIGHT * F.binary_cross_entropy_with_logits(z, wanted)
    each = F.binary_cross_entropy_with_logits(z, torch.tensor([1.0, 0.0]))
    return each + _DIFFERENCE * F.softplus(z[1] - z[0])


def train(
    model: Model,
    asked: Asked,
    others: Sequence[tuple[Prompt, int]],
    number_of: Mapping[int, int],
    answers: Any,
    args: Any,
) -> None:
    """Fits the adapter in place, one pass over the pairs; saves every 25 steps."""
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
        shown: list[tuple[Group, int | None]] = [
            (asked.over(n, chance.randrange(2), chance), None) for n in some
        ]
        told = chance.sample(others, min(_OTHERS, len(others)))
        shown += [([prompt], label) for prompt, label in told]
        if step < args.resume:
            continue
        cosine = 0.5 * (1 + math.cos(math.pi * step / len(steps)))
        rate = min(1.0, (step + 1) / _WARM) * (_LAST + (1 - _LAST) * cosine)
        for group in optimiser.param_groups:
            group["lr"] = group["full"] * rate
        for batch in batched([group for group, _ in shown], _AT_ONCE):
            own = [shown[n] for n in batch]
            z = log_odds(model, [group for group, _ in own], number_of, answers)
            parts = z.split([len(group) for group, _ in own])
            each = [loss_of(part, label) for part, (_, label) in zip(parts, own, strict=True)]
            (sum(each) / len(shown)).backward()
            losses += [loss.item() for loss in each]
        torch.nn.utils.clip_grad_norm_(list(trained.values()), 1.0)
        optimiser.step()
        optimiser.zero_grad(set_to_none=True)
        if step % 25 == 24 or step == len(steps) - 1:
            keep(model, args.out / "adapter.npz")
            mean = np.mean(losses[-200:])
            print(f"step {step + 1} of {len(steps)}: loss {mean:.3f}, {time.time() - begun:.0f} s")


def measure(model: Model, asked: Asked, number_of: Mapping[int, int], answers: Any) -> str:
    """ROC-AUC, and in how many pairs the true claim is more likely."""
    shown = [asked.over(n, n % 2) for n in range(len(asked))]
    with torch.no_grad():
        found = [
            log_odds(model, [shown[n] for n in batch], number_of, answers).view(-1, 2).numpy()
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
    parser.add_argument("--others", type=Path, nargs="*", default=[], help="sets, as JSONL")
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
    others = [
        (learned.prompt(held, held.claim), label)
        for held, label in others_of(args.others, random.Random(args.seed))
    ]
    told = {token for prompt, _ in others for token in prompt}
    used = np.array(sorted(learned.words() | kept.words() | told | set(yes_no)))
    save_weights(args.out, GGUFReader(args.gguf), used)
    number_of = {int(token): n for n, token in enumerate(used)}
    answers = (number_of[yes_no[0]], number_of[yes_no[1]])
    model = Model(args.out, "cpu", _RANK, float(_RANK))
    put_on(model, *((args.out / "adapter.gguf", 1.0) if args.resume else (args.begin, args.start)))
    for n, layer in zip(model.blocks, model.layers, strict=True):
        layer.requires_grad_(n >= args.first)
    print(f"{len(learned)} pairs of {len(by_writer)} writers")
    train(model, learned, others, number_of, answers, args)
    mix(model, args.begin, args.start, args.mix)
    keep(model, args.out / "verify.npz")
    if apart:
        print(measure(model, kept, number_of, answers))


if __name__ == "__main__":
    main()
