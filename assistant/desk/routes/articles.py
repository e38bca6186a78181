"""Routes of the articles: found, read at a passage, added, and taken out."""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query, UploadFile

from assistant.desk import article_views, views
from assistant.desk.context import Desk, Who
from assistant.desk.routes import forms
from assistant.desk.views import Json
from assistant.review import sources
from assistant.store.browse import Filter, publishers

Offset = Annotated[int, Query(ge=0)]
Limit = Annotated[int, Query(ge=1, le=200)]


def routes(desk: Desk) -> APIRouter:
    """The routes under `/api/articles`, and `/api/uploads`."""
    router = APIRouter(prefix="/api")
    work = desk.workspace

    @router.get("/articles")
    def find(
        q: str = "",
        since: dt.date | None = None,
        until: dt.date | None = None,
        publisher: str | None = None,
        kind: str | None = None,
        access: str | None = None,
        language: str | None = None,
        reprints: bool = True,
        offset: Offset = 0,
        limit: Limit = 100,
    ) -> Json:
        wanted = Filter(since, until, publisher, kind, access, language, reprints)
        found, total = sources.find_articles(work, q[:400], wanted, offset, limit)
        return {"articles": [article_views.listed_view(f) for f in found], "total": total}

    @router.get("/publishers")
    def names() -> Json:
        return {"publishers": list(publishers(work.database))}

    @router.get("/articles/{article_id}")
    def read(article_id: str, start: Offset = 0, end: Offset = 0) -> Json:
        article = work.articles.get(article_id)
        marks = [(start, end)] if end > start else []
        return article_views.article_line(article) | article_views.text_view(article.text, marks)

    @router.get("/articles/{article_id}/uses")
    def uses(article_id: str) -> Json:
        return {"uses": [asdict(use) for use in sources.uses(work, article_id)]}

    @router.delete("/articles/{article_id}")
    def remove(article_id: str, who: Who) -> Json:
        resting = sources.remove_article(work, article_id, who)
        for use in resting:
            desk.checker.ask(use.issue_id, use.bullet_id, who)
        return {"uses": [asdict(use) for use in resting]}

    @router.post("/articles/fetch")
    def fetch(form: forms.AddressesForm, who: Who) -> Json:
        addresses = [a.strip() for a in form.addresses if a.strip()]
        return views.job_view(desk.runner.ask("read", None, {"addresses": addresses}, who))

    @router.post("/articles/paste")
    def paste(form: forms.PastedForm, who: Who) -> Json:
        request = {"pasted": {"text": form.text, "fields": form.fields}}
        return views.job_view(desk.runner.ask("read", None, request, who))

    @router.post("/uploads")
    def upload(files: list[UploadFile], who: Who) -> Json:
        given = [(file.filename or "unnamed", file.file.read()) for file in files]
        kept, failed = sources.keep_uploads(work, given)
        return views.job_view(desk.runner.ask("read", None, {"files": kept, "failed": failed}, who))

    return router
