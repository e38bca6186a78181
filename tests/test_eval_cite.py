import pytest

from evals import cite
from evals.cite import OTHER_MATTERS, Cite
from evals.corrupt import KINDS, PARAPHRASES
from evals.suite import PASSED, Case, Options

TWO = Options(cases=2)
OWN, SAME_STORY, OTHER = "space-talks-wire.md", "space-talks-press.md", "jakarta-wire.md"


@pytest.fixture(scope="module")
def suite():
    made = Cite(TWO)
    yield made
    made.close()


@pytest.fixture(scope="module")
def cases(suite):
    return suite.cases()


def test_there_are_true_sentences_wrong_ones_and_some_on_other_matters(cases):
    groups = {c.group for c in cases}
    assert {"untouched", "synonym", "number", "negation", OTHER_MATTERS} <= groups
    assert groups <= {"untouched", *PARAPHRASES, *KINDS, OTHER_MATTERS} - {"wrong-source"}
    assert len({c.id for c in cases}) == len(cases)
    assert {c.half for c in cases} == {"development", "held-back"}


def test_other_matters_are_typed_without_links_and_told_by_no_page(cases):
    for case in [c for c in Cite(Options()).cases() if c.group == OTHER_MATTERS]:
        assert "](" not in case.input["claim"]
        assert not any(told in case.input["claim"] for told in cite._TOLD)


@pytest.mark.parametrize(
    ("group", "proposed", "says_so", "right"),
    [
        ("untouched", [OWN], ["supported"], 1),
        ("untouched", [OWN], ["partial"], 1),
        ("untouched", [OWN], ["unchecked"], 1),
        ("synonym", [SAME_STORY], ["supported"], 1),
        ("untouched", [SAME_STORY], ["partial"], 0),
        ("untouched", [SAME_STORY], ["unchecked"], 0),
        ("untouched", [OTHER], ["supported"], 0),
        ("untouched", [], [], 0),
        ("untouched", [OWN, OTHER], ["supported", "supported"], 0),
        (OTHER_MATTERS, [], [], 1),
        (OTHER_MATTERS, [OTHER], ["supported"], 0),
        (OTHER_MATTERS, [OTHER], ["unchecked"], 0),
    ],
)
@pytest.mark.parametrize("verdict", ["supported", "unchecked"])
def test_which_source_is_right(suite, group, proposed, says_so, right, verdict):
    case = Case("c", {"claim": "x", "original": "x", "article": OWN}, group=group)
    scores = suite.score(case, {"proposed": proposed, "says_so": says_so, "verdict": verdict})
    name = "none" if group == OTHER_MATTERS else "right"
    assert scores == {name: right, PASSED: right}


@pytest.mark.parametrize(
    ("verdict", "refused"),
    [("supported", 0), ("unchecked", 1), ("partial", 1), ("unsupported", 1), ("contradicted", 1)],
)
@pytest.mark.parametrize("proposed", [[], [OWN]], ids=["no source", "its own page"])
def test_a_wrong_sentence_may_get_a_source_but_no_blessing(suite, verdict, refused, proposed):
    case = Case("c", {"claim": "x", "original": "y", "article": OWN}, group="number")
    says_so = ["supported" for _ in proposed]
    scores = suite.score(case, {"proposed": proposed, "says_so": says_so, "verdict": verdict})
    assert scores == {"refused": refused, PASSED: refused}


@pytest.mark.parametrize("group", ["untouched", "number", OTHER_MATTERS])
def test_a_case_that_failed_is_not_right(suite, group):
    case = Case("c", {"claim": "x", "original": "x", "article": OWN}, group=group)
    assert suite.score(case, None)[PASSED] == 0


def test_sources_are_proposed_as_the_command_proposes_them(suite, cases):
    some = [c for c in cases if c.group in ("untouched", OTHER_MATTERS)]
    scores = [suite.score(c, suite.solve(c).output)[PASSED] for c in some]
    assert sum(scores) >= len(some) - 1
