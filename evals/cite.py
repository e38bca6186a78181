"""Cite: whether an editor's own sentences, typed without links, get the right source.

Some cases are true of a page of the sample corpus: its sentences in house style, and
`evals.corrupt`'s paraphrases of them. Right is that page, or another of its story that by
the checker's own verdict says the same. The others are true of no page: the same sentences
made wrong, and sentences of past issues on matters that no page of the corpus tells. For
these no source is right.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path

from assistant import resources
from assistant.draft.propose import propose_sources
from assistant.nlp import sentences
from assistant.types import Bullet
from evals import sample
from evals.corrupt import KINDS, PARAPHRASES
from evals.corruption import UNTOUCHED, Corruption
from evals.grounding import usage_since
from evals.metrics import Measure, mean
from evals.passages import Desk
from evals.rows import half_of
from evals.suite import PASSED, Case, Json, Options, Solved, Suite, limited

OTHER_MATTERS = "other matters"
_TRUE = (UNTOUCHED, *PARAPHRASES)
# At most so many cases of each kind and half; the wrong kinds are many.
_CASES = {UNTOUCHED: 60, OTHER_MATTERS: 60, **dict.fromkeys(PARAPHRASES, 30)}
_OF_EACH_WRONG = 15
# The issues before the last: news of June. What some page of the corpus tells of it is left out.
_EARLIER = 2
_TOLD = ("framework agreement", "NASA headquarters", "23 types")


class Cite(Suite):
    """Sources proposed for sentences without a link."""

    name = "cite"
    parallel = True

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._desk: Desk | None = None

    @property
    def measures(self) -> Sequence[Measure]:
        """True sentences with the right source, wrong ones not supported, others with none."""
        return (mean("right"), mean("refused"), mean("none"))

    @property
    def data(self) -> Sequence[Path]:
        """The words that claims are made wrong with, the corpus, and the past issues."""
        return (
            resources.eval_data() / "corruptions.yaml",
            sample.stories_file(),
            sample.articles_folder(),
            resources.sample_corpus() / "issues",
        )

    def cases(self) -> list[Case]:
        """True sentences and their paraphrases, wrong ones, and those on other matters."""
        made = Corruption(Options(cases=max(_CASES.values()))).cases()
        alone = [
            c for c in made if c.group != "wrong-source" and len(sentences(c.input["claim"])) == 1
        ]
        every = [*alone, *_other_matters()]
        return [
            case
            for group in (*_TRUE, *KINDS, OTHER_MATTERS)
            for case in limited(
                [c for c in every if c.group == group],
                self.options.cases or _CASES.get(group, _OF_EACH_WRONG),
            )
        ]

    def solve(self, case: Case) -> Solved:
        """The files proposed, as `digest cite` proposes them, and what each says of the claim."""
        if self._desk is None:
            self._desk = Desk(self.options)
        work, verifier = self._desk.workspace, self._desk.verifier
        before = verifier.usage
        bullet = propose_sources(Bullet("", case.input["claim"]), verifier, work.find_articles)
        usage = usage_since(verifier.usage, before)
        articles = [work.articles.get(c.article_id or "") for c in bullet.citations]
        return Solved(
            {
                "proposed": [sample.files()[a.id] for a in articles],
                "says_so": [
                    verifier.check_claim(case.input["original"], [a]).status for a in articles
                ],
                "verdict": bullet.claims[0].verdict.status,
            },
            usage,
        )

    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """Whether a true sentence got a right source, a wrong one no blessing, another none."""
        if case.group == OTHER_MATTERS:
            none = float(output is not None and not output["proposed"])
            return {"none": none, PASSED: none}
        if case.group not in _TRUE:
            refused = float(output is not None and output["verdict"] != "supported")
            return {"refused": refused, PASSED: refused}
        proposed = output["proposed"] if output is not None else []
        own = case.input["article"]
        right = bool(proposed) and all(
            file == own or (_story(file) == _story(own) and status == "supported")
            for file, status in zip(proposed, output["says_so"] if output else (), strict=True)
        )
        return {"right": float(right), PASSED: float(right)}

    def close(self) -> None:
        """Give the home back."""
        if self._desk is not None:
            self._desk.close()


def _other_matters() -> Iterator[Case]:
    """Sentences of the earlier past issues, as an editor types them: without links."""
    for issue in sample.past_issues()[:_EARLIER]:
        for number, bullet in enumerate(issue.bullets, 1):
            for start, end in sentences(bullet.text):
                text = bullet.text[start:end]
                if any(told in text for told in _TOLD):
                    continue
                name = f"{issue.volume}-{issue.number}-{number}-{start}"
                yield Case(
                    id=f"other-{name}",
                    input={"claim": text, "original": text},
                    cluster=f"{issue.volume}-{issue.number}-{number}",
                    half=half_of(bullet.text),
                    group=OTHER_MATTERS,
                )


def _story(file: str) -> str:
    return _stories()[file]


@lru_cache(maxsize=1)
def _stories() -> Mapping[str, str]:
    return {file: story.name for story in sample.gold_stories() for file in story.files}
