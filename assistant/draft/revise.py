"""Writes a sentence again as an editor asks: with a model, or by the few rules that need none.

Without a model an editor may ask for `shorter`, to `lead with the date`, and to `add` what a
source says of something; whatever else is asked, somebody has to understand it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, Field

from assistant import prompts
from assistant.dates import find_dates
from assistant.errors import AnswerError, ModelError
from assistant.llm.chat import Chat
from assistant.nlp import parse
from assistant.sources import ADDRESS
from assistant.style.fix import apply_substitutions

_TOKENS = 160
_SHORTER = re.compile(r"\b(?:shorte[nr]|cut|trim|tighte[nr])\b", re.I)
_DATE_FIRST = re.compile(r"\b(?:lead|begin|start|open)\w*\s+with\s+the\s+(?:date|day)\b", re.I)
_ADD = re.compile(r"\b(?:add|mention|include)\b\s*(?P<what>.+)", re.I | re.S)
NO_MODEL = (
    "Without a model the desk understands “shorter”, “lead with the date” and “add …”. For "
    "anything else, pull a model with `digest model pull`, or change the text by hand."
)


class _Revised(BaseModel):
    model_config = ConfigDict(extra="forbid")

    text: str = Field(min_length=1, max_length=600)


def added_subject(instruction: str) -> str | None:
    """What an instruction asks to be added, None where it asks for something else."""
    match = _ADD.search(instruction)
    return match["what"].strip(" .") if match else None


def revise_sentence(
    chat: Chat | None,
    instruction: str,
    sentence: str,
    place: tuple[int, int],
    evidence: Sequence[str],
) -> str | None:
    """`sentence` as the editor asks; as it is where nothing is asked of it, None to drop it.

    `place` is its number, from 1, and that of all. Raises ModelError where the instruction needs a
    model and there is none, or the model fails; AnswerError where its answer has an address.
    """
    if chat is None:
        return _by_rule(instruction, sentence, place)
    messages = prompts.load("revise-sentence").render(
        instruction=instruction,
        sentence=sentence,
        evidence="\n".join(f"[{n}] {text}" for n, text in enumerate(evidence, 1)),
    )
    reply = chat.complete(messages, _Revised, max_tokens=_TOKENS, shared=1, slot="revise")
    text = " ".join(reply.value.text.split())
    if ADDRESS.search(text):
        raise AnswerError("The model wrote an address into the sentence; ask again.")
    return apply_substitutions(text)


def _by_rule(instruction: str, sentence: str, place: tuple[int, int]) -> str | None:
    number, last = place
    if _DATE_FIRST.search(instruction):
        return date_first(sentence) if number == 1 else sentence
    if _SHORTER.search(instruction):
        return None if number == last else sentence
    raise ModelError(NO_MODEL)


def date_first(sentence: str) -> str:
    """The sentence with its first `on July 13` at its head; as it is where it has none."""
    for mention in find_dates(sentence, None):
        before = sentence[: mention.start]
        if before.endswith(" on "):
            rest = before.removesuffix(" on ") + sentence[mention.end :]
            opening = parse(sentence)[0]
            if opening.pos_ != "PROPN" and opening.text.istitle():
                rest = rest[0].lower() + rest[1:]
            return f"On {sentence[mention.start : mention.end]}, {rest}"
    return sentence
