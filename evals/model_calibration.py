"""Fits the score of support to a model's own answers: behind `digest model calibrate`.

The model is asked about some hundred labelled claims, as the checker would ask it. Figures
are of rows whose page was not fitted on: each half of the pages is scored by weights and a
threshold that were fitted on the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.metrics import roc_auc_score

from assistant import resources
from assistant.errors import AnswerError, EvalError
from assistant.llm import tokens
from assistant.llm.calibration import ASKED, WORDING, Calibration, asked_as
from assistant.llm.chat import Chat
from assistant.llm.embeddings import Embedder
from assistant.nlp import sentences
from assistant.terms import without_accents
from assistant.types import Usage
from assistant.verify.entailment import ask, question, says_word_for_word
from assistant.verify.evidence import Held, hold
from assistant.verify.judge import unaccented
from evals.answers import in_turn, measured
from evals.calibrate import WORN, Line, accuracy, calibration, fit, score
from evals.grounding import page_of
from evals.rows import Row, half_of

# Fewer answers tell no weights; of each label and half of the pages there must be some.
FEWEST, _FEWEST_OF_A_LABEL = 60, 8
# What an answer takes beside its prompt, by whether the model gives probabilities.
_ANSWER_TOKENS = {True: 1, False: 80}


@dataclass(frozen=True)
class Question:
    """A row of the set `file`, beside its page."""

    file: str
    row: Row
    held: Held


def questions(files: Sequence[Path], count: int, embedder: Embedder) -> list[Question]:
    """Up to `count` rows that a model would be asked about, in turn from all files.

    Those of one sentence that its page does not say word for word. Raises EvalError where they
    are too few to fit on.
    """
    found: list[Question] = []
    for file, _, row in in_turn(files or [resources.eval_data() / "pairs.jsonl"], None):
        if len(found) == count:
            break
        if len(sentences(row.claim)) != 1:
            continue
        claim = without_accents(row.claim)
        held = hold(claim, [unaccented(page_of(row.source, row.meta))], embedder)
        if held is not None and not says_word_for_word(held, claim):
            found.append(Question(file, row, held))
    for half in ("development", "held-back"):
        own = [one.row.label for one in found if half_of(one.row.source) == half]
        if len(found) < FEWEST or min(own.count(0), own.count(1)) < _FEWEST_OF_A_LABEL:
            raise EvalError(
                f"{len(found)} rows can be asked about; {FEWEST} and more are needed, about"
                f" several pages, and of each label {_FEWEST_OF_A_LABEL} in each half of the pages."
            )
    return found


def estimate(chat: Chat, asked: Iterable[Question]) -> Usage:
    """The tokens that these questions will take, and their cost in US dollars, seconds left out."""
    entry, total = chat.entry, Usage()
    for one in asked:
        text = "\n".join(m.content for m in question(entry, one.held))
        prompt = round(tokens.count(text, entry.token_margin))
        completion = _ANSWER_TOKENS[entry.logprobs]
        cost = (prompt * entry.price.prompt + completion * entry.price.completion) / 1e6
        total += Usage(prompt, 0, completion, cost)
    return total


@dataclass(frozen=True)
class Fitted:
    """A calibration, and what it gives on pages that it was not fitted on."""

    calibration: Calibration
    rows: int
    roc_auc: float
    balanced_accuracy: float
    usage: Usage

    def record(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "model": self.calibration.model,
            "rows": self.rows,
            "roc_auc": round(self.roc_auc, 4),
            "balanced_accuracy": round(self.balanced_accuracy, 4),
            "supported": self.calibration.supported,
            "usage": asdict(self.usage),
        }


def calibrate(chat: Chat, asked: Iterable[Question], embedder: Embedder) -> Fitted:
    """Ask, fit and measure; EvalError where the model answers too few to fit on.

    A question that the model answers with neither yes nor no is left out; any other failure
    ends it. Answers stand in the call cache, if there is one: the next run goes on from there.
    """
    sets: dict[str, dict[int, list[Line]]] = {}
    usage = Usage()
    for number, one in enumerate(asked):
        try:
            answer = ask(chat, one.held)
        except AnswerError:
            continue
        usage += answer.usage
        line = {
            **measured(one.held.claim, one.held, embedder),
            "answers": {WORN: answer.yes},
            "label": one.row.label,
            "half": half_of(one.row.source),
        }
        sets.setdefault(one.file, {})[number] = [line]
    count = sum(map(len, sets.values()))
    if count < FEWEST:
        raise EvalError(f"{chat.name} answered {count} questions; {FEWEST} and more are needed.")
    fitted = calibration(asked_as(chat.entry), sets, fit(sets, ASKED), fit(sets, WORDING))
    return Fitted(fitted, count, *_unseen(sets), usage)


def _unseen(sets: Mapping[str, Mapping[int, Sequence[Line]]]) -> tuple[float, float]:
    """ROC-AUC and balanced accuracy, each half of the pages scored by a fit on the other."""
    halves = []
    for half in ("development", "held-back"):
        some = [r for own in sets.values() for r in own.values() if r[0]["half"] == half]
        halves.append({"all": dict(enumerate(some))})
    found = []
    for own, other in (halves, halves[::-1]):
        fitted = fit(other, ASKED)
        rows = list(own["all"].values())
        labels = np.array([lines[0]["label"] for lines in rows], dtype=float)
        values = np.array([score(fitted, lines) for lines in rows])
        auc = float(roc_auc_score(labels, values))
        found.append((auc, accuracy(labels, values, fitted.threshold)))
    (auc, right), (other_auc, other_right) = found
    return (auc + other_auc) / 2, (right + other_right) / 2
