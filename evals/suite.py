"""What a suite is: a dataset, a solver, a scorer, and the figures made of the scores.

A new suite is one file with a subclass of `Suite` and a line in `evals/suites.py`. The
runner (`evals/run.py`) records, resumes and repeats; a suite only says what its cases
are, what the assistant makes of one, and what that is worth.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from assistant.types import Usage

if TYPE_CHECKING:
    from assistant.llm.chat import Chat
    from evals.metrics import Measure

Json = Mapping[str, Any]
# The score that every case has, 1 or 0: failing cases are listed by it, and compared by it.
PASSED = "passed"


@dataclass(frozen=True)
class Case:
    """One case of a dataset. `input` and `expected` are plain JSON.

    Cases of one `cluster` (a document, a story; by default the case itself) are drawn
    together when an interval is estimated. Figures are also given for each `half`
    (development or held-back) and each `group` (a kind of case).
    """

    id: str
    input: Json
    expected: Json = field(default_factory=dict)
    cluster: str = ""
    half: str = ""
    group: str = ""


@dataclass(frozen=True)
class Solved:
    """What the assistant made of a case, as plain JSON, and what models took for it."""

    output: Json
    usage: Usage = Usage()


@dataclass(frozen=True)
class Result:
    """A case with its output and scores.

    `output` is None where solving failed: `error` says why, and the scores are the worst.
    """

    case: Case
    output: Json | None
    scores: Mapping[str, float]
    error: str | None = None
    seconds: float = 0.0
    usage: Usage = Usage()


@dataclass(frozen=True)
class Options:
    """What a suite is opened with.

    `data` is a public set by path, in place of the project's own. `cases` is the most
    cases of each group and half; None is the suite's own number. `writer` is `auto`,
    `extractive`, `model` or `chain`, for suites that draft.
    """

    chat: Chat | None = None
    data: Path | None = None
    cases: int | None = None
    writer: str = "auto"


class Suite(ABC):
    """Dataset, solver and scorer of one question.

    `measures` are the figures; the first ones are what a reader sees first. `parallel`
    says that without a model cases may be solved in several processes, each of which
    opens the suite for itself.
    """

    name: ClassVar[str]
    parallel: ClassVar[bool] = False

    def __init__(self, options: Options) -> None:
        self.options = options

    @property
    @abstractmethod
    def measures(self) -> Sequence[Measure]:
        """The figures, by the scores that they are made of."""

    @property
    @abstractmethod
    def data(self) -> Sequence[Path]:
        """Files and folders that the cases are made of; their digest is the data's."""

    @abstractmethod
    def cases(self) -> Sequence[Case]:
        """Return all cases, always in the same order; EvalError where there are none."""

    @abstractmethod
    def solve(self, case: Case) -> Solved:
        """Let the assistant work on a case; AssistantError counts as a failed case."""

    @abstractmethod
    def score(self, case: Case, output: Json | None) -> Mapping[str, float]:
        """Return the scores of an output, `passed` among them.

        None stands for a case that failed: it has the same scores, each at its worst.
        """

    def details(self, results: Sequence[Result], seconds: float) -> Json:
        """Return more keys for the record of a run, beside its figures.

        `seconds` is what solving the cases took, from start to end.
        """
        return {}

    def close(self) -> None:  # noqa: B027 - most suites have nothing to give back
        """Give back what the suite opened."""


def limited(cases: Sequence[Case], most: int | None) -> list[Case]:
    """At most `most` cases of each group and half, in their order; all where it is None."""
    seen: dict[tuple[str, str], int] = {}
    kept = []
    for case in cases:
        place = (case.group, case.half)
        seen[place] = seen.get(place, 0) + 1
        if most is None or seen[place] <= most:
            kept.append(case)
    return kept
