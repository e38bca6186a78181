"""Routes of the evals: the suites and their runs, one more run, and the report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from assistant.desk import views
from assistant.desk.context import Desk, Who
from assistant.desk.routes import forms
from assistant.desk.routes.issues import FRAMED
from assistant.desk.views import Json
from assistant.review import cases, evaluate


def routes(desk: Desk) -> APIRouter:
    """The routes under `/api/evals`."""
    router = APIRouter(prefix="/api/evals")

    @router.get("")
    def read() -> Json:
        return {
            "suites": evaluate.suite_names(),
            "runs": evaluate.runs(desk.workspace),
            "kept": asdict(cases.count(desk.workspace)),
        }

    @router.post("")
    def run(form: forms.EvalForm, who: Who) -> Json:
        request = form.model_dump()
        return views.job_view(desk.runner.ask("eval", None, request, who))

    @router.get("/report")
    def report(suite: str | None = None) -> Response:
        return HTMLResponse(evaluate.report(desk.workspace, suite), headers=FRAMED)

    def kept(found: Sequence[cases.Kept]) -> Json:
        count = cases.count(desk.workspace)
        return {"kept": [asdict(case) for case in found], "count": asdict(count)}

    @router.post("/cases/{issue_id}/{bullet_id}/verdict")
    def verdict(issue_id: str, bullet_id: str, form: forms.VerdictForm, who: Who) -> Json:
        number, text = form.claim, form.text
        return kept(cases.keep_verdict(desk.workspace, issue_id, bullet_id, number, text, who))

    @router.post("/cases/{issue_id}/{bullet_id}/override")
    def override(issue_id: str, bullet_id: str, who: Who) -> Json:
        return kept(cases.keep_override(desk.workspace, issue_id, bullet_id, who))

    @router.post("/cases/{issue_id}/{bullet_id}/rejected")
    def rejected(issue_id: str, bullet_id: str, form: forms.RejectedForm, who: Who) -> Json:
        return kept(
            cases.keep_rejected(
                desk.workspace,
                issue_id,
                bullet_id,
                form.new,
                who,
                instead_of=form.old,
                url=form.url,
                instruction=form.instruction,
            )
        )

    @router.delete("/cases")
    def take_back(id: Annotated[list[str], Query()], who: Who) -> Json:
        return {"count": asdict(cases.take_back(desk.workspace, id, who))}

    return router
