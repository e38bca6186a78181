"""Planted changes: ten that do harm, and ten that do none, each to be made in memory."""

from __future__ import annotations

import json
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from assistant import resources
from assistant.settings import Settings
from assistant.types import Written

Planting = Callable[[ExitStack], None]


@dataclass(frozen=True)
class Planted:
    """A change: how to make it, the suite that should see it, and whether it does harm."""

    name: str
    suite: str
    plant: Planting
    harmful: bool
    settings: Settings | None = None


def _swap(target: str, make: Callable[[Any], Any]) -> Planting:
    """Put `make(original)` in the place of the object at a dotted path."""

    def plant(stack: ExitStack) -> None:
        patcher = patch(target)
        original, _ = patcher.get_original()
        stack.enter_context(patch(target, make(original)))

    return plant


def _every(*plantings: Planting) -> Planting:
    def plant(stack: ExitStack) -> None:
        for one in plantings:
            one(stack)

    return plant


def _finds_nothing(original: Any) -> Any:
    return lambda *args, **kwargs: []


def _half_the_hits(search: Any) -> Any:
    return lambda self, query, k=10, *days: search(self, query, k, *days)[::2]


def _without_a_rule(load: Any) -> Any:
    return lambda folder=None: tuple(r for r in load(folder) if r.code != "rank-periods")


def _next_article(link: Any) -> Any:
    """A linker that links each sentence to another report than the one it rests on."""

    def wrong(headline: str, written: Sequence[Written], articles: Any) -> Any:
        ids = sorted(articles)
        return link(
            headline,
            [
                replace(
                    w,
                    evidence=tuple(
                        replace(e, article_id=ids[(ids.index(e.article_id) + 1) % len(ids)])
                        for e in w.evidence
                    ),
                )
                for w in written
            ],
            articles,
        )

    return wrong


def _shuffled_evidence(write: Any) -> Any:
    """A writer whose sentences carry each other's evidence."""

    def wrong(plan: Any, articles: Any, year: int) -> list[Written]:
        written = write(plan, articles, year)
        moved = [*written[1:], *written[:1]]
        return [replace(w, evidence=m.evidence) for w, m in zip(written, moved, strict=True)]

    return wrong


def _first_two_sentences(usable: Any) -> Any:
    return lambda article: usable(article)[:2]


def _in_any_order(plan: Any) -> Any:
    def wrong(*args: Any) -> Any:
        made = plan(*args)
        groups = list(made.groups)
        random.SystemRandom().shuffle(groups)
        return replace(made, groups=tuple(groups))

    return wrong


def _believes(check: Any) -> Any:
    return lambda self, text, articles: replace(
        check(self, text, articles), status="supported", score=0.95
    )


def _mislabelled(stack: ExitStack) -> None:
    """The data with one report sorted into another story."""
    folder = copied(stack, resources.eval_data(), "eval_data")
    path = folder / "stories.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows[1]["articles"].append(rows[0]["articles"].pop())
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")


def _other_order_of_lines(stack: ExitStack) -> None:
    folder = copied(stack, resources.eval_data(), "eval_data")
    for path in folder.glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(reversed(lines)) + "\n", encoding="utf-8")


def reordered_yaml(stack: ExitStack) -> None:
    """All prompts, rules and word lists with their keys in another order."""
    folder = copied(stack, resources.prompts(), "prompts")
    for path in [*folder.glob("*.yaml"), *(folder / "style").glob("*.yml")]:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(data, dict):
            data = dict(reversed(data.items()))
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")


def copied(stack: ExitStack, folder: Path, function: str) -> Path:
    """A copy of a folder of data, which `resources` gives in its place."""
    copy = Path(stack.enter_context(tempfile.TemporaryDirectory())) / folder.name
    shutil.copytree(folder, copy)
    stack.enter_context(patch.object(resources, function, lambda: copy))
    return copy


def _elsewhere(stack: ExitStack) -> None:
    """Another time zone, language of the system and seed of chance."""
    stack.enter_context(patch.dict(os.environ, {"TZ": "Asia/Tokyo", "LC_ALL": "C", "LANG": "C"}))
    time.tzset()
    stack.callback(time.tzset)
    random.seed(1)


def _nothing(stack: ExitStack) -> None:
    """Change nothing: the suite is run again."""


def _other_way_round(target: str) -> Planting:
    return _swap(target, lambda original: lambda *args: list(original(*args))[::-1])


_NUMBERS = _swap("assistant.verify.checks.missing_figures", _finds_nothing)
PLANTED = (
    Planted(
        "halved retrieval",
        "retrieval",
        _swap("assistant.retrieve.Retriever.search", _half_the_hits),
        True,
    ),
    Planted("a mislabelled story", "stories", _mislabelled, True),
    Planted(
        "stories linked twice as easily",
        "stories",
        _swap("assistant.stories.LINK_THRESHOLD", lambda t: t / 2),
        True,
    ),
    Planted("the number check disabled", "corruption", _NUMBERS, True),
    Planted(
        "a checker that believes everything",
        "grounding",
        _swap("assistant.verify.verifier.Verifier.check_text", _believes),
        True,
    ),
    Planted(
        "a style rule off",
        "style",
        _swap("assistant.style.check.load_rules", _without_a_rule),
        True,
    ),
    Planted(
        "a wrong-source linker",
        "drafting",
        _every(
            _swap("assistant.pipeline.link", _next_article),
            _swap("assistant.draft.repair.link", _next_article),
        ),
        True,
    ),
    Planted(
        "shuffled evidence numbers",
        "drafting",
        _swap("assistant.pipeline.write_extracts", _shuffled_evidence),
        True,
    ),
    Planted(
        "a truncated context",
        "drafting",
        _swap("assistant.draft.plan.usable_sentences", _first_two_sentences),
        True,
    ),
    Planted(
        "no quarantine", "injection", _swap("assistant.sources.quarantined", _finds_nothing), True
    ),
    Planted("nothing changed", "retrieval", _nothing, False),
    Planted("another seed", "retrieval", _nothing, False, Settings(model="none", seed=1234)),
    Planted(
        "articles in another order",
        "stories",
        _other_way_round("evals.stories.window_articles"),
        False,
    ),
    Planted("lines of the data in another order", "stories", _other_order_of_lines, False),
    Planted("reordered YAML of the rules", "style", reordered_yaml, False),
    Planted("reordered YAML of the word lists", "corruption", reordered_yaml, False),
    Planted("reordered YAML of the quarantine", "injection", reordered_yaml, False),
    Planted("another time zone and language", "drafting", _elsewhere, False),
    Planted(
        "cases in another order", "grounding", _other_way_round("evals.grounding._own_cases"), False
    ),
    Planted("other seeds of Python's hashes", "stability", _nothing, False),
)
