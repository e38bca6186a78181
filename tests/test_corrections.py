import json

import pytest

from assistant.errors import EvalError
from assistant.settings import Settings
from evals.corrections import (
    Page,
    add_correction,
    corrections_file,
    count_corrections,
    remove_corrections,
)
from evals.run import run_suite
from evals.suite import Options
from evals.suites import open_suite


@pytest.fixture
def page(sample):
    article = sample.by_file("space-talks-official")
    at = article.text.index("Yokota")
    return Page(article.id, article.url, article.text, ((at, at + 15),))


def rows(path):
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def test_corrections_become_rows_that_the_checker_is_measured_on(tmp_path, page):
    settings = Settings(home=tmp_path, model="none")
    path = corrections_file(settings)
    claim = "The talks took place at Yokota Air Base on July 13."
    first = add_correction(path, "override", claim, [page], reason="It does.", by="ed")
    assert first == add_correction(path, "override", claim, [page], reason="Yes.", by="me")
    add_correction(path, "rejected", "It ended on July 15.", [page], reason="No.", by="ed")
    found = rows(path)
    assert [(r["label"], r["meta"]["by"]) for r in found] == [(1, "ed"), (0, "ed")]
    assert found[0]["meta"]["evidence"] == ["Yokota Air Base"]
    assert found[0]["source"] == page.text and found[0]["meta"]["urls"] == [page.url]
    with open_suite("grounding", Options(data=path)) as suite:
        run = run_suite(suite, settings)
    assert run.header["labelled"] == 2


def test_a_claim_of_two_pages_is_held_against_both(tmp_path, page):
    path = tmp_path / "c.jsonl"
    other = Page("other", None, "It rained in Tokyo.", ((0, 9),))
    add_correction(path, "override", "It rained at Yokota.", [page, other], reason="Y.", by="ed")
    (row,) = rows(path)
    assert row["source"] == f"{page.text}\n\n{other.text}"
    assert row["meta"]["evidence"] == ["Yokota Air Base", "It rained"]


def test_the_last_decision_on_a_claim_counts_and_can_be_taken_back(tmp_path, page):
    path = tmp_path / "c.jsonl"
    kept = add_correction(path, "rejected", "A", [page], reason="No.", by="ed")
    add_correction(path, "override", "B", [page], reason="Yes.", by="ed")
    last = add_correction(path, "correction", "B", [page], reason="No.", by="me")
    assert [(r["claim"], r["label"]) for r in rows(path)] == [("A", 0), ("B", 0)]
    assert count_corrections(path) == {1: 0, 0: 2}
    remove_corrections(path, [last, "no such case"])
    assert [r["id"] for r in rows(path)] == [kept]


def test_a_correction_needs_a_claim_a_reason_and_a_page(tmp_path, page):
    path = tmp_path / "c.jsonl"
    for claim, pages, reason in [(" ", [page], "No."), ("A", [page], " "), ("A", [], "No.")]:
        with pytest.raises(EvalError, match="A case needs"):
            add_correction(path, "rejected", claim, pages, reason=reason, by="ed")
    assert not path.exists()


def test_a_damaged_file_is_said_so_and_left_as_it_is(tmp_path, page):
    path = tmp_path / "c.jsonl"
    path.write_text("{not json\n", encoding="utf-8")
    with pytest.raises(EvalError, match="damaged"):
        add_correction(path, "rejected", "A", [page], reason="No.", by="ed")
    assert path.read_text(encoding="utf-8") == "{not json\n"
