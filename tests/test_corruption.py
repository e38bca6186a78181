import json

import pytest
from click.testing import CliRunner
from samples import article

from assistant.cli import digest
from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.types import Finding, Verdict
from assistant.verify.verifier import Verifier
from evals.corrupt import KINDS, PARAPHRASES
from evals.corruption import UNTOUCHED, Case, Outcome, cases, check, report, share

PAGE = article("a", "About 3,000 personnel took part in the drill.")
SOME = cases(2)


def case(kind, text, start=0, end=0, half="development"):
    return Case(kind, half, text, text, start, end, PAGE)


def outcome(kind, status, found=()):
    verdict = Verdict(status, None if status == "unchecked" else 0.5, (), tuple(found))
    return Outcome(case(kind, "About 4,000 people", 6, 11), verdict)


def test_cases_are_of_both_halves_and_come_in_one_order():
    assert cases(2) == SOME
    counts = {(c.kind, c.half): 0 for c in SOME}
    for one in SOME:
        counts[one.kind, one.half] += 1
    assert set(counts.values()) <= {1, 2}
    assert {k for k, _ in counts} <= {UNTOUCHED, *KINDS, *PARAPHRASES}
    for kind in (UNTOUCHED, "number", "negation", "place", "wrong-source", "synonym"):
        assert counts[kind, "development"] == counts[kind, "held-back"] == 2


@pytest.mark.parametrize("one", SOME, ids=lambda c: f"{c.kind}-{c.half}")
def test_a_case_differs_from_its_original_only_where_it_says(one):
    if one.kind in (UNTOUCHED, "wrong-source"):
        assert one.text == one.original
    else:
        assert one.text != one.original
        assert one.text[: one.start] == one.original[: one.start]


def test_a_wrong_source_is_of_another_story():
    wrong = [c for c in SOME if c.kind == "wrong-source"]
    right = {c.text: c.article.id for c in SOME if c.kind == UNTOUCHED}
    assert all(right[c.text] != c.article.id for c in wrong if c.text in right)
    assert wrong


def test_what_counts_as_caught_and_as_located():
    inside = Finding("number", "error", "m", 6, 8)
    beside = Finding("number", "error", "m", 0, 5)
    outcomes = [
        outcome("number", "contradicted", [inside]),
        outcome("number", "unchecked", [beside]),
        outcome("number", "supported"),
        outcome(UNTOUCHED, "supported"),
        outcome(UNTOUCHED, "unchecked"),
    ]
    record = report(outcomes)
    assert record["detected"]["number"]["all"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert record["detected"]["number"]["all"]["located"] == pytest.approx(1 / 3, abs=1e-4)
    assert record["detected"]["number"]["held-back"]["rows"] == 0
    assert record["accepted"][UNTOUCHED]["all"]["value"] == 0.5


def test_an_interval_is_exact():
    # Clopper and Pearson: with no failure in n, the lower bound is 0.025 ** (1 / n).
    figure = share([True] * 10)
    assert figure.value == figure.high == 1.0
    assert figure.low == pytest.approx(0.025 ** (1 / 10), abs=1e-4)
    assert share([]).value is None


def test_a_checker_that_believes_everything_catches_nothing():
    class Believes(Verifier):
        def check_text(self, text, articles):
            return Verdict("supported", 1.0)

    record = report(list(check(Believes(WordLlamaEmbedder()), SOME)))
    assert {v["all"]["value"] for v in record["detected"].values()} <= {0.0, None}
    assert record["accepted"][UNTOUCHED]["all"]["value"] == 1.0


def test_the_command_prints_every_kind():
    words = ["eval", "corruption", "--cases", "1", "--model", "none", "--json"]
    result = CliRunner().invoke(digest, words)
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert set(record["detected"]) == set(KINDS)
    assert set(record["accepted"]) == {UNTOUCHED, *PARAPHRASES}


def test_grounding_without_rows_is_wrong_usage():
    result = CliRunner().invoke(digest, ["eval", "grounding"])
    assert result.exit_code == 2
    assert "--data FILE" in result.output
