"""Runs a suite: solves its cases, keeps every one, and makes figures of the scores.

A case whose solver fails is a case with the worst scores, named in the record; it is
never left out. Failures are tried again by the next run, solved cases are not.
"""

from __future__ import annotations

import datetime as dt
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import ExitStack
from multiprocessing import get_context
from typing import Any

from assistant.errors import AssistantError, EvalError
from assistant.settings import Settings
from assistant.types import Usage
from evals.record import (
    Run,
    input_key,
    new_header,
    outputs_of,
    result_line,
    runs_folder,
    write_header,
)
from evals.suite import PASSED, Case, Options, Result, Suite
from evals.suites import open_suite
from evals.summary import summary

# Below this many cases a second process costs more than it gives.
_FEW = 64
_CHUNK = 16
Progress = Callable[[int, int], None]
Solution = tuple[Any, str | None, float, Usage]


def run_suite(
    suite: Suite,
    settings: Settings,
    *,
    workers: int = 1,
    fresh: bool = False,
    progress: Progress = lambda done, of: None,
) -> Run:
    """Run all cases of a suite and keep the run in the home of `settings`.

    Outputs of earlier runs on the same inputs are taken over, unless `fresh`. Raises
    EvalError where the suite has no case, or two of the same id.
    """
    cases = suite.cases()
    _check(suite, cases)
    folder = runs_folder(settings)
    header = new_header(suite, settings)
    known = {} if fresh else outputs_of(header["fingerprint"], folder)
    place = folder / header["id"]
    write_header(place, header)
    begun = time.perf_counter()
    results = []
    reused = 0
    with (place / "cases.jsonl").open("w", encoding="utf-8") as file:
        for result, old in _results(suite, cases, known, workers):
            results.append(result)
            reused += old
            file.write(result_line(result))
            file.flush()
            progress(len(results), len(cases))
    seconds = time.perf_counter() - begun
    header |= {
        "finished": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "seconds": round(seconds, 2),
        "reused": reused,
        **summary(suite, results, sum(r.seconds for r in results) if reused else seconds),
    }
    write_header(place, header)
    return Run(header, tuple(results))


def _check(suite: Suite, cases: Sequence[Case]) -> None:
    if not cases:
        raise EvalError(f"The suite {suite.name} has no case; an empty set has no score.")
    double = [name for name, n in Counter(case.id for case in cases).items() if n > 1]
    if double:
        raise EvalError(f"The suite {suite.name} has two cases {double[0]}; ids must differ.")


def _results(
    suite: Suite, cases: Sequence[Case], known: Mapping[str, Result], workers: int
) -> Iterator[tuple[Result, bool]]:
    """The result of each case in order, and whether an earlier run solved it."""
    pending = [case for case in cases if input_key(case) not in known]
    with ExitStack() as stack:
        solutions = _solutions(suite, pending, workers, stack)
        for case in cases:
            old = known.get(input_key(case))
            if old is None:
                output, error, seconds, usage = next(solutions)
            else:
                output, error, seconds, usage = old.output, None, old.seconds, old.usage
            scores = dict(suite.score(case, output))
            if PASSED not in scores:
                raise EvalError(f"The suite {suite.name} does not say whether {case.id} passed.")
            yield Result(case, output, scores, error, seconds, usage), old is not None


def _solutions(
    suite: Suite, cases: Sequence[Case], workers: int, stack: ExitStack
) -> Iterator[Solution]:
    alone = suite.options.chat is not None or not suite.parallel
    if alone or workers < 2 or len(cases) < _FEW:
        return (_solution(suite, case) for case in cases)
    pool = stack.enter_context(
        ProcessPoolExecutor(
            workers,
            mp_context=get_context("spawn"),
            initializer=_open_in_worker,
            initargs=(suite.name, suite.options),
        )
    )
    return pool.map(_solution_in_worker, cases, chunksize=_CHUNK)


_worker = ExitStack()
_opened: list[Suite] = []


def _open_in_worker(name: str, options: Options) -> None:
    _opened.append(_worker.enter_context(open_suite(name, options)))


def _solution_in_worker(case: Case) -> Solution:
    return _solution(_opened[0], case)


def _solution(suite: Suite, case: Case) -> Solution:
    """The output as it will be read back, or the reason why there is none."""
    begun = time.perf_counter()
    try:
        solved = suite.solve(case)
        output, error, usage = json.loads(json.dumps(solved.output)), None, solved.usage
    except AssistantError as problem:
        output, error, usage = None, str(problem), Usage()
    return output, error, round(time.perf_counter() - begun, 4), usage
