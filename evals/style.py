"""Style: whether each house rule finds what it should, and leaves alone what it should.

Sentences written for one rule each, half of them breaking it. The group of a case is
that of its rule (dates, names, links, ...). What other rules find in the same sentence
does not count; how often each rule speaks in whole drafts is in the suite `drafting`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from assistant import resources
from assistant.publish.read_issue import read_bullets
from assistant.style.check import check_bullet
from assistant.style.rules import load_rules
from assistant.style.view import IssueContext
from assistant.types import Bullet, Finding
from evals import sample
from evals.metrics import Measure, mean
from evals.suite import PASSED, Case, Json, Result, Solved, Suite, limited
from evals.writers import ISSUE_DATE, sample_window


class Style(Suite):
    """The house rules on sentences that break them and sentences that do not."""

    name = "style"
    parallel = True

    @property
    def measures(self) -> Sequence[Measure]:
        """Shares of broken rules found, of sound sentences left alone, and of both."""
        return (mean("found"), mean("left_alone"), mean("right"))

    @property
    def data(self) -> Sequence[Path]:
        """The sentences, and the articles whose addresses count as known."""
        return (
            self.options.data or resources.eval_data() / "style.jsonl",
            sample.articles_folder(),
        )

    def cases(self) -> list[Case]:
        """One case a sentence; those of one rule are one cluster."""
        rows = sample.read_lines(self.data[0], "id", "rule", "group", "text", "field", "expected")
        made = [
            Case(
                id=row["id"],
                input={"rule": row["rule"], "text": row["text"], "field": row["field"]},
                expected={"found": bool(row["expected"])},
                cluster=row["rule"],
                half=row.get("half", ""),  # a set of your own may have none
                group=row["group"],
            )
            for row in rows
        ]
        return limited(made, self.options.cases)

    def solve(self, case: Case) -> Solved:
        """All findings on the sentence."""
        found = findings(case.input["text"], case.input["field"])
        return Solved(
            {
                "findings": [
                    {"code": f.code, "message": f.message, "start": f.start, "end": f.end}
                    for f in found
                ]
            }
        )

    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """Whether the rule spoke where it should, or kept quiet where it should."""
        if output is None:
            right = False
        else:
            spoke = any(f["code"] == case.input["rule"] for f in output["findings"])
            right = spoke == case.expected["found"]
        name = "found" if case.expected["found"] else "left_alone"
        return {name: float(right), "right": float(right), PASSED: float(right)}

    def details(self, results: Sequence[Result], seconds: float) -> Json:
        """How many sentences each rule has, and how many of them it got right.

        Rules of the house that have no sentence are named.
        """
        rules: dict[str, list[float]] = {}
        for result in results:
            rules.setdefault(result.case.input["rule"], []).append(result.scores[PASSED])
        untried = sorted({rule.code for rule in load_rules()} - rules.keys())
        return {
            "rules": {r: {"cases": len(s), "right": int(sum(s))} for r, s in sorted(rules.items())},
            "untried": untried,
        }


def findings(text: str, field: str) -> list[Finding]:
    """What the house rules say of a Markdown sentence as a headline or as a detail."""
    if field == "headline":
        return check_bullet(Bullet(text, ""), _context())
    return [f for bullet in read_bullets(text) for f in check_bullet(bullet, _context())]


@lru_cache(maxsize=1)
def _context() -> IssueContext:
    """The issue that the sentences were written for."""
    known = (url for a in sample.articles().values() for url in (a.url, a.canonical_url))
    return IssueContext(ISSUE_DATE, sample_window(), frozenset(filter(None, known)))
