"""Routes of the settings: the model in use, and the rules that count."""

from __future__ import annotations

from dataclasses import asdict

from fastapi import APIRouter

from assistant.desk.context import Desk, Who
from assistant.desk.routes import forms
from assistant.desk.views import Json
from assistant.review import settings


def routes(desk: Desk) -> APIRouter:
    """The routes under `/api/settings`."""
    router = APIRouter(prefix="/api/settings")
    work = desk.workspace

    @router.get("")
    def read() -> Json:
        return {
            "model": asdict(settings.model_in_use(work)),
            "rules": [asdict(rule) for rule in settings.switches(work)],
        }

    @router.put("/rules/{code}")
    def rule(code: str, form: forms.RuleForm, who: Who) -> Json:
        for issue_id, bullet_id in settings.switch_rule(work, code, form.on, who):
            desk.checker.ask(issue_id, bullet_id, who)
        return read()

    return router
