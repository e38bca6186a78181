"""Drafting: what a bullet tells of the facts that an editor's bullet tells, and what it adds.

Each case is a reference bullet with its atomic facts and the words of the sources that
they rest on. A fact counts as reached where a sentence of the draft rests on the same
words, and as stated where the draft has nearly its words: the same
judge for all writers. Claims of the draft that its own links do not support are counted
apart. Overlap with the reference (ROUGE-L, Lin 2004; cosine of the embeddings) is for
orientation: a good bullet may be worded otherwise.
"""

from __future__ import annotations

import statistics
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from rapidfuzz.distance import Indel

from assistant import resources
from assistant.style.check import check_bullet
from assistant.style.view import IssueContext
from assistant.types import Article, Bullet, Usage
from assistant.verify.verifier import Verifier
from evals import sample
from evals.grounding import embedder, page_of, tells, verdict_record
from evals.metrics import Measure, mean, ratio
from evals.suite import PASSED, Case, Json, Options, Result, Solved, Suite, limited
from evals.writers import ISSUE_DATE, Draft, open_writer, story_of


class Drafting(Suite):
    """Bullets drafted from a story's articles, beside an editor's own."""

    name = "drafting"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._writer = open_writer(options)
        self._judge = Verifier(embedder())
        self._drafts: dict[str, Draft] = {}

    @property
    def measures(self) -> Sequence[Measure]:
        """Facts told, claims without support, findings of style, lengths, overlap."""
        return (
            ratio("facts_reached", "reached", "facts"),
            ratio("facts_stated", "stated", "facts"),
            ratio("unsupported", "unsupported", "claims", better="lower"),
            ratio("without_link", "without_link", "claims", better="lower"),
            mean("style_errors", better="lower"),
            mean("style_warnings", better="lower"),
            mean("words", better="neither"),
            mean("links", better="neither"),
            mean("rouge_l", better="neither"),
            mean("similarity", better="neither"),
        )

    @property
    def data(self) -> Sequence[Path]:
        """The reference bullets, the stories and their articles."""
        return (_references(), sample.stories_file(), sample.articles_folder())

    def cases(self) -> list[Case]:
        """One case a reference bullet; those of one story are one cluster."""
        rows = sample.read_lines(_references(), "id", "story", "half", "headline", "text", "facts")
        files = {story.name: story.files for story in sample.gold_stories()}
        made = [
            Case(
                id=row["id"],
                input={"story": row["story"], "articles": list(files[row["story"]])},
                expected={
                    "headline": row["headline"],
                    "text": row["text"],
                    "facts": [
                        {
                            "fact": f["fact"],
                            "evidence": [
                                [e["article"], *sample.place(row["id"], e["article"], e["quote"])]
                                for e in f["evidence"]
                            ],
                        }
                        for f in row["facts"]
                    ],
                },
                cluster=row["story"],
                half=row["half"],
            )
            for row in rows
        ]
        return limited(made, self.options.cases)

    def solve(self, case: Case) -> Solved:
        """The draft, each of its claims and each of the reference's facts."""
        name = case.input["story"]
        articles = [sample.articles()[file] for file in case.input["articles"]]
        usage = Usage()  # of a story's second reference: the draft is there already
        if name not in self._drafts:
            self._drafts[name] = self._writer.draft(story_of(name, articles), articles)
            usage = self._drafts[name].usage
        bullet = self._drafts[name].bullet
        said = page_of(f"{bullet.headline}\n\n{bullet.text}")
        stated = [tells(self._judge, said, f["fact"]) for f in case.expected["facts"]]
        reference = f"{case.expected['headline']} {case.expected['text']}"
        return Solved(
            {
                **bullet_record(bullet, articles),
                "stated": stated,
                "rouge_l": rouge_l(f"{bullet.headline} {bullet.text}", reference),
                "similarity": _cosine(bullet.text, case.expected["text"]),
            },
            usage,
        )

    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """Facts and claims counted; a case passes where no claim lacks support."""
        facts = case.expected["facts"]
        if output is None:
            return {
                "facts": len(facts),
                "reached": 0,
                "stated": 0,
                "claims": 1,
                "unsupported": 1,
                "without_link": 1,
                "style_errors": 1,
                "style_warnings": 1,
                PASSED: 0,
            }
        spans = [e for claim in output["claims"] for e in claim["spans"]]
        claims = output["claims"]
        wrong = sum(c["verdict"] != "supported" for c in claims)
        levels = Counter(f["level"] for f in output["style"])
        return {
            "facts": len(facts),
            "reached": sum(any(_meets(e, spans) for e in f["evidence"]) for f in facts),
            "stated": sum(output["stated"]),
            "claims": len(claims),
            "unsupported": wrong,
            "without_link": sum(c["unlinked"] for c in claims),
            "style_errors": levels["error"],
            "style_warnings": levels["warning"],
            "words": len(output["text"].split()),
            "links": len(output["links"]),
            "rouge_l": output["rouge_l"],
            "similarity": output["similarity"],
            PASSED: float(not wrong),
        }

    def details(self, results: Sequence[Result], seconds: float) -> Json:
        """What a bullet takes, and how often each house rule speaks in one."""
        own = {r.case.input["story"]: r for r in reversed(results) if r.output is not None}
        if not own:
            return {"bullets": 0}
        rules = Counter(f["code"] for r in own.values() if r.output for f in r.output["style"])
        tokens = sum(r.usage.prompt_tokens + r.usage.completion_tokens for r in own.values())
        return {
            "bullets": len(own),
            "median_seconds": round(statistics.median(r.seconds for r in own.values()), 2),
            "tokens_per_bullet": round(tokens / len(own), 1),
            "findings_per_bullet": {c: round(n / len(own), 2) for c, n in rules.most_common()},
        }

    def close(self) -> None:
        """Stop what the writer started."""
        self._writer.close()


def bullet_record(bullet: Bullet, articles: Sequence[Article]) -> dict[str, Any]:
    """A draft as plain JSON: its claims with their evidence, its links, its style."""
    files = sample.files()
    # Without what only an issue has: a window, bullets before and after.
    context = IssueContext(date=ISSUE_DATE)
    return {
        "headline": bullet.headline,
        "text": bullet.text,
        "claims": [
            {
                "field": c.field,
                "text": c.text,
                **verdict_record(c.verdict, articles),
                "spans": [
                    [files[e.article_id], e.start, e.end]
                    for e in c.verdict.evidence
                    if e.article_id in files
                ],
                "unlinked": any(f.code == "no-citation" for f in c.verdict.findings),
            }
            for c in bullet.claims
        ],
        "links": [
            {"anchor": bullet.text[c.start : c.end], "article": files.get(c.article_id or "")}
            for c in bullet.citations
        ],
        "style": [
            {"code": f.code, "level": f.level, "message": f.message}
            for f in check_bullet(replace(bullet, findings=()), context)
        ],
    }


def rouge_l(text: str, reference: str) -> float:
    """ROUGE-L's F1: twice the longest common subsequence of words, of both lengths together.

    That is the normalised indel similarity of the two sequences, which rapidfuzz computes.
    """
    words = [t.lower().split() for t in (text, reference)]
    return round(float(Indel.normalized_similarity(*words)), 4)


def _cosine(text: str, reference: str) -> float:
    a, b = embedder().embed([text, reference])
    return round(float(a @ b), 4)


def _meets(evidence: Sequence[Any], spans: Sequence[Sequence[Any]]) -> bool:
    """Whether a stretch (file, start, end) overlaps any of some others."""
    file, start, end = evidence
    return any(file == other and a < end and start < b for other, a, b in spans)


def _references() -> Path:
    return resources.eval_data() / "facts.jsonl"
