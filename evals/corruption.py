"""Corruption: which wrong versions of true claims the checker catches, kind by kind.

The claims are sentences of the sample corpus in house style, true of their own article;
`evals.corrupt` makes them wrong. Also measured: how many untouched claims and faithful
paraphrases are let through. Every figure comes for both halves of the corpus's stories.
A claim that could not be checked is neither caught nor let through: it failed.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

from assistant import resources
from assistant.draft.extract import house_sentence
from assistant.sources import usable_sentences
from assistant.terms import Weights, terms
from assistant.types import Article
from assistant.verify.verifier import Verifier
from evals import sample
from evals.corrupt import KINDS, PARAPHRASES, Changed, corrupt, paraphrase
from evals.grounding import embedder, usage_since, verdict_record
from evals.metrics import Measure, mean, share
from evals.sample import HALVES
from evals.suite import PASSED, Case, Json, Options, Result, Solved, Suite, limited

SEED = 7
UNTOUCHED = "untouched"
# Kinds of wrong claims that a check without a model reads exactly.
_EXACT = frozenset(("number", "date", "weekday", "money", "unit", "rank", "title"))
# Findings on a claim as a whole, which tell no place.
_ON_THE_WHOLE = frozenset(("meaning-not-checked", "no-evidence", "model-silent"))
_CASES = 60
_SENTENCES = 12
_FEWEST_WORDS = 8


@dataclass(frozen=True)
class Sentence:
    """A true claim and the file of the article that it is true of; the half of its story."""

    text: str
    file: str
    half: str


class Corruption(Suite):
    """The checker on claims that were made wrong, and on claims that were not."""

    name = "corruption"
    parallel = True

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._verifier = Verifier(embedder(), options.chat)

    @property
    def measures(self) -> Sequence[Measure]:
        """Wrong claims not supported, located, refuted; right ones supported, and not refuted."""
        names = ("detected", "located", "refuted", "accepted", "unrefuted")
        return tuple(mean(name) for name in names)

    @property
    def data(self) -> Sequence[Path]:
        """The words that claims are made wrong with, and the corpus."""
        own = resources.eval_data() / "corruptions.yaml"
        return (own, sample.stories_file(), sample.articles_folder())

    def cases(self) -> list[Case]:
        """At most so many cases of each kind and half, in an order that is always the same."""
        return sorted(
            limited(_every_case(), self.options.cases or _CASES),
            key=lambda c: ((UNTOUCHED, *KINDS, *PARAPHRASES).index(c.group), c.half),
        )

    def solve(self, case: Case) -> Solved:
        """The checker's verdict on the claim."""
        before = self._verifier.usage
        article = sample.articles()[case.input["article"]]
        verdict = self._verifier.check_text(case.input["claim"], [article])
        return Solved(verdict_record(verdict, [article]), usage_since(self._verifier.usage, before))

    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """What became of the claim.

        detected: a wrong claim is not called supported; located: a finding stands on its
        changed words, and not on the claim as a whole; refuted: of kinds that an exact check
        reads, it is called wrong, and not only left open. accepted: a right claim is supported;
        unrefuted: it is not called wrong.
        """
        verdict = output["verdict"] if output is not None else None
        refuted = verdict not in ("supported", "unchecked", None)
        if case.expected["supported"]:
            right = float(verdict == "supported")
            unrefuted = float(verdict is not None and not refuted)
            return {"accepted": right, "unrefuted": unrefuted, PASSED: unrefuted}
        start, end = case.input["changed"]
        found = output["findings"] if output is not None else ()
        located = any(
            f["start"] < end and start < f["end"] for f in found if f["code"] not in _ON_THE_WHOLE
        )
        caught = float(verdict not in ("supported", None))
        scores = {"detected": caught, "located": float(located), PASSED: caught}
        return scores | ({"refuted": float(refuted)} if case.group in _EXACT else {})

    def details(self, results: Sequence[Result], seconds: float) -> Json:
        """For each kind and half: rows, the share caught or let through, and that located."""
        return {
            "detected": {k: _shares(results, k, "detected") for k in KINDS},
            "accepted": {k: _shares(results, k, "accepted") for k in (UNTOUCHED, *PARAPHRASES)},
        }


@lru_cache(maxsize=1)
def corpus() -> tuple[tuple[str, Article], ...]:
    """English reports of the corpus, but for reprints, each with the half its story is in."""
    return tuple(
        (story.half, article)
        for story in sample.gold_stories()
        for file in story.files
        if (article := sample.articles()[file]).language == "en" and not article.duplicate_of
    )


def sentences() -> Iterator[Sentence]:
    """The first sentences of each article in house style: claims that are true of it."""
    for half, article in corpus():
        for sentence in usable_sentences(article)[:_SENTENCES]:
            text = house_sentence(sentence.evidence, article, 2023)
            if len(text.split()) >= _FEWEST_WORDS and text.endswith("."):
                yield Sentence(text, sample.file_of(article), half)


@lru_cache(maxsize=1)
def _every_case() -> tuple[Case, ...]:
    """Each claim as it stands and in each way that it allows, in an order by lot."""
    true = list(sentences())
    every = [sentence.text for sentence in true]
    random.Random(SEED).shuffle(true)
    made = [_case(s, UNTOUCHED, Changed(UNTOUCHED, s.text, 0, len(s.text)), s.file) for s in true]
    for kind in (*KINDS, *PARAPHRASES):
        # Of its own, so that a new kind leaves the others as they are.
        chance = random.Random(f"{SEED}-{kind}")
        made += [c for s in true if (c := _corrupted(s, kind, every, chance)) is not None]
    return tuple(made)


def _corrupted(
    sentence: Sentence, kind: str, every: Sequence[str], chance: random.Random
) -> Case | None:
    if kind == "wrong-source":
        other = nearest_elsewhere(sentence.text, sentence.half)
        whole = Changed(kind, sentence.text, 0, len(sentence.text))
        return _case(sentence, kind, whole, sample.file_of(other))
    if kind in KINDS:
        changed = corrupt(kind, sentence.text, every, chance)
    else:
        changed = paraphrase(kind, sentence.text, chance)
    return None if changed is None else _case(sentence, kind, changed, sentence.file)


def _case(sentence: Sentence, kind: str, changed: Changed, file: str) -> Case:
    name = hashlib.sha256(f"{sentence.file}\n{sentence.text}".encode()).hexdigest()[:12]
    return Case(
        id=f"{kind}-{name}",
        input={
            "claim": changed.text,
            "article": file,
            "original": sentence.text,
            "changed": [changed.start, changed.end],
        },
        expected={"supported": kind not in KINDS},
        cluster=sentence.file,
        half=sentence.half,
        group=kind,
    )


def nearest_elsewhere(claim: str, half: str) -> Article:
    """The article with most of the claim's words, not of `half`, and so of another story."""
    weights, bags = _corpus_terms()
    wanted = terms(claim)
    others = [article for other, article in corpus() if other != half]
    return max(others, key=lambda a: weights.coverage(wanted, bags[a.id]))


@lru_cache(maxsize=1)
def _corpus_terms() -> tuple[Weights, dict[str, frozenset[str]]]:
    """Their weights, and by its id those of each article."""
    bags = {article.id: frozenset(terms(article.text)) for _, article in corpus()}
    return Weights(bags.values()), bags


def _shares(results: Sequence[Result], kind: str, score: str) -> Json:
    own = [r for r in results if r.case.group == kind]
    halves = {"all": own} | {h: [r for r in own if r.case.half == h] for h in HALVES}
    return {
        half: {
            "rows": len(some),
            **asdict(share([bool(r.scores[score]) for r in some])),
            **(
                {"located": share([bool(r.scores["located"]) for r in some]).value}
                if score == "detected"
                else {}
            ),
        }
        for half, some in halves.items()
    }
