"""What drafting a bullet takes: seconds, tokens, and how much of it verifies.

Two ways to write are measured in the same terms: the project's own path, here, and a
plain LangChain chain, in `plain_chain.py`.
"""

from __future__ import annotations

import datetime as dt
import statistics
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from assistant import resources
from assistant.llm.catalog import Model
from assistant.llm.chat import Chat, Reply
from assistant.pipeline import Request, default_window, draft_issue
from assistant.prompts import Message
from assistant.publish.read_issue import read_issue
from assistant.settings import Settings
from assistant.types import Bullet, Issue, Usage
from assistant.workspace import Workspace, open_workspace

ISSUE_DATE = dt.date(2023, 7, 28)
WRITING, VERIFYING = ("write", "headline"), ("verify",)

S = TypeVar("S", bound=BaseModel)


@dataclass(frozen=True)
class Call:
    """One call of a model: which kind, in which bullet (from 1), and what it took."""

    slot: str
    bullet: int
    seconds: float
    usage: Usage


@dataclass
class RecordingChat:
    """A `Chat` that passes every question on and notes what it took.

    `bullet` is the number that the next calls are noted under.
    """

    chat: Chat
    bullet: int = 0
    calls: list[Call] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The model's name."""
        return self.chat.name

    @property
    def entry(self) -> Model:
        """The model's properties."""
        return self.chat.entry

    def complete(
        self,
        messages: Sequence[Message],
        schema: type[S],
        *,
        max_tokens: int,
        shared: int = 0,
        slot: str = "",
    ) -> Reply[S]:
        """Ask on."""
        begun = time.perf_counter()
        reply = self.chat.complete(
            messages, schema, max_tokens=max_tokens, shared=shared, slot=slot
        )
        self._note(slot, begun, reply.usage)
        return reply

    def probability_of_yes(
        self, messages: Sequence[Message], *, shared: int = 0, slot: str = ""
    ) -> tuple[float, Usage]:
        """Ask on."""
        begun = time.perf_counter()
        answer, usage = self.chat.probability_of_yes(messages, shared=shared, slot=slot)
        self._note(slot, begun, usage)
        return answer, usage

    def close(self) -> None:
        """Close the model."""
        self.chat.close()

    def took(self, bullet: int, slots: Sequence[str]) -> tuple[float, Usage]:
        """Seconds and usage of one bullet's calls of these kinds."""
        calls = [c for c in self.calls if c.bullet == bullet and c.slot in slots]
        return sum(c.seconds for c in calls), sum((c.usage for c in calls), Usage())

    def _note(self, slot: str, begun: float, usage: Usage) -> None:
        self.calls.append(Call(slot, self.bullet, time.perf_counter() - begun, usage))


@dataclass(frozen=True)
class BulletCost:
    """One bullet: what it took and what came of it.

    `writing_seconds` are those of the model's calls to write, `verifying_seconds` all
    others until the bullet is done: linking, checking, repair.
    Tokens are those that the model evaluated anew, cached ones left out; `written_tokens`
    are its answers'. `sentences` leaves out the headline, `supported` counts those whose
    citation verifies, and `unknown_urls` the links to pages outside the corpus.
    """

    story: str
    writing_seconds: float
    verifying_seconds: float
    writing_tokens: int
    verifying_tokens: int
    written_tokens: int
    sentences: int
    supported: int
    links: int
    unknown_urls: int

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.writing_seconds + self.verifying_seconds


def cost_of(
    checked: Sequence[Bullet],
    story: str,
    seconds: float,
    writing: tuple[float, Usage],
    verifying: Usage,
) -> BulletCost:
    """The cost of one story's checked draft, usually one bullet, that took `seconds` in all."""
    verdicts = [c.verdict.status for b in checked for c in b.claims if c.field == "text"]
    links = [c for b in checked for c in b.citations]
    return BulletCost(
        story=story,
        writing_seconds=round(writing[0], 3),
        verifying_seconds=round(seconds - writing[0], 3),
        writing_tokens=_evaluated(writing[1]),
        verifying_tokens=_evaluated(verifying),
        written_tokens=writing[1].completion_tokens,
        sentences=len(verdicts),
        supported=verdicts.count("supported"),
        links=len(links),
        unknown_urls=sum(c.article_id is None for c in links),
    )


def _evaluated(usage: Usage) -> int:
    return usage.prompt_tokens - usage.cached_tokens


def summary(costs: Sequence[BulletCost]) -> dict[str, Any]:
    """Medians a bullet, sums over all of them, and every bullet's own figures.

    The first bullet loads models and fills caches: it stands apart, as `first_seconds`,
    and is left out of the medians unless it is the only one.
    """
    later = costs[1:] or costs
    medians = {
        name: round(statistics.median(getattr(c, name) for c in later), 3)
        for name in (
            "seconds",
            "writing_seconds",
            "verifying_seconds",
            "writing_tokens",
            "verifying_tokens",
            "written_tokens",
        )
    }
    sentences = sum(c.sentences for c in costs)
    supported = sum(c.supported for c in costs)
    return {
        "first_seconds": round(costs[0].seconds, 3),
        **medians,
        "sentences": sentences,
        "supported": supported,
        "supported_share": round(supported / sentences, 3) if sentences else None,
        "links": sum(c.links for c in costs),
        "unknown_urls": sum(c.unknown_urls for c in costs),
        "bullets": [asdict(c) for c in costs],
    }


def settings(home: Path, model: str) -> Settings:
    """The user's settings for this home and model, with no answer taken from the call cache."""
    return Settings(home=home, model=model, call_cache=False)


def fill_home(home: Path) -> dict[str, Any]:
    """Load the sample corpus, articles and past issues, into `home`."""
    sample = resources.sample_corpus()
    with open_workspace(settings(home, "none")) as work:
        work.ingest.run([str(sample / "articles")])
        for file in sorted((sample / "issues").glob("*.md")):
            issue = read_issue(file.read_text(encoding="utf-8"), file.name)
            work.issues.save(issue, author="bench")
        work.retriever.catch_up()
        return {"articles": work.articles.count()}


def sample_request(work: Workspace, bullets: int) -> tuple[Request, list[Issue]]:
    """The issue that every way of writing is asked for, and the past issues before it."""
    past = [issue for issue in work.issues.list() if issue.date < ISSUE_DATE]
    window = default_window(ISSUE_DATE, work.issues.last_before(ISSUE_DATE))
    return Request(2, 14, ISSUE_DATE, window, bullets), past


def measure_drafting(home: Path, model: str, bullets: int) -> dict[str, Any]:
    """Draft `bullets` bullets from the corpus in `home`, by extraction if `model` is `none`.

    Raises ModelError if the model is not on this machine, or fails.
    """
    with open_workspace(settings(home, model)) as work:
        chat = RecordingChat(work.chat) if work.chat else None
        request, past = sample_request(work, bullets)
        articles = work.articles.list(request.window.since, request.window.until)
        begun: list[float] = []

        def progress(step: str) -> None:
            begun.append(time.perf_counter())
            if chat:
                chat.bullet = len(begun)

        started = time.perf_counter()
        issue = draft_issue(request, articles, past, work.verifier(chat), chat, progress)
        ended = [*begun[1:], time.perf_counter()]
    costs = []
    for n, (bullet, start, end) in enumerate(zip(issue.bullets, begun, ended, strict=True), 1):
        writing = chat.took(n, WRITING) if chat else (0.0, Usage())
        verifying = chat.took(n, VERIFYING)[1] if chat else Usage()
        title = bullet.story.title if bullet.story else ""
        costs.append(cost_of([bullet], title, end - start, writing, verifying))
    return {
        "model": issue.model,
        "finding_stories_seconds": round(begun[0] - started, 3),
        **summary(costs),
    }
