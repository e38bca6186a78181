"""Routes of one bullet: its words, claims, evidence, repairs, history and signatures."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.desk import article_views, views
from assistant.desk.context import Desk, Who
from assistant.desk.offsets import to_units
from assistant.desk.routes import forms
from assistant.desk.views import Json
from assistant.errors import ReviewError
from assistant.review import history, repairs, signoff
from assistant.review.edit import Words, find_bullet, newest, save_bullet
from assistant.review.evidence import sources_of
from assistant.review.merge import merge
from assistant.types import Finding


def routes(desk: Desk) -> APIRouter:
    """The routes under `/api/issues/{issue}/bullets/{bullet}`."""
    router = APIRouter(prefix="/api/issues/{issue_id}/bullets/{bullet_id}")
    work = desk.workspace

    @router.get("")
    def read(issue_id: str, bullet_id: str) -> Json:
        find_bullet(work.issues.get(issue_id), bullet_id)
        return desk.bullet(bullet_id)

    @router.put("")
    def save(issue_id: str, bullet_id: str, form: forms.WordsForm, who: Who) -> Json:
        save_bullet(work, issue_id, bullet_id, form.words(), who, form.based_on)
        return desk.saved(issue_id, bullet_id, who)

    @router.post("/check")
    def check(issue_id: str, bullet_id: str, who: Who) -> Json:
        desk.checker.ask(issue_id, bullet_id, who)
        return desk.bullet(bullet_id)

    @router.get("/claims/{number}/evidence")
    def evidence(issue_id: str, bullet_id: str, number: int) -> Json:
        bullet = newest(work, bullet_id).bullet
        if not 0 <= number < len(bullet.claims):
            raise ReviewError("That claim is gone; open the bullet again.")
        sources = sources_of(work, bullet_id, bullet.claims[number])
        return {"sources": [article_views.source_view(s, s.article_id) for s in sources]}

    @router.get("/claims/{number}/repairs")
    def proposed(issue_id: str, bullet_id: str, number: int) -> Json:
        found = repairs.repairs(work, work.issues.get(issue_id), bullet_id, number)
        return {"repairs": [views.repair_view(n, r) for n, r in enumerate(found)]}

    @router.post("/repair")
    def repair(issue_id: str, bullet_id: str, form: forms.RepairForm, who: Who) -> Json:
        repairs.apply_repair(work, issue_id, bullet_id, form.claim, form.repair, who, form.based_on)
        return desk.saved(issue_id, bullet_id, who)

    @router.post("/fix")
    def fix(issue_id: str, bullet_id: str, form: forms.FixForm, who: Who) -> Json:
        bullet = newest(work, bullet_id).bullet

        def chosen(finding: Finding) -> bool:
            whole = bullet.headline if finding.field == "headline" else bullet.text
            at = (finding.code, finding.field, to_units(whole, finding.start))
            return form.code is None or at == (form.code, form.field, form.start)

        repairs.apply_fixes(work, issue_id, bullet_id, chosen, who, form.based_on)
        return desk.saved(issue_id, bullet_id, who)

    @router.get("/history")
    def past(issue_id: str, bullet_id: str) -> Json:
        found = history.sittings(work, bullet_id)
        return {"sittings": [views.sitting_view(s) for s in found]}

    @router.get("/compare")
    def compare(issue_id: str, bullet_id: str, old: int, new: int) -> Json:
        a = history.revision(work, bullet_id, old).bullet
        b = history.revision(work, bullet_id, new).bullet
        return {
            "headline": history.compare(a.headline, b.headline),
            "text": history.compare(a.text, b.text),
        }

    @router.post("/restore")
    def restore(issue_id: str, bullet_id: str, form: forms.RestoreForm, who: Who) -> Json:
        history.restore(work, issue_id, bullet_id, form.number, who, form.based_on, form.note)
        return desk.saved(issue_id, bullet_id, who)

    @router.post("/merge")
    def both(issue_id: str, bullet_id: str, form: forms.WordsForm) -> Json:
        """The words of the form beside the newest, from the revision that both began with."""
        theirs = newest(work, bullet_id)
        base = history.revision(work, bullet_id, form.based_on).bullet
        pieces = merge(
            Words(base.headline, base.text, base.citations),
            form.words(),
            Words(theirs.bullet.headline, theirs.bullet.text, theirs.bullet.citations),
        )
        return {
            "author": theirs.author,
            "at": views.moment(theirs.saved_at),
            "revision": theirs.number,
            "pieces": [views.piece_view(p) for p in pieces],
        }

    @router.post("/sign")
    def sign(issue_id: str, bullet_id: str, form: forms.SignForm, who: Who) -> Json:
        signoff.sign(work, issue_id, bullet_id, form.state, who, form.based_on, form.reason)
        return desk.bullet(bullet_id)

    @router.post("/notes")
    def note(issue_id: str, bullet_id: str, form: forms.NoteForm, who: Who) -> Json:
        signoff.leave_note(work, bullet_id, form.text, who)
        return desk.bullet(bullet_id)

    @router.post("/notes/{note_id}/settle")
    def settle(issue_id: str, bullet_id: str, note_id: int, who: Who) -> Json:
        signoff.settle_note(work, bullet_id, note_id, who)
        return desk.bullet(bullet_id)

    return router
