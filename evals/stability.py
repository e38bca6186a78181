"""Stability: whether the same input gives the same draft, five times, without a call cache.

Without a model each repetition is a process of its own with another seed of Python's
hashes, so that an order that hangs on them shows. With a model the repetitions are asked
one after another, each with a writer of its own.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cached_property
from pathlib import Path
from typing import Any

from assistant.errors import EvalError
from assistant.types import Usage
from evals import sample
from evals.drafting import bullet_record
from evals.metrics import Measure, mean
from evals.suite import PASSED, Case, Json, Options, Solved, Suite, limited
from evals.writers import open_writer, story_of

TIMES = 5
PARTS = ("words", "evidence", "verdicts", "links")
_PROCESSES = 2


class Stability(Suite):
    """The same story drafted several times."""

    name = "stability"

    @property
    def measures(self) -> Sequence[Measure]:
        """The share of stories whose drafts are alike, and that of each part alone."""
        return (mean("same"), *(mean(f"same_{part}") for part in PARTS))

    @property
    def data(self) -> Sequence[Path]:
        """The stories and their articles."""
        return (sample.stories_file(), sample.articles_folder())

    def cases(self) -> list[Case]:
        """One case a story of more than one article."""
        made = [
            Case(
                id=story.name,
                input={"story": story.name, "articles": list(story.files), "times": TIMES},
                half=story.half,
            )
            for story in sample.gold_stories()
            if len(story.files) > 1
        ]
        return limited(made, self.options.cases)

    def solve(self, case: Case) -> Solved:
        """The drafts, in the order in which they were made."""
        name = case.input["story"]
        if self.options.chat is None:
            return Solved({"drafts": [drafts[name] for drafts in self._in_processes]})
        made, usage = [], Usage()
        for _ in range(TIMES):
            draft, took = draft_story(name, case.input["articles"], self.options)
            made.append(draft)
            usage += took
        return Solved({"drafts": made}, usage)

    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """What is alike in all drafts."""
        drafts = output["drafts"] if output else []
        alike = {
            part: float(bool(drafts) and all(d[part] == drafts[0][part] for d in drafts))
            for part in PARTS
        }
        same = float(all(alike.values()))
        return {"same": same, **{f"same_{p}": v for p, v in alike.items()}, PASSED: same}

    @cached_property
    def _in_processes(self) -> list[dict[str, Any]]:
        """Of each repetition the draft of each story."""
        with ThreadPoolExecutor(_PROCESSES) as pool:
            return list(pool.map(_draft_in_process, range(1, TIMES + 1)))


def draft_story(name: str, files: Sequence[str], options: Options) -> tuple[dict[str, Any], Usage]:
    """The parts of a draft that should not change, by a new writer."""
    articles = [sample.articles()[file] for file in files]
    with closing(open_writer(options)) as writer:
        draft = writer.draft(story_of(name, articles), articles)
    record = bullet_record(draft.bullet, articles)
    return {
        "words": [record["headline"], record["text"]],
        "evidence": [c["evidence"] for c in record["claims"]],
        "verdicts": [[c["verdict"], c["score"]] for c in record["claims"]],
        "links": record["links"],
    }, draft.usage


def _draft_in_process(seed: int) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "evals.stability"],
        env={**os.environ, "PYTHONHASHSEED": str(seed)},
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise EvalError(f"A repetition failed: {done.stderr.strip().splitlines()[-1]}")
    drafts: dict[str, Any] = json.loads(done.stdout)
    return drafts


def main() -> None:
    """Print the extractive draft of each story as JSON."""
    stories = [story for story in sample.gold_stories() if len(story.files) > 1]
    options = Options(writer="extractive")
    drafts = {s.name: draft_story(s.name, s.files, options)[0] for s in stories}
    print(json.dumps(drafts, ensure_ascii=False))


if __name__ == "__main__":
    main()
