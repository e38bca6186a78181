"""Routes of an issue's stories: as found and arranged, and drafted from."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.desk import article_views, views
from assistant.desk.context import Desk, Who
from assistant.desk.routes import forms
from assistant.desk.views import Json
from assistant.errors import ReviewError
from assistant.review import stories
from assistant.review.edit import newest
from assistant.review.sources import Found
from assistant.store.browse import listed

_MARKS: dict[str, stories.Mark] = {"pin": "pinned", "drop": "dropped", "unmark": ""}


def routes(desk: Desk) -> APIRouter:
    """The routes under `/api/issues/{issue}/stories`."""
    router = APIRouter(prefix="/api/issues/{issue_id}")
    work = desk.workspace

    def view(issue_id: str) -> Json:
        issue = work.issues.get(issue_id)
        cards = stories.board(work, issue_id)
        ids = {i for card in cards for i in card.story.article_ids}
        rows = listed(work.database, ids)
        window = stories.window_of(work, issue)
        told = {b.story.id for b in issue.bullets if b.story}
        return {
            "window": {"since": window.since.isoformat(), "until": window.until.isoformat()},
            "stories": [
                article_views.card_view(card) | {"drafted": card.story.id in told} for card in cards
            ],
            "articles": {i: article_views.listed_view(Found(row)) for i, row in rows.items()},
            "model": work.chat.name if work.chat else None,
        }

    @router.get("/stories")
    def read(issue_id: str) -> Json:
        return view(issue_id)

    @router.post("/stories")
    def arrange(issue_id: str, form: forms.StoriesForm, who: Who) -> Json:
        first = form.stories[0] if form.stories else ""
        if form.do == "choose":
            stories.choose(work, issue_id, form.stories, who)
        elif not first:
            raise ReviewError("Choose a story first.")
        elif form.do == "rename":
            stories.rename(work, issue_id, first, form.title, who)
        elif form.do == "merge":
            first = stories.merge(work, issue_id, form.stories, who)
        elif form.do == "split":
            first = stories.split(work, issue_id, first, form.articles, who)
        else:
            stories.mark(work, issue_id, first, _MARKS[form.do], who)
        return view(issue_id) | {"shown": first}

    @router.get("/past/{bullet_id}")
    def past(issue_id: str, bullet_id: str) -> Json:
        """What a past issue said."""
        bullet = newest(work, bullet_id).bullet
        return {"headline": bullet.headline, "text": bullet.text}

    @router.post("/draft")
    def draft(issue_id: str, form: forms.DraftForm, who: Who) -> Json:
        request = {"writer": form.writer}
        return views.job_view(desk.runner.ask("draft", issue_id, request, who))

    return router
