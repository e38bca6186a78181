"""How fast the parts that need no model are: process start, ingest and search."""

from __future__ import annotations

import random
import re
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant.nlp import sentences
from assistant.types import Article
from assistant.workspace import open_workspace
from evals.bullet_costs import settings

SEED = 7
# Share of the longer words that another word of the corpus takes the place of.
_CHANGED = 0.15
_WORD = re.compile(r"[A-Za-z]{4,}")


def measure_start(home: Path, runs: int = 5) -> dict[str, Any]:
    """Seconds of `digest list articles` from start to exit, and what of it is import.

    `python_seconds` is an interpreter that does nothing.
    """
    digest = str(Path(sysconfig.get_path("scripts")) / "digest")
    commands = {
        "start_seconds": [digest, "list", "articles", "--json", "--home", str(home)],
        "import_seconds": [sys.executable, "-c", "import assistant.cli"],
        "python_seconds": [sys.executable, "-c", ""],
    }
    return {name: _median_seconds(command, runs) for name, command in commands.items()}


def _median_seconds(command: Sequence[str], runs: int) -> float:
    times = []
    for _ in range(runs):
        begun = time.perf_counter()
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        times.append(time.perf_counter() - begun)
    return round(statistics.median(times), 3)


def measure_ingest(sources: Sequence[str], rounds: int = 3) -> dict[str, Any]:
    """Articles a second, read, stored and embedded, into a new home each round.

    A round before the first loads the readers and models; it stands apart.
    """
    times = []
    for _ in range(1 + rounds):
        with (
            tempfile.TemporaryDirectory() as home,
            open_workspace(settings(Path(home), "none")) as work,
        ):
            begun = time.perf_counter()
            work.ingest.run(sources)
            work.retriever.catch_up()
            times.append(time.perf_counter() - begun)
            count = work.articles.count()
    return {
        "articles": count,
        "first_seconds": round(times[0], 3),
        "seconds": round(statistics.median(times[1:]), 3),
        "articles_per_second": round(count / statistics.median(times[1:]), 1),
    }


def build_index(home: Path, passages: int) -> dict[str, Any]:
    """Fill `home`, which holds the sample corpus, with changed copies of its English articles."""
    chance = random.Random(SEED)
    with open_workspace(settings(home, "none")) as work:
        originals = [a for a in work.articles.list() if a.language == "en"]
        words = words_of(originals)
        begun = time.perf_counter()
        number = 0
        while work.articles.passage_count() < passages:
            number += 1
            for article in originals:
                work.retriever.index(changed_copy(article, number, words, chance))
        work.retriever.catch_up()
        seconds = time.perf_counter() - begun
        count = work.articles.passage_count()
        return {
            "articles": work.articles.count(),
            "passages": count,
            "build_seconds": round(seconds, 1),
            "passages_per_second": round(count / seconds),
        }


def measure_search(home: Path, queries: int = 200) -> dict[str, Any]:
    """Milliseconds of a search in `home`: half for whole sentences, half for a few words.

    The queries are sentences of the corpus, changed as its copies are.
    """
    chance = random.Random(SEED + 1)
    with open_workspace(settings(home, "none")) as work:
        texts = [a.text for a in work.articles.list() if a.language == "en" and not _is_copy(a)]
        words = _WORD.findall(" ".join(texts))
        spans = [text[start:end] for text in texts for start, end in sentences(text)]
        asked = [_changed(s, words, chance) for s in spans if len(_WORD.findall(s)) >= 4]
        asked = chance.choices(asked, k=queries)
        asked[::2] = [" ".join(_WORD.findall(q)[:4]) for q in asked[::2]]
        work.retriever.search(asked[0])  # loads the embedder and the index
        times = []
        for query in asked:
            begun = time.perf_counter()
            work.retriever.search(query)
            times.append((time.perf_counter() - begun) * 1000)
    cuts = statistics.quantiles(times, n=20, method="inclusive")
    return {"queries": queries, "p50_ms": round(cuts[9], 1), "p95_ms": round(cuts[18], 1)}


def words_of(articles: Sequence[Article]) -> list[str]:
    """The longer words of some articles, for `changed_copy` to choose from."""
    return _WORD.findall(" ".join(a.text for a in articles))


def changed_copy(
    article: Article, number: int, words: Sequence[str], chance: random.Random
) -> Article:
    """Another article made of one: some words and all figures are others, it has no address."""
    name = f"{article.id}-copy-{number}"
    text = _changed(article.text, words, chance)
    return replace(article, id=name, url=None, canonical_url=None, text=text, sha256=name)


def _is_copy(article: Article) -> bool:
    return "-copy-" in article.id


def _changed(text: str, words: Sequence[str], chance: random.Random) -> str:
    """`text` with some of its words and all of its figures made others."""
    text = _WORD.sub(lambda m: chance.choice(words) if chance.random() < _CHANGED else m[0], text)
    return re.sub(r"\d+", lambda m: str(chance.randrange(10 ** len(m[0]))), text)
