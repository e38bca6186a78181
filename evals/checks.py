"""How often each check is right where it fires: `python -m evals.checks FILE... [--rows N]`.

No model is asked. Of rows whose claim is one sentence: a check that fires is right where the
row is not supported; `word for word`, by which a claim is supported without a model, where it
is. Sets of edits repeat a claim in other words; what fires on one page with one label counts
once. `balanced` weighs both labels and all sets alike.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import track
from rich.table import Table

from assistant.nlp import sentences
from assistant.terms import without_accents
from assistant.verify.checks import CHECKS
from assistant.verify.entailment import says_word_for_word
from assistant.verify.evidence import hold
from assistant.verify.judge import unaccented
from evals.answers import fired, in_turn
from evals.grounding import embedder, page_of

WORD_FOR_WORD = "word for word"
# Of a set: for each check the labels and pages where it fired, and how many rows a label has.
_Fired = dict[str, list[tuple[int, str]]]


def measure(files: Sequence[Path], count: int) -> tuple[dict[str, _Fired], dict[str, list[int]]]:
    """What fired in each set, and its rows by label."""
    seen: dict[str, _Fired] = defaultdict(lambda: defaultdict(list))
    rows: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for name, _, row in track(list(in_turn(files, count)), description="rows"):
        if len(sentences(row.claim)) != 1 or row.label is None:
            continue
        claim = without_accents(row.claim)
        held = hold(claim, [unaccented(page_of(row.source, row.meta))], embedder())
        if held is None:
            continue
        rows[name][row.label] += 1
        found = fired(claim, held)
        if not found and says_word_for_word(held, claim):
            found = [WORD_FOR_WORD]
        for check in found:
            seen[check][name].append((row.label, row.source))
    return seen, rows


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--rows", type=int, default=250, help="rows of each file")
    args = parser.parse_args()
    seen, rows = measure(args.files, args.rows)
    head = ("check", "compares", "refutes", "fired", "right", "precision", "balanced")
    table = Table(*head, box=None)
    refuting = {check.name for check in CHECKS if check.refutes}
    compares = {check.name: check.compares for check in CHECKS}
    for name in (*(check.name for check in CHECKS), WORD_FOR_WORD):
        wanted = int(name == WORD_FOR_WORD)
        once = {(label, page) for own in seen[name].values() for label, page in own}
        right = sum(label == wanted for label, _ in once)
        rates = [
            sum(sum(own == label for own, _ in found) / rows[one][label] for one, found in each)
            for label in (wanted, 1 - wanted)
            for each in [[(s, f) for s, f in seen[name].items() if rows[s][label]]]
        ]
        balanced = rates[0] / sum(rates) if sum(rates) else float("nan")
        share = right / len(once) if once else float("nan")
        table.add_row(
            name,
            compares.get(name, "all of the claim with one sentence"),
            "yes" if name in refuting else "",
            str(len(once)),
            str(right),
            f"{share:.3f}",
            f"{balanced:.3f}",
        )
    Console(width=120).print(table)


if __name__ == "__main__":
    main()
