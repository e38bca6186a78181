"""The suites by name. Each is imported when it is asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module

from assistant.errors import EvalError
from evals.suite import Options, Suite

# Suite: the module that defines it, and the class there.
SUITES = {
    "retrieval": "evals.retrieval:Retrieval",
    "stories": "evals.stories:Stories",
    "grounding": "evals.grounding:Grounding",
    "style": "evals.style:Style",
    "writing": "evals.writing:Writing",
    "drafting": "evals.drafting:Drafting",
    "injection": "evals.injection:Injection",
    "stability": "evals.stability:Stability",
    "replay": "evals.replay:Replay",
    "corruption": "evals.corruption:Corruption",
    "check": "evals.check:Check",
    "cite": "evals.cite:Cite",
    "citations": "evals.citations:Citations",
}
_EXTRA = {"ir_measures", "rapidfuzz"}


@contextmanager
def open_suite(name: str, options: Options) -> Iterator[Suite]:
    """The suite of this name, closed at the end; EvalError where a library is missing."""
    module, _, found = SUITES[name].partition(":")
    try:
        suite: Suite = getattr(import_module(module), found)(options)
    except ModuleNotFoundError as error:
        if error.name not in _EXTRA:
            raise
        raise EvalError(
            f"The suite {name} needs {error.name}; install `digest-assistant[evals]`."
        ) from error
    try:
        yield suite
    finally:
        suite.close()
