"""Whether the gates see what they should: `python -m evals.sensitivity`.

Ten degradations are planted one by one, in memory, and each must turn the gate of its
suite red; ten changes that harm nothing must leave it green. Floors are those of the
same suite run before, on the same cases. Prints a table, and exits 1 where a gate was
wrong. None of these needs a language model; `--model` plants what only one can tell, with
the embedded model.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from assistant.llm.catalog import Catalog
from assistant.llm.chat import Chat, open_chat
from assistant.settings import Settings
from evals import gate
from evals.model_plantings import EMBEDDED, MODEL_PLANTED
from evals.plantings import PLANTED, Planted
from evals.run import run_suite
from evals.suite import Options, Suite
from evals.suites import open_suite

# Enough for floors of each kind, and for a gate that takes half a minute, with a model two.
_CASES = {"corruption": 20, "writing": 3}
_pinned: dict[tuple[str, str, int | None], gate.Baseline] = {}


class _Answers:
    """A call cache in memory: a prompt that is the same to the letter is asked once."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, Any]] = {}

    def get(self, key: str) -> dict[str, Any] | None:
        """The answer kept under `key`."""
        return self._kept.get(key)

    def put(self, key: str, request: dict[str, Any], response: dict[str, Any], model: str) -> None:
        """Keep an answer."""
        self._kept[key] = response


_answers = _Answers()


def floors_of(suite: str, cases: int | None, model: str = "none") -> gate.Baseline:
    """The floors of a suite as it is now; measured once in a process."""
    key = (suite, model, cases)
    if key not in _pinned:
        settings = Settings(model=model)
        with tempfile.TemporaryDirectory() as home, _opened(suite, settings, cases) as it:
            run = run_suite(it, settings.model_copy(update={"home": Path(home)}), fresh=True)
            path, _ = gate.pin(it, run, Path(home), None)
            _pinned[key] = gate.load_baseline(path)
    return _pinned[key]


def outcome(planted: Planted, cases: int | None = None) -> dict[str, Any]:
    """What the gate says of a planted change.

    `cases` are those of each kind and half; by default what the suite needs. ModelError
    where the change needs a model that is not on this machine.
    """
    cases = cases or _CASES.get(planted.suite)
    settings = planted.settings or Settings(model="none")
    floors = floors_of(planted.suite, cases, "none" if settings.model == "none" else EMBEDDED)
    with tempfile.TemporaryDirectory() as home, _forgotten(), ExitStack() as stack:
        planted.plant(stack)
        suite = stack.enter_context(_opened(planted.suite, settings, cases))
        there = settings.model_copy(update={"home": Path(home)})
        return gate.check(suite, run_suite(suite, there, fresh=True), floors)


@contextmanager
def _opened(name: str, settings: Settings, cases: int | None) -> Iterator[Suite]:
    """A suite with the model of the settings, both closed at the end."""
    chat: Chat | None = open_chat(settings, Catalog.load(), _answers)
    try:
        with open_suite(name, Options(chat=chat, cases=cases)) as suite:
            yield suite
    finally:
        if chat is not None:
            chat.close()


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
    parser.add_argument("--model", action="store_true", help="plant what a model can tell")
    args = parser.parse_args()
    planted_changes = MODEL_PLANTED if args.model else PLANTED
    console = Console(width=120, highlight=False)
    table = Table("change", "suite", "should be", "is", "because")
    wrong = 0
    for planted in (p for p in planted_changes if args.only is None or args.only in p.name):
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
