"""Check: drafts with one planted error of each kind, and what `digest check` lists of them.

A draft is Markdown with links, as an editor hands it in: one paragraph a kind, three
neighbouring sentences of one page of the sample corpus in house style, linked as the
project links them. One sentence of each paragraph is made wrong by `evals.corrupt`; all
others are true. The checker should list the planted sentence, say what is wrong with it,
where, and nothing else.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from assistant import resources
from assistant.draft.extract import house_sentence, tidy_bullet
from assistant.draft.link import link
from assistant.llm.chat import Chat
from assistant.publish.markdown import bullet_markdown
from assistant.publish.read_issue import read_bullets
from assistant.review.own_text import check_bullets
from assistant.settings import Settings
from assistant.sources import usable_sentences
from assistant.types import Article, Bullet, Evidence, Finding, Written
from assistant.workspace import Workspace, open_workspace
from evals.corrupt import KINDS, corrupt
from evals.corruption import SEED, corpus, nearest_elsewhere
from evals.metrics import share
from evals.sample import HALVES

WRONG_SOURCE = "wrong-source"
# What may be said of an error of each kind: one code says it best, and another where it is as true.
CODES: dict[str, frozenset[str]] = {
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
    "role-swap": frozenset(("role",)),
    "negation": frozenset(("negation",)),
    "strength": frozenset(("strength", "action")),
    # A speaker of whom the page says nothing is a name that it does not have.
    "attribution": frozenset(("attribution", "name")),
    "scope": frozenset(("scope",)),
    "cause": frozenset(("cause",)),
    WRONG_SOURCE: frozenset((WRONG_SOURCE,)),
}
# These say where support is, not what is wrong; only the planted wrong source asks for them.
_ELSEWHERE = frozenset((WRONG_SOURCE, "source-found"))
_SENTENCES = 3
_FEWEST_WORDS = 6
# A finding may take in so many words more than were changed: a day's month, a figure's unit.
_WIDER = 3
# Kinds that few passages allow: they choose theirs first.
_RARE = ("money", "rank", "role-swap", "name", "unit", "title")
_SHARES = ("listed", "located", "coded", "exact")


@dataclass(frozen=True)
class Passage:
    """Neighbouring sentences of one page in house style, all true."""

    half: str
    article: Article
    written: tuple[Written, ...]


@dataclass(frozen=True)
class Planted:
    """A paragraph of a draft; `text[start:end]` of it is what was made wrong."""

    kind: str
    bullet: Bullet
    start: int
    end: int


@dataclass(frozen=True)
class Draft:
    """A draft with one planted error of each kind that its half of the corpus allows."""

    half: str
    paragraphs: tuple[Planted, ...]

    @property
    def markdown(self) -> str:
        """The text as an editor hands it in."""
        return "\n\n".join(bullet_markdown(p.bullet) for p in self.paragraphs) + "\n"


@dataclass(frozen=True)
class Outcome:
    """What was listed of one paragraph.

    `listed`: the planted sentence is not called supported; `located`: a finding stands on
    the planted words and takes in few others; `coded`: one that does has a right code.
    `alarms` are the true sentences that were listed, of `true_claims`; `extra` the
    errors on the planted sentence that are about other words.
    """

    kind: str
    half: str
    text: str
    listed: bool
    located: bool
    coded: bool
    alarms: tuple[str, ...]
    true_claims: int
    extra: tuple[Finding, ...]

    @property
    def exact(self) -> bool:
        """Whether the planted error was listed, as what it is and where, and nothing else."""
        return self.listed and self.coded and not self.alarms and not self.extra


@dataclass(frozen=True)
class Checked:
    """A draft, what was listed of each paragraph, and the seconds that took."""

    draft: Draft
    outcomes: tuple[Outcome, ...]
    seconds: float


@contextmanager
def sample_workspace() -> Iterator[Workspace]:
    """The whole sample corpus in a temporary home, without a model."""
    with (
        tempfile.TemporaryDirectory() as home,
        open_workspace(Settings(home=Path(home), model="none")) as work,
    ):
        work.ingest.run([str(resources.sample_corpus() / "articles")])
        yield work


def drafts(per_half: int) -> list[Draft]:
    """So many drafts of each half of the corpus, always the same ones."""
    chance = random.Random(SEED)
    passages = list(_passages())
    every = [w.text for p in passages for w in p.written]
    return [
        _draft(half, [p for p in passages if p.half == half], every, chance)
        for half in HALVES
        for _ in range(per_half)
    ]


def _passages() -> Iterator[Passage]:
    """Sentences 1 to 3, 4 to 6, … of every page that has an address to link to."""
    for half, article in corpus():
        body = usable_sentences(article)
        for i in range(0, len(body) - _SENTENCES + 1, _SENTENCES):
            written = [
                Written(house_sentence(s.evidence, article, 2023), (s.evidence,))
                for s in body[i : i + _SENTENCES]
            ]
            if article.url and all(_is_plain(w.text) for w in written):
                yield Passage(half, article, tuple(tidy_bullet(written, [article])))


def _is_plain(text: str) -> bool:
    return text.endswith(".") and len(text.split()) >= _FEWEST_WORDS


def _draft(
    half: str, passages: Sequence[Passage], every: Sequence[str], chance: random.Random
) -> Draft:
    """One paragraph a kind, each of another passage."""
    free = chance.sample(passages, len(passages))
    made: dict[str, Planted] = {}
    for kind in sorted(KINDS, key=lambda k: k not in _RARE):
        tried = ((p, _plant(kind, p, every, chance)) for p in free)
        passage, planted = next(((p, x) for p, x in tried if x is not None), (None, None))
        if passage is not None and planted is not None:
            made[kind] = planted
            free.remove(passage)
    return Draft(half, tuple(made[kind] for kind in KINDS if kind in made))


def _plant(
    kind: str, passage: Passage, every: Sequence[str], chance: random.Random
) -> Planted | None:
    """The passage as a linked paragraph with one sentence made wrong; None where none can be."""
    written, pages = list(passage.written), {passage.article.id: passage.article}
    # What follows a sentence continues its link: only the last may stand on another page.
    order = (
        [_SENTENCES - 1] if kind == WRONG_SOURCE else chance.sample(range(_SENTENCES), _SENTENCES)
    )
    for i in order:
        changed = corrupt(kind, written[i].text, every, chance)
        if changed is None:
            continue
        written[i] = replace(written[i], text=changed.text)
        if kind == WRONG_SOURCE:
            other = nearest_elsewhere(changed.text, passage.half)
            pages[other.id] = other
            written[i] = replace(written[i], evidence=(Evidence(other.id, 0, 0),))
        at = sum(len(w.text) + 1 for w in written[:i])
        return Planted(kind, link("", written, pages), at + changed.start, at + changed.end)
    return None


def check(workspace: Workspace, some: Sequence[Draft], chat: Chat | None) -> Iterator[Checked]:
    """Check each draft as `digest check` does, its pages read anew as in a new process."""
    for draft in some:
        usable_sentences.cache_clear()
        begun = time.perf_counter()
        bullets = check_bullets(workspace, read_bullets(draft.markdown), chat)
        seconds = time.perf_counter() - begun
        outcomes = [
            judge(draft.half, planted, bullet)
            for planted, bullet in zip(draft.paragraphs, bullets, strict=True)
        ]
        yield Checked(draft, tuple(outcomes), round(seconds, 3))


def judge(half: str, planted: Planted, checked: Bullet) -> Outcome:
    """What was listed of one paragraph, against what was planted there."""
    wrong = next(c for c in checked.claims if c.start <= planted.start < c.end)
    errors = [
        replace(f, start=wrong.start + f.start, end=wrong.start + f.end)
        for f in wrong.verdict.findings
        if f.level == "error"
    ]
    if planted.kind != WRONG_SOURCE:
        aside = [f for f in errors if f.code in _ELSEWHERE]
        errors = [f for f in errors if f not in aside]
    else:
        aside = []
    touching = [f for f in errors if f.start < planted.end and planted.start < f.end]
    on_it = [f.code for f in touching if _close(checked.text, f, planted)]
    return Outcome(
        planted.kind,
        half,
        wrong.text,
        listed=wrong.verdict.status != "supported",
        located=bool(on_it),
        coded=any(code in CODES[planted.kind] for code in on_it),
        alarms=tuple(
            c.text for c in checked.claims if c != wrong and c.verdict.status != "supported"
        ),
        true_claims=len(checked.claims) - 1,
        extra=tuple(aside + [f for f in errors if f not in touching]),
    )


def _close(text: str, found: Finding, planted: Planted) -> bool:
    """Whether a finding takes in at most `_WIDER` words besides the planted ones."""
    before, after = text[found.start : planted.start], text[planted.end : found.end]
    return len(before.split()) + len(after.split()) <= _WIDER


def report(checked: Sequence[Checked]) -> dict[str, Any]:
    """Shares with their intervals over all planted errors and for each kind, and the seconds."""
    outcomes = [o for c in checked for o in c.outcomes]
    seconds = [c.seconds for c in checked]
    alarms = [i < len(o.alarms) for o in outcomes for i in range(o.true_claims)]
    return {
        "suite": "check",
        "rows": len(outcomes),
        "drafts": len(checked),
        "metrics": {
            **{name: asdict(share([getattr(o, name) for o in outcomes])) for name in _SHARES},
            "false_alarms": asdict(share(alarms)),
            "exact_drafts": asdict(share([all(o.exact for o in c.outcomes) for c in checked])),
        },
        "seconds_per_draft": {"median": statistics.median(seconds), "most": max(seconds)},
        "claims_per_draft": round(sum(o.true_claims + 1 for o in outcomes) / len(checked), 1),
        "by": {
            "kind": {kind: _by([o for o in outcomes if o.kind == kind]) for kind in KINDS},
            "half": {half: _by([o for o in outcomes if o.half == half]) for half in HALVES},
        },
    }


def _by(some: Sequence[Outcome]) -> dict[str, Any]:
    return {
        "rows": len(some),
        **{name: asdict(share([getattr(o, name) for o in some])) for name in _SHARES},
        "alarms": sum(len(o.alarms) for o in some),
        "extra": sum(len(o.extra) for o in some),
    }
