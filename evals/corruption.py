"""Corruption: which wrong versions of true claims the checker catches, kind by kind.

The claims are sentences of the sample corpus in house style, true of their own article;
`evals.corrupt` makes them wrong. Also measured: how many untouched claims and faithful
paraphrases are let through. Every figure comes for both halves of the corpus's stories.
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from scipy.stats import binomtest

from assistant import resources
from assistant.draft.extract import house_sentence
from assistant.settings import Settings
from assistant.sources import usable_sentences
from assistant.terms import Weights, terms
from assistant.types import Article, Verdict
from assistant.verify.verifier import Verifier
from assistant.workspace import open_workspace
from evals.corrupt import KINDS, PARAPHRASES, Changed, corrupt, paraphrase
from evals.metrics import Figure

SEED = 7
UNTOUCHED = "untouched"
HALVES = ("development", "held-back")
_SENTENCES = 12
_FEWEST_WORDS = 8


@dataclass(frozen=True)
class Case:
    """A claim as it is checked. `half` is that of its story; `start`, `end` what was changed."""

    kind: str
    half: str
    original: str
    text: str
    start: int
    end: int
    article: Article


@dataclass(frozen=True)
class Outcome:
    """What became of a case."""

    case: Case
    verdict: Verdict

    @property
    def accepted(self) -> bool:
        """Whether the claim was called supported."""
        return self.verdict.status == "supported"

    @property
    def located(self) -> bool:
        """Whether a finding overlaps the changed words."""
        case = self.case
        return any(f.start < case.end and case.start < f.end for f in self.verdict.findings)


@lru_cache(maxsize=1)
def corpus() -> tuple[tuple[str, Article], ...]:
    """English articles of the sample corpus's stories, each with the half its story is in."""
    lines = (resources.eval_data() / "stories.jsonl").read_text(encoding="utf-8").splitlines()
    half = {n: s["half"] for s in map(json.loads, lines) for n in s["articles"]}
    folder = resources.sample_corpus() / "articles"
    with (
        tempfile.TemporaryDirectory() as home,
        open_workspace(Settings(home=Path(home), model="none")) as work,
    ):
        report = work.ingest.run([str(folder / name) for name in half])
        added = [(half[Path(s.source).name], work.articles.get(s.article_id)) for s in report.added]
    return tuple((h, a) for h, a in added if a.language == "en")


def cases(per_kind: int) -> list[Case]:
    """At most `per_kind` cases of each kind and half, in an order that is always the same."""
    claims = list(_claims())
    found = [case for case in claims if case.kind == UNTOUCHED]
    chance = random.Random(SEED)
    chance.shuffle(found)
    every = [case.text for case in claims]
    made = {UNTOUCHED: found} | {
        kind: [c for case in found if (c := _changed(case, kind, every, chance)) is not None]
        for kind in (*KINDS, *PARAPHRASES)
    }
    return [
        case
        for own in made.values()
        for half in HALVES
        for case in [c for c in own if c.half == half][:per_kind]
    ]


def _claims() -> Iterator[Case]:
    for half, article in corpus():
        for sentence in usable_sentences(article)[:_SENTENCES]:
            text = house_sentence(sentence.evidence, article, 2023)
            if len(text.split()) >= _FEWEST_WORDS and text.endswith("."):
                yield Case(UNTOUCHED, half, text, text, 0, len(text), article)


def _changed(case: Case, kind: str, every: Sequence[str], chance: random.Random) -> Case | None:
    if kind == "wrong-source":
        other = nearest_elsewhere(case.text, case.half)
        return Case(kind, case.half, case.text, case.text, 0, len(case.text), other)
    changed: Changed | None = (
        corrupt(kind, case.text, every, chance)
        if kind in KINDS
        else paraphrase(kind, case.text, chance)
    )
    if changed is None:
        return None
    return Case(kind, case.half, case.text, changed.text, changed.start, changed.end, case.article)


def nearest_elsewhere(claim: str, half: str) -> Article:
    """The article with most of the claim's words, not of `half`, and so of another story."""
    weights = _corpus_weights()
    others = [a for other, a in corpus() if other != half]
    return max(others, key=lambda a: weights.coverage(terms(claim), terms(a.text)))


@lru_cache(maxsize=1)
def _corpus_weights() -> Weights:
    return Weights(terms(a.text) for _, a in corpus())


def check(verifier: Verifier, some: Sequence[Case]) -> Iterator[Outcome]:
    """The outcome of each case, in order."""
    for case in some:
        yield Outcome(case, verifier.check_text(case.text, [case.article]))


def report(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """For each kind and half: rows, the share caught (or let through), and the share located."""
    return {
        "suite": "corruption",
        "rows": len(outcomes),
        "detected": {k: _shares(outcomes, k, caught=True) for k in KINDS},
        "accepted": {k: _shares(outcomes, k, caught=False) for k in (UNTOUCHED, *PARAPHRASES)},
    }


def _shares(outcomes: Sequence[Outcome], kind: str, *, caught: bool) -> dict[str, Any]:
    own = [o for o in outcomes if o.case.kind == kind]
    halves: Mapping[str, list[Outcome]] = {
        "all": own,
        **{h: [o for o in own if o.case.half == h] for h in HALVES},
    }
    return {
        half: {
            "rows": len(some),
            **asdict(share([o.accepted != caught for o in some])),
            **({"located": share([o.located for o in some]).value} if caught else {}),
        }
        for half, some in halves.items()
    }


def share(hits: Sequence[bool]) -> Figure:
    """The share of `hits` with its exact 95 % interval (Clopper and Pearson 1934)."""
    if not hits:
        return Figure(None, None, None)
    interval = binomtest(sum(hits), len(hits)).proportion_ci(method="exact")
    return Figure(round(sum(hits) / len(hits), 4), round(interval.low, 4), round(interval.high, 4))
