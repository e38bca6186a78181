"""What `evals/side_by_side.py` compares: systems that say how surely a claim is supported."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

from assistant.errors import AnswerError, EvalError
from assistant.llm import tokens
from assistant.llm.catalog import Model
from assistant.llm.chat import Chat, Server
from assistant.prompts import Message
from assistant.verify.verifier import Verifier
from evals.grounding import embedder, page_of
from evals.rows import Row

LAYERS, CHECKER, JUDGE, RAGAS, ROUGE = "layers", "checker", "judge", "ragas", "rouge2"
# Systems whose answers are the model's.
ASKING = frozenset((CHECKER, JUDGE, RAGAS))
_ROLE = "You judge whether claims are supported by documents."
_TASK = """Document:
{source}

Claim: {claim}

Is the claim supported by the document? Answer Yes or No."""
# Tokens left free of the article for what stands around it: ragas' own examples and its answer.
_ROOM = 4000


@dataclass(frozen=True)
class Said:
    """What a system said of a row; `score` is None where it gave no answer, `error` says why."""

    score: float | None
    tokens: int = 0
    error: str | None = None


@dataclass(frozen=True)
class Answer(Said):
    """What was said, by which system, and the seconds that it took.

    `key` is the digest of the row and the model, so that no answer serves another run.
    """

    system: str = ""
    key: str = ""
    seconds: float = 0.0


System = Callable[[Row], Said]


class Answers:
    """The answers of a run, in a file that grows line by line."""

    def __init__(self, file: Path, model: str) -> None:
        self._file = file
        self._model = model
        self._known: dict[tuple[str, str], Answer] = {}
        for line in file.read_text(encoding="utf-8").splitlines() if file.exists() else ():
            try:
                kept = Answer(**json.loads(line))
            except (ValueError, TypeError):  # the line that was being written at the cut
                continue
            self._known[kept.system, kept.key] = kept

    def get(self, name: str, row: Row, ask: System) -> Answer:
        """The answer that is there, or a new one, which is kept before it is returned."""
        model = self._model if name in ASKING else ""
        text = json.dumps([row.source, row.claim, model])
        key = hashlib.sha256(text.encode()).hexdigest()[:16]
        if (name, key) not in self._known:
            begun = time.perf_counter()
            said = ask(row)
            seconds = round(time.perf_counter() - begun, 4)
            made = Answer(**asdict(said), system=name, key=key, seconds=seconds)
            with self._file.open("a", encoding="utf-8") as lines:
                lines.write(json.dumps(asdict(made)) + "\n")
            self._known[name, key] = made
        return self._known[name, key]


class Rival:
    """One system of `evals/rivals.py`, run with the Python of its own environment."""

    def __init__(self, system: str, python: Path, model: Model, server: Server) -> None:
        self._system = system
        self._python = python
        self._model = model
        self._server = server
        self._process: subprocess.Popen[str] | None = None

    def __call__(self, row: Row) -> Said:
        """Ask; EvalError where the environment does not run."""
        process = self._process or self._start()
        assert process.stdin is not None and process.stdout is not None
        source = shortened(row.source, self._model)
        question = {"system": self._system, "claim": row.claim, "source": source}
        try:
            process.stdin.write(json.dumps(question) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:
            line = ""
        if not line:
            raise EvalError(
                f"{self._python} does not run evals/rivals.py; see what it wants there."
            )
        answer = json.loads(line)
        return Said(answer["score"], answer["tokens"], answer["error"])

    def _start(self) -> subprocess.Popen[str]:
        environment = {**os.environ, "RAGAS_DO_NOT_TRACK": "true"}
        if self._system in ASKING:
            environment["RIVALS_MODEL"] = self._model.name
            environment["RIVALS_API_KEY"] = self._server.api_key
            environment["RIVALS_BASE_URL"] = self._server.base_url
        # -P: this folder's modules are not to be found in place of that environment's.
        command = [str(self._python), "-P", str(Path(__file__).with_name("rivals.py"))]
        pipe = subprocess.PIPE
        try:
            self._process = subprocess.Popen(
                command, stdin=pipe, stdout=pipe, text=True, env=environment
            )
        except OSError as error:
            raise EvalError(f"{self._python} could not be started: {error.strerror}.") from error
        return self._process

    def close(self) -> None:
        """End the process."""
        if self._process is not None:
            self._process.communicate()
            self._process = None


def shortened(source: str, model: Model) -> str:
    """`source` cut at the paragraph or word where the model's context would be full."""
    room = model.context - _ROOM
    if tokens.count(source, model.token_margin) <= room:
        return source
    return " ".join(tokens.fit(source.split(), room, model.token_margin))


def judge(chat: Chat, row: Row) -> Said:
    """The model's probability of yes to a plain prompt."""
    task = _TASK.format(source=shortened(row.source, chat.entry), claim=row.claim)
    try:
        yes, usage = chat.probability_of_yes(
            [Message("system", _ROLE), Message("user", task)], shared=1, slot="judge"
        )
    except AnswerError as error:
        return Said(None, 0, str(error))
    return Said(yes, usage.prompt_tokens + usage.completion_tokens)


def check(chat: Chat | None, row: Row) -> Said:
    """The checker's own probability of support; none where it leaves the row unchecked."""
    verifier = Verifier(embedder(), chat)
    score = verifier.check_text(row.claim, [page_of(row.source)]).score
    return Said(score, verifier.usage.prompt_tokens + verifier.usage.completion_tokens)
