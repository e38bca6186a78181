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
from evals.suite import PASSED, Case, Options, Result

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


def result(kind, verdict, *spans, code="number"):
    findings = [{"code": code, "message": "m", "start": a, "end": b} for a, b in spans]
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


@pytest.mark.parametrize(
    ("verdict", "spans", "code", "detected", "located", "refuted"),
    [
        ("contradicted", [(6, 8)], "number", 1, 1, 1),
        ("unsupported", [(0, 5)], "number", 1, 0, 1),
        ("partial", [(10, 18)], "number", 1, 1, 1),
        ("unchecked", [(6, 8)], "number", 1, 1, 0),
        ("unchecked", [(0, 18)], "meaning-not-checked", 1, 0, 0),
        ("unsupported", [(0, 18)], "no-evidence", 1, 0, 1),
        ("supported", [], "", 0, 0, 0),
        (None, [], "", 0, 0, 0),
    ],
)
def test_a_wrong_claim_is_detected_located_and_refuted(
    verdict, spans, code, detected, located, refuted
):
    scores = result("number", verdict, *spans, code=code).scores
    expected = {"detected": detected, "located": located, PASSED: detected}
    assert scores == expected | {"refuted": refuted}
    # Of kinds that no check reads exactly it is not asked whether they are refuted.
    assert result("negation", verdict, *spans, code=code).scores == expected


@pytest.mark.parametrize(
    ("verdict", "accepted", "unrefuted"),
    [
        ("supported", 1, 1),
        ("unchecked", 0, 1),
        ("partial", 0, 0),
        ("unsupported", 0, 0),
        ("contradicted", 0, 0),
        (None, 0, 0),
    ],
)
@pytest.mark.parametrize("kind", [UNTOUCHED, "synonym"])
def test_a_right_claim_is_accepted_or_at_least_not_called_wrong(kind, verdict, accepted, unrefuted):
    scores = result(kind, verdict, (6, 8)).scores
    assert scores == {"accepted": accepted, "unrefuted": unrefuted, PASSED: unrefuted}


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
    for name, value in (("detected", 0), ("located", 0), ("refuted", 0), ("accepted", 1)):
        assert {s[name] for s in scores if name in s} == {value}


def test_a_checker_that_believes_nothing_calls_right_claims_wrong(monkeypatch):
    class Doubts(Verifier):
        def check_text(self, text, articles):
            return Verdict("unsupported", 0.0)

    monkeypatch.setattr(SUITE, "_verifier", Doubts(WordLlamaEmbedder()))
    scores = [SUITE.score(c, SUITE.solve(c).output) for c in SOME]
    for name, value in (("detected", 1), ("refuted", 1), ("accepted", 0), ("unrefuted", 0)):
        assert {s[name] for s in scores if name in s} == {value}


def test_the_command_prints_every_kind(tmp_path):
    words = ["eval", "corruption", "--cases", "1", "--workers", "1", "--model", "none", "--json"]
    done = CliRunner().invoke(digest, [*words, "--home", str(tmp_path)])
    assert done.exit_code == 0, done.output
    record = json.loads(done.stdout)
    assert set(record["detected"]) == set(KINDS)
    assert set(record["accepted"]) == {UNTOUCHED, *PARAPHRASES}
    assert record["rows"] == len(Corruption(Options(cases=1)).cases())
    measures = {"detected", "located", "refuted", "accepted", "unrefuted"}
    assert record["metrics"].keys() == measures
