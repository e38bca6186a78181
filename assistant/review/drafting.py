"""Drafts the chosen stories of an issue, one bullet after another, each kept as it is done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from assistant.draft.plan import plan_story
from assistant.draft.write import ModelWriter, choose_examples
from assistant.errors import ModelError, ReviewError
from assistant.llm.chat import Chat
from assistant.pipeline import draft_bullet, shipped_examples, with_style_findings
from assistant.review.settings import active_rules
from assistant.review.sources import Progress
from assistant.review.stories import chosen, window_of
from assistant.stories import article_terms
from assistant.terms import Weights
from assistant.types import Bullet, Issue, Story
from assistant.workspace import Workspace


def draft_chosen(
    workspace: Workspace, issue_id: str, request: Mapping[str, Any], author: str, progress: Progress
) -> dict[str, Any]:
    """Draft each chosen story that has no bullet yet, and add it to the issue.

    `request` has the `writer`: `model` or `extractive`. Begun again after a break, it goes
    on with the story that was not done. Raises ReviewError where nothing is chosen,
    ModelError where the model fails; what was drafted before stays.
    """
    issue = workspace.issues.get(issue_id)
    wanted = chosen(workspace, issue_id)
    if not wanted:
        raise ReviewError("No story is chosen; choose those of the issue first.")
    chat = workspace.chat if request.get("writer") == "model" else None
    if request.get("writer") == "model" and chat is None:
        raise ModelError(
            "No model is at hand; pull one with `digest model pull`, or draft in the sources' "
            "own words."
        )
    warnings: list[str] = []
    added: list[str] = []
    for number, story in enumerate(wanted, 1):
        progress(number - 1, len(wanted), f"Bullet {number} of {len(wanted)}: {story.title}")
        issue = workspace.issues.get(issue_id)
        if any(bullet.story and bullet.story.id == story.id for bullet in issue.bullets):
            continue
        bullet = draft_story(workspace, issue, story, chat, warnings)
        if bullet is None:
            warnings.append(f"“{story.title}” has no sentence to tell.")
            continue
        whole = replace(issue, bullets=(*issue.bullets, bullet))
        own = [workspace.articles.get(i) for i in story.article_ids]
        after = with_style_findings(whole, own, rules=active_rules(workspace))
        note = "drafted by the model" if chat else "drafted in the sources’ words"
        added.append(workspace.issues.add_bullet(issue_id, after.bullets[-1], "assistant", note))
    progress(len(wanted), len(wanted), "Drafted")
    return {"added": added, "warnings": warnings}


def draft_story(
    workspace: Workspace, issue: Issue, story: Story, chat: Chat | None, warnings: list[str]
) -> Bullet | None:
    """One bullet from a story; None where it has nothing to tell."""
    window = window_of(workspace, issue)
    around = workspace.articles.list(window.since, window.until)
    weights = Weights(article_terms(a) for a in around)
    articles = [workspace.articles.get(i) for i in story.article_ids]
    plan = plan_story(story, articles, weights, window)
    if not plan.evidence:
        return None
    writer = None
    if chat is not None:
        past = [b for i in workspace.issues.list() if i.date < issue.date for b in i.bullets]
        examples = choose_examples(past or shipped_examples(), story.title, weights)
        writer = ModelWriter(chat, examples, issue.date.year)
    verifier = workspace.verifier(chat)
    return draft_bullet(plan, articles, weights, issue.date.year, writer, verifier, warnings)
