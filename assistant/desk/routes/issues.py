"""Routes of an issue: what is open on it, its order and masthead, its preview and export."""

from __future__ import annotations

import datetime as dt

from fastapi import APIRouter, Request, UploadFile
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import FileResponse, HTMLResponse, Response

from assistant.desk import views
from assistant.desk.context import Desk, Who
from assistant.desk.routes import forms
from assistant.desk.views import Json
from assistant.errors import ReviewError
from assistant.review import issues, past_issues, signoff
from assistant.review.gate import written
from assistant.types import Window

# For a page that stands in a frame of the desk: nothing in it runs or is fetched.
FRAMED = {
    "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
    "frame-ancestors 'self'; sandbox"
}
_TYPES = {"md": "text/markdown; charset=utf-8", "html": "text/html; charset=utf-8"}


def routes(desk: Desk) -> APIRouter:
    """The routes under `/api/issues`."""
    router = APIRouter(prefix="/api/issues")
    work = desk.workspace

    @router.get("")
    def lines(who: Who) -> Json:
        found = [views.line_view(line) for line in work.issues.index()]
        return {"user": who, "team": desk.team, "issues": found[::-1]}

    @router.post("")
    def begin(form: forms.IssueForm, who: Who) -> Json:
        window = None
        if form.since and form.until:
            window = Window(_day(form.since), _day(form.until))
        return desk.issue(issues.begin_issue(work, _day(form.date), who, window).id)

    @router.post("/import")
    def past(files: list[UploadFile], who: Who, keep: bool = False) -> Json:
        """Past issues, read to be shown or, with `keep`, to be kept."""
        given = [(file.filename or "unnamed", file.file.read()) for file in files]
        if keep:
            return views.reading_view(past_issues.keep_past(work, given, who))
        return views.reading_view(past_issues.read_past(work, given))

    @router.get("/{issue_id}")
    def read(issue_id: str) -> Json:
        return desk.issue(issue_id)

    @router.post("/{issue_id}/bullets")
    def by_hand(issue_id: str, form: forms.HandForm, who: Who) -> Json:
        bullet_id = issues.add_by_hand(work, issue_id, who, form.headline, form.pasted)
        desk.checker.ask(issue_id, bullet_id, who)
        return desk.issue(issue_id) | {"added": bullet_id}

    @router.put("/{issue_id}/order")
    def order(issue_id: str, form: forms.OrderForm, who: Who) -> Json:
        issues.arrange(work, issue_id, form.order, who)
        return desk.issue(issue_id)

    @router.put("/{issue_id}/masthead")
    def masthead(issue_id: str, form: forms.MastheadForm, who: Who) -> Json:
        issues.set_masthead(work, issue_id, form.credit, form.boilerplate, who)
        return desk.issue(issue_id)

    @router.put("/{issue_id}/picture")
    async def picture(issue_id: str, alt: str, request: Request, who: Who) -> Json:
        data = await request.body()
        await run_in_threadpool(issues.set_picture, work, issue_id, data or None, alt, who)
        return {"alt": alt}

    @router.delete("/{issue_id}/picture")
    def no_picture(issue_id: str, who: Who) -> Json:
        issues.remove_picture(work, issue_id, who)
        return {"alt": None}

    @router.get("/{issue_id}/picture")
    def alt(issue_id: str) -> Json:
        found = issues.picture_of(work, issue_id)
        return {"alt": found.alt if found else None}

    @router.get("/{issue_id}/preview")
    def preview(issue_id: str) -> Response:
        page = written(work.issues.get(issue_id), "html", work.database)
        return HTMLResponse(page, headers=FRAMED)

    @router.post("/{issue_id}/export")
    def export(issue_id: str, form: forms.ExportForm, who: Who) -> Json:
        path = signoff.send_out(work, issue_id, form.format, who, form.reason)
        return {"saved": str(path), "url": f"/api/issues/{issue_id}/export.{form.format}"}

    @router.get("/{issue_id}/export.{format}")
    def download(issue_id: str, format: str) -> Response:
        issue = work.issues.get(issue_id)
        path = work.settings.outputs / f"{issue.id}.{format}"
        if format not in _TYPES or not path.is_file():
            raise ReviewError("This was not exported yet; export it first.")
        return FileResponse(path, filename=path.name, media_type=_TYPES[format])

    return router


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError as error:
        raise ReviewError(f"“{text}” is no day; write it as 2023-07-28.") from error
