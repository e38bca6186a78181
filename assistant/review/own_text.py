"""An editor's own text, held against the pages that it links to."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.llm.chat import Chat
from assistant.review.edit import with_articles
from assistant.types import Bullet
from assistant.workspace import Workspace


def check_bullets(
    workspace: Workspace, bullets: Sequence[Bullet], chat: Chat | None
) -> list[Bullet]:
    """The bullets with their links tied to the corpus, each claim with its verdict.

    `chat` is asked where the layers leave doubt; None leaves it at the layers.
    """
    verifier = workspace.verifier(chat)
    done = []
    for bullet in bullets:
        linked, articles = with_articles(workspace, bullet)
        done.append(verifier.check_bullet(linked, articles))
    return done
