"""Paragraphs of true sentences from the sample corpus, linked as the project links them.

What an editor might hand in: three neighbouring sentences of one page in house style.
Suites plant one fault in such a paragraph and look whether just that is listed.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant.cli import records
from assistant.draft.extract import house_sentence, tidy_bullet
from assistant.publish.read_issue import read_bullets
from assistant.review.own_text import check_bullets
from assistant.settings import Settings
from assistant.sources import usable_sentences
from assistant.types import Article, Written
from assistant.verify.verifier import Verifier
from assistant.workspace import Workspace, open_workspace
from evals import sample
from evals.corruption import corpus
from evals.grounding import usage_since
from evals.suite import Json, Options, Solved

SENTENCES = 3
_FEWEST_WORDS = 6


@dataclass(frozen=True)
class Passage:
    """Neighbouring sentences of one page in house style, all true; the half of its story."""

    half: str
    file: str
    article: Article
    written: tuple[Written, ...]

    @property
    def pages(self) -> Mapping[str, Article]:
        """The page by its id, as links are placed with."""
        return {self.article.id: self.article}


@lru_cache(maxsize=1)
def passages() -> tuple[Passage, ...]:
    """Sentences 1 to 3, 4 to 6, … of every page of the corpus that has an address."""
    return tuple(_passages())


def _passages() -> Iterator[Passage]:
    for half, article in corpus():
        body = usable_sentences(article)
        for i in range(0, len(body) - SENTENCES + 1, SENTENCES):
            written = [
                Written(house_sentence(s.evidence, article, 2023), (s.evidence,))
                for s in body[i : i + SENTENCES]
            ]
            if article.url and all(_is_plain(w.text) for w in written):
                yield Passage(
                    half, sample.file_of(article), article, tuple(tidy_bullet(written, [article]))
                )


def _is_plain(text: str) -> bool:
    return text.endswith(".") and len(text.split()) >= _FEWEST_WORDS


class Desk:
    """The sample corpus in a temporary home, and a checker over it, as `digest check` has them."""

    def __init__(self, options: Options) -> None:
        self._stack = ExitStack()
        home = Path(self._stack.enter_context(tempfile.TemporaryDirectory()))
        settings = Settings(home=home, model="none")
        self.workspace: Workspace = self._stack.enter_context(open_workspace(settings))
        self.workspace.ingest.run([str(sample.articles_folder())])
        self.verifier: Verifier = self.workspace.verifier(options.chat)

    def check(self, markdown: str) -> Solved:
        """What `digest check` prints of a paragraph: its text, links, claims and findings."""
        before = self.verifier.usage
        bullets = check_bullets(self.workspace, read_bullets(markdown), self.verifier)
        record = records.checked(bullets, self.workspace.articles.get)
        (paragraph,) = record["bullets"]
        return Solved(
            {**paragraph, "links": record["links"]}, usage_since(self.verifier.usage, before)
        )

    def close(self) -> None:
        """Give the home back."""
        self._stack.close()


def claim_at(output: Json, at: int) -> dict[str, Any]:
    """The claim of a checked paragraph that holds the character `at`."""
    claim: dict[str, Any] = next(c for c in output["claims"] if c["start"] <= at < c["end"])
    return claim


def findings_of(claim: Json, levels: Sequence[str] = ("error",)) -> list[dict[str, Any]]:
    """The findings on a claim, their offsets those of the paragraph."""
    return [
        {**f, "start": claim["start"] + f["start"], "end": claim["start"] + f["end"]}
        for f in claim["findings"]
        if f["level"] in levels
    ]
