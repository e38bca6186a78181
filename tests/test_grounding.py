import datetime as dt
import json
from dataclasses import replace

import numpy as np
import pytest
from click.testing import CliRunner
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from assistant.cli import digest
from assistant.errors import EvalError
from assistant.settings import Settings
from assistant.types import Verdict
from assistant.verify.verifier import NEAR, Verifier
from evals.grounding import Grounding, embedder, page_of, tells
from evals.metrics import auroc, balanced_accuracy, calibration_error, figure
from evals.rows import Row, load_rows
from evals.run import run_suite
from evals.suite import Case, Options, Result
from evals.suites import open_suite
from evals.summary import summary

SOURCE = "The drill ran from July 5 to 21 in Guam. About 3,000 personnel took part."
RIGHT = "About 3,000 personnel took part."
WRONG = "About 4,000 personnel took part."


def row(name, claim, label=None, source=SOURCE, **meta):
    return Row(name, source, claim, label, meta)


def write(path, *records):
    path.write_text("\n".join(json.dumps(r) for r in records), encoding="utf-8")
    return path


def test_rows_are_read(tmp_path):
    file = write(
        tmp_path / "rows.jsonl",
        {"id": 1, "source": "S", "claim": "C", "label": 1, "meta": {"half": "a"}},
        {"id": "b", "source": "S", "claim": "C"},
    )
    assert load_rows(file) == [row("1", "C", 1, "S", half="a"), row("b", "C", None, "S")]


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "holds no row"),
        (b"\n\n", "holds no row"),
        (b"{", "line 1 is not JSON"),
        (b"[]", "line 1 is not a JSON object"),
        (b'{"id": 1, "source": "s"}', "line 1: the field claim is missing"),
        (b'{"id": 1, "source": 3, "claim": "c"}', "line 1: source must be text"),
        (b'\n{"id": 1, "source": "s", "claim": "c", "label": 2}', "line 2: label must be"),
        ("日本".encode("shift-jis"), "is not UTF-8 text"),
    ],
)
def test_a_wrong_file_is_refused_with_line_and_field(tmp_path, content, message):
    file = tmp_path / "rows.jsonl"
    file.write_bytes(content)
    with pytest.raises(EvalError, match=message) as caught:
        load_rows(file)
    assert str(file) in str(caught.value)


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(EvalError, match="none.jsonl could not be read"):
        load_rows(tmp_path / "none.jsonl")


def test_figures_are_those_counted_by_hand():
    labels, scores = [1, 1, 0, 0], [0.9, 0.4, 0.6, 0.1]
    assert figure(auroc, labels, scores, list("abcd")).value == 0.75
    assert figure(balanced_accuracy(0.5), labels, scores, list("abcd")).value == 0.5
    # Each in a bin of its own: |0.9-1|, |0.4-1|, |0.6-0| and |0.1-0|, a quarter each.
    assert figure(calibration_error, labels, scores, list("abcd")).value == 0.35


def test_ranks_give_the_area_under_the_curve_and_ties_count_half():
    generator = np.random.default_rng(3)
    for rows in (5, 60):
        labels = np.r_[0, 1, generator.integers(0, 2, rows)]
        scores = np.round(generator.random(rows + 2), 1)
        assert auroc(labels, scores) == pytest.approx(roc_auc_score(labels, scores))
        expected = balanced_accuracy_score(labels, scores >= 0.4)
        assert balanced_accuracy(0.4)(labels, scores) == pytest.approx(expected)


def test_an_interval_holds_its_value_and_is_wider_for_fewer_documents():
    labels, scores = [1, 0] * 40, [0.9, 0.2, 0.4, 0.5] * 20
    many = figure(auroc, labels, scores, [str(i) for i in range(80)])
    few = figure(auroc, labels, scores, [str(i // 20) for i in range(80)])
    assert many.low <= many.value <= many.high
    assert few.low <= few.value <= few.high
    assert figure(auroc, [1, 1], [0.5, 0.6], ["a", "b"]).value is None


def run(tmp_path, rows, workers=1):
    data = write(tmp_path / "rows.jsonl", *rows)
    with open_suite("grounding", Options(data=data)) as suite:
        settings = Settings(home=tmp_path / "home", model="none")
        return run_suite(suite, settings, workers=workers, fresh=True)


def record(name, claim, label=None, source=SOURCE, **meta):
    return {"id": name, "source": source, "claim": claim, "label": label, "meta": meta}


def result(name, label, score, verdict="partial", **meta):
    case = Case(name, {}, {"label": label, "meta": meta}, half="development")
    output = {"score": score, "verdict": "unchecked" if score is None else verdict}
    scores = Grounding(Options()).score(case, output)
    return Result(case, output, scores, None, 0.1)


def test_verdicts_come_in_the_order_of_the_rows_from_one_process_or_two(tmp_path):
    rows = [record(str(i), RIGHT if i % 2 else WRONG, i % 2) for i in range(70)]
    alone, shared = run(tmp_path, rows), run(tmp_path, rows, workers=2)
    assert [r.case.expected["id"] for r in shared.results] == [r["id"] for r in rows]
    assert [r.output for r in shared.results] == [r.output for r in alone.results]
    assert [r.output["verdict"] for r in alone.results[:2]] == ["contradicted", "supported"]
    assert shared.header["metrics"] == alone.header["metrics"]


def test_a_text_is_as_good_as_its_worst_sentence(tmp_path):
    rows = [record("a", f"{RIGHT} {WRONG}"), record("b", ""), record("c", RIGHT, source="")]
    outputs = [r.output for r in run(tmp_path, rows).results]
    assert [(o["verdict"], o["score"] is None) for o in outputs] == [
        ("contradicted", False),
        ("unchecked", True),
        ("unchecked", True),
    ]


def test_a_row_that_was_not_checked_counts_as_wrong():
    results = [result("a", 1, None), result("b", 0, None), result("c", 1, 0.9), result("d", 0, 0.1)]
    record = summary(Grounding(Options()), results, 2.0)
    assert record["unchecked"] == 2
    assert record["balanced_accuracy"] == 0.5
    assert record["auroc"] == 0.25
    assert record["claims_per_second"] == 2.0


def test_of_the_verdicts_given_it_is_counted_how_many_are_right():
    results = [
        result("a", 1, 0.9, "supported"),
        result("b", 1, 0.9, "supported"),
        result("c", 0, 0.9, "supported"),
        result("d", 0, 0.1, "contradicted"),
        result("e", 1, 0.1, "unsupported"),
        result("f", 0, None),
        result("g", 1, None),
    ]
    metrics = summary(Grounding(Options()), results, 1.0)["metrics"]
    assert metrics["supported_right"]["value"] == pytest.approx(2 / 3, abs=1e-4)
    assert metrics["refuted_right"]["value"] == 0.5
    left_open = summary(Grounding(Options()), results[-2:], 1.0)["metrics"]
    assert left_open["supported_right"]["value"] is left_open["refuted_right"]["value"] is None


def test_a_row_says_when_and_by_whom_its_page_was_published(tmp_path):
    about = {"title": "Drill ends", "publisher": "Guam Courier", "published_on": "2023-07-21"}
    page = page_of(SOURCE, about)
    assert (page.title, page.publisher, page.text) == ("Drill ends", "Guam Courier", SOURCE)
    assert page.published_on == dt.date(2023, 7, 21)
    assert page_of(SOURCE) == replace(page, title="", publisher=None, published_on=None)
    source, claim = "The drill ended on Tuesday.", "The drill ended on July 18."
    rows = [record("a", claim, 1, source, **about), record("b", claim, 1, source)]
    verdicts = [r.output["verdict"] for r in run(tmp_path, rows).results]
    assert verdicts == ["supported", "unchecked"]


@pytest.mark.parametrize(
    ("status", "near", "told"),
    [
        ("supported", 0.0, True),
        ("unchecked", NEAR, True),
        ("unchecked", NEAR - 0.01, False),
        ("unsupported", 1.0, False),
        ("contradicted", 1.0, False),
    ],
)
def test_a_page_tells_a_text_that_it_says_or_is_near_to(status, near, told):
    class Judged(Verifier):
        def check_text(self, text, articles):
            return Verdict(status, None)

        def nearness(self, claim, article):
            return near, ()

    assert tells(Judged(embedder()), page_of(SOURCE), RIGHT) is told


def test_groups_are_those_of_the_rows_own_fields():
    results = [
        result(str(i), i % 2, 0.1 + 0.8 * (i % 2), kind="ab"[i // 2], text=str(i)) for i in range(4)
    ]
    by = summary(Grounding(Options()), results, 1.0)["by"]
    assert set(by) == {"kind", "text"}
    assert by["kind"]["a"]["auroc"]["value"] == 1.0
    assert by["kind"]["a"]["rows"] == 2


def test_the_command_writes_what_its_contract_says(tmp_path):
    records = [
        {"id": "r", "source": SOURCE, "claim": RIGHT, "label": 1},
        {"id": "w", "source": SOURCE, "claim": WRONG, "label": 0},
    ]
    data, scores = write(tmp_path / "rows.jsonl", *records), tmp_path / "scores.jsonl"
    words = ["eval", "grounding", "--data", str(data), "--scores", str(scores)]
    words += ["--home", str(tmp_path / "home")]
    result = CliRunner().invoke(digest, [*words, "--model", "none", "--json"])
    assert result.exit_code == 0, result.output
    record = json.loads(result.stdout)
    assert (record["rows"], record["auroc"], record["balanced_accuracy"]) == (2, 1.0, 1.0)
    assert {"threshold", "claims_per_second", "median_seconds", "by"} <= set(record)
    lines = [json.loads(line) for line in scores.read_text().splitlines()]
    assert [(x["id"], x["verdict"]) for x in lines] == [("r", "supported"), ("w", "contradicted")]
    assert lines[0]["score"] > record["threshold"] > lines[1]["score"]
    text = CliRunner().invoke(digest, [*words, "--model", "none"])
    assert "auroc: 1.000" in text.stdout
