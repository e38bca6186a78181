"""Writing: whether a model turns one piece of evidence into a sentence as its prompt asks.

Each case is one group of a story's plan: the step of a draft that a prompt, a model and its
settings change, asked by itself, for seconds instead of the half minute of a whole bullet.
Without a model the sentence is the evidence's own, in house style, for comparison.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, lru_cache
from itertools import chain, zip_longest
from pathlib import Path

from assistant.draft.extract import house_sentence, write_extracts
from assistant.draft.plan import plan_story
from assistant.draft.write import ModelWriter
from assistant.terms import terms
from assistant.types import Article, Plan, Usage
from assistant.verify.verifier import Verifier
from evals import sample
from evals.grounding import embedder, usage_since
from evals.metrics import Measure, mean
from evals.suite import PASSED, Case, Json, Options, Solved, Suite, limited
from evals.writers import ISSUE_DATE, model_writer, sample_window, story_of, term_weights

# Words of a sentence at most, as the prompt `write-sentence` has it.
MOST_WORDS = 32


class Writing(Suite):
    """Sentences written from the evidence of the sample's stories, one by one."""

    name = "writing"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._judge = Verifier(embedder())

    @property
    def measures(self) -> Sequence[Measure]:
        """Length, whether long evidence was retold, support, and what is kept and added.

        A model's words that add a name, a figure or a day give way to the evidence's.
        """
        return (
            mean("short"),
            mean("own"),
            mean("supported"),
            mean("told"),
            mean("kept_to"),
            mean("words", better="neither"),
        )

    @property
    def data(self) -> Sequence[Path]:
        """The stories and their articles."""
        return (sample.stories_file(), sample.articles_folder())

    def cases(self) -> list[Case]:
        """One case a group of a plan, the stories in turn; those of one story are one cluster.

        Evidence that is longer than a sentence may be, and has to be shortened, is a group
        of its own.
        """
        stories = []
        for story in sample.gold_stories():
            if len(story.files) > 1:
                plan, articles = _planned(story.name, story.files)
                stories.append(
                    [
                        Case(
                            id=f"{story.name}-{number}",
                            input={
                                "story": story.name,
                                "articles": list(story.files),
                                "group": number,
                            },
                            expected={"evidence": evidence},
                            cluster=story.name,
                            half=story.half,
                            group="long" if len(evidence.split()) > MOST_WORDS else "short",
                        )
                        for number, evidence in enumerate(_evidence(plan, articles))
                    ]
                )
        in_turn = chain.from_iterable(zip_longest(*stories))
        return limited([case for case in in_turn if case is not None], self.options.cases)

    def solve(self, case: Case) -> Solved:
        """The sentence, whether the model's own words stand, and what a check without one says."""
        plan, articles = _planned(case.input["story"], tuple(case.input["articles"]))
        one = replace(plan, groups=(plan.groups[case.input["group"]],))
        usage = Usage()
        (extract,) = write_extracts(one, articles, ISSUE_DATE.year)
        written = extract
        if self._writer is not None:
            before = self._writer.usage
            (written,) = self._writer.write(one, articles)
            usage = usage_since(self._writer.usage, before)
        pages = [articles[e.article_id] for e in written.evidence]
        verdict = self._judge.check_text(written.text, pages)
        return Solved(
            {
                "text": written.text,
                "own": written.text != extract.text or case.group == "short",
                "verdict": verdict.status,
            },
            usage,
        )

    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """Scores of the sentence; it passes where it is as short as asked, own, and supported."""
        names = ("short", "own", "supported", "told", "kept_to")
        if output is None:
            return {**dict.fromkeys(names, 0.0), PASSED: 0.0}
        said, source = set(terms(output["text"])), set(terms(case.expected["evidence"]))
        words = len(output["text"].split())
        found = {
            "short": float(words <= MOST_WORDS),
            "own": float(output["own"]),
            "supported": float(output["verdict"] == "supported"),
            "told": len(said & source) / len(source),
            "kept_to": len(said & source) / (len(said) or 1),
        }
        right = all(found[name] for name in ("short", "own", "supported"))
        return {**found, "words": words, PASSED: float(right)}

    @cached_property
    def _writer(self) -> ModelWriter | None:
        return model_writer(self.options.chat) if self.options.chat else None


@lru_cache(maxsize=32)
def _planned(name: str, files: tuple[str, ...]) -> tuple[Plan, Mapping[str, Article]]:
    articles = [sample.articles()[file] for file in files]
    plan = plan_story(story_of(name, articles), articles, term_weights(), sample_window())
    return plan, {a.id: a for a in articles}


def _evidence(plan: Plan, articles: Mapping[str, Article]) -> list[str]:
    """What each group of the plan has to tell, in house style."""
    return [
        " ".join(
            house_sentence(e, articles[e.article_id], ISSUE_DATE.year)
            for e in (plan.evidence[n - 1] for n in group)
        )
        for group in plan.groups
    ]
