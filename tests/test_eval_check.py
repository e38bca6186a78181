from dataclasses import replace

import pytest

from assistant.nlp import sentences
from assistant.publish.read_issue import read_bullets
from assistant.types import Bullet, Claim, Finding, Verdict
from evals.check import CODES, HALVES, Planted, check, drafts, judge, report, sample_workspace
from evals.corrupt import KINDS

DRAFTS = drafts(1)
PLANTED = [(d.half, p) for d in DRAFTS for p in d.paragraphs]


def test_a_draft_has_one_error_of_each_kind_and_each_in_a_paragraph_of_its_own():
    assert [d.half for d in DRAFTS] == list(HALVES)
    for draft in DRAFTS:
        kinds = [p.kind for p in draft.paragraphs]
        assert len(kinds) == len(set(kinds)) >= len(KINDS) - 2
    assert set(CODES) == set(KINDS)


@pytest.mark.parametrize(("half", "planted"), PLANTED, ids=lambda p: getattr(p, "kind", p))
def test_the_markdown_carries_what_was_planted_and_a_link(half, planted):
    draft = next(d for d in DRAFTS if d.half == half)
    read = read_bullets(draft.markdown)[draft.paragraphs.index(planted)]
    assert read.text == planted.bullet.text
    assert read.citations[0].start < sentences(read.text)[0][1]
    assert 0 <= planted.start < planted.end <= len(read.text)
    assert len(read.citations) == (2 if planted.kind == "wrong-source" else 1)


def test_drafts_are_always_the_same():
    assert drafts(1) == DRAFTS


TEXT = "Some 3,000 personnel took part in July. It ended on July 24."
PLANT = Planted("date", Bullet("", TEXT), TEXT.index("24"), TEXT.index("24") + 2)
TRUE, WRONG = TEXT.split(" It ")[0], "It ended on July 24."
AT = WRONG.index("July")


def checked(status, *found, other="supported"):
    claims = [
        Claim("text", TRUE, 0, len(TRUE), Verdict(other, 0.9)),
        Claim("text", WRONG, len(TRUE) + 1, len(TEXT), Verdict(status, 0.1, (), found)),
    ]
    return replace(PLANT.bullet, claims=tuple(claims))


def error(code, start, end):
    return Finding(code, "error", "m", start, end)


DATE = error("date", AT, AT + 7)


@pytest.mark.parametrize(
    ("bullet", "listed", "located", "coded", "exact"),
    [
        (checked("contradicted", DATE), 1, 1, 1, 1),
        (checked("supported"), 0, 0, 0, 0),
        (checked("unsupported"), 1, 0, 0, 0),
        (checked("partial", error("number", AT, AT + 7)), 1, 1, 0, 0),
        (checked("partial", error("date", 0, len(WRONG))), 1, 0, 0, 0),
        (checked("partial", DATE, error("name", 0, 2)), 1, 1, 1, 0),
        (checked("partial", DATE, error("wrong-source", 0, len(WRONG))), 1, 1, 1, 0),
        (checked("contradicted", DATE, other="partial"), 1, 1, 1, 0),
        (checked("contradicted", DATE, other="unchecked"), 1, 1, 1, 0),
        (checked("partial", replace(DATE, level="suggestion")), 1, 0, 0, 0),
    ],
    ids=[
        "exact",
        "believed",
        "without reason",
        "wrong code",
        "too wide",
        "one error too many",
        "sent elsewhere",
        "a true sentence listed",
        "a true sentence unchecked",
        "only suggested",
    ],
)
def test_what_counts_as_listed_located_coded_and_exact(bullet, listed, located, coded, exact):
    outcome = judge("development", PLANT, bullet)
    found = (outcome.listed, outcome.located, outcome.coded, outcome.exact)
    assert found == (listed, located, coded, exact)


def test_a_run_measures_every_planted_error_and_the_seconds_of_each_draft():
    with sample_workspace() as work:
        outcomes = list(check(work, DRAFTS[:1], None))
    record = report(outcomes)
    assert (record["suite"], record["drafts"]) == ("check", 1)
    assert record["rows"] == len(DRAFTS[0].paragraphs)
    assert sum(kind["rows"] for kind in record["by"]["kind"].values()) == record["rows"]
    assert record["by"]["half"]["held-back"]["rows"] == 0
    assert record["metrics"]["listed"]["value"] > 0.8
    assert record["metrics"]["false_alarms"]["value"] < 0.1
    assert record["seconds_per_draft"]["median"] == record["seconds_per_draft"]["most"] > 0
