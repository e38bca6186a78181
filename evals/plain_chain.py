"""The usual way, for comparison: everything in one prompt of a LangChain chain.

All reports of a story and their addresses go into one prompt, the model writes the
headline, the sentences and the links itself, and what comes back is the draft. It gets
the same model, temperature and stories as the project's own path, and its draft is
checked by the same verifier.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assistant.errors import ModelError
from assistant.ingest.address import canonical_url
from assistant.llm import tokens
from assistant.llm.catalog import Catalog, EmbeddedModel, is_pulled, path
from assistant.llm.chat import ChatModel, Server
from assistant.llm.embedded import EmbeddedServer
from assistant.pipeline import choose_plans
from assistant.publish.read_issue import read_bullets
from assistant.stories import article_terms, find_stories
from assistant.terms import Weights
from assistant.types import Article, Bullet, Story, Usage
from assistant.verify.verifier import Verifier
from assistant.workspace import Workspace, open_workspace
from evals.bullet_costs import (
    VERIFYING,
    BulletCost,
    RecordingChat,
    cost_of,
    sample_request,
    settings,
    summary,
)

if TYPE_CHECKING:
    from langchain_core.runnables import Runnable
    from openai import DefaultHttpxClient

_ROLE = "You write detail bullets for a newsletter on the US-Japan alliance."
# Asked with a whole example sentence instead of this form, the embedded model wrote no link.
_TASK = """Here are reports of one event, each under its title and its URL.

{reports}

Write a headline as a Markdown heading (# ...). Under it write one bullet of three to five \
sentences that tells the event in past tense, with facts of the reports only. Each sentence \
cites its report with a Markdown link on the verb: [announced](URL)."""
_ANSWER_TOKENS = 600
# What the role, the task and the chat template add to the reports.
_FRAME_TOKENS = 200


def measure_chain(home: Path, model: str, bullets: int) -> dict[str, Any]:
    """Draft the stories that the project's own path would take from `home`, and check them.

    Raises ModelError if `model` is not an embedded one or not on this machine.
    """
    entry, server = _start(model, settings(home, "none").models)
    costs: list[BulletCost] = []
    drafts: list[str] = []
    with (
        open_workspace(settings(home, "none")) as work,
        closing(RecordingChat(ChatModel(entry, server))) as chat,
        _chain(entry, server) as chain,
    ):
        verifier = work.verifier(chat)
        for chat.bullet, (story, articles) in enumerate(sample_stories(work, bullets), 1):
            begun = time.perf_counter()
            answer, usage = chain.write(articles)
            drafts.append(answer)
            writing = time.perf_counter() - begun, usage
            draft = checked(answer, articles, work, verifier)
            seconds = time.perf_counter() - begun
            verifying = chat.took(chat.bullet, VERIFYING)[1]
            costs.append(cost_of(draft, story.title, seconds, writing, verifying))
    return {"model": model, **summary(costs), "drafts": drafts}


@dataclass(frozen=True)
class PlainChain:
    """The chain and the model that it asks."""

    entry: EmbeddedModel
    chain: Runnable[dict[str, str], str]

    def write(self, articles: Sequence[Article]) -> tuple[str, Usage]:
        """Return the answer on these reports in Markdown, and what it took."""
        from langchain_core.callbacks import UsageMetadataCallbackHandler

        counter = UsageMetadataCallbackHandler()
        reports = {"reports": stuffed(articles, self.entry)}
        answer = self.chain.invoke(reports, config={"callbacks": [counter]})
        return answer, _usage(counter.usage_metadata)


@contextmanager
def open_chain(model: str, models: Path) -> Iterator[PlainChain]:
    """The chain over an embedded model of the folder `models`, with a server of its own.

    Raises ModelError if `model` is not an embedded one or not on this machine.
    """
    entry, server = _start(model, models)
    with closing(server), _chain(entry, server) as chain:
        yield chain


@contextmanager
def _chain(entry: EmbeddedModel, server: EmbeddedServer) -> Iterator[PlainChain]:
    from langsmith import tracing_context
    from openai import DefaultHttpxClient

    with (
        DefaultHttpxClient(trust_env=False) as client,  # no proxy on the way to this machine
        tracing_context(enabled=False),
    ):
        yield PlainChain(entry, build_chain(entry, server, client))


def _start(name: str, folder: Path) -> tuple[EmbeddedModel, EmbeddedServer]:
    """The model's entry, and a server of its own that starts at first use."""
    entry = Catalog.load().get(name)
    if not isinstance(entry, EmbeddedModel):
        raise ModelError(f"{name} is not an embedded model; the benchmark compares with one.")
    if not is_pulled(entry, folder):
        raise ModelError(f"The model {name} is not in {folder}. Run `digest model pull {name}`.")
    return entry, EmbeddedServer(entry, path(entry, folder))


def sample_stories(work: Workspace, bullets: int) -> list[tuple[Story, list[Article]]]:
    """The stories that `draft_issue` drafts from the sample corpus, with their articles."""
    request, past = sample_request(work, bullets)
    articles = work.articles.list(request.window.since, request.window.until)
    by_id = {a.id: a for a in articles}
    stories = find_stories(articles, [(b.id, b) for issue in past for b in issue.bullets])
    weights = Weights(article_terms(a) for a in articles)
    plans = choose_plans(stories, request, by_id, weights, [])
    return [(p.story, [by_id[i] for i in p.story.article_ids]) for p in plans]


def build_chain(
    model: EmbeddedModel, server: Server, client: DefaultHttpxClient
) -> Runnable[dict[str, str], str]:
    """Prompt, model and parser, from `{"reports": ...}` to the answer's Markdown."""
    from langchain.chat_models import init_chat_model
    from langchain_core.output_parsers import StrOutputParser
    from langchain_core.prompts import ChatPromptTemplate

    chat = init_chat_model(
        model.name,
        model_provider="openai",
        base_url=server.base_url,
        api_key=server.api_key,
        temperature=0,
        max_tokens=_ANSWER_TOKENS,
        timeout=model.timeout,
        max_retries=0,
        use_responses_api=False,
        http_client=client,
        openai_proxy="",
    )
    prompt = ChatPromptTemplate.from_messages([("system", _ROLE), ("human", _TASK)])
    return prompt | chat | StrOutputParser()


def stuffed(articles: Sequence[Article], model: EmbeddedModel) -> str:
    """Titles, URLs and texts of `articles`, cut at the paragraph where the context is full."""
    blocks = [f"Title: {a.title}\nURL: {a.url}\n\n{a.text}" for a in articles]
    paragraphs = "\n\n".join(blocks).split("\n\n")
    room = model.context - _ANSWER_TOKENS - _FRAME_TOKENS
    return "\n\n".join(tokens.fit(paragraphs, room, model.token_margin))


def checked(
    markdown: str, story: Sequence[Article], work: Workspace, verifier: Verifier
) -> list[Bullet]:
    """The paragraphs and list items of the chain's answer, linked to the corpus and checked."""
    done = []
    for bullet in read_bullets(markdown):
        found = {c.url: _article_at(c.url, work) for c in bullet.citations}
        ids = {url: article.id for url, article in found.items() if article}
        citations = tuple(replace(c, article_id=ids.get(c.url)) for c in bullet.citations)
        articles = [article for article in found.values() if article]
        linked = replace(bullet, citations=citations)
        done.append(verifier.check_bullet(linked, articles, story))
    return done


def _article_at(url: str, work: Workspace) -> Article | None:
    found = work.articles.by_url(url)
    if found is None and url.startswith("http"):
        found = work.articles.by_url(canonical_url(url))
    return found


def _usage(by_model: dict[str, Any]) -> Usage:
    """What LangChain counted, over all names that the server answered under."""
    total = Usage()
    for counts in by_model.values():
        cached = counts.get("input_token_details", {}).get("cache_read", 0)
        total += Usage(counts["input_tokens"], cached, counts["output_tokens"])
    return total
