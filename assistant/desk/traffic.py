"""Lets requests go first: work beside the page computes while none is being answered.

The threads of a process compute in turns, so that an editor's save would take twice its time
or more while a bullet is being checked.
"""

from __future__ import annotations

import threading

from starlette.types import ASGIApp, Receive, Scope, Send

# Longer than nearly every request takes; a stream that stays open holds work up no longer.
MOST_SECONDS = 0.1


class Traffic:
    """Counts the requests that are being answered."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._requests = 0

    def begin(self) -> None:
        """A request came."""
        with self._changed:
            self._requests += 1

    def end(self) -> None:
        """A request was answered."""
        with self._changed:
            self._requests -= 1
            if not self._requests:
                self._changed.notify_all()

    def give_way(self) -> None:
        """Wait until no request is being answered, `MOST_SECONDS` at most."""
        with self._changed:
            self._changed.wait_for(lambda: not self._requests, MOST_SECONDS)


class Counted:
    """Counts what is asked under `/api/` as traffic; plain ASGI, for the streams' sake."""

    def __init__(self, app: ASGIApp, traffic: Traffic) -> None:
        self._app = app
        self._traffic = traffic

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on, counted while it is being answered."""
        if scope["type"] != "http" or not scope["path"].startswith("/api/"):
            await self._app(scope, receive, send)
            return
        self._traffic.begin()
        try:
            await self._app(scope, receive, send)
        finally:
            self._traffic.end()
