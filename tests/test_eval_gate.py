"""The gate: red below a floor, on a regression, on other data; it takes a reason to lower one."""

import json
import shutil
from contextlib import ExitStack
from pathlib import Path

import pytest
from click.testing import CliRunner
from fakes import ScriptedModel, echo
from samples import article, errors

from assistant import resources
from assistant.cli import digest
from assistant.errors import AssistantError, EvalError
from assistant.settings import Settings
from evals import gate
from evals.gate import Bound, load_baseline, pin
from evals.metrics import mean
from evals.plantings import PLANTED
from evals.run import run_suite
from evals.sensitivity import outcome
from evals.suite import PASSED, Case, Options, Solved, Suite
from evals.suites import open_suite


class Answers(Suite):
    """Cases that are right but for the first `wrong`; `broken` ones fail."""

    name = "answers"
    data = ()
    measures = (mean("right"), mean("slips", better="lower"))

    def __init__(self, wrong=0, broken=0, of=100, data=Path(__file__)):
        super().__init__(Options())
        self.wrong, self.broken, self.of, self.data = wrong, broken, of, (data,)

    def cases(self):
        return [Case(f"c{n}", {"n": n}, group="ab"[n % 2]) for n in range(self.of)]

    def solve(self, case):
        if case.input["n"] < self.broken:
            raise AssistantError("No answer.")
        return Solved({"right": case.input["n"] >= self.wrong})

    def score(self, case, output):
        right = float(bool(output and output["right"]))
        return {"right": right, "slips": 1 - right, PASSED: right}


@pytest.fixture
def run(tmp_path):
    return lambda suite: run_suite(suite, Settings(home=tmp_path, model="none"), fresh=True)


@pytest.fixture
def check(run, tmp_path):
    """What the gate says of a suite, where floors are those of two wrong answers in a hundred."""
    pin(Answers(2), run(Answers(2)), tmp_path / "floors", None)
    baseline = load_baseline(tmp_path / "floors" / "answers.none.json")
    return lambda suite: gate.check(suite, run(suite), baseline)


def test_floors_are_of_all_cases_and_of_each_group(check):
    floors = check(Answers(2))["floors"]
    assert floors["right"] == {"at_least": 0.98, "value": 0.98, "held": True}
    assert floors["slips"] == {"at_most": 0.02, "value": 0.02, "held": True}
    assert {"cases", "right/a", "slips/b"} <= set(floors)


@pytest.mark.parametrize(
    ("suite", "passed", "below", "worse"),
    [
        (Answers(2), True, False, 0),
        (Answers(0), True, False, 0),
        (Answers(4), False, True, 2),
        (Answers(2, broken=4), False, True, 2),
        (Answers(2, of=99), False, True, 0),
        (Answers(2, data=Path(gate.__file__)), False, False, 0),
    ],
    ids=["same", "better", "worse", "unanswered", "a case short", "other data"],
)
def test_what_turns_the_gate_red(check, suite, passed, below, worse):
    said = check(suite)
    assert (said["passed"], bool(said["below"])) == (passed, below)
    assert len(said["turned"]["worse"]) == worse
    assert len(said["failed"]) == suite.broken
    assert said["data_changed"] == (suite.data != (Path(__file__),))


def test_a_significant_regression_is_red_though_no_floor_is_broken(check, tmp_path, run):
    loose = load_baseline(tmp_path / "floors" / "answers.none.json").model_copy(
        update={"floors": {"right": Bound(at_least=0.5)}}
    )
    said = gate.check(Answers(20), run(Answers(20)), loose)
    assert said["below"] == []
    assert {c["name"] for c in said["regressed"]} == {"right", "slips"}
    assert not said["passed"]


def test_a_figure_that_is_not_defined_keeps_no_floor():
    assert not Bound(at_least=0.0).holds(None)
    assert not Bound(at_most=1.0).holds(None)


def test_lowering_a_floor_takes_a_reason_which_is_kept(check, run, tmp_path):
    floors = tmp_path / "floors"
    worse = run(Answers(10))
    with pytest.raises(EvalError, match="lower .* floors of answers .*--allow-regression"):
        pin(Answers(10), worse, floors, None)
    path, lowered = pin(Answers(10), worse, floors, "the questions were made harder")
    assert "right" in lowered
    kept = load_baseline(path)
    note = next(n for n in kept.lowered if n.floor == "right")
    assert (note.before.at_least, note.after.at_least) == (0.98, 0.9)
    assert note.reason == "the questions were made harder"
    pin(Answers(0), run(Answers(0)), floors, None)
    raised = load_baseline(path)
    assert raised.floors["right"].at_least == 1.0
    assert raised.lowered == kept.lowered


def test_fewer_cases_are_a_lower_floor(check, run, tmp_path):
    with pytest.raises(EvalError, match="cases"):
        pin(Answers(0, of=50), run(Answers(0, of=50)), tmp_path / "floors", None)


def test_a_file_of_floors_that_is_wrong_is_refused(tmp_path):
    (tmp_path / "a.json").write_text('{"suite": "a", "extra": 1}')
    with pytest.raises(EvalError, match="holds no floors"):
        load_baseline(tmp_path / "a.json")
    with pytest.raises(EvalError, match="There are no floors"):
        load_baseline(tmp_path / "b.json")


@pytest.mark.parametrize(
    ("name", "cases"),
    [
        ("a style rule off", None),
        ("a mislabelled story", None),
        ("a checker that believes everything", 1),
    ],
)
def test_a_planted_degradation_turns_its_gate_red(name, cases):
    said = outcome(next(p for p in PLANTED if p.name == name), cases)
    assert not said["passed"]
    assert said["turned"]["worse"]


@pytest.mark.parametrize("name", ["articles in another order", "reordered YAML of the rules"])
def test_a_harmless_change_leaves_it_green(name):
    assert outcome(next(p for p in PLANTED if p.name == name))["passed"]


def test_without_the_number_check_no_wrong_figure_is_found():
    page = article("a", "The drill had 22 boats.")
    (planted,) = [p for p in PLANTED if p.name == "the number check disabled"]
    with ExitStack() as stack:
        planted.plant(stack)
        assert errors("The drill had 32 boats.", page) == []
    assert errors("The drill had 32 boats.", page) == [("number", "32", "22")]


def test_enough_is_planted():
    harmful = [p.name for p in PLANTED if p.harmful]
    assert len(harmful) >= 10
    assert len(PLANTED) - len(harmful) >= 10


def digest_eval(*words):
    return CliRunner().invoke(digest, ["eval", *words, "--model", "none", "--json"])


def test_the_gate_command_exits_1_where_it_is_red_and_only_the_gate(tmp_path, monkeypatch):
    places = ["--home", str(tmp_path / "home"), "--baselines", str(tmp_path / "floors")]
    pinned = digest_eval("stories", "--pin", *places)
    assert pinned.exit_code == 0, pinned.output
    green = digest_eval("--gate", *places)
    assert (green.exit_code, json.loads(green.stdout)["passed"]) == (0, True)

    monkeypatch.setattr("assistant.stories.LINK_THRESHOLD", 0.9)
    red = digest_eval("--gate", "--fresh", *places)
    record = json.loads(red.stdout)
    assert (red.exit_code, record["passed"]) == (1, False)
    (suite,) = record["suites"]
    assert {"name", "metrics", "floors", "passed", "regressed"} <= set(suite)
    assert "recall" in suite["below"]
    assert "recall" in {c["name"] for c in suite["regressed"]}
    assert suite["turned"]["worse"]
    assert digest_eval("stories", "--fresh", *places).exit_code == 0

    file = str(tmp_path / "floors" / "stories.none.json")
    against = json.loads(digest_eval("stories", "--baseline", file, *places).stdout)
    assert {c["call"] for c in against["changes"] if c["name"] == "recall"} == {"worse"}
    lowered = digest_eval("stories", "--pin", *places)
    assert (lowered.exit_code, "--allow-regression" in str(lowered.exception)) == (1, True)


class Echo(ScriptedModel):
    """Writes the evidence that it is shown."""

    def __init__(self):
        super().__init__([])

    def _next(self, call):
        return echo(call)


def test_a_broken_prompt_turns_the_gate_red(tmp_path, monkeypatch):
    """A prompt that shows no evidence: no case can be solved, and none is left out."""
    options = Options(chat=Echo(), writer="model", cases=1)
    settings = Settings(home=tmp_path, model="none")
    with open_suite("drafting", options) as suite:
        path, _ = pin(suite, run_suite(suite, settings), tmp_path / "floors", None)

    broken = tmp_path / "prompts"
    shutil.copytree(resources.prompts(), broken)
    file = broken / "write-sentence.yaml"
    text = file.read_text(encoding="utf-8").replace("[examples, evidence]", "[examples]")
    file.write_text(text.replace("{{ evidence }}", "Write."), encoding="utf-8")
    monkeypatch.setattr(resources, "prompts", lambda: broken)
    with open_suite("drafting", options) as suite:
        said = gate.check(suite, run_suite(suite, settings), load_baseline(path))
    assert not said["passed"]
    assert {"facts_reached", "unsupported"} <= set(said["below"])
    assert len(said["failed"]) == 2
    assert "has no variable evidence" in said["failed"][0]["error"]


@pytest.mark.parametrize(
    "words",
    [[], ["--gate", "--pin"], ["stories", "--allow-regression", "why"], ["nothing"]],
    ids=["no suite", "gate and pin", "a reason without pin", "unknown"],
)
def test_wrong_usage(words):
    assert CliRunner().invoke(digest, ["eval", *words]).exit_code == 2


def test_two_runs_are_compared_and_listed(tmp_path, monkeypatch):
    home = ["--home", str(tmp_path)]
    first = json.loads(digest_eval("stories", *home).stdout)["run"]
    monkeypatch.setattr("assistant.stories.LINK_THRESHOLD", 0.9)
    second = json.loads(digest_eval("stories", "--fresh", *home).stdout)["run"]
    done = CliRunner().invoke(digest, ["eval-compare", first, second, *home, "--json"])
    record = json.loads(done.stdout)
    calls = {m["name"]: m["call"] for m in record["metrics"]}
    assert calls == {"f1": "worse", "precision": "undecided", "recall": "worse"}
    assert all({"a", "b", "difference", "low", "high"} <= set(m) for m in record["metrics"])
    done = CliRunner().invoke(digest, ["eval-history", *home, "--json"])
    runs = json.loads(done.stdout)
    assert [r["id"] for r in runs["runs"]] == [first, second]
    shown = CliRunner().invoke(digest, ["eval-history", *home]).stdout
    assert first in shown
