"""Checks what editors changed, in a thread beside the page."""

from __future__ import annotations

import logging
import threading
import time
from dataclasses import dataclass

from assistant.errors import AssistantError
from assistant.review.edit import Conflict, check_bullet
from assistant.workspace import Workspace

_LOG = logging.getLogger(__name__)
# A bullet is checked once nobody has saved it for so long.
QUIET_SECONDS = 0.3


@dataclass(frozen=True)
class _Wish:
    due: float
    issue_id: str
    author: str


class Checker:
    """Checks bullets one after another as they are asked for; the last wish for one counts.

    A check that is overtaken by newer words is dropped: whoever saved those asked again.
    One that fails leaves the claims stale, and `failure` says why.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._wishes: dict[str, _Wish] = {}
        self._running: str | None = None
        self._failures: dict[str, str] = {}
        self._changed = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name="checker", daemon=True)

    def start(self) -> None:
        """Begin; what was stale when the last server stopped is checked first."""
        self._thread.start()

    def stop(self) -> None:
        """End after the check that is running."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join()

    def ask(self, issue_id: str, bullet_id: str, author: str) -> None:
        """Have a bullet checked soon."""
        with self._changed:
            due = time.monotonic() + QUIET_SECONDS
            self._wishes[bullet_id] = _Wish(due, issue_id, author)
            self._failures.pop(bullet_id, None)
            self._changed.notify()

    def busy(self, bullet_id: str | None = None) -> bool:
        """Whether a bullet, or any, waits for its check or is being checked."""
        with self._changed:
            if bullet_id is None:
                return bool(self._wishes or self._running)
            return bullet_id in self._wishes or self._running == bullet_id

    def failure(self, bullet_id: str) -> str | None:
        """Why the last check of a bullet came to nothing."""
        with self._changed:
            return self._failures.get(bullet_id)

    def _run(self) -> None:
        self._find_stale()
        while (found := self._next()) is not None:
            bullet_id, wish = found
            problem = None
            try:
                check_bullet(self._workspace, wish.issue_id, bullet_id, wish.author)
            except Conflict:
                pass
            except AssistantError as error:
                problem = str(error)
            except Exception as error:  # the checks of the other bullets must go on
                _LOG.exception("the check of %s failed", bullet_id)
                problem = f"The check failed with {type(error).__name__}; see the server's log."
            with self._changed:
                self._running = None
                if problem is not None:
                    self._failures[bullet_id] = problem

    def _find_stale(self) -> None:
        for line in self._workspace.issues.index():
            if line.status == "draft":
                for bullet in self._workspace.issues.get(line.id).bullets:
                    if any(claim.stale for claim in bullet.claims):
                        self.ask(line.id, bullet.id, "desk")

    def _next(self) -> tuple[str, _Wish] | None:
        """Wait for the next bullet that has been quiet long enough; None at the end."""
        with self._changed:
            while not self._ended:
                now = time.monotonic()
                due = min(self._wishes.items(), key=lambda item: item[1].due, default=None)
                if due is None:
                    self._changed.wait()
                elif due[1].due <= now:
                    del self._wishes[due[0]]
                    self._running = due[0]
                    return due
                else:
                    self._changed.wait(due[1].due - now)
        return None
