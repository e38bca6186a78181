"""Corrections become cases: what an editor decided about a claim is kept as a row to measure on.

The rows are in the form that `digest eval grounding --data` reads, in a file of the home.
Each carries the text of the pages as it was, the words that the editor was shown, who
decided, when and why, so that the case outlives the articles and the issue.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from filelock import FileLock

from assistant.errors import EvalError
from assistant.settings import Settings

# An override says that the pages support what the checker doubted; a rejected sentence and
# a correction say that they do not.
Decision = Literal["override", "rejected", "correction"]
LABELS: Mapping[Decision, int] = {"override": 1, "rejected": 0, "correction": 0}
_Row = dict[str, Any]


@dataclass(frozen=True)
class Page:
    """A page that a claim is held against; `marks` are the stretches of it that were shown."""

    article_id: str
    url: str | None
    text: str
    marks: tuple[tuple[int, int], ...] = ()


def corrections_file(settings: Settings) -> Path:
    """The file of a home's own cases."""
    return settings.home / "evals" / "corrections.jsonl"


def add_correction(
    path: Path, decision: Decision, claim: str, pages: Sequence[Page], *, reason: str, by: str
) -> str:
    """Add what an editor decided about `claim` to the cases of `path`; returns the case's id.

    The same decision on the same claim and text is kept once. One that says the opposite of
    an earlier decision takes its place: a suite cannot expect both.

    Raises EvalError where the claim or the reason is empty, there is no page, or the file
    cannot be read or written.
    """
    if not claim.strip() or not reason.strip():
        raise EvalError("A case needs the claim and a reason; give both.")
    if not pages:
        raise EvalError("A case needs the page that the claim is held against; link one first.")
    source = "\n\n".join(page.text for page in pages)
    digest = hashlib.sha256(json.dumps([decision, claim, source]).encode()).hexdigest()
    name = f"{decision}-{digest[:12]}"
    row = {
        "id": name,
        "source": source,
        "claim": claim,
        "label": LABELS[decision],
        "meta": {
            "decision": decision,
            "reason": reason,
            "by": by,
            "on": dt.datetime.now(dt.UTC).date().isoformat(),
            "articles": [page.article_id for page in pages],
            "urls": [page.url for page in pages],
            "evidence": [page.text[a:b] for page in pages for a, b in page.marks],
        },
    }

    def added(rows: list[_Row]) -> list[_Row]:
        if any(r["id"] == name for r in rows):
            return rows
        about = (claim, source)
        others = [
            r for r in rows if (r["claim"], r["source"]) != about or r["label"] == LABELS[decision]
        ]
        return [*others, row]

    _change(path, added)
    return name


def remove_corrections(path: Path, ids: Collection[str]) -> None:
    """Take cases out again, those of them that are there; errors as `add_correction`."""
    _change(path, lambda rows: [r for r in rows if r["id"] not in ids])


def count_corrections(path: Path) -> Mapping[int, int]:
    """How many cases there are of each label: 1 the pages say it, 0 they do not."""
    rows = _rows(path)
    return {label: sum(r["label"] == label for r in rows) for label in (1, 0)}


def _change(path: Path, change: Callable[[list[_Row]], list[_Row]]) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock"):
            before = _rows(path)
            after = change(before)
            if after != before:
                # Beside it first: whoever reads meanwhile, or a crash, finds the whole file.
                fresh = path.with_suffix(".new")
                lines = (json.dumps(row, ensure_ascii=False) + "\n" for row in after)
                fresh.write_text("".join(lines), encoding="utf-8")
                fresh.replace(path)
    except OSError as error:
        raise EvalError(f"The cases could not be kept in {path}: {error.strerror}.") from error


def _rows(path: Path) -> list[_Row]:
    if not path.is_file():
        return []
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [json.loads(line) for line in lines if line.strip()]
    except ValueError as error:
        raise EvalError(f"{path} is damaged; mend it, or move it away: {error}.") from error
