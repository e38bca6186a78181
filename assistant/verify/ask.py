"""Asks a model whether some evidence supports a claim. Both are data: neither may give orders."""

from __future__ import annotations

from collections.abc import Sequence

from assistant import prompts
from assistant.llm.chat import Chat
from assistant.sources import ADDRESS, unbarred
from assistant.types import Usage


def ask(chat: Chat, claim: str, evidence: Sequence[str]) -> tuple[float, Usage]:
    """The model's probability of yes, and what asking took; ModelError where it fails."""
    shown = "\n".join(f"- {sentence}" for sentence in evidence)
    messages = prompts.load("verify").render(
        evidence=ADDRESS.sub("[address]", shown), claim=ADDRESS.sub("[address]", unbarred(claim))
    )
    return chat.probability_of_yes(messages, shared=1, slot="verify")
