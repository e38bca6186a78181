"""Routes of the evals: the suites and their runs, one more run, and the report."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import HTMLResponse, Response

from assistant.desk import views
from assistant.desk.context import Desk, Who
from assistant.desk.routes import forms
from assistant.desk.routes.issues import FRAMED
from assistant.desk.views import Json
from assistant.review import evaluate


def routes(desk: Desk) -> APIRouter:
    """The routes under `/api/evals`."""
    router = APIRouter(prefix="/api/evals")

    @router.get("")
    def read() -> Json:
        return {"suites": evaluate.suite_names(), "runs": evaluate.runs(desk.workspace)}

    @router.post("")
    def run(form: forms.EvalForm, who: Who) -> Json:
        request = {"suite": form.suite, "cases": form.cases}
        return views.job_view(desk.runner.ask("eval", None, request, who))

    @router.get("/report")
    def report(suite: str | None = None) -> Response:
        return HTMLResponse(evaluate.report(desk.workspace, suite), headers=FRAMED)

    return router
