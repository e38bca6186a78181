"""Routes of a bullet drafted again: proposals as a stream, accepted one by one."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import Response, StreamingResponse

from assistant.desk.context import Desk, Who
from assistant.desk.routes import forms
from assistant.desk.views import Json
from assistant.errors import AssistantError
from assistant.review import revise
from assistant.review.history import compare
from assistant.review.revise import Proposal, SourceFor


def routes(desk: Desk) -> APIRouter:
    """The routes under `/api/issues/{issue}/bullets/{bullet}` for new wordings and sources."""
    router = APIRouter(prefix="/api/issues/{issue_id}/bullets/{bullet_id}")
    work = desk.workspace

    @router.post("/revise")
    def ask(issue_id: str, bullet_id: str, form: forms.ReviseForm) -> Response:
        """One JSON object a line: a proposal as it is written, or why there are no more."""

        def lines() -> Iterator[str]:
            try:
                for proposal in revise.revise(
                    work, issue_id, bullet_id, form.instruction, form.sentence
                ):
                    changes = compare(proposal.old, proposal.new)
                    yield json.dumps(asdict(proposal) | {"changes": changes}) + "\n"
            except AssistantError as error:
                yield json.dumps({"error": str(error)}) + "\n"

        return StreamingResponse(lines(), media_type="application/x-ndjson")

    @router.post("/accept")
    def accept(issue_id: str, bullet_id: str, form: forms.AcceptForm, who: Who) -> Json:
        proposal = Proposal(form.old, form.new, None, form.url)
        revise.accept(work, issue_id, bullet_id, proposal, who, form.based_on, form.instruction)
        return desk.saved(issue_id, bullet_id, who)

    @router.get("/sources")
    def propose(issue_id: str, bullet_id: str) -> Json:
        return {"sources": [asdict(s) for s in revise.propose(work, issue_id, bullet_id)]}

    @router.post("/link")
    def link(issue_id: str, bullet_id: str, form: forms.LinkForm, who: Who) -> Json:
        offer = SourceFor(form.sentence, form.anchor, form.url, "")
        revise.link_source(work, issue_id, bullet_id, offer, who, form.based_on)
        return desk.saved(issue_id, bullet_id, who)

    return router
