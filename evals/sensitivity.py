"""Whether the gates see what they should: `python -m evals.sensitivity`.

Ten degradations are planted one by one, in memory, and each must turn the gate of its
suite red; ten changes that harm nothing must leave it green. Floors are those of the
same suite run just before, on the same cases. Prints a table, and exits 1 where a gate
was wrong. None of these needs a language model.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml
from rich.console import Console
from rich.table import Table

from assistant import resources
from assistant.settings import Settings
from assistant.types import Written
from evals import gate
from evals.run import run_suite
from evals.suite import Options
from evals.suites import open_suite

Planting = Callable[[ExitStack], None]
_CASES = {"corruption": 20}


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
    folder = _copied(stack, resources.eval_data(), "eval_data")
    path = folder / "stories.jsonl"
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    rows[1]["articles"].append(rows[0]["articles"].pop())
    path.write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")


def _other_order_of_lines(stack: ExitStack) -> None:
    folder = _copied(stack, resources.eval_data(), "eval_data")
    for path in folder.glob("*.jsonl"):
        lines = path.read_text(encoding="utf-8").splitlines()
        path.write_text("\n".join(reversed(lines)) + "\n", encoding="utf-8")


def _reordered_yaml(stack: ExitStack) -> None:
    """All prompts, rules and word lists with their keys in another order."""
    folder = _copied(stack, resources.prompts(), "prompts")
    for path in [*folder.glob("*.yaml"), *(folder / "style").glob("*.yml")]:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
        if isinstance(data, dict):
            data = dict(reversed(data.items()))
        path.write_text(yaml.safe_dump(data, allow_unicode=True, sort_keys=False), "utf-8")


def _copied(stack: ExitStack, folder: Path, function: str) -> Path:
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


_MANY = "evals.writers.window_articles"
_NUMBERS = _every(
    _swap("assistant.verify.layers.check_quantities", _finds_nothing),
    _swap("assistant.verify.changes._kind", lambda kind: lambda word, change: None),
)
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
    Planted("reordered YAML of the rules", "style", _reordered_yaml, False),
    Planted("reordered YAML of the word lists", "corruption", _reordered_yaml, False),
    Planted("reordered YAML of the quarantine", "injection", _reordered_yaml, False),
    Planted("another time zone and language", "drafting", _elsewhere, False),
    Planted(
        "cases in another order", "grounding", _other_way_round("evals.grounding._own_cases"), False
    ),
    Planted("other seeds of Python's hashes", "stability", _nothing, False),
)


def outcome(planted: Planted, cases: int | None = None) -> dict[str, Any]:
    """What the gate says of a planted change, against a run just before it.

    `cases` are those of each kind and half; by default what the suite needs.
    """
    with tempfile.TemporaryDirectory() as home:
        floors = Path(home) / "floors"
        options = Options(cases=cases or _CASES.get(planted.suite))
        settings = Settings(home=Path(home), model="none")
        with open_suite(planted.suite, options) as suite:
            before = run_suite(suite, settings, fresh=True)
            path, _ = gate.pin(suite, before, floors, None)
        with _forgotten(), ExitStack() as stack:
            planted.plant(stack)
            other = (planted.settings or settings).model_copy(update={"home": Path(home)})
            with open_suite(planted.suite, options) as suite:
                after = run_suite(suite, other, fresh=True)
                return gate.check(suite, after, gate.load_baseline(path))


@contextmanager
def _forgotten() -> Iterator[None]:
    """Without what this process remembers of data and rules, before and after."""
    _clear_caches()
    try:
        yield
    finally:
        _clear_caches()


def _clear_caches() -> None:
    for name, module in list(sys.modules.items()):
        if name.startswith(("assistant.", "evals.")) and module is not None:
            for value in list(vars(module).values()):
                if hasattr(value, "cache_clear") and getattr(value, "__module__", "") == name:
                    value.cache_clear()


def main() -> None:
    """Plant each change and print what its gate said."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--only", help="only changes whose name holds this")
    args = parser.parse_args()
    console = Console(width=120, highlight=False)
    table = Table("change", "suite", "should be", "is", "because")
    wrong = 0
    for planted in (p for p in PLANTED if args.only is None or args.only in p.name):
        said = outcome(planted)
        should, found = (
            ("red" if planted.harmful else "green"),
            "green" if said["passed"] else "red",
        )
        wrong += should != found
        table.add_row(planted.name, planted.suite, should, found, _because(said))
    console.print(table)
    sys.exit(1 if wrong else 0)


def _because(said: dict[str, Any]) -> str:
    reasons = ["the data is another"] if said["data_changed"] else []
    for name in said["below"][:2]:
        floor = said["floors"][name]
        bound = floor.get("at_least", floor.get("at_most"))
        reasons.append(f"{name} {floor['value']} ({bound})")
    reasons += [f"{c['name']} significantly worse" for c in said["regressed"][:1]]
    turned = len(said["turned"]["worse"])
    return "; ".join([*reasons, f"{turned} cases turned"] if reasons else [])


if __name__ == "__main__":
    main()
