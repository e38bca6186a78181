"""Retrieval: whether a search finds the passages that answer a question.

The project's own questions name the words that answer them. Each such quotation is one
relevant document, found at the first hit that overlaps it. With `--data` a folder in
BEIR's form (Thakur et al. 2021: `corpus.jsonl`, `queries.jsonl`, `qrels/test.tsv`) is
searched instead, and a document is found at its best passage. The measures are those of
ir-measures, which computes them as trec_eval does.
"""

from __future__ import annotations

import csv
import hashlib
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import ir_measures
from ir_measures import RR, Qrel, R, ScoredDoc, Success, nDCG

from assistant import resources
from assistant.settings import Settings
from assistant.types import Article, Hit
from assistant.workspace import Workspace, open_workspace
from evals import sample
from evals.grounding import page_of
from evals.metrics import Measure, mean
from evals.rows import half_of
from evals.suite import PASSED, Case, Json, Options, Solved, Suite, limited

MEASURES = {
    "recall_at_5": R @ 5,
    "recall_at_10": R @ 10,
    "ndcg_at_10": nDCG @ 10,
    "mrr": RR @ 10,
    "first": Success @ 1,
}
_HITS = 20
# A document of a public set may have several passages among the first hits.
_PUBLIC_HITS = 100


class Retrieval(Suite):
    """Search over the sample corpus, or over a public set."""

    name = "retrieval"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._open = ExitStack()

    @property
    def measures(self) -> Sequence[Measure]:
        """Recall, nDCG and reciprocal rank, and how often the first hit answers."""
        return tuple(mean(name) for name in MEASURES)

    @property
    def data(self) -> Sequence[Path]:
        """The questions and the corpus."""
        if self.options.data is not None:
            return (self.options.data,)
        return (_questions(), sample.articles_folder())

    def cases(self) -> list[Case]:
        """One case a question; those on one story are one cluster."""
        public = self.options.data
        return limited(_public_cases(public) if public else _own_cases(), self.options.cases)

    def solve(self, case: Case) -> Solved:
        """The hits of a search, best first."""
        k = _PUBLIC_HITS if self.options.data else _HITS
        hits = self._work.retriever.search(case.input["question"], k)
        return Solved({"hits": [self._record(hit) for hit in hits]})

    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """The measures of the ranking; it passes where an answer is among the first ten."""
        relevant: Mapping[str, int] = case.expected["relevant"]
        qrels = [Qrel("q", name, grade) for name, grade in relevant.items()]
        run = _ranking(output["hits"] if output else [], case.expected.get("passages"))
        found = ir_measures.calc_aggregate(list(MEASURES.values()), qrels, run)
        scores = {name: float(found[measure]) for name, measure in MEASURES.items()}
        return scores | {PASSED: float(scores["recall_at_10"] > 0)}

    def close(self) -> None:
        """Close the index and remove it."""
        self._open.close()

    @cached_property
    def _work(self) -> Workspace:
        """The articles, indexed in a home that lasts as long as the suite."""
        home = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        work = self._open.enter_context(open_workspace(Settings(home=home, model="none")))
        if self.options.data is None:
            work.ingest.run([str(sample.articles_folder())])
        else:
            for article in _public_articles(self.options.data):
                work.retriever.index(article)
        return work

    def _record(self, hit: Hit) -> Json:
        public = self.options.data is not None
        name = hit.article_id if public else sample.files()[hit.article_id]
        return {
            "article": name,
            "start": hit.start,
            "end": hit.end,
            "score": round(hit.score, 4),
            "quote": hit.quote,
        }


def _ranking(
    hits: Sequence[Json], passages: Sequence[Sequence[str | int]] | None
) -> list[ScoredDoc]:
    """What a ranking finds, each thing once, at the rank of the first hit that has it.

    A hit that overlaps several relevant passages finds them all, one after the other.
    """
    seen: dict[str, float] = {}
    for rank, hit in enumerate(hits):
        names = [hit["article"]]
        if passages is not None:
            names = [
                str(name)
                for name, article, start, end in passages
                if article == hit["article"] and hit["start"] < end and start < hit["end"]
            ] or [f"hit {rank}"]
        for nth, name in enumerate(names):
            seen.setdefault(name, -rank - nth / (len(names) + 1))
    return [ScoredDoc("q", name, score) for name, score in seen.items()]


def _questions() -> Path:
    return resources.eval_data() / "search.jsonl"


def _own_cases() -> list[Case]:
    rows = sample.read_lines(_questions(), "id", "question", "kind", "story", "half", "passages")
    made = []
    for row in rows:
        passages = [
            (f"passage {n}", p["article"], *sample.place(row["id"], p["article"], p["quote"]))
            for n, p in enumerate(row["passages"], 1)
        ]
        made.append(
            Case(
                id=row["id"],
                input={"question": row["question"]},
                expected={
                    "passages": [list(p) for p in passages],
                    "relevant": {name: 1 for name, *_ in passages},
                    "quotes": [p["quote"] for p in row["passages"]],
                },
                cluster=row["story"],
                half=row["half"],
                group=row["kind"],
            )
        )
    return made


def _public_cases(folder: Path) -> list[Case]:
    relevant: dict[str, dict[str, int]] = {}
    with (folder / "qrels" / "test.tsv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            grade = int(row["score"])
            if grade > 0:
                relevant.setdefault(row["query-id"], {})[_id(row["corpus-id"])] = grade
    return [
        Case(
            id=str(row["_id"]),
            input={"question": row["text"]},
            expected={"relevant": relevant[str(row["_id"])]},
            half=half_of(row["text"]),
        )
        for row in sample.read_lines(folder / "queries.jsonl", "_id", "text")
        if str(row["_id"]) in relevant
    ]


def _public_articles(folder: Path) -> list[Article]:
    return [
        replace(
            page_of(row["text"]),
            id=_id(row["_id"]),
            title=row.get("title", ""),
            sha256=hashlib.sha256(row["text"].encode()).hexdigest(),
        )
        for row in sample.read_lines(folder / "corpus.jsonl", "_id", "text")
    ]


def _id(name: object) -> str:
    return f"doc-{name}"
