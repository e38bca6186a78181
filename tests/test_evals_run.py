"""The runner: every case is kept, failed ones too; a second run costs nothing."""

import json
from pathlib import Path

import pytest

from assistant.errors import AnswerError, EvalError
from assistant.settings import Settings
from assistant.types import Usage
from evals.metrics import mean
from evals.record import digest_of, load_run, outputs_of, runs_folder
from evals.run import run_suite
from evals.suite import PASSED, Case, Options, Solved, Suite, limited
from evals.suites import SUITES, open_suite

DATA = Path(__file__)


class Doubling(Suite):
    """Doubles numbers; counts how often it was asked; fails on what it is told to."""

    name = "doubling"
    data = (DATA,)
    measures = (mean("right"),)

    def __init__(self, numbers, fails=(), stops_at=None):
        super().__init__(Options())
        self.numbers, self.fails, self.stops_at = numbers, set(fails), stops_at
        self.asked = []

    def cases(self):
        return [Case(f"n{n}", {"n": n}, {"twice": 2 * n}, half="development") for n in self.numbers]

    def solve(self, case):
        n = case.input["n"]
        if n == self.stops_at:
            raise KeyboardInterrupt
        self.asked.append(n)
        if n in self.fails:
            raise AnswerError("The answer could not be read.")
        return Solved({"twice": 2 * n}, Usage(prompt_tokens=3))

    def score(self, case, output):
        right = float(output is not None and output["twice"] == case.expected["twice"])
        return {"right": right, PASSED: right}


@pytest.fixture
def settings(tmp_path):
    return Settings(home=tmp_path, model="none")


def test_a_run_is_kept_with_what_it_was_made_with(settings):
    run = run_suite(Doubling([1, 2]), settings)
    kept = load_run(run.id, runs_folder(settings))
    assert kept == run
    header = kept.header
    assert (header["suite"], header["model"], header["rows"]) == ("doubling", "none", 2)
    assert header["settings"]["seed"] == settings.seed
    assert header["prompts"]["verify"]
    assert header["data"] == {"digest": digest_of([DATA]), "files": ["tests/test_evals_run.py"]}
    assert header["metrics"]["right"]["value"] == 1.0
    assert header["usage"]["prompt_tokens"] == 6
    assert [r.case.input for r in kept.results] == [{"n": 1}, {"n": 2}]
    assert [r.output for r in kept.results] == [{"twice": 2}, {"twice": 4}]


def test_a_second_run_on_the_same_inputs_asks_nothing(settings):
    first = run_suite(Doubling([1, 2, 3]), settings)
    again = Doubling([1, 2, 3, 4])
    second = run_suite(again, settings)
    assert again.asked == [4]
    assert second.header["reused"] == 3
    assert second.results[:3] == first.results
    anew = Doubling([1])
    run_suite(anew, settings, fresh=True)
    assert anew.asked == [1]


def test_other_settings_start_from_nothing(settings):
    run_suite(Doubling([1]), settings)
    other = Doubling([1])
    run_suite(other, settings.model_copy(update={"seed": settings.seed + 1}))
    assert other.asked == [1]


def test_an_interrupted_run_is_resumed(settings):
    with pytest.raises(KeyboardInterrupt):
        run_suite(Doubling([1, 2, 3], stops_at=3), settings)
    suite = Doubling([1, 2, 3])
    assert run_suite(suite, settings).header["reused"] == 2
    assert suite.asked == [3]


def test_a_line_that_was_cut_is_solved_again(settings):
    run = run_suite(Doubling([1, 2]), settings)
    cases = runs_folder(settings) / run.id / "cases.jsonl"
    cases.write_text(cases.read_text()[:-20])
    assert len(outputs_of(run.header["fingerprint"], runs_folder(settings))) == 1


def test_a_case_that_failed_counts_as_wrong_is_named_and_tried_again(settings):
    run = run_suite(Doubling([1, 2], fails=[2]), settings)
    assert run.header["metrics"]["right"]["value"] == 0.5
    assert run.header["failed"] == [{"id": "n2", "error": "The answer could not be read."}]
    again = Doubling([1, 2])
    assert run_suite(again, settings).header["failed"] == []
    assert again.asked == [2]


@pytest.mark.parametrize(("numbers", "message"), [([], "has no case"), ([1, 1], "two cases n1")])
def test_a_set_that_is_empty_or_doubled_is_refused(settings, numbers, message):
    with pytest.raises(EvalError, match=message):
        run_suite(Doubling(numbers), settings)


def test_a_score_says_whether_the_case_passed(settings, monkeypatch):
    monkeypatch.setattr(Doubling, "score", lambda self, case, output: {"right": 1.0})
    with pytest.raises(EvalError, match="does not say whether n1 passed"):
        run_suite(Doubling([1]), settings)


def test_a_run_that_is_not_there_is_named(tmp_path):
    with pytest.raises(EvalError, match="There is no run doubling-1"):
        load_run("doubling-1", tmp_path)


def test_a_digest_is_of_names_and_contents(tmp_path):
    (tmp_path / "a").write_text("1")
    before = digest_of([tmp_path])
    (tmp_path / "a").write_text("2")
    changed = digest_of([tmp_path])
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({before, changed, digest_of([tmp_path])}) == 3


def test_limits_are_for_each_group_and_half():
    cases = [Case(str(n), {}, group="ab"[n % 2], half="xy"[n // 2 % 2]) for n in range(12)]
    assert [c.id for c in limited(cases, 1)] == ["0", "1", "2", "3"]
    assert limited(cases, None) == cases


@pytest.mark.parametrize("name", SUITES)
def test_a_case_that_failed_has_every_score_at_its_worst(name, small_data):
    """An output that could not be read can never be worth more than one that could."""
    with open_suite(name, Options(cases=2)) as suite:
        for case in suite.cases()[:20]:
            failed = suite.score(case, None)
            better = {m.columns[0]: m.better for m in suite.measures if len(m.columns) == 1}
            assert failed[PASSED] == 0.0
            for column in failed.keys() & better.keys():
                if better[column] == "higher":
                    assert failed[column] == 0.0
                elif better[column] == "lower":
                    assert failed[column] > 0.0


def test_json_of_a_run_is_plain(settings):
    run = run_suite(Doubling([1]), settings)
    place = runs_folder(settings) / run.id
    assert json.loads((place / "run.json").read_text())["finished"]
    assert json.loads((place / "cases.jsonl").read_text().splitlines()[0])["output"] == {"twice": 2}
