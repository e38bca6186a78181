"""Grounding: how well the checker tells claims that their source supports from others.

Each row's claim is held against the row's own source. The threshold is the shipped
calibration's; nothing is fitted here. A row that could not be checked has no score and
counts as wrong, whichever label it has. Without `--data` the rows are the project's own
labelled claims on the sample corpus.
"""

from __future__ import annotations

import datetime as dt
import statistics
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from assistant import resources
from assistant.llm.calibration import load_calibration
from assistant.llm.embeddings import Embedder, open_embedder
from assistant.settings import Settings
from assistant.types import Article, Usage, Verdict
from assistant.verify.verifier import NEAR, Verifier
from evals import sample
from evals.metrics import (
    Measure,
    auroc,
    balanced_accuracy,
    calibration_error,
    mean,
    of_labels,
    ratio,
)
from evals.rows import half_of, load_rows
from evals.suite import PASSED, Case, Json, Options, Result, Solved, Suite, limited
from evals.summary import figures

# A field of `meta` with more values than this is no way to group rows.
_MOST_GROUPS = 40
_READ_ON = dt.datetime(2000, 1, 1, tzinfo=dt.UTC)


class Grounding(Suite):
    """The checker on rows of claim and source."""

    name = "grounding"
    parallel = True

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._verifier = Verifier(embedder(), options.chat)
        self._threshold = load_calibration().supported

    @property
    def measures(self) -> Sequence[Measure]:
        """ROC-AUC, balanced accuracy, calibration error, and what editors feel of verdicts.

        `true_not_supported` is of the true rows, `false_supported` of the others;
        `supported_right` is of the rows called supported, `refuted_right` of those called wrong.
        """
        return (
            ratio("true_not_supported", "true_refused", "true", better="lower"),
            ratio("false_supported", "false_passed", "false", better="lower"),
            ratio("supported_right", "supported_true", "supported"),
            ratio("refuted_right", "refuted_false", "refuted"),
            of_labels("auroc", auroc),
            of_labels("balanced_accuracy", balanced_accuracy(self._threshold)),
            of_labels("calibration_error", calibration_error, better="lower"),
            mean("right"),
        )

    @property
    def data(self) -> Sequence[Path]:
        """The rows, and for the project's own the corpus that they are about."""
        if self.options.data is not None:
            return (self.options.data,)
        return (_own_claims(), sample.articles_folder())

    def cases(self) -> list[Case]:
        """One case a row; rows of one source are one cluster."""
        made = _own_cases() if self.options.data is None else _cases_of(self.options.data)
        return limited(made, self.options.cases)

    def solve(self, case: Case) -> Solved:
        """The checker's verdict on the claim."""
        before = self._verifier.usage
        file = case.input.get("article")
        article = (
            sample.articles()[file]
            if file
            else page_of(case.input["source"], case.expected.get("meta", {}))
        )
        verdict = self._verifier.check_text(case.input["claim"], [article])
        return Solved(verdict_record(verdict, [article]), usage_since(self._verifier.usage, before))

    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """The label and the probability of support; a row without a score counts as wrong."""
        label, score = case.expected["label"], output["score"] if output else None
        if label is None:
            return {PASSED: float(score is not None)}
        counted = score if score is not None else 1.0 - label
        right = (counted >= self._threshold) == bool(label)
        supported = score is not None and output is not None and output["verdict"] == "supported"
        refuted = score is not None and not supported
        return {
            "true": float(label),
            "true_refused": float(label and not supported),
            "false": 1.0 - label,
            "false_passed": float(not label and supported),
            "supported": float(supported),
            "supported_true": float(supported and label),
            "refuted": float(refuted),
            "refuted_false": float(refuted and not label),
            "label": float(label),
            "score": counted,
            "right": float(right),
            PASSED: float(right),
        }

    def details(self, results: Sequence[Result], seconds: float) -> Json:
        """Counts, speed, the shipped threshold, and figures by the fields of the rows' `meta`."""
        tokens = sum(r.usage.prompt_tokens + r.usage.completion_tokens for r in results)
        own = figures(self.measures, results)
        return {
            "labelled": sum("label" in r.scores for r in results),
            "unchecked": sum(r.output is None or r.output["score"] is None for r in results),
            **{name: own.get(name, {}).get("value") for name in ("auroc", "balanced_accuracy")},
            "threshold": self._threshold,
            "claims_per_second": round(len(results) / seconds, 2) if seconds else None,
            "median_seconds": round(statistics.median(r.seconds for r in results), 4),
            "tokens_per_claim": round(tokens / len(results), 1),
            "by": {
                field: {
                    value: {"rows": len(some), **figures(self.measures, some)}
                    for value, some in sorted(values.items())
                }
                for field, values in _by_meta(results).items()
            },
        }


def page_of(source: str, meta: Mapping[str, Any] = MappingProxyType({})) -> Article:
    """The row's source as an article, with title, publisher and day where `meta` has them."""
    day = meta.get("published_on")
    return Article(
        id="row",
        url=None,
        canonical_url=None,
        title=meta.get("title") or "",
        publisher=meta.get("publisher"),
        published_on=dt.date.fromisoformat(day) if day else None,
        date_from=None,
        language="en",
        access="open",
        origin="file",
        kind="other",
        text=source,
        sha256="",
        fetched_at=_READ_ON,
    )


def tells(judge: Verifier, page: Article, text: str) -> bool:
    """Whether `page` says `text`, by its wording alone: word for word, or near it and unrefuted."""
    verdict = judge.check_text(text, [page])
    near = verdict.status == "unchecked" and judge.nearness(text, page)[0] >= NEAR
    return verdict.status == "supported" or near


@lru_cache(maxsize=1)
def embedder() -> Embedder:
    """The embedder that the checker uses by default."""
    return open_embedder("wordllama", Settings())


def verdict_record(verdict: Verdict, articles: Sequence[Article]) -> dict[str, Any]:
    """A verdict as plain JSON, with the words of its evidence."""
    texts = {article.id: article.text for article in articles}
    return {
        "verdict": verdict.status,
        "score": verdict.score,
        "evidence": [
            texts[e.article_id][e.start : e.end] for e in verdict.evidence if e.article_id in texts
        ],
        "findings": [
            {"code": f.code, "message": f.message, "start": f.start, "end": f.end}
            for f in verdict.findings
        ],
    }


def usage_since(now: Usage, before: Usage) -> Usage:
    """What was used between two counts."""
    return Usage(
        now.prompt_tokens - before.prompt_tokens,
        now.cached_tokens - before.cached_tokens,
        now.completion_tokens - before.completion_tokens,
        now.cost - before.cost,
        now.seconds - before.seconds,
    )


def _own_claims() -> Path:
    return resources.eval_data() / "claims.jsonl"


def _own_cases() -> list[Case]:
    rows = sample.read_lines(_own_claims(), "id", "story", "half", "claim", "article", "label")
    return [
        Case(
            id=row["id"],
            input={"claim": row["claim"], "article": row["article"]},
            expected={"label": row["label"], "why": row.get("why", "")},
            cluster=row["article"],
            half=row["half"],
            group=row.get("kind", ""),
        )
        for row in rows
    ]


def _cases_of(path: Path) -> list[Case]:
    rows = load_rows(path)
    named = [kind if isinstance(kind := row.meta.get("kind"), str) else "" for row in rows]
    grouped = len(set(named)) <= _MOST_GROUPS
    return [
        Case(
            id=f"{number}-{row.id}",
            input={"claim": row.claim, "source": row.source},
            expected={"label": row.label, "id": row.id, "meta": dict(row.meta)},
            cluster=row.source,
            half=half_of(row.source),
            group=kind if grouped else "",
        )
        for number, (row, kind) in enumerate(zip(rows, named, strict=True), 1)
    ]


def _by_meta(results: Sequence[Result]) -> dict[str, dict[str, list[Result]]]:
    """Labelled rows by each half, and each value of a field of `meta` that has few."""
    groups: dict[str, dict[str, list[Result]]] = {}
    for result in results:
        if "label" not in result.scores:
            continue
        fields = {**result.case.expected.get("meta", {}), "half": result.case.half}
        if result.case.group:
            fields["kind"] = result.case.group
        for field, value in fields.items():
            if isinstance(value, str | int | bool):
                groups.setdefault(field, {}).setdefault(str(value), []).append(result)
    return {f: values for f, values in groups.items() if 1 < len(values) <= _MOST_GROUPS}
