"""The sample corpus as the suites see it: articles by file name, stories with their halves."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant import resources
from assistant.errors import EvalError
from assistant.publish.read_issue import read_issue
from assistant.settings import Settings
from assistant.types import Article, Issue
from assistant.workspace import open_workspace

HALVES = ("development", "held-back")


@dataclass(frozen=True)
class GoldStory:
    """A story as people sorted it: the files of its articles, and the half that it is in."""

    name: str
    half: str
    files: tuple[str, ...]


def articles_folder() -> Path:
    """The folder of the sample corpus's articles."""
    return resources.sample_corpus() / "articles"


def stories_file() -> Path:
    """The file that sorts the articles into stories."""
    return resources.eval_data() / "stories.jsonl"


@lru_cache(maxsize=1)
def articles() -> Mapping[str, Article]:
    """Every article of the sample corpus by its file's name, as ingest reads it."""
    with (
        tempfile.TemporaryDirectory() as home,
        open_workspace(Settings(home=Path(home), model="none")) as work,
    ):
        report = work.ingest.run([str(articles_folder())])
        if report.failed:
            raise EvalError(f"The sample corpus could not be read: {report.failed[0].reason}")
        stored = sorted((*report.added, *report.duplicates), key=lambda s: s.source)
        return {Path(s.source).name: work.articles.get(s.article_id) for s in stored}


def file_of(article: Article) -> str:
    """The name of the file that an article of the sample corpus was read from."""
    return files()[article.id]


@lru_cache(maxsize=1)
def files() -> Mapping[str, str]:
    """The file of each article by its id."""
    return {article.id: name for name, article in articles().items()}


@lru_cache(maxsize=1)
def past_issues() -> tuple[Issue, ...]:
    """The sample corpus's past issues, oldest first."""
    files = sorted((resources.sample_corpus() / "issues").glob("*.md"))
    return tuple(read_issue(file.read_text(encoding="utf-8"), file.name) for file in files)


def gold_stories() -> list[GoldStory]:
    """All lines of the file of stories, the articles that stand alone among them."""
    return [
        GoldStory(line["story"], line["half"], tuple(line["articles"]))
        for line in read_lines(stories_file(), "story", "half", "articles")
    ]


def place(case: str, file: str, quote: str) -> tuple[int, int]:
    """Where a quotation stands in its article; EvalError where it does not."""
    article = articles().get(file)
    start = article.text.find(quote) if article else -1
    if start < 0:
        raise EvalError(f"{case}: {file} does not say “{quote}”; the quotation must be verbatim.")
    return start, start + len(quote)


def read_lines(path: Path, *fields: str) -> list[dict[str, Any]]:
    """The objects of a JSONL file; EvalError names the line that lacks one of `fields`."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except FileNotFoundError as error:
        raise EvalError(f"There is no data at {path}; put it back or name another.") from error
    except (OSError, UnicodeDecodeError) as error:
        raise EvalError(f"{path} could not be read: {error}.") from error
    found = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            record = json.loads(line)
        except ValueError as error:
            raise EvalError(f"{path}, line {number} is not JSON: {error}.") from error
        missing = [f for f in fields if not isinstance(record, dict) or f not in record]
        if missing:
            raise EvalError(f"{path}, line {number}: the field {missing[0]} is missing.")
        found.append(record)
    if not found:
        raise EvalError(f"{path} holds no row; each line must be one JSON object.")
    return found
