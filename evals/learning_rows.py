"""The rows that the claim checker's weights are learned from, and nothing else.

Of each public set the development half (`evals.rows.half_of`), claims spliced from its pages
(`evals.splices`), and the development stories of the sample corpus: their sentences in house
style, against their own article (supported) and against the nearest article of another
story (not).
"""

from __future__ import annotations

import json
import random
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from assistant import resources
from assistant.draft.extract import house_sentence
from assistant.nlp import sentences
from assistant.settings import Settings
from assistant.sources import usable_sentences
from assistant.terms import Weights, terms
from assistant.workspace import open_workspace
from evals.rows import Row, half_of, load_rows
from evals.splices import make_rows

SEED = 7
# Drafts copy their sources, as spliced claims do.
SPLICED = "spliced from their pages"
_SPLICED_PAGES = 150


def public_rows(path: Path, limit: int) -> list[Row]:
    """At most `limit` rows of one sentence of a file's development half, labels balanced."""
    rows = [r for r in load_rows(path) if r.label is not None and half_of(r.source) != "held-back"]
    rows = [r for r in rows if len(sentences(r.claim)) == 1]
    random.Random(SEED).shuffle(rows)
    return [r for label in (1, 0) for r in [r for r in rows if r.label == label][: limit // 2]]


def spliced_rows(sets: Mapping[str, Sequence[Row]]) -> list[Row]:
    """Claims that copy the pages of `sets`, with and without a splice."""
    pages = sorted({r.source for rows in sets.values() for r in rows})
    chance = random.Random(SEED)
    chance.shuffle(pages)
    return list(make_rows([(str(n), p) for n, p in enumerate(pages[:_SPLICED_PAGES])], chance))


def corpus_rows() -> list[Row]:
    """Development stories: house sentences against their own and the nearest other article."""
    stories = [
        json.loads(line)
        for line in (resources.eval_data() / "stories.jsonl").read_text().splitlines()
    ]
    files = {
        name: s["story"] for s in stories if s["half"] == "development" for name in s["articles"]
    }
    folder = resources.sample_corpus() / "articles"
    with (
        tempfile.TemporaryDirectory() as home,
        open_workspace(Settings(home=Path(home), model="none")) as work,
    ):
        report = work.ingest.run([str(folder / name) for name in files])
        stored = (*report.added, *report.duplicates)
        ids = {s.article_id: files[Path(s.source).name] for s in stored}
        articles = [work.articles.get(i) for i in ids]
    articles = [a for a in articles if a.language == "en"]
    weights = Weights(terms(a.text) for a in articles)
    rows: list[Row] = []
    for article in articles:
        others = [a for a in articles if ids[a.id] != ids[article.id]]
        for sentence in usable_sentences(article)[:8]:
            claim = house_sentence(sentence.evidence, article, 2023)
            near = max(others, key=lambda a: weights.coverage(sentence.terms, terms(a.text)))
            rows += [Row("", a.text, claim, int(a is article), {}) for a in (article, near)]
    return rows


def training_sets(files: Sequence[Path], limit: int) -> dict[str, Sequence[Row]]:
    """All rows that may be learned from, by the set that they are of."""
    sets: dict[str, Sequence[Row]] = {p.name: public_rows(p, limit) for p in files}
    sets[SPLICED] = spliced_rows(sets)
    sets["sample corpus, development stories"] = corpus_rows()
    return sets
