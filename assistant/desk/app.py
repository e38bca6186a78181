"""The desk as a web application: the guard, the routes, and what they answer to an error."""

from __future__ import annotations

import getpass
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from fastapi.staticfiles import StaticFiles

from assistant.desk import signin
from assistant.desk.background import Checker, Runner
from assistant.desk.context import Desk
from assistant.desk.guard import Guard
from assistant.desk.routes import articles, bullets, evals, issues, jobs, revise, settings, stories
from assistant.desk.traffic import Counted, Traffic
from assistant.errors import AssistantError
from assistant.review.blocked import Blocked
from assistant.review.edit import Conflict
from assistant.review.people import signed_in
from assistant.store.people import People
from assistant.workspace import Workspace

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
STATIC = Path(__file__).parent / "static"
_LOG = logging.getLogger(__name__)


def create_app(workspace: Workspace) -> FastAPI:
    """The desk over `workspace`, all but the page itself, which `ui.py` puts under `/desk`.

    Where the database has users, everybody signs in. Where it has none, the desk answers
    on this machine's own names only, and whoever runs it is the editor.
    """
    team = People(workspace.database).any()
    traffic = Traffic()
    checker = Checker(workspace, traffic)
    desk = Desk(workspace, checker, Runner(workspace, checker, traffic), team)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        desk.checker.start()
        desk.runner.start()
        yield
        desk.runner.stop()
        desk.checker.stop()

    app = FastAPI(docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan)
    _report_errors(app)

    @app.get("/")
    def root() -> Response:
        return RedirectResponse("/desk/", 307)

    app.include_router(signin.routes(workspace.database))
    for module in (bullets, revise, issues, articles, stories, jobs, settings, evals):
        app.include_router(module.routes(desk))
    app.mount("/static", StaticFiles(directory=STATIC))
    editor = getpass.getuser()

    def identify(token: str | None) -> str | None:
        if not team:
            return editor
        return signed_in(workspace.database, token) if token else None

    app.add_middleware(Counted, traffic=traffic)
    app.add_middleware(Guard, identify=identify, hosts=frozenset() if team else LOOPBACK)
    return app


def _report_errors(app: FastAPI) -> None:
    """Errors as JSON with a sentence for the editor, and a status that says what kind."""

    @app.exception_handler(AssistantError)
    def expected(request: Request, error: AssistantError) -> Response:
        body: dict[str, object] = {"error": {"code": error.code, "message": str(error)}}
        if isinstance(error, Blocked):
            body["blocking"] = error.rows()
        status = 409 if isinstance(error, Conflict) else 422 if isinstance(error, Blocked) else 400
        return JSONResponse(body, status)

    @app.exception_handler(RequestValidationError)
    def malformed(request: Request, error: RequestValidationError) -> Response:
        problem = error.errors()[0]
        where = ".".join(str(part) for part in problem["loc"][1:]) or "the request"
        message = f"{where}: {problem['msg']}."
        return JSONResponse({"error": {"code": "form", "message": message}}, 400)

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        _LOG.error("%s %s failed", request.method, request.url.path, exc_info=error)
        message = "The program failed at this; nothing was changed. Its log says more."
        return JSONResponse({"error": {"code": "program", "message": message}}, 500)
