"""The questions that the judging adapter is trained on: claims over sentences of their pages."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rich.progress import track

from assistant.llm.catalog import Catalog
from assistant.nlp import sentences
from assistant.prompts import Message
from assistant.terms import without_accents
from assistant.verify.entailment import question, says_word_for_word
from assistant.verify.evidence import Held, hold
from assistant.verify.judge import unaccented
from evals.grounding import embedder, page_of
from evals.rows import Row, half_of, load_rows
from evals.training.trees import Prompt

# Claims of one other set, half of them supported.
_EACH = 105
# How often a sentence is left out of what is shown; one with so many of the claims' words stays.
_FEWER, _BEARS = 0.25, 6
Pair = tuple[Held, Held]
Group = Sequence[Prompt]


def pairs_of(rows: Sequence[Row]) -> dict[str, list[Pair]]:
    """By writer the true and the false claim of each pair, held against their page."""
    by_pair: dict[str, dict[int, tuple[Row, Held]]] = defaultdict(dict)
    for row in track([r for r in rows if "pair" in r.meta], description="pages"):
        held = _held(row)
        if held is not None and row.label is not None:
            by_pair[row.meta["pair"]][row.label] = (row, held)
    found: dict[str, list[Pair]] = defaultdict(list)
    for both in by_pair.values():
        if len(both) == 2:
            found[str(both[1][0].meta["writer"])].append((both[1][1], both[0][1]))
    return found


def others_of(files: Sequence[Path], chance: random.Random) -> list[tuple[Held, int]]:
    """Claims of one sentence of the development half of each set, with their labels."""
    found = []
    for file in files:
        left = {0: _EACH // 2, 1: _EACH // 2}
        rows = [r for r in load_rows(file) if half_of(r.source) == "development"]
        for row in chance.sample(rows, len(rows)):
            if row.label is None or not left[row.label] or len(sentences(row.claim)) > 1:
                continue
            held = _held(row)
            if held is not None:
                left[row.label] -= 1
                found.append((held, row.label))
    return found


def _held(row: Row) -> Held | None:
    """The claim beside its page as the checker holds it; None where it would ask no model."""
    claim = without_accents(row.claim)
    held = hold(claim, [unaccented(page_of(row.source, row.meta))], embedder())
    return None if held is None or says_word_for_word(held, claim) else held


def as_chat(messages: Sequence[Message]) -> str:
    """The messages as the model's chat template writes them, up to its answer."""
    said = (f"<|im_start|>{m.role}\n{m.content}<|im_end|>\n" for m in messages)
    return "".join(said) + "<|im_start|>assistant\n"


class Asked:
    """Claims as the model is asked about them, in token numbers."""

    def __init__(self, tokenizer: Any, pairs: Sequence[Pair]) -> None:
        self._tokenizer, self._pairs = tokenizer, pairs
        self._entry = Catalog.load().default_embedded

    def __len__(self) -> int:
        return len(self._pairs)

    def prompt(self, shown: Held, claim: str) -> Prompt:
        """The question about `claim` over what is shown of a page."""
        chat = as_chat(question(self._entry, replace(shown, claim=claim)))
        tokens: list[int] = self._tokenizer.encode(chat, add_special_tokens=False).ids
        return tokens

    def over(self, number: int, shown: int, chance: random.Random | None = None) -> Group:
        """The true and the false claim of a pair over the sentences of claim `shown`.

        With `chance` at times over one sentence fewer.
        """
        pair = self._pairs[number]
        page = pair[shown]
        if chance is not None and len(page.read) > 3 and chance.random() < _FEWER:
            page = replace(page, read=_without_one(page.read, [held.claim for held in pair]))
        return [self.prompt(page, own.claim) for own in pair]

    def words(self) -> set[int]:
        """Every token that occurs."""
        return {
            token
            for n in range(len(self))
            for shown in (0, 1)
            for prompt in self.over(n, shown)
            for token in prompt
        }


def _without_one(read: Sequence[str], claims: Sequence[str]) -> tuple[str, ...]:
    """`read` without the sentence after its heading that has fewest words of the claims."""
    words = set(" ".join(claims).lower().split())
    shared = [len(words.intersection(sentence.lower().split())) for sentence in read]
    least = min(range(1, len(read)), key=lambda n: shared[n])
    return tuple(s for n, s in enumerate(read) if n != least or shared[n] >= _BEARS)
