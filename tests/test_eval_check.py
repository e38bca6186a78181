import json

import pytest

from assistant.nlp import sentences
from assistant.publish.read_issue import read_bullets
from assistant.settings import Settings
from evals import sample
from evals.check import CODES, Check
from evals.corrupt import KINDS
from evals.run import run_suite
from evals.suite import PASSED, Case, Options

ONE = Options(cases=1)
CASES = Check(ONE).cases()


def test_a_draft_has_one_error_of_each_kind_and_each_in_a_paragraph_of_its_own():
    for half in sample.HALVES:
        kinds = [c.group for c in CASES if c.half == half]
        assert len(kinds) == len(set(kinds)) >= len(KINDS) - 2
    assert set(CODES) == set(KINDS)


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.id)
def test_the_markdown_carries_what_was_planted_and_a_link(case):
    (read,) = read_bullets(case.input["markdown"])
    start, end = case.expected["planted"]
    assert 0 <= start < end <= len(read.text)
    assert read.citations[0].start < sentences(read.text)[0][1]
    assert len(read.citations) == (2 if case.group == "wrong-source" else 1)


def test_drafts_are_always_the_same():
    assert Check(ONE).cases() == CASES


TRUE, WRONG = "Some 3,000 personnel took part in July.", "It ended on July 24."
TEXT = f"{TRUE} {WRONG}"
AT = TEXT.index("24")
PLANTED = Case("date-1", {"draft": "d"}, {"planted": [AT, AT + 2]}, group="date")


def finding(code, start, end, level="error"):
    return {"code": code, "level": level, "message": "m", "start": start, "end": end}


DATE = finding("date", WRONG.index("July"), len(WRONG) - 1)
OPEN = finding("meaning-not-checked", 0, len(WRONG))


def checked(status, *found, other="supported"):
    """The paragraph as `digest check` gives it: offsets of findings are the claim's."""
    claims = [
        {"start": 0, "end": len(TRUE), "verdict": other, "findings": []},
        {
            "start": len(TRUE) + 1,
            "end": len(TEXT),
            "verdict": status,
            "findings": found,
        },
    ]
    return {"text": TEXT, "claims": claims}


@pytest.mark.parametrize(
    ("output", "listed", "located", "coded", "exact"),
    [
        (checked("contradicted", DATE), 1, 1, 1, 1),
        (checked("supported"), 0, 0, 0, 0),
        (checked("unsupported"), 1, 0, 0, 0),
        (checked("partial", {**DATE, "code": "number"}), 1, 1, 0, 0),
        (checked("partial", finding("date", 0, len(WRONG))), 1, 0, 0, 0),
        (checked("partial", DATE, finding("name", 0, 2)), 1, 1, 1, 0),
        (checked("partial", DATE, finding("wrong-source", 0, len(WRONG))), 1, 1, 1, 0),
        (checked("partial", finding("wrong-source", DATE["start"], DATE["end"])), 1, 0, 0, 0),
        (checked("contradicted", DATE, other="partial"), 1, 1, 1, 0),
        (checked("contradicted", DATE, other="unchecked"), 1, 1, 1, 0),
        (checked("partial", {**DATE, "level": "suggestion"}), 1, 0, 0, 0),
        (checked("unchecked", OPEN, DATE), 1, 1, 1, 1),
        (checked("unchecked", OPEN), 1, 0, 0, 0),
        (None, 0, 0, 0, 0),
    ],
    ids=[
        "exact",
        "believed",
        "without reason",
        "wrong code",
        "too wide",
        "one error too many",
        "sent elsewhere as well",
        "sent elsewhere only",
        "a true sentence listed",
        "a true sentence unchecked",
        "only suggested",
        "left open, with the place",
        "left open without a place",
        "failed",
    ],
)
def test_what_counts_as_listed_located_coded_and_exact(output, listed, located, coded, exact):
    scores = Check(ONE).score(PLANTED, output)
    found = [scores[name] for name in ("listed", "located", "coded", PASSED)]
    assert found == [listed, located, coded, exact]
    assert scores["alarms"] == float(
        output is None or output["claims"][0]["verdict"] != "supported"
    ) * (2 if output is None else 1)


def test_a_wrong_source_is_what_a_wrong_source_is_called():
    case = Case("w", {"draft": "d"}, {"planted": [len(TRUE) + 1, len(TEXT)]}, group="wrong-source")
    found = finding("wrong-source", 3, 8)
    assert Check(ONE).score(case, checked("unsupported", found))[PASSED] == 1


def test_a_run_lists_most_errors_and_times_each_draft(tmp_path):
    suite = Check(ONE)
    try:
        run = run_suite(suite, Settings(home=tmp_path, model="none"))
    finally:
        suite.close()
    header = json.loads(json.dumps(run.header))
    assert header["rows"] == len(CASES)
    assert header["metrics"]["listed"]["value"] > 0.8
    assert header["metrics"]["false_alarms"]["value"] < 0.1
    assert header["drafts"] == 2
    assert 0 < header["seconds_per_draft"]["median"] <= header["seconds_per_draft"]["most"]
