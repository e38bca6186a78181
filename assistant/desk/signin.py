"""Signing in and out: a page of its own, and a cookie that no other site can use."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader

from assistant.desk.guard import COOKIE
from assistant.review.people import SESSION, sign_in, sign_out
from assistant.store.database import Database

# After so many wrong passwords for a name, it has to wait.
_TRIES = 5
_WAIT_SECONDS = 60.0


class Attempts:
    """Counts wrong passwords by name, so that they cannot be tried by the thousand."""

    def __init__(self) -> None:
        self._wrong: dict[str, list[float]] = {}

    def may(self, name: str) -> bool:
        """Whether another password may be tried for `name` now."""
        since = time.monotonic() - _WAIT_SECONDS
        recent = [at for at in self._wrong.get(name, []) if at > since]
        if recent:
            self._wrong[name] = recent
        else:
            self._wrong.pop(name, None)
        return len(recent) < _TRIES

    def wrong(self, name: str) -> None:
        """Note a wrong password."""
        self._wrong.setdefault(name, []).append(time.monotonic())


def routes(database: Database) -> APIRouter:
    """`/sign-in` and `/sign-out`."""
    router = APIRouter()
    attempts = Attempts()
    folder = Path(__file__).parent / "static"
    page = Environment(loader=FileSystemLoader(folder), autoescape=True).get_template(
        "sign-in.html"
    )

    @router.get("/sign-in")
    def ask(request: Request) -> Response:
        if request.state.user is not None:
            return RedirectResponse("/desk/", 303)
        return HTMLResponse(page.render(name="", problem=""))

    @router.post("/sign-in")
    def answer(
        request: Request,
        name: Annotated[str, Form(max_length=80)],
        password: Annotated[str, Form(max_length=1000)],
    ) -> Response:
        if not attempts.may(name):
            problem = "Too many wrong passwords; wait a minute and try again."
            return HTMLResponse(page.render(name=name, problem=problem), 429)
        token = sign_in(database, name, password)
        if token is None:
            attempts.wrong(name)
            problem = "That name and password do not belong together."
            return HTMLResponse(page.render(name=name, problem=problem), 401)
        response = RedirectResponse("/desk/", 303)
        response.set_cookie(
            COOKIE,
            token,
            max_age=int(SESSION.total_seconds()),
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response

    @router.post("/sign-out")
    def leave(request: Request) -> Response:
        if token := request.cookies.get(COOKIE):
            sign_out(database, token)
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(COOKIE)
        return response

    return router
