"""What the commands of evaluation print for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

Record = Mapping[str, Any]
_SHOWN_CASES = 12


def run(record: Record) -> str:
    """Figures of a run, for all cases, both halves and each group."""
    failed = record["failed"]
    lines = [
        f"{record['suite']}, model {record['model']}: {record['rows']} cases, "
        f"{len(failed)} failed, {record['reused']} as in an earlier run, {record['seconds']} s",
        *_figures(record["metrics"]),
    ]
    for half, figures in record["halves"].items():
        lines += [f"  {half}:", *_figures(figures, "    ")]
    for group, figures in record["groups"].items():
        shown = ", ".join(f"{name} {_figure(f)}" for name, f in figures.items())
        lines.append(f"  {group:16} {next(iter(figures.values()))['cases']:4}  {shown}")
    lines += [f"  failed: {f['id']}: {f['error']}" for f in failed[:_SHOWN_CASES]]
    if "changes" in record:
        lines += ["  against the baseline:", *_changes(record["changes"])]
        lines += _turned(record["turned"])
    if "pinned" in record:
        lines.append(f"  floors written to {record['pinned']['file']}")
    return "\n".join([*lines, f"  kept as {record['run']}"])


def gate(record: Record) -> str:
    """What is red and why, and that the rest is green."""
    lines = []
    for suite in record["suites"]:
        lines.append(f"{'green' if suite['passed'] else 'RED  '}  {suite['name']}")
        if suite.get("error"):
            lines.append(f"  it could not run: {suite['error']}")
        if suite.get("data_changed"):
            lines.append("  the data is not that of the floors; look, then pin them again")
        for name in suite["below"]:
            floor = suite["floors"][name]
            bound = f"at least {floor['at_least']}" if "at_least" in floor else ""
            bound = bound or f"at most {floor['at_most']}"
            lines.append(f"  {name} is {floor['value']}, and must be {bound}")
        lines += _changes(suite["regressed"])
        if not suite["passed"] and "turned" in suite:
            lines += _turned(suite["turned"])
    return "\n".join([*lines, "passed" if record["passed"] else "not passed"])


def comparison(record: Record) -> str:
    """Each figure of two runs and what to call the change."""
    lines = [f"{record['suite']}: {record['a']} and then {record['b']}"]
    if not record["same_data"]:
        lines.append("  The data differs; only cases of both runs are compared.")
    return "\n".join([*lines, *_changes(record["metrics"]), *_turned(record["turned"])])


def history(record: Record) -> str:
    """One line a run, newest last."""
    if not record["runs"]:
        return "No runs yet; `digest eval SUITE` makes one."
    lines = []
    for row in record["runs"]:
        first = list(row["metrics"].items())[:3]
        shown = ", ".join(f"{name} {_figure(figure)}" for name, figure in first)
        lines.append(f"{row['id']}  {row['model']}  {(row['commit'] or '')[:9]}  {shown}")
        lines += [
            f"    {c['name']} is {c['call']}: {_signed(c)}"
            for c in row["metrics_changed"]
            if c["call"] != "undecided"
        ]
    if record.get("report"):
        lines.append(f"Report: {record['report']}")
    return "\n".join(lines)


def _figures(figures: Record, indent: str = "  ") -> list[str]:
    return [f"{indent}{name}: {_figure(f)}" for name, f in figures.items()]


def _figure(figure: Record) -> str:
    if figure["value"] is None:
        return "not defined: cases of one label only, or none"
    if figure["low"] is None:
        return f"{figure['value']:.3f}"
    return f"{figure['value']:.3f} ({figure['low']:.3f} to {figure['high']:.3f})"


def _changes(changes: list[Record]) -> list[str]:
    return [
        f"  {c['name']}: {c['call']}, {c['a']} and then {c['b']}: {_signed(c)}" for c in changes
    ]


def _signed(change: Record) -> str:
    if change["difference"] is None:
        return "not defined"
    return f"{change['difference']:+.3f} ({change['low']:+.3f} to {change['high']:+.3f})"


def _turned(turned: Record) -> list[str]:
    lines = []
    for name, said in (
        ("worse", "fail now"),
        ("better", "pass now"),
        ("missing", "are not there"),
    ):
        ids = turned[name]
        if ids:
            more = f" and {len(ids) - _SHOWN_CASES} more" if len(ids) > _SHOWN_CASES else ""
            lines.append(f"  {len(ids)} cases {said}: {', '.join(ids[:_SHOWN_CASES])}{more}")
    return lines
