"""Checks what editors changed, and does long work, in threads beside the page."""

from __future__ import annotations

import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

from assistant.desk.traffic import Traffic
from assistant.errors import AssistantError
from assistant.nlp import parse
from assistant.review.drafting import draft_chosen
from assistant.review.edit import Conflict, check_bullet
from assistant.review.evaluate import run_suite
from assistant.review.sources import Progress, read_sources, waiting_for_a_page
from assistant.store.jobs import Job, Jobs
from assistant.style.check import check_bullet as check_style
from assistant.types import Bullet
from assistant.workspace import Workspace

Kind = Literal["read", "draft", "eval"]
_LOG = logging.getLogger(__name__)
# A bullet is checked once nobody has saved it for so long.
QUIET_SECONDS = 0.3


@dataclass(frozen=True)
class _Wish:
    due: float
    issue_id: str
    author: str
    touched_only: bool


class _Worker(ABC):
    """A thread that does one thing after another; `_changed` guards what it shares."""

    def __init__(self, name: str) -> None:
        self._changed = threading.Condition()
        self._ended = False
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is being done now; what waits is found again by the next server."""
        with self._changed:
            self._ended = True
            self._changed.notify()
        self._thread.join()

    @abstractmethod
    def _run(self) -> None: ...


class _Stopped(Exception):
    """Somebody cancelled the work, asked for it anew, or is stopping the server."""


class Checker(_Worker):
    """Checks bullets one after another as they are asked for; the last wish for one counts.

    A check that is overtaken by newer words is dropped: whoever saved those asked again.
    Before each claim the page's requests go first. A check that fails leaves the claims
    stale, and `failure` says why. What was stale when the last server stopped is checked
    first.
    """

    def __init__(self, workspace: Workspace, traffic: Traffic | None = None) -> None:
        super().__init__("checker")
        self._workspace = workspace
        self._traffic = traffic or Traffic()
        self._wishes: dict[str, _Wish] = {}
        self._running: str | None = None
        self._failures: dict[str, str] = {}

    def ask(self, issue_id: str, bullet_id: str, author: str, touched_only: bool = False) -> None:
        """Have a bullet checked soon: all of it, or what an edit touched."""
        with self._changed:
            due = time.monotonic() + QUIET_SECONDS
            before = self._wishes.get(bullet_id)
            touched_only = touched_only and (before is None or before.touched_only)
            self._wishes[bullet_id] = _Wish(due, issue_id, author, touched_only)
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
        self._warm_up()
        self._find_stale()
        while (found := self._next()) is not None:
            bullet_id, wish = found
            problem = None
            try:
                check_bullet(
                    self._workspace,
                    wish.issue_id,
                    bullet_id,
                    wish.author,
                    wish.touched_only,
                    partial(self._before_a_claim, bullet_id),
                )
            except (Conflict, _Stopped):
                self._make_good(bullet_id, wish)
            except AssistantError as error:
                problem = str(error)
            except Exception as error:  # the checks of the other bullets must go on
                _LOG.exception("the check of %s failed", bullet_id)
                problem = f"The check failed with {type(error).__name__}; see the server's log."
            with self._changed:
                self._running = None
                if problem is not None:
                    self._failures[bullet_id] = problem

    def _before_a_claim(self, bullet_id: str) -> None:
        self._traffic.give_way()
        with self._changed:
            if bullet_id in self._wishes:
                raise _Stopped

    def _make_good(self, bullet_id: str, dropped: _Wish) -> None:
        """A check of the whole bullet that was dropped is owed: the next is not of a part."""
        with self._changed:
            newer = self._wishes.get(bullet_id)
            if newer is not None and not dropped.touched_only:
                self._wishes[bullet_id] = replace(newer, touched_only=False)

    def _warm_up(self) -> None:
        """Load rules, parser and vectors now, so that the first save does not wait for them."""
        check_style(Bullet("US, Japan meet", "They met on July 20."))
        parse("They met.")
        self._workspace.embedder.embed(["They met."])

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


class Runner(_Worker):
    """Does the jobs that wait, one after another. They outlive the page and the server.

    One that is cancelled stops at its next step; what it had done by then stays.
    """

    def __init__(
        self, workspace: Workspace, checker: Checker, traffic: Traffic | None = None
    ) -> None:
        super().__init__("jobs")
        self._traffic = traffic or Traffic()
        self._workspace = workspace
        self._checker = checker
        self.jobs = Jobs(workspace.database)
        self._cancelled: set[int] = set()

    def start(self) -> None:
        """Begin, with what was running when the last server stopped."""
        self.jobs.resume_broken()
        super().start()

    def ask(self, kind: Kind, issue_id: str | None, request: Mapping[str, Any], who: str) -> Job:
        """Have something done."""
        job_id = self.jobs.add(kind, issue_id, request, who)
        self._wake()
        return self.jobs.get(job_id)

    def cancel(self, job_id: int) -> Job:
        """Stop a job at its next step."""
        job = self.jobs.get(job_id)
        if job.state == "waiting":
            self.jobs.move(job_id, "cancelled", "Cancelled")
        elif job.state == "running":
            with self._changed:
                self._cancelled.add(job_id)
        return self.jobs.get(job_id)

    def resume(self, job_id: int) -> Job:
        """Go on with a job that was cancelled or failed."""
        if self.jobs.get(job_id).state in ("cancelled", "failed"):
            self.jobs.move(job_id, "waiting", "")
            self._wake()
        return self.jobs.get(job_id)

    def _wake(self) -> None:
        with self._changed:
            self._changed.notify()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not self._ended and (job := self.jobs.next_waiting()) is None:
                    self._changed.wait()
                if self._ended:
                    return
            if job is not None:
                self._do(job)

    def _do(self, job: Job) -> None:
        self.jobs.move(job.id, "running", "Beginning")

        def progress(done: int, total: int, step: str) -> None:
            self._traffic.give_way()
            with self._changed:
                stopped = self._ended or job.id in self._cancelled
            if stopped:
                raise _Stopped
            self.jobs.step(job.id, done, total, step)

        try:
            result = self._work(job, progress)
        except _Stopped:
            with self._changed:
                ended = self._ended and job.id not in self._cancelled
                self._cancelled.discard(job.id)
            if ended:
                self.jobs.move(job.id, "waiting", "")
            else:
                self.jobs.move(job.id, "cancelled", "Cancelled; what was done stays.")
        except AssistantError as error:
            self.jobs.move(job.id, "failed", str(error))
        except Exception as error:  # the jobs after it must go on
            _LOG.exception("job %s failed", job.id)
            what = f"The program failed with {type(error).__name__}; see the server's log."
            self.jobs.move(job.id, "failed", what)
        else:
            self.jobs.move(job.id, "done", "Done", result)

    def _work(self, job: Job, progress: Progress) -> Mapping[str, Any]:
        if job.kind == "draft":
            return draft_chosen(
                self._workspace, job.issue_id or "", job.request, job.author, progress
            )
        if job.kind == "eval":
            return run_suite(self._workspace, job.request, job.author, progress)
        result = read_sources(self._workspace, job.request, job.author, progress)
        for issue_id, bullet_id in waiting_for_a_page(self._workspace):
            self._checker.ask(issue_id, bullet_id, job.author)
        return result
