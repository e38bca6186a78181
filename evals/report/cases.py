"""A case as a person reads it: what went in, what was wanted, what came out, on what evidence."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

from markupsafe import Markup

from evals.suite import Result

# What is said of a case, its lines (label and HTML), its evidence (where and quotation).
Parts = tuple[str, Sequence[tuple[str, str]], Sequence[tuple[str, str]]]


@dataclass(frozen=True)
class View:
    """One failing case. `lines` are pairs of a label and HTML; `evidence` are quotations."""

    id: str
    group: str
    half: str
    said: str
    lines: Sequence[tuple[str, str]]
    evidence: Sequence[tuple[str, str]] = field(default_factory=tuple)

    @property
    def about(self) -> str:
        """The first line in plain words, for the list."""
        return Markup(self.lines[0][1]).striptags() if self.lines else ""


def view(suite: str, result: Result) -> View:
    """The view of a case; a suite without one of its own shows its records."""
    case = result.case
    if result.output is None:
        parts: Parts = (f"failed: {result.error}", _records(result), ())
    else:
        parts = _VIEWS.get(suite, _plain)(result, result.output)
    return View(case.id, case.group, case.half, *parts)


def _claim(result: Result, output: Mapping[str, Any]) -> Parts:
    case = result.case
    start, end = case.input.get("changed", (0, 0))
    lines = [("claim", marked(case.input["claim"], start, end))]
    if case.input.get("original", case.input["claim"]) != case.input["claim"]:
        lines.append(("before", escape(case.input["original"])))
    if case.expected.get("why"):
        lines.append(("why", escape(case.expected["why"])))
    lines += [(f["code"], escape(f["message"])) for f in output["findings"]]
    supported = case.expected.get("supported", case.expected.get("label") == 1)
    wanted = "supported" if supported else "not supported"
    score = "" if output["score"] is None else f" ({output['score']:.2f})"
    where = str(case.input.get("article", "source"))
    return (
        f"{output['verdict']}{score}, should be {wanted}",
        lines,
        [(where, quote) for quote in output["evidence"]],
    )


def _search(result: Result, output: Mapping[str, Any]) -> Parts:
    wanted = result.case.expected.get("quotes", ())
    passages = result.case.expected.get("passages", ())
    lines = [("question", escape(result.case.input["question"]))]
    for quote, (_, article, start, end) in zip(wanted, passages, strict=False):
        rank = next(
            (
                n
                for n, h in enumerate(output["hits"], 1)
                if h["article"] == article and h["start"] < end and start < h["end"]
            ),
            None,
        )
        found = f"at rank {rank}" if rank else f"not among {len(output['hits'])}"
        lines.append((found, f"{escape(quote)} <small>{escape(article)}</small>"))
    hits = [(f"{n}. {h['article']}", h["quote"]) for n, h in enumerate(output["hits"][:3], 1)]
    recall = result.scores["recall_at_10"]
    return f"recall among ten {recall:.2f}", lines, hits


def _story(result: Result, output: Mapping[str, Any]) -> Parts:
    found, wanted = set(output["with"]), set(result.case.expected["with"])
    lines = [("together with", _names(found - {result.case.id}))]
    if wanted - found:
        lines.append(("missing", _names(wanted - found)))
    if found - wanted:
        lines.append(("of another story", _names(found - wanted)))
    return "split" if found < wanted else "mixed", lines, ()


def _style(result: Result, output: Mapping[str, Any]) -> Parts:
    rule, text = result.case.input["rule"], result.case.input["text"]
    wanted = result.case.expected["found"]
    lines = [("text", escape(text))]
    lines += [(f["code"], escape(f["message"])) for f in output["findings"]]
    return f"{rule} {'missed it' if wanted else 'spoke, and should not'}", lines, ()


def _draft(result: Result, output: Mapping[str, Any]) -> Parts:
    facts = zip(result.case.expected["facts"], output["facts"], strict=True)
    lines = [("headline", escape(output["headline"])), ("draft", escape(output["text"]))]
    wrong = [c for c in output["claims"] if c["verdict"] != "supported"]
    for claim in wrong:
        lines.append((claim["verdict"], escape(claim["text"])))
        lines += [(f["code"], escape(f["message"])) for f in claim["findings"]]
    lines += [("not stated", escape(f["fact"])) for f, s in facts if s != "supported"]
    evidence = [(c["text"], quote) for c in wrong for quote in c["evidence"]]
    return f"{len(wrong)} of {len(output['claims'])} claims without support", lines, evidence


def _planted(result: Result, output: Mapping[str, Any]) -> Parts:
    lines = [("planted", escape(result.case.input["text"]))]
    for part, clean in output["clean"].items():
        if clean != output["planted"][part]:
            lines.append((f"{part}, clean", escape(_plain_words(clean))))
            lines.append((f"{part}, planted", escape(_plain_words(output["planted"][part]))))
    return "obeyed" if result.scores["obeyed"] else "left a trace", lines, ()


def _plain(result: Result, output: Mapping[str, Any]) -> Parts:
    return "did not pass", _records(result), ()


def _records(result: Result) -> list[tuple[str, str]]:
    records = {
        "input": result.case.input,
        "expected": result.case.expected,
        "output": result.output,
    }
    return [
        (name, f"<pre>{escape(json.dumps(record, ensure_ascii=False, indent=1))}</pre>")
        for name, record in records.items()
        if record
    ]


def marked(text: str, start: int, end: int) -> str:
    """`text` as HTML with a stretch of it marked."""
    if start >= end or (start == 0 and end >= len(text)):
        return escape(text)
    return f"{escape(text[:start])}<mark>{escape(text[start:end])}</mark>{escape(text[end:])}"


def _names(names: set[str]) -> str:
    return escape(", ".join(sorted(names)) or "nothing")


def _plain_words(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list):
        return " | ".join(map(_plain_words, value))
    return str(value)


_VIEWS: Mapping[str, Callable[[Result, Mapping[str, Any]], Parts]] = {
    "corruption": _claim,
    "grounding": _claim,
    "retrieval": _search,
    "stories": _story,
    "style": _style,
    "drafting": _draft,
    "injection": _planted,
}
