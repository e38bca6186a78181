"""What every route of the desk works with."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from assistant.desk import views
from assistant.desk.background import Checker, Runner
from assistant.desk.views import Json
from assistant.review.edit import newest
from assistant.review.signoff import notes_on, open_points, standing, standings
from assistant.store import notes
from assistant.store.bullets import Revision
from assistant.workspace import Workspace


@dataclass(frozen=True)
class Desk:
    """The workspace that the routes act on, what runs beside them, and whether people sign in."""

    workspace: Workspace
    checker: Checker
    runner: Runner
    team: bool

    def bullet(self, bullet_id: str) -> Json:
        """A bullet as it stands now."""
        return self._bullet(newest(self.workspace, bullet_id))

    def saved(self, issue_id: str, bullet_id: str, who: str) -> Json:
        """A bullet after a change: stale where it was touched, the check on its way."""
        revision = newest(self.workspace, bullet_id)
        if any(claim.stale for claim in revision.bullet.claims):
            self.checker.ask(issue_id, bullet_id, who, touched_only=True)
        return self._bullet(revision)

    def _bullet(self, revision: Revision) -> Json:
        work, bullet_id = self.workspace, revision.bullet.id
        view = views.bullet_view(
            revision,
            standing(work, bullet_id),
            notes_on(work, bullet_id),
            self.checker.busy(bullet_id),
        )
        return view | {
            "check_failed": self.checker.failure(bullet_id),
            "uncalibrated": work.uncalibrated,
        }

    def issue(self, issue_id: str) -> Json:
        """An issue as it stands now, with what is open on it."""
        work = self.workspace
        issue = work.issues.get(issue_id)
        ids = [bullet.id for bullet in issue.bullets]
        with work.database.read() as connection:
            waiting = notes.open_counts(connection, ids)
        stand = standings(work, issue)
        return views.issue_view(
            issue,
            work.issues.status(issue_id),
            open_points(issue, stand),
            stand,
            waiting,
            self.checker.busy(),
        )


def _who(request: Request) -> str:
    user: str = request.state.user
    return user


Who = Annotated[str, Depends(_who)]
