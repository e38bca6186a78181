"""The main path: a window of articles in, a drafted, linked and checked issue out.

`ingest → store → retrieve → cluster → plan → write → link → verify → repair → style →
review → publish`: the first two happen when articles are added, the last two when an
editor takes over, and `retrieve` serves searches. Everything between is `draft_issue`, read
from top to bottom.
"""

from __future__ import annotations

import datetime as dt
import itertools
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from assistant.draft.extract import write_extracts
from assistant.draft.headline import headline_options, own_headline
from assistant.draft.link import add_sources, link
from assistant.draft.plan import plan_story
from assistant.draft.repair import repair
from assistant.draft.write import ModelWriter, choose_examples
from assistant.errors import AnswerError, DraftError
from assistant.llm.chat import Chat
from assistant.publish.masthead import load_masthead
from assistant.publish.read_issue import read_bullets
from assistant.resources import prompts as prompts_folder
from assistant.stories import article_terms, find_stories
from assistant.style.check import check_bullet, issue_context
from assistant.style.rules import Rule
from assistant.terms import Weights
from assistant.types import Article, Bullet, Claim, Issue, Plan, Story, Usage, Window, Written
from assistant.verify.verifier import Verifier

DAYS_BEFORE_LAST_ISSUE = 3
USUAL_DAYS = 17
# A story that gives fewer sentences than the house's shortest bullet waits for more reports.
FEWEST_SENTENCES = 3
Progress = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What to draft: the issue's place in the series, its window, and which stories."""

    volume: int
    number: int
    date: dt.date
    window: Window
    bullets: int = 5
    story_ids: tuple[str, ...] = ()


def default_window(date: dt.date, last: Issue | None) -> Window:
    """From three days before the last issue's date to this one's, 17 days where there is none."""
    if last is not None and last.date < date:
        return Window(last.date - dt.timedelta(days=DAYS_BEFORE_LAST_ISSUE), date)
    return Window(date - dt.timedelta(days=USUAL_DAYS), date)


def draft_issue(
    request: Request,
    articles: Sequence[Article],
    past: Sequence[Issue],
    verifier: Verifier,
    chat: Chat | None = None,
    progress: Progress = lambda step: None,
) -> Issue:
    """Draft an issue from the `articles` of its window; `past` are earlier issues.

    Without `chat` the extractive writer writes. Raises DraftError where there is no
    story to tell, ModelError where the model fails.
    """
    started = time.perf_counter()
    warnings: list[str] = []
    told = [(b.id, b) for issue in past for b in issue.bullets]
    by_id = {a.id: a for a in articles}
    weights = Weights(article_terms(a) for a in articles)
    plans = choose_plans(find_stories(articles, told), request, by_id, weights, warnings)

    writer = None
    if chat is not None:
        wanted = " ".join(plan.story.title for plan in plans)
        examples = choose_examples([b for _, b in told] or shipped_examples(), wanted, weights)
        writer = ModelWriter(chat, examples, request.date.year)

    bullets: list[Bullet] = []
    for n, plan in enumerate(plans, 1):
        progress(f"Bullet {n} of {len(plans)}: {plan.story.title}")
        own = [by_id[i] for i in plan.story.article_ids]
        year = request.date.year
        bullets.append(draft_bullet(plan, own, weights, year, writer, verifier, warnings))

    issue = Issue(
        volume=request.volume,
        number=request.number,
        date=request.date,
        bullets=tuple(bullets),
        masthead=load_masthead(),
        window=request.window,
        writer="model" if writer else "extractive",
        model=chat.name if chat else "none",
        warnings=tuple(warnings),
        usage=(writer.usage if writer else Usage()) + verifier.usage,
    )
    issue = with_style_findings(issue, articles)
    seconds = round(time.perf_counter() - started, 2)
    return replace(issue, usage=replace(issue.usage, seconds=seconds))


def choose_plans(
    stories: Sequence[Story],
    request: Request,
    articles: Mapping[str, Article],
    weights: Weights,
    warnings: list[str],
) -> list[Plan]:
    """Plans of the stories asked for, or of the best about the alliance that can fill a bullet."""

    def plan(story: Story) -> Plan:
        own = [articles[i] for i in story.article_ids]
        return plan_story(story, own, weights, request.window)

    if request.story_ids:
        plans = [plan(s) for s in _named(stories, request.story_ids)]
        warnings += [f"“{p.story.title}” has no sentence to tell." for p in plans if not p.evidence]
        chosen = [p for p in plans if p.evidence]
    else:
        candidates = (plan(s) for s in stories if s.score > 0)
        full = (p for p in candidates if len(p.evidence) >= FEWEST_SENTENCES)
        chosen = list(itertools.islice(full, request.bullets))
        if chosen and len(chosen) < request.bullets:
            warnings.append(f"Only {len(chosen)} stories were found for {request.bullets} bullets.")
    if not chosen:
        since, until = request.window.since, request.window.until
        raise DraftError(
            f"No article from {since} to {until} tells enough about the alliance to draft from; "
            "ingest articles of those days, or set --since and --until."
        )
    return chosen


def _named(stories: Sequence[Story], ids: Sequence[str]) -> list[Story]:
    by_id = {s.id: s for s in stories}
    if missing := [i for i in ids if i not in by_id]:
        raise DraftError(
            f"There is no story {', '.join(missing)} in the window; "
            "`digest stories` lists those there are."
        )
    return [by_id[i] for i in ids]


def draft_bullet(
    plan: Plan,
    articles: Sequence[Article],
    weights: Weights,
    year: int,
    writer: ModelWriter | None,
    verifier: Verifier,
    warnings: list[str],
) -> Bullet:
    """Write, link, verify and repair one bullet.

    Where the model's answer cannot be used, the extractive writer's words stand in and
    a warning says so. Raises ModelError where the model fails in any other way: no other
    bullet would fare better, and the issue would not be the model's.
    """
    by_id = {a.id: a for a in articles}
    written = write_extracts(plan, by_id, year)
    own: list[str] = []
    if writer:
        used = "the sources' own words were used"
        try:
            written = writer.write(plan, by_id)
            used = "a source's own headline was used"
            own = own_headline(writer.headline(_text(written[:2])), articles)
        except AnswerError as error:
            warnings.append(f"“{plan.story.title}”: {used}. {error}")

    def headlines(text: str) -> list[str]:
        return [*own, *headline_options(articles, text, weights)]

    def check(bullet: Bullet, known: Sequence[Claim] = ()) -> Bullet:
        return verifier.check_bullet(bullet, articles, story=articles, known=known)

    bullet = check(link(headlines(_text(written))[0], written, by_id))
    bullet = repair(bullet, written, headlines, by_id, year, check)
    linked = add_sources(bullet, articles, verifier.says)
    return replace(bullet if linked == bullet else check(linked), story=plan.story)


def _text(written: Sequence[Written]) -> str:
    return " ".join(w.text for w in written)


def with_style_findings(
    issue: Issue,
    articles: Sequence[Article],
    only: str | None = None,
    rules: Sequence[Rule] | None = None,
) -> Issue:
    """`issue` with the style findings of each bullet, or the `only` one of this id.

    A URL that is none of the `articles` is one. `rules` are the house's by default.
    """
    urls = frozenset(u for a in articles for u in (a.url, a.canonical_url) if u)
    return replace(
        issue,
        bullets=tuple(
            replace(b, findings=tuple(check_bullet(b, issue_context(issue, i, urls), rules)))
            if only in (None, b.id)
            else b
            for i, b in enumerate(issue.bullets)
        ),
    )


def shipped_examples() -> list[Bullet]:
    """The bullets that come with the prompts, for whoever has no past issue."""
    path = prompts_folder() / "examples.md"
    return read_bullets(path.read_text(encoding="utf-8"))
