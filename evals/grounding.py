"""Grounding: how well the checker tells claims that their source supports from others.

Each row's claim is held against the row's own source. The threshold is the shipped
calibration's; nothing is fitted here. A row that could not be checked has no score and
counts as wrong, whichever label it has.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict, dataclass
from functools import lru_cache, partial
from multiprocessing import get_context
from typing import Any

from assistant.llm.chat import Chat
from assistant.llm.embeddings import Embedder, open_embedder
from assistant.settings import Settings
from assistant.types import Article, Usage
from assistant.verify.score import load_calibration
from assistant.verify.verifier import Verifier
from evals.metrics import auroc, balanced_accuracy, calibration_error, figure
from evals.rows import Row, half_of

# Below this many rows a second process costs more than it gives.
_FEW = 64
_CHUNK = 16
# A field of `meta` with more values than this is no way to group rows.
_MOST_GROUPS = 12
_READ_ON = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


@dataclass(frozen=True)
class Scored:
    """One row's outcome; `score` is None exactly where the verdict is `unchecked`.

    `tokens` are those of the questions put to a model for it, and their answers.
    """

    id: str
    score: float | None
    verdict: str
    seconds: float
    tokens: int = 0


def page_of(source: str) -> Article:
    """The row's source as an article of unknown day and publisher."""
    return Article(
        id="row",
        url=None,
        canonical_url=None,
        title="",
        publisher=None,
        published_on=None,
        date_from=None,
        language="en",
        access="open",
        origin="file",
        kind="other",
        text=source,
        sha256="",
        fetched_at=_READ_ON,
    )


def score_rows(rows: Sequence[Row], chat: Chat | None, workers: int) -> Iterator[Scored]:
    """Outcomes in the order of `rows`. With a model one process asks it; else `workers` share."""
    if chat is not None or workers < 2 or len(rows) < _FEW:
        verifier = Verifier(embedder(), chat)
        for row in rows:
            yield _score(row, verifier)
        return
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        yield from pool.map(_score_alone, rows, chunksize=_CHUNK)


def _score_alone(row: Row) -> Scored:
    return _score(row, Verifier(embedder()))


@lru_cache(maxsize=1)
def embedder() -> Embedder:
    """The embedder that the checker uses by default."""
    return open_embedder("wordllama", Settings())


def _score(row: Row, verifier: Verifier) -> Scored:
    before, begun = verifier.usage, time.perf_counter()
    verdict = verifier.check_text(row.claim, [page_of(row.source)])
    seconds = time.perf_counter() - begun
    tokens = _tokens(verifier.usage) - _tokens(before)
    return Scored(row.id, verdict.score, verdict.status, round(seconds, 4), tokens)


def _tokens(usage: Usage) -> int:
    return usage.prompt_tokens + usage.completion_tokens


def report(rows: Sequence[Row], scored: Sequence[Scored], seconds: float) -> dict[str, Any]:
    """The figures of a run, in the form of the command's JSON; `seconds` is the whole run's."""
    threshold = load_calibration()["thresholds"]["supported"]
    labelled = [i for i, row in enumerate(rows) if row.label is not None]
    metrics = _metrics(rows, scored, labelled, threshold)
    return {
        "suite": "grounding",
        "rows": len(rows),
        "labelled": len(labelled),
        "unchecked": sum(s.score is None for s in scored),
        "metrics": metrics,
        "auroc": metrics["auroc"]["value"],
        "balanced_accuracy": metrics["balanced_accuracy"]["value"],
        "threshold": threshold,
        "claims_per_second": round(len(rows) / seconds, 2) if seconds else None,
        "median_seconds": statistics.median(s.seconds for s in scored),
        "tokens_per_claim": round(sum(s.tokens for s in scored) / len(rows), 1),
        "by": _by_meta(rows, scored, labelled, threshold),
    }


def _metrics(
    rows: Sequence[Row], scored: Sequence[Scored], which: Sequence[int], threshold: float
) -> dict[str, dict[str, float | None]]:
    labels = [int(rows[i].label or 0) for i in which]
    scores = [_counted(scored[i].score, label) for i, label in zip(which, labels, strict=True)]
    measure = partial(
        figure, labels=labels, scores=scores, clusters=[rows[i].source for i in which]
    )
    return {
        "auroc": asdict(measure(auroc)),
        "balanced_accuracy": asdict(measure(balanced_accuracy(threshold))),
        "calibration_error": asdict(measure(calibration_error)),
    }


def _counted(score: float | None, label: int) -> float:
    """A row without a score counts as wrong."""
    return score if score is not None else 1.0 - label


def _by_meta(
    rows: Sequence[Row], scored: Sequence[Scored], labelled: Sequence[int], threshold: float
) -> dict[str, Any]:
    """Rows and figures for each half, and each value of a field of `meta` that has few."""
    groups: dict[str, dict[str, list[int]]] = {}
    for i in labelled:
        fields = {**rows[i].meta, "half": half_of(rows[i].source)}
        for field, value in fields.items():
            if isinstance(value, str | int | bool):
                groups.setdefault(field, {}).setdefault(str(value), []).append(i)
    return {
        field: {
            value: {"rows": len(which), **_metrics(rows, scored, which, threshold)}
            for value, which in sorted(values.items())
        }
        for field, values in groups.items()
        if 1 < len(values) <= _MOST_GROUPS
    }
