"""The checker beside what a user would pick instead: `python -m evals.side_by_side --data FILE`.

On the same rows, with the same embedded model where one is needed: ragas' faithfulness, a
plain judge prompt over the whole article, ROUGE-2, and the checker with and without the
model. Every threshold is fixed before: 0.5 for the judge and ragas, the shipped
calibration's for the checker, and for ROUGE-2 the best on development rows of the file.

Each answer is kept in a JSONL file as it comes; a run that was cut goes on where it was.
With `OPENAI_BASE_URL` set, the model of that endpoint is asked instead.
"""

from __future__ import annotations

import argparse
import random
import statistics
from collections.abc import Mapping, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np
from rich.console import Console
from rich.progress import track

from assistant.errors import AssistantError, EvalError, ModelError
from assistant.llm.calibration import load_calibration
from assistant.llm.catalog import Catalog, EmbeddedModel, Model, is_pulled, path
from assistant.llm.chat import ChatModel, Endpoint, Server
from assistant.llm.embedded import EmbeddedServer
from assistant.settings import Settings
from evals.contenders import (
    ASKING,
    CHECKER,
    JUDGE,
    LAYERS,
    RAGAS,
    ROUGE,
    Answer,
    Answers,
    Rival,
    System,
    check,
    judge,
)
from evals.metrics import Figure, auroc, balanced_accuracy, figure
from evals.rows import Row, half_of, load_rows

NAMES = {
    LAYERS: "our checker, no model",
    CHECKER: "our checker, with the model",
    JUDGE: "plain judge prompt, whole article",
    RAGAS: "ragas faithfulness",
    ROUGE: "ROUGE-2",
}
SEED = 7
_EVEN = 0.5
# Rows that the threshold of ROUGE-2 is chosen on.
_DEVELOPMENT = 400


def choose_rows(rows: Sequence[Row], count: int, half: str) -> list[Row]:
    """At most `count` labelled rows of a half, as many supported as not, in a drawn order."""
    chance = random.Random(SEED)
    own = [r for r in rows if r.label is not None and half_of(r.source) == half]
    own = chance.sample(own, len(own))
    chosen = [r for label in (0, 1) for r in [r for r in own if r.label == label][: count // 2]]
    if len({r.label for r in chosen}) < 2:
        raise EvalError(f"The {half} half has not both supported and unsupported rows.")
    return chance.sample(chosen, len(chosen))


def best_threshold(rows: Sequence[Row], scores: Sequence[float]) -> float:
    """The threshold on `scores` that best parts the two labels."""
    labels, given = np.array([int(r.label or 0) for r in rows]), np.array(scores)
    return max(sorted(set(scores)), key=lambda t: balanced_accuracy(t)(labels, given))


@dataclass(frozen=True)
class Line:
    """One system's line of the table. Tokens and seconds are a claim's, seconds the median."""

    system: str
    auroc: Figure
    balanced_accuracy: Figure
    threshold: float
    seconds: float
    tokens: float
    unanswered: int


def line_of(system: str, rows: Sequence[Row], answers: Sequence[Answer], threshold: float) -> Line:
    """The figures of a system; a row that it did not answer counts as wrong."""
    labels = [int(r.label or 0) for r in rows]
    scores = [
        1.0 - label if a.score is None else a.score
        for label, a in zip(labels, answers, strict=True)
    ]
    names = [r.source for r in rows]
    return Line(
        system,
        figure(auroc, labels, scores, names),
        figure(balanced_accuracy(threshold), labels, scores, names),
        threshold,
        statistics.median(a.seconds for a in answers),
        statistics.fmean(a.tokens for a in answers),
        sum(a.score is None for a in answers),
    )


def table(lines: Sequence[Line]) -> str:
    """The comparison as a Markdown table."""
    head = ("system", "ROC-AUC", "balanced accuracy", "threshold", "s a claim", "tokens a claim")
    shown = ["| " + " | ".join((*head, "unanswered")) + " |", "|---|---|---|---|---|---|---|"]
    for one in lines:
        figures = f"{_shown(one.auroc)} | {_shown(one.balanced_accuracy)} | {one.threshold:.2f}"
        costs = f"{one.seconds:.2g} | {one.tokens:.0f} | {one.unanswered}"
        shown.append(f"| {NAMES[one.system]} | {figures} | {costs} |")
    return "\n".join(shown)


def _shown(figure: Figure) -> str:
    return f"{figure.value:.3f} ({figure.low:.3f} to {figure.high:.3f})"


def compare(
    rows: Sequence[Row],
    development: Sequence[Row],
    systems: Mapping[str, System],
    answers: Answers,
) -> list[Line]:
    """Ask every system about every row, row by row, and give each its line."""
    thresholds = {
        **dict.fromkeys((LAYERS, CHECKER), load_calibration().supported),
        **dict.fromkeys((JUDGE, RAGAS), _EVEN),
    }
    if ROUGE in systems:
        seen = [answers.get(ROUGE, row, systems[ROUGE]) for row in development]
        thresholds[ROUGE] = best_threshold(development, [a.score or 0.0 for a in seen])
    said: dict[str, list[Answer]] = {name: [] for name in systems}
    for row in track(rows, "Asking", console=Console(stderr=True)):
        for name, ask in systems.items():
            said[name].append(answers.get(name, row, ask))
    return [line_of(name, rows, own, thresholds[name]) for name, own in said.items()]


def open_server(settings: Settings, asked: bool) -> tuple[Model, Server]:
    """The model that is meant and where it answers; nothing is started yet.

    ModelError where it will be `asked` and is not on this machine.
    """
    catalog = Catalog.load()
    if settings.openai_base_url:
        key = settings.openai_api_key
        server = Endpoint(settings.openai_base_url, key.get_secret_value() if key else "none")
        if settings.model == "auto":
            return catalog.default_endpoint, server
        return catalog.other_endpoint(settings.model), server
    name = catalog.default_embedded.name if settings.model == "auto" else settings.model
    entry = catalog.get(name)
    if not isinstance(entry, EmbeddedModel) or (asked and not is_pulled(entry, settings.models)):
        raise ModelError(f"The model {name} is not on this machine; `digest model pull {name}`.")
    return entry, EmbeddedServer(entry, path(entry, settings.models))


def main() -> None:
    """Compare, and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="rows of claim and source")
    parser.add_argument("--rows", type=int, default=200, help="so many, half of them supported")
    parser.add_argument("--half", choices=("development", "held-back"), default="held-back")
    parser.add_argument("--answers", type=Path, required=True, help="JSONL to keep answers in")
    parser.add_argument("--systems", nargs="+", choices=NAMES, default=list(NAMES))
    parser.add_argument("--rivals", type=Path, help="Python of the environment with ragas")
    parser.add_argument("--model", default="auto", help="name of the model to ask")
    args = parser.parse_args()
    if args.rivals is None and {RAGAS, ROUGE} & set(args.systems):
        parser.error("ragas and rouge2 need --rivals; see evals/rivals.py")
    try:
        print(table(run(args)))
    except AssistantError as error:
        parser.exit(1, f"{error}\n")


def run(args: argparse.Namespace) -> list[Line]:
    """The lines of what the command line asks for."""
    every = load_rows(args.data)
    asked = bool(ASKING & set(args.systems))
    model, server = open_server(Settings(model=args.model), asked)
    rivals = {name: Rival(name, args.rivals, model, server) for name in (RAGAS, ROUGE)}
    with closing(ChatModel(model, server)) as chat, ExitStack() as stack:
        for rival in rivals.values():
            stack.callback(rival.close)
        all_systems: dict[str, System] = {
            LAYERS: partial(check, None),
            CHECKER: partial(check, chat),
            JUDGE: partial(judge, chat),
            **rivals,
        }
        return compare(
            choose_rows(every, args.rows, args.half),
            choose_rows(every, _DEVELOPMENT, "development") if ROUGE in args.systems else [],
            {name: all_systems[name] for name in args.systems},
            Answers(args.answers, model.name),
        )


if __name__ == "__main__":
    main()
