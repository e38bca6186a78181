"""Stories: whether reports of one event end up together, and nothing else with them.

B-cubed precision and recall (Bagga and Baldwin 1998), over the articles of the sample
corpus's window: of an article, the share of those it was put with that belong with it,
and the share of those that belong with it that it was put with. With `--data`, clusters
of reports: rows `{id, sources: [{title, text}]}`, of which each row is one event.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path

from assistant.stories import find_stories
from assistant.types import Article
from evals import sample
from evals.grounding import page_of
from evals.metrics import Columns, Measure, mean
from evals.rows import half_of
from evals.suite import PASSED, Case, Json, Options, Solved, Suite
from evals.writers import window_articles

# So many public events are sorted at once: the pile that an editor's window holds.
_PILE = 20


def f1(columns: Columns) -> float:
    """The harmonic mean of the mean precision and the mean recall."""
    precision, recall = columns["precision"].mean(), columns["recall"].mean()
    return float(2 * precision * recall / (precision + recall)) if precision + recall else 0.0


class Stories(Suite):
    """Clustering against the stories that people sorted."""

    name = "stories"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._sorted: dict[str, Mapping[str, Sequence[str]]] = {}

    @property
    def measures(self) -> Sequence[Measure]:
        """B-cubed F1, precision and recall."""
        return (
            Measure("f1", ("precision", "recall"), f1),
            mean("precision"),
            mean("recall"),
        )

    @property
    def data(self) -> Sequence[Path]:
        """The stories and their articles."""
        if self.options.data is not None:
            return (self.options.data,)
        return (sample.stories_file(), sample.articles_folder())

    def cases(self) -> list[Case]:
        """One case an article; the articles of one story are one cluster."""
        return [
            Case(
                id=name,
                input={"pile": pile, "article": name},
                expected={"with": sorted(n for n, s in gold.items() if s == story)},
                cluster=story,
                half=self._half(story, name),
            )
            for pile, gold in self._gold.items()
            for name, story in gold.items()
        ]

    def solve(self, case: Case) -> Solved:
        """Sort the case's pile of articles, once, and look where this one is."""
        pile = case.input["pile"]
        if pile not in self._sorted:
            self._sorted[pile] = _clusters(self._piles[pile])
        return Solved({"with": sorted(self._sorted[pile][case.input["article"]])})

    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """B-cubed precision and recall of the article; it passes where both are whole."""
        if output is None:
            return {"precision": 0.0, "recall": 0.0, PASSED: 0.0}
        found, wanted = set(output["with"]), set(case.expected["with"])
        both = len(found & wanted)
        return {
            "precision": both / len(found),
            "recall": both / len(wanted),
            PASSED: float(found == wanted),
        }

    def _half(self, story: str, name: str) -> str:
        if self.options.data is not None:
            return half_of(story)
        return next(s.half for s in sample.gold_stories() if name in s.files)

    @cached_property
    def _piles(self) -> Mapping[str, Mapping[str, Article]]:
        """Articles by name, in the piles that are sorted at once."""
        if self.options.data is not None:
            return _public_piles(self.options.data)
        inside = {sample.file_of(article): article for article in window_articles()}
        return {"sample": inside}

    @cached_property
    def _gold(self) -> Mapping[str, Mapping[str, str]]:
        """The story of each article of each pile."""
        if self.options.data is not None:
            return {
                pile: {name: name.rpartition("/")[0] for name in articles}
                for pile, articles in self._piles.items()
            }
        story = {name: s.name for s in sample.gold_stories() for name in s.files}
        return {
            pile: {name: story[name] for name in articles} for pile, articles in self._piles.items()
        }


def _clusters(articles: Mapping[str, Article]) -> dict[str, Sequence[str]]:
    """For each article the names of all that were put together with it, its own among them."""
    names = {article.id: name for name, article in articles.items()}
    found = [[names[i] for i in s.article_ids] for s in find_stories(list(articles.values()))]
    return {name: cluster for cluster in found for name in cluster}


def _public_piles(path: Path) -> dict[str, dict[str, Article]]:
    rows = sample.read_lines(path, "id", "sources")
    piles: dict[str, dict[str, Article]] = {}
    for number, row in enumerate(rows):
        pile = piles.setdefault(f"rows {number // _PILE * _PILE + 1} and on", {})
        for n, source in enumerate(row["sources"], 1):
            text = str(source["text"])
            name = f"{row['id']}/{n}"
            key = hashlib.sha256(f"{name}\n{text}".encode()).hexdigest()[:12]
            pile[name] = replace(page_of(text), id=key, title=str(source["title"]))
    return piles
