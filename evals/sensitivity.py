"""Whether the gates see what they should: `python -m evals.sensitivity`.

Ten degradations are planted one by one, in memory, and each must turn the gate of its
suite red; ten changes that harm nothing must leave it green. Floors are those of the
same suite run before, on the same cases. Prints a table, and exits 1 where a gate was
wrong. None of these needs a language model.
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

from assistant.settings import Settings
from evals import gate
from evals.plantings import PLANTED, Planted
from evals.run import run_suite
from evals.suite import Options
from evals.suites import open_suite

# Enough for floors of each kind, and for a gate that takes half a minute.
_CASES = {"corruption": 20}
_pinned: dict[tuple[str, int | None], gate.Baseline] = {}


def floors_of(suite: str, cases: int | None) -> gate.Baseline:
    """The floors of a suite as it is now; measured once in a process."""
    if (suite, cases) not in _pinned:
        with tempfile.TemporaryDirectory() as home, open_suite(suite, Options(cases=cases)) as it:
            run = run_suite(it, Settings(home=Path(home), model="none"), fresh=True)
            path, _ = gate.pin(it, run, Path(home), None)
            _pinned[suite, cases] = gate.load_baseline(path)
    return _pinned[suite, cases]


def outcome(planted: Planted, cases: int | None = None) -> dict[str, Any]:
    """What the gate says of a planted change.

    `cases` are those of each kind and half; by default what the suite needs.
    """
    cases = cases or _CASES.get(planted.suite)
    floors = floors_of(planted.suite, cases)
    settings = planted.settings or Settings(model="none")
    with tempfile.TemporaryDirectory() as home, _forgotten(), ExitStack() as stack:
        planted.plant(stack)
        with open_suite(planted.suite, Options(cases=cases)) as suite:
            there = settings.model_copy(update={"home": Path(home)})
            return gate.check(suite, run_suite(suite, there, fresh=True), floors)


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
