"""Replay: a past issue drafted again from its archived sources, its own text held out.

Each case is a published bullet. The issue is drafted from the articles of its window,
with earlier issues alone as examples, and each published bullet is laid beside the draft
that tells its story. The edits that lead from the draft to what was published are sorted
into facts, style and selection. `--data` is a folder with `issues/*.md` and `articles/`;
by default the sample corpus, whose coming issue is made of its reference bullets.
"""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path

from assistant import resources
from assistant.errors import DraftError, EvalError
from assistant.pipeline import Request, default_window, draft_issue
from assistant.publish.masthead import load_masthead
from assistant.publish.read_issue import read_issue
from assistant.settings import Settings
from assistant.stories import FOLLOWS_THRESHOLD
from assistant.terms import Weights, cosine, terms
from assistant.types import Article, Bullet, Issue, Usage
from assistant.verify.claims import split_claims
from assistant.verify.verifier import Verifier
from assistant.workspace import open_workspace
from evals import sample
from evals.edits import classify
from evals.grounding import embedder, page_of, tells
from evals.metrics import Measure, mean, ratio
from evals.suite import PASSED, Case, Json, Options, Result, Solved, Suite, limited
from evals.writers import ISSUE_DATE

KINDS = ("fact", "style", "selection")


class Replay(Suite):
    """Published bullets beside what would be drafted now."""

    name = "replay"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        if options.writer == "chain":
            raise EvalError("The plain chain drafts no whole issue; replay needs another writer.")
        self._drafts: dict[str, Issue] = {}
        self._judge = Verifier(embedder())

    @property
    def measures(self) -> Sequence[Measure]:
        """Stories chosen as the editors did, sentences told, and the edits that are left."""
        return (
            mean("chosen"),
            ratio("told", "told", "sentences"),
            *(mean(f"{kind}_edits", better="lower") for kind in ("fact", "style")),
            mean("selection_edits", better="neither"),
            mean("similarity", better="neither"),
        )

    @property
    def data(self) -> Sequence[Path]:
        """The issues and the articles."""
        if self.options.data is not None:
            return (self.options.data,)
        return (resources.sample_corpus(), _references())

    def cases(self) -> list[Case]:
        """One case a bullet of each issue that has archived sources in its window."""
        made = [
            Case(
                id=f"{_name(issue)}-{n}",
                input={"issue": _name(issue), "bullet": n},
                expected={"headline": bullet.headline, "text": bullet.text},
                group=_name(issue),
            )
            for issue in self._issues
            if self._sources(issue)
            for n, bullet in enumerate(issue.bullets, 1)
        ]
        return limited(made, self.options.cases)

    def solve(self, case: Case) -> Solved:
        """The drafted bullet that tells the case's story, and the edits to what was published."""
        issue = next(i for i in self._issues if _name(i) == case.input["issue"])
        usage = Usage()
        if _name(issue) not in self._drafts:
            self._drafts[_name(issue)] = self._drafted(issue)
            usage = self._drafts[_name(issue)].usage
        published = issue.bullets[case.input["bullet"] - 1]
        draft, alike = _nearest(published, self._drafts[_name(issue)].bullets)
        if draft is None:
            return Solved({"draft": None, "similarity": alike}, usage)
        said = page_of(f"{draft.headline}\n\n{draft.text}")
        told = [tells(self._judge, said, s) for s in _sentences(published)]
        edits = classify(draft, published)
        return Solved(
            {
                "draft": {"headline": draft.headline, "text": draft.text},
                "similarity": alike,
                "told": told,
                "edits": [
                    {"kind": e.kind, "before": e.before, "after": e.after, "why": e.why}
                    for e in edits
                ],
            },
            usage,
        )

    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """What was chosen and told; edits are counted where there is a draft to edit."""
        sentences = len(_sentences(Bullet(case.expected["headline"], case.expected["text"])))
        if output is None or output["draft"] is None:
            missed = {"chosen": 0, "told": 0, "sentences": sentences, PASSED: 0}
            # Another story was chosen: that is no mistake of fact. A draft that failed may be.
            wrong = {"fact_edits": sentences, "style_edits": sentences}
            return missed | ({"similarity": output["similarity"]} if output else wrong)
        edits = Counter(edit["kind"] for edit in output["edits"])
        return {
            "chosen": 1,
            "told": sum(output["told"]),
            "sentences": sentences,
            "similarity": output["similarity"],
            **{f"{kind}_edits": edits[kind] for kind in KINDS},
            PASSED: float(not edits["fact"]),
        }

    def details(self, results: Sequence[Result], seconds: float) -> Json:
        """The issues that could not be drafted again, since no source of theirs is there."""
        absent = [_name(issue) for issue in self._issues if not self._sources(issue)]
        return {"without_sources": absent}

    @cached_property
    def _issues(self) -> Sequence[Issue]:
        """All issues, oldest first."""
        if self.options.data is None:
            return (*sample.past_issues(), _reference_issue())
        files = sorted((self.options.data / "issues").glob("*.md"))
        found = [read_issue(file.read_text(encoding="utf-8"), file.name) for file in files]
        return sorted(found, key=lambda issue: issue.date)

    @cached_property
    def _articles(self) -> Sequence[Article]:
        if self.options.data is None:
            return list(sample.articles().values())
        with (
            tempfile.TemporaryDirectory() as home,
            open_workspace(Settings(home=Path(home), model="none")) as work,
        ):
            work.ingest.run([str(self.options.data / "articles")])
            return work.articles.list()

    def _earlier(self, issue: Issue) -> list[Issue]:
        return [other for other in self._issues if other.date < issue.date]

    def _sources(self, issue: Issue) -> list[Article]:
        """The articles of the issue's window."""
        earlier = self._earlier(issue)
        window = default_window(issue.date, earlier[-1] if earlier else None)
        return [
            a
            for a in self._articles
            if a.published_on and window.since <= a.published_on <= window.until
        ]

    def _drafted(self, issue: Issue) -> Issue:
        """The issue as it would be drafted on its day; none of its own text is shown."""
        earlier, chat = self._earlier(issue), self.options.chat
        window = default_window(issue.date, earlier[-1] if earlier else None)
        request = Request(
            issue.volume, issue.number, issue.date, window, bullets=len(issue.bullets)
        )
        writer = None if self.options.writer == "extractive" else chat
        try:
            return draft_issue(
                request, self._sources(issue), earlier, Verifier(embedder(), chat), writer
            )
        except DraftError:  # nothing about the alliance in its sources: no bullet was chosen
            return Issue(issue.volume, issue.number, issue.date, (), load_masthead())


def _nearest(published: Bullet, drafts: Sequence[Bullet]) -> tuple[Bullet | None, float]:
    """The draft most like a published bullet, if it tells the same story at all."""
    every = [published, *drafts]
    weights = Weights(terms(f"{b.headline} {b.text}") for b in every)
    own, *others = (weights.vector(terms(f"{b.headline} {b.text}")) for b in every)
    alike = [cosine(own, other) for other in others]
    best = max(range(len(drafts)), key=lambda i: alike[i], default=None)
    if best is None or alike[best] < FOLLOWS_THRESHOLD:
        return None, round(max(alike, default=0.0), 4)
    return drafts[best], round(alike[best], 4)


def _sentences(bullet: Bullet) -> list[str]:
    return [claim.text for claim in split_claims(bullet)]


def _name(issue: Issue) -> str:
    return f"vol-{issue.volume}-{issue.number}"


def _references() -> Path:
    return resources.eval_data() / "facts.jsonl"


def _reference_issue() -> Issue:
    """The issue of the sample corpus's window: the first reference bullet of each story."""
    rows = sample.read_lines(_references(), "story", "headline", "text")
    first = {row["story"]: row for row in reversed(rows)}
    bullets = tuple(Bullet(r["headline"], r["text"]) for r in reversed(first.values()))
    return Issue(2, 14, ISSUE_DATE, bullets, load_masthead())
