import json

import pytest
from click.testing import CliRunner

from assistant.cli import digest
from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.types import Verdict
from assistant.verify.verifier import Verifier
from evals.corrupt import KINDS, PARAPHRASES
from evals.corruption import UNTOUCHED, Corruption
from evals.metrics import share
from evals.suite import Case, Options, Result

SUITE = Corruption(Options(cases=2))
SOME = SUITE.cases()


def case(kind, half="development"):
    return Case(
        f"{kind}-{half}",
        {"claim": "About 4,000 people", "article": "a.md", "original": "", "changed": [6, 11]},
        {"supported": kind not in KINDS},
        half=half,
        group=kind,
    )


def result(kind, verdict, *spans):
    findings = [{"code": "number", "message": "m", "start": a, "end": b} for a, b in spans]
    output = {"verdict": verdict, "score": None, "findings": findings} if verdict else None
    return Result(case(kind), output, SUITE.score(case(kind), output))


def test_cases_are_of_both_halves_and_come_in_one_order():
    assert Corruption(Options(cases=2)).cases() == SOME
    counts = {(c.group, c.half): 0 for c in SOME}
    for one in SOME:
        counts[one.group, one.half] += 1
    assert set(counts.values()) <= {1, 2}
    assert {k for k, _ in counts} <= {UNTOUCHED, *KINDS, *PARAPHRASES}
    for kind in (UNTOUCHED, "number", "negation", "place", "wrong-source", "synonym"):
        assert counts[kind, "development"] == counts[kind, "held-back"] == 2


@pytest.mark.parametrize("one", SOME, ids=lambda c: f"{c.group}-{c.half}")
def test_a_case_differs_from_its_original_only_where_it_says(one):
    claim, original, start = one.input["claim"], one.input["original"], one.input["changed"][0]
    if one.group in (UNTOUCHED, "wrong-source"):
        assert claim == original
    else:
        assert claim != original
        assert claim[:start] == original[:start]


def test_a_wrong_source_is_of_another_story():
    wrong = [c.input for c in SOME if c.group == "wrong-source"]
    right = {c.input["claim"]: c.input["article"] for c in SOME if c.group == UNTOUCHED}
    assert all(right[c["claim"]] != c["article"] for c in wrong if c["claim"] in right)
    assert wrong


def test_what_counts_as_caught_and_as_located():
    results = [
        result("number", "contradicted", (6, 8)),
        result("number", "partial", (0, 5)),
        result("number", "supported"),
        result(UNTOUCHED, "supported"),
        result(UNTOUCHED, "partial"),
    ]
    record = SUITE.details(results, 1.0)
    assert record["detected"]["number"]["all"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert record["detected"]["number"]["all"]["located"] == pytest.approx(1 / 3, abs=1e-4)
    assert record["detected"]["number"]["held-back"]["rows"] == 0
    assert record["accepted"][UNTOUCHED]["all"]["value"] == 0.5


@pytest.mark.parametrize("verdict", ["unchecked", None])
def test_a_claim_that_was_not_checked_is_neither_caught_nor_let_through(verdict):
    assert set(result("number", verdict, (6, 8)).scores.values()) == {0.0}
    assert set(result(UNTOUCHED, verdict).scores.values()) == {0.0}


def test_an_interval_is_exact():
    # Clopper and Pearson: with no failure in n, the lower bound is 0.025 ** (1 / n).
    figure = share([True] * 10)
    assert figure.value == figure.high == 1.0
    assert figure.low == pytest.approx(0.025 ** (1 / 10), abs=1e-4)
    assert share([]).value is None


def test_a_checker_that_believes_everything_catches_nothing(monkeypatch):
    class Believes(Verifier):
        def check_text(self, text, articles):
            return Verdict("supported", 1.0)

    monkeypatch.setattr(SUITE, "_verifier", Believes(WordLlamaEmbedder()))
    scores = [SUITE.score(c, SUITE.solve(c).output) for c in SOME]
    assert {s["detected"] for s in scores if "detected" in s} == {0.0}
    assert {s["accepted"] for s in scores if "accepted" in s} == {1.0}


def test_the_command_prints_every_kind(tmp_path):
    words = ["eval", "corruption", "--cases", "1", "--workers", "1", "--model", "none", "--json"]
    done = CliRunner().invoke(digest, [*words, "--home", str(tmp_path)])
    assert done.exit_code == 0, done.output
    record = json.loads(done.stdout)
    assert set(record["detected"]) == set(KINDS)
    assert set(record["accepted"]) == {UNTOUCHED, *PARAPHRASES}
    assert record["rows"] == len(Corruption(Options(cases=1)).cases())
