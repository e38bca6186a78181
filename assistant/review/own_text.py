"""An editor's own text, held against the pages that it links to."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from assistant.review.edit import with_articles
from assistant.style.links import check_anchors
from assistant.types import Bullet
from assistant.verify.verifier import Verifier
from assistant.workspace import Workspace


def check_bullets(
    workspace: Workspace, bullets: Sequence[Bullet], verifier: Verifier
) -> list[Bullet]:
    """The bullets with their links tied to the corpus, each claim with its verdict.

    A bullet's own findings are those on its anchors; other rules of style are not looked at.
    """
    done = []
    for bullet in bullets:
        linked, articles = with_articles(workspace, bullet)
        checked = verifier.check_bullet(linked, articles)
        done.append(replace(checked, findings=tuple(check_anchors(checked))))
    return done
