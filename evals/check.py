"""Check: drafts with one planted error of each kind, and what `digest check` lists of them.

A draft has one paragraph a kind (`evals.passages`), of which one sentence is made wrong by
`evals.corrupt` and all others are true. The checker should list the planted sentence, say
what is wrong with it, where, and nothing else.
"""

from __future__ import annotations

import random
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from assistant import resources
from assistant.dates import find_dates
from assistant.draft.link import link
from assistant.nlp import parse
from assistant.publish.markdown import bullet_markdown
from assistant.quantities import find_quantities
from assistant.sources import usable_sentences
from assistant.types import Evidence
from assistant.verify.align import words
from assistant.verify.evidence import in_house_style
from evals import sample
from evals.corrupt import KINDS, corrupt
from evals.corruption import SEED, nearest_elsewhere
from evals.metrics import Measure, mean, ratio, share
from evals.passages import SENTENCES, Desk, Passage, claim_at, findings_of, passages
from evals.suite import PASSED, Case, Json, Options, Result, Solved, Suite

WRONG_SOURCE = "wrong-source"
# What may be said of an error of each kind: the code that says it best, or another as true.
CODES: Mapping[str, frozenset[str]] = {
    "number": frozenset(("number",)),
    "date": frozenset(("date",)),
    "weekday": frozenset(("date",)),
    "money": frozenset(("number", "unit")),
    "unit": frozenset(("unit", "number")),
    "name": frozenset(("name",)),
    "rank": frozenset(("title",)),
    "title": frozenset(("title",)),
    "organisation": frozenset(("name",)),
    "place": frozenset(("name",)),
    "role-swap": frozenset(("name", "title", "wording")),
    "negation": frozenset(("wording",)),
    "strength": frozenset(("wording",)),
    # A speaker of whom the page says nothing is a name that it does not have.
    "attribution": frozenset(("wording", "name", "title")),
    "scope": frozenset(("wording",)),
    "cause": frozenset(("wording", "part", "name")),
    "opposite": frozenset(("wording",)),
    WRONG_SOURCE: frozenset((WRONG_SOURCE,)),
}
# These say where support is, not what is wrong; only the planted wrong source asks for them.
_ELSEWHERE = frozenset((WRONG_SOURCE, "source-found"))
# A finding may take in so many words more than were changed: a day's month, a figure's unit.
_WIDER = 3
# Kinds that few passages allow: they choose theirs first.
_RARE = ("money", "rank", "role-swap", "name", "unit", "title")
_DRAFTS = 5


class Check(Suite):
    """Drafts of an editor, each with one error of each kind."""

    name = "check"

    def __init__(self, options: Options) -> None:
        super().__init__(options)
        self._desk: Desk | None = None
        self._draft: str | None = None

    @property
    def measures(self) -> Sequence[Measure]:
        """Planted errors listed, located, called by their name, and listed alone."""
        return (
            mean("listed"),
            mean("located"),
            mean("coded"),
            mean("exact", PASSED),
            ratio("false_alarms", "alarms", "true_claims", better="lower"),
        )

    @property
    def data(self) -> Sequence[Path]:
        """The words that claims are made wrong with, and the corpus."""
        own = resources.eval_data() / "corruptions.yaml"
        return (own, sample.stories_file(), sample.articles_folder())

    def cases(self) -> list[Case]:
        """The paragraphs of so many drafts of each half; `options.cases` is that number."""
        chance = random.Random(SEED)
        every = [w.text for p in passages() for w in p.written]
        own = {h: [p for p in passages() if p.half == h] for h in sample.HALVES}
        return [
            case
            for n in range(self.options.cases or _DRAFTS)
            for half in sample.HALVES
            for case in draft(n, own[half], every, chance)
        ]

    def solve(self, case: Case) -> Solved:
        """What `digest check` lists of the paragraph."""
        if self._desk is None:
            self._desk = Desk(self.options)
            self._desk.check(case.input["markdown"])  # what loads at the start is no draft's
        if self._draft != case.input["draft"]:
            self._draft = case.input["draft"]
            for kept in (
                usable_sentences,
                parse,
                find_dates,
                find_quantities,
                words,
                in_house_style,
            ):
                kept.cache_clear()  # a new process has read nothing yet
        return self._desk.check(case.input["markdown"])

    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """What was listed, against what was planted.

        listed: the planted sentence is not called supported; located: a finding stands on
        the planted words and takes in few others; coded: one that does has a right code;
        alarms: true sentences that were listed; extra: errors on the planted sentence that
        are about other words.
        """
        if output is None:
            worst = dict.fromkeys(("listed", "located", "coded", PASSED), 0.0)
            return {**worst, "alarms": SENTENCES - 1, "true_claims": SENTENCES - 1, "extra": 1.0}
        start, end = case.expected["planted"]
        wrong = claim_at(output, start)
        errors = findings_of(wrong)
        elsewhere = _ELSEWHERE - CODES[case.group]
        about_it = [
            f
            for f in errors
            if f["start"] < end and start < f["end"] and f["code"] not in elsewhere
        ]
        on_it = {f["code"] for f in about_it if _close(output["text"], f, start, end)}
        true = [c for c in output["claims"] if c != wrong]
        alarms = sum(c["verdict"] != "supported" for c in true)
        scores = {
            "listed": float(wrong["verdict"] != "supported"),
            "located": float(bool(on_it)),
            "coded": float(bool(on_it & CODES[case.group])),
            "alarms": float(alarms),
            "true_claims": float(len(true)),
            "extra": float(len(errors) - len(about_it)),
        }
        exact = scores["listed"] and scores["coded"] and not alarms and not scores["extra"]
        return {**scores, PASSED: float(exact)}

    def details(self, results: Sequence[Result], seconds: float) -> Json:
        """What a whole draft takes, and how many are listed without a fault."""
        drafts: dict[str, list[Result]] = {}
        for result in results:
            drafts.setdefault(result.case.input["draft"], []).append(result)
        took = [sum(r.seconds for r in own) for own in drafts.values()]
        exact = [all(r.scores[PASSED] for r in own) for own in drafts.values()]
        return {
            "drafts": len(drafts),
            "claims_per_draft": SENTENCES * len(results) / len(drafts),
            "seconds_per_draft": {
                "median": round(statistics.median(took), 3),
                "most": round(max(took), 3),
            },
            "exact_drafts": share(exact).value,
        }

    def close(self) -> None:
        """Give the home back."""
        if self._desk is not None:
            self._desk.close()


def draft(
    number: int, some: Sequence[Passage], every: Sequence[str], chance: random.Random
) -> list[Case]:
    """One paragraph for each kind that `some` passages allow, each of another passage."""
    free = chance.sample(some, len(some))
    made: dict[str, Case] = {}
    for kind in sorted(KINDS, key=lambda k: k not in _RARE):
        tried = ((p, _plant(number, kind, p, every, chance)) for p in free)
        passage, case = next(((p, c) for p, c in tried if c is not None), (None, None))
        if passage is not None and case is not None:
            made[kind] = case
            free.remove(passage)
    return [made[kind] for kind in KINDS if kind in made]


def _plant(
    number: int, kind: str, passage: Passage, every: Sequence[str], chance: random.Random
) -> Case | None:
    """The passage as a linked paragraph with one sentence made wrong; None where none can be."""
    # What follows a sentence continues its link: only the last may stand on another page.
    last = SENTENCES - 1
    order = [last] if kind == WRONG_SOURCE else chance.sample(range(SENTENCES), SENTENCES)
    for i in order:
        written, pages = list(passage.written), dict(passage.pages)
        changed = corrupt(kind, written[i].text, every, chance)
        if changed is None:
            continue
        written[i] = replace(written[i], text=changed.text)
        if kind == WRONG_SOURCE:
            other = nearest_elsewhere(changed.text, passage.half)
            pages[other.id] = other
            written[i] = replace(written[i], evidence=(Evidence(other.id, 0, 0),))
        at = sum(len(w.text) + 1 for w in written[:i])
        return Case(
            id=f"{kind}-{passage.half}-{number}",
            input={
                "draft": f"{passage.half} {number}",
                "markdown": bullet_markdown(link("", written, pages)),
            },
            expected={"planted": [at + changed.start, at + changed.end]},
            cluster=passage.file,
            half=passage.half,
            group=kind,
        )
    return None


def _close(text: str, found: Mapping[str, Any], start: int, end: int) -> bool:
    """Whether a finding takes in at most `_WIDER` words besides the planted ones."""
    before, after = text[found["start"] : start], text[end : found["end"]]
    return len(before.split()) + len(after.split()) <= _WIDER
