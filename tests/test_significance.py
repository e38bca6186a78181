import pytest
from scipy.stats import binomtest

from evals.metrics import Measure, estimate, mean, of_labels, ratio, table
from evals.significance import compare
from evals.stories import f1

PASSED = mean("passed")


def scores(wrong, of=100):
    return [{"passed": float(i >= wrong)} for i in range(of)]


ALONE = [str(i) for i in range(100)]


@pytest.mark.parametrize(("wrong", "call"), [(1, "undecided"), (5, "undecided"), (6, "worse")])
def test_few_turned_cases_are_tested_exactly(wrong, call):
    change = compare(PASSED, scores(0), scores(wrong), ALONE)
    # McNemar's exact test: all discordant pairs on one side, two-sided.
    p = binomtest(0, wrong, 0.5).pvalue if wrong > 1 else 1.0
    assert change.p == pytest.approx(p, abs=1e-3)
    assert change.call == call
    assert change.low <= change.difference <= change.high
    back = compare(PASSED, scores(wrong), scores(0), ALONE)
    assert (back.call, back.difference) == ({"worse": "better"}.get(call, call), -change.difference)


def test_two_runs_that_are_alike_differ_by_nothing():
    change = compare(PASSED, scores(3), scores(3), ALONE)
    assert (change.difference, change.low, change.high) == (0.0, 0.0, 0.0)
    assert (change.p, change.call) == (None, "undecided")


def test_cases_of_one_document_are_one_piece_of_evidence():
    documents = [str(i // 20) for i in range(100)]
    assert compare(PASSED, scores(0), scores(20), ALONE).call == "worse"
    assert compare(PASSED, scores(0), scores(20), documents).call == "undecided"


@pytest.mark.parametrize(("better", "call"), [("lower", "better"), ("neither", "undecided")])
def test_the_call_knows_which_way_is_better(better, call):
    assert compare(mean("passed", better=better), scores(0), scores(40), ALONE).call == call


def test_only_cases_that_have_the_score_are_compared():
    a = [*scores(0, 10), {"other": 1.0}]
    change = compare(PASSED, a, a, [str(i) for i in range(11)])
    assert change.cases == 10
    nothing = compare(mean("absent"), a, a, [str(i) for i in range(11)])
    assert (nothing.a, nothing.call, nothing.cases) == (None, "undecided", 0)


def test_measures_are_those_counted_by_hand():
    rows = [{"part": 1.0, "whole": 2.0}, {"part": 2.0, "whole": 2.0}, {"part": 0.0, "whole": 4.0}]
    measure = ratio("share", "part", "whole")
    assert estimate(measure, table(measure, rows, list("abc"))).value == 0.375
    both = [{"precision": 1.0, "recall": 0.5}, {"precision": 0.5, "recall": 0.5}]
    harmonic = Measure("f1", ("precision", "recall"), f1)
    assert estimate(harmonic, table(harmonic, both, list("ab"))).value == 0.6


def test_a_perfect_share_has_the_interval_of_its_clusters():
    rows = [{"passed": 1.0} for _ in range(100)]
    few = estimate(PASSED, table(PASSED, rows, [str(i // 20) for i in range(100)]))
    many = estimate(PASSED, table(PASSED, rows, ALONE))
    assert few.low == pytest.approx(0.025 ** (1 / 5), abs=1e-4)
    assert many.low == pytest.approx(0.025 ** (1 / 100), abs=1e-4)


@pytest.mark.parametrize("rows", [[], [{"label": 1.0, "score": 0.3}]])
def test_what_is_not_defined_has_no_value(rows):
    measure = of_labels("auroc", lambda labels, s: 1.0)
    assert estimate(measure, table(measure, rows, ["a"] * len(rows))).value is None
