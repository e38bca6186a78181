"""The suite `writing`, and the planted changes that it is to tell from harmless ones."""

from contextlib import ExitStack

import pytest
from fakes import Call, ScriptedModel, echo

from assistant import prompts
from assistant.errors import EvalError
from assistant.llm.catalog import Catalog
from evals import model_plantings
from evals.model_plantings import MODEL_PLANTED
from evals.suite import PASSED, Case, Options
from evals.suites import open_suite

EVIDENCE = "Japan and the US held talks in Tokyo on July 13."


def case_of(group: str = "short") -> Case:
    return Case("a-0", {}, {"evidence": EVIDENCE}, group=group)


def said(text: str, own: bool = True, verdict: str = "supported") -> dict[str, object]:
    return {"text": text, "own": own, "verdict": verdict}


@pytest.mark.parametrize(
    ("output", "expected"),
    [
        (said(EVIDENCE), {"short": 1, "own": 1, "supported": 1, "told": 1, "kept_to": 1}),
        (said("They held talks in Tokyo."), {"told": 0.5, "kept_to": 1, PASSED: 1}),
        (said(EVIDENCE + " Rain fell." * 16), {"short": 0, "told": 1, PASSED: 0}),
        (said(EVIDENCE, own=False), {"own": 0, PASSED: 0}),
        (said(EVIDENCE, verdict="partial"), {"supported": 0, PASSED: 0}),
    ],
    ids=["as asked", "half told", "too long", "given way", "not supported"],
)
def test_scores_are_those_counted_by_hand(output, expected):
    with open_suite("writing", Options()) as suite:
        scores = suite.score(case_of(), output)
    assert {name: scores[name] for name in expected} == pytest.approx(expected, abs=0.17)


def test_each_piece_of_evidence_is_asked_for_by_itself():
    seen = []

    def answer(call: Call) -> object:
        seen.append(call.messages[-1].content)
        return echo(call)

    chat = ScriptedModel([answer] * 4)
    with open_suite("writing", Options(chat=chat, cases=1)) as suite:
        cases = suite.cases()
        outputs = [suite.solve(case).output for case in cases]
    assert {(c.group, c.half) for c in cases} == {
        (group, half) for group in ("long", "short") for half in ("development", "held-back")
    }
    assert all(text.count("[") == 1 for text in seen)
    assert {output["verdict"] for output in outputs} == {"supported"}
    # Long evidence that comes back as it is was not retold.
    assert [output["own"] for output in outputs] == [case.group == "short" for case in cases]
    assert all((len(c.expected["evidence"].split()) > 32) == (c.group == "long") for c in cases)


def planted(name: str):
    return next(p for p in MODEL_PLANTED if p.name == name)


def written_prompt() -> list[prompts.Message]:
    return prompts.load("write-sentence").render(examples="One.", evidence="[1] Two.")


def test_the_planted_prompt_asks_for_no_length():
    before = written_prompt()
    with ExitStack() as stack:
        planted("a prompt that drops the word limit").plant(stack)
        after = written_prompt()
    assert "32 words" in before[0].content
    assert "words" not in after[0].content
    assert written_prompt() == before


@pytest.mark.parametrize("name", ["a renamed prompt variable", "reordered YAML of the prompts"])
def test_a_harmless_change_of_a_prompt_asks_the_same(name):
    before = written_prompt()
    with ExitStack() as stack:
        planted(name).plant(stack)
        assert written_prompt() == before


def test_the_planted_catalog_is_hotter_and_else_the_same():
    before = Catalog.load().default_embedded
    with ExitStack() as stack:
        planted("a temperature of 1.5").plant(stack)
        after = Catalog.load().default_embedded
    assert (before.temperature, after) == (0, before.model_copy(update={"temperature": 1.5}))


def test_the_smaller_model_is_one():
    catalog = Catalog.load()
    smaller = catalog.get(planted("a smaller model").settings.model)
    assert smaller.bytes < catalog.get(model_plantings.EMBEDDED).bytes


def test_a_planted_change_that_finds_nothing_to_change_says_so():
    plant = model_plantings._edited("write-sentence.yaml", "no such words", "")
    with ExitStack() as stack, pytest.raises(EvalError, match="no longer says"):
        plant(stack)
