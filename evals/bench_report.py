"""What a run of the benchmark says: aims met or missed, ratios, and tables for people."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from rich.console import Console
from rich.table import Table

Results = Mapping[str, dict[str, Any]]


@dataclass(frozen=True)
class Aim:
    """A figure of a part's result that should stay under a limit."""

    name: str
    part: str
    key: str
    limit: float
    unit: str


AIMS = (
    Aim("writing a bullet", "writing", "writing_seconds", 25, "s"),
    Aim("tokens evaluated to write a bullet", "writing", "writing_tokens", 500, ""),
    Aim("verifying a bullet", "writing", "verifying_seconds", 10, "s"),
    Aim("extracting a bullet", "extractive", "seconds", 0.5, "s"),
    Aim("process start", "extractive", "start_seconds", 1.5, "s"),
    Aim("search, 95th percentile", "search", "p95_ms", 50, "ms"),
)

# Rows of the table that compares the ways to write: label, key, unit.
_WRITERS = {"writing": "embedded model", "chain": "plain chain", "extractive": "extractive"}
_DRAFTING = (
    ("first bullet", "first_seconds", "s"),
    ("a bullet, all told", "seconds", "s"),
    ("  writing", "writing_seconds", "s"),
    ("  linking, verifying, repair", "verifying_seconds", "s"),
    ("tokens evaluated to write", "writing_tokens", ""),
    ("tokens evaluated to verify", "verifying_tokens", ""),
    ("tokens written", "written_tokens", ""),
    ("sentences", "sentences", ""),
    ("  whose citation verifies", "supported_share", "%"),
    ("links", "links", ""),
    ("  to pages not in the corpus", "unknown_urls", ""),
    ("peak memory", "peak_mib", "MiB"),
)
_OTHERS = (
    ("process start", "extractive", "start_seconds", "s"),
    ("  import", "extractive", "import_seconds", "s"),
    ("  bare interpreter", "extractive", "python_seconds", "s"),
    ("finding stories", "extractive", "finding_stories_seconds", "s"),
    ("ingest, articles a second", "ingest", "articles_per_second", ""),
    ("ingest, peak memory", "ingest", "peak_mib", "MiB"),
    ("index built, passages a second", "search", "passages_per_second", ""),
    ("index built, peak memory", "search", "build_peak_mib", "MiB"),
    ("search, passages", "search", "passages", ""),
    ("search, median", "search", "p50_ms", "ms"),
    ("search, 95th percentile", "search", "p95_ms", "ms"),
    ("search, peak memory", "search", "peak_mib", "MiB"),
)
# Ratios that mean the same on a slow machine and a fast one: name, and key of part over part.
_RATIOS = (
    ("writing seconds, chain to model", "writing_seconds", "chain", "writing"),
    ("tokens evaluated to write, chain to model", "writing_tokens", "chain", "writing"),
    ("seconds a bullet, chain to model", "seconds", "chain", "writing"),
    ("share of verified sentences, model to chain", "supported_share", "writing", "chain"),
    ("seconds a bullet, model to extractive", "seconds", "writing", "extractive"),
    ("peak memory, model to extractive", "peak_mib", "writing", "extractive"),
)


def aims(results: Results) -> list[dict[str, Any]]:
    """Each aim whose part was measured, with the value and whether it is met."""
    rows = []
    for aim in AIMS:
        value = _value(results, aim.part, aim.key)
        if value is not None:
            met = value < aim.limit
            rows.append(
                {"name": aim.name, "value": value, "aim": aim.limit, "unit": aim.unit, "met": met}
            )
    return rows


def ratios(results: Results) -> dict[str, float]:
    """Ratios between parts that were both measured, by name."""
    found = {}
    for name, key, over, under in _RATIOS:
        top, bottom = _value(results, over, key), _value(results, under, key)
        if top is not None and bottom:
            found[name] = round(top / bottom, 2)
    return found


def show(results: Results, console: Console) -> None:
    """Print the tables of what was measured, the aims and the ratios."""
    measured = [part for part in _WRITERS if "seconds" in results.get(part, {})]
    if measured:
        bullets = max(len(results[part]["bullets"]) for part in measured)
        table = Table(title=f"{bullets} bullets of the sample corpus; medians after the first")
        table.add_column("")
        for part in measured:
            table.add_column(_WRITERS[part], justify="right")
        for label, key, unit in _DRAFTING:
            table.add_row(label, *(_cell(_value(results, p, key), unit) for p in measured))
        console.print(table)
    others = [(label, _value(results, part, key), unit) for label, part, key, unit in _OTHERS]
    _print_rows(
        console, "Without a model", [(a, _cell(v, u)) for a, v, u in others if v is not None]
    )
    _print_rows(
        console,
        "Aims, for 2 cores",
        [
            (
                f"{r['name']} under {r['aim']} {r['unit']}".rstrip(),
                f"{_cell(r['value'], r['unit'])}, {'met' if r['met'] else 'missed'}",
            )
            for r in aims(results)
        ],
    )
    _print_rows(
        console, "Ratios", [(name, f"{value:g}") for name, value in ratios(results).items()]
    )


def _print_rows(console: Console, title: str, rows: list[tuple[str, str]]) -> None:
    if not rows:
        return
    table = Table(title=title, show_header=False)
    table.add_column()
    table.add_column(justify="right")
    for row in rows:
        table.add_row(*row)
    console.print(table)


def _value(results: Results, part: str, key: str) -> float | None:
    value: float | None = results.get(part, {}).get(key)
    return value


def _cell(value: float | None, unit: str) -> str:
    if value is None:
        return "–"
    if unit == "%":
        return f"{value:.0%}"
    return f"{value:,g} {unit}".rstrip()
