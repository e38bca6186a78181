"""The ways to write a bullet that suites compare: the project's own path, and a plain chain."""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from assistant.draft.plan import plan_story
from assistant.draft.write import ModelWriter, choose_examples
from assistant.errors import AnswerError, DraftError, EvalError
from assistant.llm.chat import Chat
from assistant.pipeline import default_window, draft_bullet
from assistant.settings import Settings
from assistant.sources import usable_title
from assistant.stories import article_terms, best_source
from assistant.terms import Weights
from assistant.types import Article, Bullet, Claim, Story, Usage, Window
from assistant.verify.verifier import Verifier
from assistant.workspace import Workspace, open_workspace
from evals import sample
from evals.grounding import embedder, usage_since
from evals.suite import Options

if TYPE_CHECKING:
    from evals.plain_chain import PlainChain

ISSUE_DATE = dt.date(2023, 7, 28)


@dataclass(frozen=True)
class Draft:
    """A drafted bullet, checked, and what models took to write and check it."""

    bullet: Bullet
    usage: Usage


class Writer(Protocol):
    """Drafts the bullet of a story from its articles."""

    def draft(self, story: Story, articles: Sequence[Article]) -> Draft:
        """Write and check; AnswerError where the model's answer cannot be used."""

    def close(self) -> None:
        """Give back what the writer holds."""


def open_writer(options: Options) -> Writer:
    """The writer that the options mean; EvalError where it needs a model and there is none."""
    if options.writer in ("model", "chain") and options.chat is None:
        raise EvalError(
            f"The writer {options.writer} needs a model; run `digest model pull`, or name "
            "another with --model."
        )
    if options.writer == "chain" and options.chat is not None:
        return ChainWriter(options.chat)
    return OwnWriter(options.chat if options.writer != "extractive" else None, options.chat)


def sample_window() -> Window:
    """The window of the issue that the sample corpus is for."""
    return default_window(ISSUE_DATE, sample.past_issues()[-1])


def window_articles(changed: Sequence[Article] = ()) -> list[Article]:
    """The articles of the sample corpus's window, those of `changed` in place of their own."""
    window, instead = sample_window(), {a.id: a for a in changed}
    return [
        instead.get(a.id, a)
        for a in sample.articles().values()
        if a.published_on and window.since <= a.published_on <= window.until
    ]


def term_weights(changed: Sequence[Article] = ()) -> Weights:
    """Term weights of the window, as a draft of an issue has them."""
    return Weights(article_terms(a) for a in window_articles(changed))


def story_of(name: str, articles: Sequence[Article]) -> Story:
    """Articles that people put together as a story, without asking the clustering."""
    days = sorted(a.published_on for a in articles if a.published_on)
    ordered = sorted(articles, key=best_source)
    title = next((t for a in ordered if (t := usable_title(a))), name)
    return Story(
        id=f"story-{name}",
        title=title,
        article_ids=tuple(a.id for a in ordered),
        first_on=days[0] if days else None,
        last_on=days[-1] if days else None,
        score=1.0,
        why="sorted by hand",
    )


def model_writer(chat: Chat) -> ModelWriter:
    """The project's writer of sentences, with the examples that the sample's issue gets."""
    past = [b for issue in sample.past_issues() for b in issue.bullets]
    titles = " ".join(usable_title(a) for a in sample.articles().values())
    return ModelWriter(chat, choose_examples(past, titles, term_weights()), ISSUE_DATE.year)


class OwnWriter:
    """Plan, write, link, verify and repair, as a draft of an issue does."""

    def __init__(self, writing: Chat | None, checking: Chat | None) -> None:
        self._chat = writing
        self._verifier = Verifier(embedder(), checking)

    @cached_property
    def _writer(self) -> ModelWriter | None:
        return model_writer(self._chat) if self._chat else None

    def draft(self, story: Story, articles: Sequence[Article]) -> Draft:
        """Write and check. A model whose answer gave way to the sources' words has failed."""
        weights = term_weights(articles)
        plan = plan_story(story, articles, weights, sample_window())
        if not plan.evidence:
            raise DraftError(f"“{story.title}” has no sentence to tell.")
        checked = self._verifier.usage
        written = self._writer.usage if self._writer else Usage()
        warnings: list[str] = []
        bullet = draft_bullet(
            plan,
            articles,
            weights,
            ISSUE_DATE.year,
            self._writer,
            self._verifier,
            warnings,
        )
        if warnings:
            raise AnswerError(" ".join(warnings))
        usage = usage_since(self._verifier.usage, checked)
        if self._writer:
            usage += usage_since(self._writer.usage, written)
        return Draft(bullet, usage)

    def close(self) -> None:
        """Hold nothing."""


class ChainWriter:
    """The usual way, for comparison: all reports in one prompt, see `plain_chain.py`."""

    def __init__(self, chat: Chat) -> None:
        self._open = ExitStack()
        self._chat = chat

    @cached_property
    def _chain(self) -> PlainChain:
        from evals.plain_chain import open_chain

        return self._open.enter_context(open_chain(self._chat.name, Settings().models))

    @cached_property
    def _work(self) -> Workspace:
        home = Path(self._open.enter_context(tempfile.TemporaryDirectory()))
        work = self._open.enter_context(open_workspace(Settings(home=home, model="none")))
        work.ingest.run([str(sample.articles_folder())])
        return work

    def draft(self, story: Story, articles: Sequence[Article]) -> Draft:
        """Write and check. An answer without a sentence has failed."""
        from evals.plain_chain import checked

        verifier = self._work.verifier(self._chat)
        answer, usage = self._chain.write(articles)
        bullets = checked(answer, articles, self._work, verifier)
        if not bullets:
            raise AnswerError("The chain's answer holds no sentence.")
        return Draft(_joined(bullets), usage + verifier.usage)

    def close(self) -> None:
        """Stop the chain's own server."""
        self._open.close()


def _joined(bullets: Sequence[Bullet]) -> Bullet:
    """The paragraphs of an answer as one bullet."""
    claims: list[Claim] = [claim for bullet in bullets for claim in bullet.claims]
    return Bullet(
        headline="",
        text=" ".join(bullet.text for bullet in bullets),
        citations=tuple(c for bullet in bullets for c in bullet.citations),
        claims=tuple(claims),
    )
