import pytest

from assistant.publish.read_issue import read_bullets
from evals.citations import CODES, DRAFT, UNTOUCHED, WRONG_ARTICLE, Citations
from evals.suite import PASSED, Case, Options


@pytest.fixture(scope="module")
def suite():
    made = Citations(Options(cases=1))
    yield made
    made.close()


@pytest.fixture(scope="module")
def cases(suite):
    return suite.cases()


def test_every_fault_and_a_draft_of_each_half_are_there(cases):
    assert {c.group for c in cases} == {DRAFT, *CODES}
    assert [c.half for c in cases if c.group == DRAFT] == ["development", "held-back"]


def test_a_fault_is_in_a_link_or_in_its_lack(cases):
    for case in cases:
        if case.group in (DRAFT, UNTOUCHED):
            continue
        (read,) = read_bullets(case.input["markdown"])
        at = tuple(case.expected["at"])
        spans = [(c.start, c.end) for c in read.citations]
        assert (at in spans) is (case.group != "no link"), case.id


def test_planted_faults_are_caught_and_sound_links_are_let_be(suite, cases):
    passed = {c.id: suite.score(c, suite.solve(c).output)[PASSED] for c in cases}
    missed = [name for name, one in passed.items() if not one]
    assert len(missed) <= 1, missed  # a page of the same story that says nearly the same


def test_a_draft_is_counted_by_links_and_sentences(suite, cases):
    draft = next(c for c in cases if c.group == DRAFT)
    scores = suite.score(draft, suite.solve(draft).output)
    assert scores["links"] >= 2 and scores["sentences"] >= 3
    assert scores["precise"] == scores["anchored"] == scores["links"]


def finding(code, start, end):
    return {"code": code, "level": "warning", "message": "m", "start": start, "end": end}


@pytest.mark.parametrize(
    ("group", "found", "caught", "alone"),
    [
        ("idle link", [finding("link-idle", 5, 9)], 1, 1),
        ("idle link", [finding("link-idle", 0, 3)], 0, 0),
        ("idle link", [finding("number", 5, 9)], 0, 1),
        ("idle link", [finding("link-idle", 5, 9), finding("name", 0, 3)], 1, 0),
        (WRONG_ARTICLE, [finding("wrong-source", 5, 9), finding("name", 0, 3)], 1, 1),
        (UNTOUCHED, [], None, 1),
        (UNTOUCHED, [finding("link-teaser", 5, 9)], None, 0),
    ],
)
def test_what_counts_as_caught_and_as_alone(suite, group, found, caught, alone):
    case = Case("c", {}, {"code": CODES[group], "at": [5, 9]}, group=group)
    claim = {"start": 0, "end": 20, "verdict": "supported", "findings": found}
    scores = suite.score(case, {"findings": [], "claims": [claim]})
    assert (scores.get("caught"), scores["alone"]) == (caught, alone)


@pytest.mark.parametrize("group", [DRAFT, UNTOUCHED, "idle link"])
def test_a_case_that_failed_has_the_worst_scores(suite, group):
    scores = suite.score(Case("c", {}, {"code": CODES.get(group), "at": [0, 1]}, group=group), None)
    assert scores[PASSED] == 0
    if group == DRAFT:
        assert scores["links"] == scores["sentences"] == scores["twice"] == 1
        assert scores["precise"] == scores["recalled"] == scores["covered"] == 0
