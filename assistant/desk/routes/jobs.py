"""Routes of long work: how far it is, stopped and gone on with."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.desk import views
from assistant.desk.context import Desk
from assistant.desk.views import Json


def routes(desk: Desk) -> APIRouter:
    """The routes under `/api/jobs`."""
    router = APIRouter(prefix="/api/jobs")

    @router.get("")
    def recent() -> Json:
        return {"jobs": [views.job_view(job) for job in desk.runner.jobs.recent()]}

    @router.post("/{job_id}/cancel")
    def cancel(job_id: int) -> Json:
        return views.job_view(desk.runner.cancel(job_id))

    @router.post("/{job_id}/resume")
    def resume(job_id: int) -> Json:
        return views.job_view(desk.runner.resume(job_id))

    return router
