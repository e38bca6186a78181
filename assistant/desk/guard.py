"""Who may come in: one gate before every page, route and file of the desk.

Plain ASGI: Starlette's own middleware class breaks event streams that end early.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from http.cookies import CookieError, SimpleCookie

from anyio import to_thread
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "desk_session"
# What may be had without signing in.
_OPEN = ("/sign-in", "/static/")
_UPLOADS = ("/api/uploads", "/api/issues/import")
MOST_BYTES = 25_000_000
MOST_BYTES_OF_WORDS = 1_000_000
# Gradio's own page needs 'unsafe-inline' and 'unsafe-eval'; nothing may come from elsewhere.
_POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'unsafe-eval'; "
    "style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; font-src 'self' data:; "
    "connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'self'; "
    "form-action 'self'"
)
_HEADERS = {
    b"content-security-policy": _POLICY.encode(),
    b"x-content-type-options": b"nosniff",
    b"referrer-policy": b"same-origin",
    b"cross-origin-opener-policy": b"same-origin",
}

Identify = Callable[[str | None], str | None]


class Guard:
    """Refuses other sites' requests, bodies that are too large, and whoever is not signed in.

    `identify` gives the user of a session token, or None. `hosts` are the names under
    which the desk answers; none means any. The user stands in `request.state.user`.
    """

    def __init__(self, app: ASGIApp, identify: Identify, hosts: frozenset[str]) -> None:
        self._app = app
        self._identify = identify
        self._hosts = hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        headers = {k.lower(): v.decode("latin-1") for k, v in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is None:
            user = await to_thread.run_sync(self._identify, _token(headers))
            scope.setdefault("state", {})["user"] = user
            path = scope["path"]
            if user is None and not path.startswith(_OPEN):
                reads = scope.get("method") == "GET" and "text/html" in headers.get(b"accept", "")
                refusal = (
                    RedirectResponse("/sign-in", 303)
                    if reads
                    else _said(401, "You are not signed in; sign in again. Your text is kept.")
                )
        if scope["type"] == "websocket":
            if refusal is None:
                await self._app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                given = {k.lower() for k, _ in message["headers"]}
                added = [(k, v) for k, v in _HEADERS.items() if k not in given]
                message["headers"] = [*message["headers"], *added]
            await send(message)

        await (refusal or self._app)(scope, receive, with_headers)

    def _refusal(self, scope: Scope, headers: dict[bytes, str]) -> Response | None:
        host = headers.get(b"host", "")
        if self._hosts and _name(host) not in self._hosts:
            return _said(403, "The desk does not answer under this name; use its own address.")
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD"):
            return None
        origin = headers.get(b"origin")
        if origin is None or origin.partition("://")[2] != host:
            return _said(403, "This request came from another site and was refused.")
        length = headers.get(b"content-length", "0")
        if b"transfer-encoding" in headers or not length.isdigit():
            return _said(411, "The request does not say how large it is.")
        path = scope["path"]
        large = path in _UPLOADS or path.endswith("/picture")
        limit = MOST_BYTES if large else MOST_BYTES_OF_WORDS
        if int(length) > limit:
            return _said(
                413,
                f"This has {int(length) / 1e6:.1f} MB, more than the {limit / 1e6:.0f} MB that "
                "the desk takes at once.",
            )
        return None


def _token(headers: dict[bytes, str]) -> str | None:
    try:
        cookie = SimpleCookie(headers.get(b"cookie", "")).get(COOKIE)
    except CookieError:
        return None
    return cookie.value if cookie else None


def _name(host: str) -> str:
    """The name in a Host header, without port and brackets."""
    return host.rsplit(":", 1)[0].strip("[]") if not host.endswith("]") else host.strip("[]")


def _said(status: int, message: str) -> Response:
    body = json.dumps({"error": {"code": str(status), "message": message}})
    return Response(body, status, media_type="application/json")
