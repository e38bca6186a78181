"""The report: one page, nothing remote, each failing case at its evidence, nothing unescaped."""

import json
import re

import pytest
from click.testing import CliRunner

from assistant.cli import digest
from assistant.settings import Settings
from evals.record import runs_folder
from evals.report import reliability
from evals.report.cases import marked, view
from evals.report.charts import Bin, Point, calibration, runs
from evals.run import run_suite
from evals.suite import Case, Options, Result
from evals.suites import open_suite

SOURCE = "The drill ran from July 5 to 21 in Guam. About 3,000 personnel took part."


def grounding(home, *claims):
    data = home / "rows.jsonl"
    rows = [
        {"id": str(n), "source": SOURCE, "claim": claim, "label": label}
        for n, (claim, label) in enumerate(claims)
    ]
    data.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    with open_suite("grounding", Options(data=data)) as suite:
        return run_suite(suite, Settings(home=home, model="none"))


def report(home) -> str:
    page = home / "report.html"
    words = ["eval-history", "--home", str(home), "--report", str(page), "--json"]
    done = CliRunner().invoke(digest, words)
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["report"] == str(page)
    return page.read_text(encoding="utf-8")


def test_the_page_shows_scores_and_the_failing_case_at_its_evidence(tmp_path):
    wrong = "About 4,000 personnel <b>took</b> part."
    grounding(tmp_path, ("About 3,000 personnel took part.", 1), (wrong, 1), ("It rained.", 0))
    page = report(tmp_path)
    assert "balanced accuracy" in page
    assert 'id="calibration"' in page
    assert "should be supported" in page
    assert "About 3,000 personnel took part.<cite>" in page
    assert "&lt;b&gt;took" in page
    assert "<b>took" not in page


def test_the_page_needs_nothing_but_itself(tmp_path):
    grounding(tmp_path, ("About 3,000 personnel took part.", 1), ("It rained.", 0))
    page = report(tmp_path)
    assert not re.findall(r"<(?:script|link|img|iframe)\b", page)
    assert not re.findall(r"""(?:src|href)=["'](?!#)|url\(|@import""", page)
    assert "prefers-color-scheme: dark" in page


def test_a_home_without_runs_says_what_to_do(tmp_path):
    words = ["eval-history", "--home", str(tmp_path), "--report", str(tmp_path / "r.html")]
    done = CliRunner().invoke(digest, words)
    assert "digest eval SUITE" in str(done.exception)
    assert "No runs yet" in CliRunner().invoke(digest, words[:3]).stdout


def test_a_run_that_was_cut_off_is_not_listed(tmp_path):
    run = grounding(tmp_path, ("It rained.", 0))
    header = runs_folder(Settings(home=tmp_path)) / run.id / "run.json"
    header.write_text(json.dumps({**run.header, "finished": None}))
    assert (
        "No runs yet"
        in CliRunner().invoke(digest, ["eval-history", "--home", str(tmp_path)]).stdout
    )


def test_bins_are_those_counted_by_hand():
    scored = [(0.05, 0.0), (0.07, 1.0), (0.62, 1.0), (1.0, 1.0)]
    results = [
        Result(Case(str(n), {}), {"score": s}, {"score": s, "label": label, "passed": 1.0})
        for n, (s, label) in enumerate(scored)
    ]
    bins = reliability(results)
    assert [(round(b.score, 2), b.share, b.count) for b in bins] == [
        (0.06, 0.5, 2),
        (0.62, 1.0, 1),
        (1.0, 1.0, 1),
    ]
    assert all(b.low <= b.share <= b.high for b in bins)


@pytest.mark.parametrize("values", [[0.5], [0.5, 0.7], [1.0, 1.0], [0.0, 130.0]])
def test_charts_keep_within_their_frame(values):
    drawn = runs([Point(str(v), v, v * 0.9, v) for v in values], "<title>")
    numbers = [float(n) for n in re.findall(r'(?:cy|y1|y2)="(-?[\d.]+)"', drawn)]
    assert all(0 <= n <= 150 for n in numbers)
    assert 'aria-label="&lt;title&gt;"' in drawn
    assert "circle" in calibration([Bin(0.5, 0.5, 0.4, 0.6, 3)])


def test_what_was_changed_is_marked_and_escaped():
    assert marked("a <b> c", 2, 5) == "a <mark>&lt;b&gt;</mark> c"
    assert marked("a < b", 0, 0) == "a &lt; b"


def test_a_case_that_failed_says_why():
    case = Case("c", {"claim": "x"}, half="development")
    shown = view("grounding", Result(case, None, {"passed": 0.0}, "The model is silent."))
    assert shown.said == "failed: The model is silent."
    assert '"claim": "x"' in dict(shown.lines)["input"].replace("&quot;", '"')


def test_every_suite_is_shown_by_its_own_words_or_its_records():
    case = Case("c", {"n": 1})
    shown = view("some new suite", Result(case, {"m": 2}, {"passed": 0.0}))
    assert [label for label, _ in shown.lines] == ["input", "output"]
