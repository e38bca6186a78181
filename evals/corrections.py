"""Corrections become cases: what an editor decided about a claim is kept as a row to measure on.

The rows are in the form that `digest eval grounding --data` reads, in a file of the home.
Each carries the text of the source as it was, the words that the editor pointed at, who
decided, when and why, so that the case outlives the article and the issue.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from filelock import FileLock

from assistant.errors import EvalError
from assistant.settings import Settings
from assistant.types import Article, Evidence

# An override says that the source supports what the checker doubted; a rejected sentence and
# a correction say that it does not.
Decision = Literal["override", "rejected", "correction"]
_LABELS: dict[Decision, int] = {"override": 1, "rejected": 0, "correction": 0}


def corrections_file(settings: Settings) -> Path:
    """The file of a home's own cases."""
    return settings.home / "evals" / "corrections.jsonl"


def add_correction(
    path: Path,
    decision: Decision,
    claim: str,
    article: Article,
    evidence: Sequence[Evidence],
    *,
    reason: str,
    by: str,
) -> str:
    """Add what an editor decided about `claim` to the cases of `path`; returns the case's id.

    The same decision on the same claim and text is kept once. Raises EvalError where the
    claim or the reason is empty, evidence is of another article, or the file cannot be
    written.
    """
    if not claim.strip() or not reason.strip():
        raise EvalError("A case needs the claim and a reason; give both.")
    if any(e.article_id != article.id for e in evidence):
        raise EvalError("The evidence is of another article than the one that the claim rests on.")
    key = json.dumps([decision, claim, article.sha256])
    name = f"{decision}-{hashlib.sha256(key.encode()).hexdigest()[:12]}"
    row = {
        "id": name,
        "source": article.text,
        "claim": claim,
        "label": _LABELS[decision],
        "meta": {
            "decision": decision,
            "reason": reason,
            "by": by,
            "on": dt.datetime.now(dt.UTC).date().isoformat(),
            "article": article.id,
            "url": article.url,
            "evidence": [article.text[e.start : e.end] for e in evidence],
        },
    }
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{path}.lock"):
            if name not in _ids(path):
                with path.open("a", encoding="utf-8") as file:
                    file.write(json.dumps(row, ensure_ascii=False) + "\n")
    except OSError as error:
        raise EvalError(f"The case could not be kept in {path}: {error.strerror}.") from error
    return name


def _ids(path: Path) -> set[str]:
    if not path.is_file():
        return set()
    lines = path.read_text(encoding="utf-8").splitlines()
    return {json.loads(line)["id"] for line in lines if line.strip()}
