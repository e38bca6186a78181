"""`digest model calibrate`: questions, cost, what is fitted, and what the command does with it."""

import json
from dataclasses import replace

import pytest
from click.testing import CliRunner
from fakes import ScriptedModel

from assistant import workspace
from assistant.cli import digest
from assistant.errors import AnswerError, AssistantError, EvalError, ModelError
from assistant.llm.calibration import asked_as, calibration_file, load_calibration
from assistant.llm.catalog import Catalog, Price
from assistant.llm.embeddings import WordLlamaEmbedder
from evals.model_calibration import FEWEST, calibrate, estimate, questions

ASKED, EMBEDDER = 80, WordLlamaEmbedder()
ENDPOINT = Catalog.load().default_endpoint


@pytest.fixture(scope="module")
def asked():
    return questions((), ASKED, EMBEDDER)


def knowing(asked, right=lambda n: True, entry=None):
    """A model that knows the labels of the questions where `right` says so."""
    return ScriptedModel(
        [
            0.97 if bool(one.row.label) == right(n) else 0.02 + n / 1000
            for n, one in enumerate(asked)
        ],
        entry,
    )


def test_the_rows_that_ship_are_asked_about_half_of_them_true(asked):
    assert len(asked) == ASKED
    assert {one.file for one in asked} == {"pairs"}
    assert 0.3 < sum(one.row.label for one in asked) / ASKED < 0.7


def row(number, claim, source, label):
    return {"id": "same", "source": source, "claim": claim, "label": label}


def rows_file(tmp_path, rows):
    file = tmp_path / "mine.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


def test_only_rows_that_a_model_would_be_asked_about_are_taken(tmp_path):
    rows = []
    for n in range(40):
        page = f"Yard {n} got a crane from Lund. It is {n + 20} meters high. The old one was sold."
        rows += [
            row(n, f"A crane of {n + 20} meters came to yard {n}.", page, 1),
            row(n, f"A crane of {n + 30} meters came to yard {n}.", page, 0),
            row(n, "It is high. It is new.", page, 1),  # two sentences
            row(n, "The old one was sold.", page, 1),  # word for word
        ]
    asked = questions((rows_file(tmp_path, rows),), 1000, EMBEDDER)
    assert len(asked) == 80  # although all have one id
    assert all(one.row.claim.startswith("A crane") for one in asked)
    assert len(questions((rows_file(tmp_path, rows),), 70, EMBEDDER)) == 70


@pytest.mark.parametrize(
    "rows",
    [
        [row(n, f"A crane came to yard {n}.", f"Yard {n} got one crane.", 1) for n in range(90)],
        [row(n, f"Crane {n} came.", "Some cranes came to a yard.", n % 2) for n in range(90)],
        [row(n, f"Crane {n} came.", f"Yard {n} got a crane.", n % 2) for n in range(20)],
    ],
    ids=["one label", "one page", "too few"],
)
def test_rows_that_cannot_be_fitted_on_are_refused_before_a_model_is_asked(tmp_path, rows):
    with pytest.raises(EvalError, match=f"{FEWEST} and more are needed"):
        questions((rows_file(tmp_path, rows),), 1000, EMBEDDER)


def test_the_cost_is_that_of_the_tokens_read_and_written(asked):
    price = Price(prompt=2.0, completion=8.0)
    entry = ENDPOINT.model_copy(update={"price": price})
    needed = estimate(ScriptedModel([], entry), asked)
    assert 100 < needed.prompt_tokens / ASKED < 600
    assert needed.completion_tokens == ASKED
    assert needed.cost == pytest.approx(
        (needed.prompt_tokens * 2 + needed.completion_tokens * 8) / 1e6
    )
    in_words = entry.model_copy(update={"logprobs": False})
    assert estimate(ScriptedModel([], in_words), asked).completion_tokens > ASKED


def test_a_model_that_knows_is_believed_and_one_that_guesses_is_not(asked):
    good = calibrate(knowing(asked), asked, EMBEDDER)
    assert good.rows == ASKED
    assert good.roc_auc == pytest.approx(1.0)
    assert good.balanced_accuracy > 0.9
    assert good.usage.prompt_tokens == ASKED * ScriptedModel.usage.prompt_tokens
    poor = calibrate(knowing(asked, lambda n: n % 2 == 0), asked, EMBEDDER)
    assert poor.roc_auc < 0.7
    assert poor.calibration.asked["answer"] < good.calibration.asked["answer"] / 2


def test_an_endpoint_that_gives_no_its_whole_probability_is_believed(asked):
    sure = ScriptedModel([float(one.row.label) for one in asked], ENDPOINT)
    made = calibrate(sure, asked, EMBEDDER)
    assert (made.rows, made.roc_auc) == (ASKED, 1.0)


def test_a_question_without_an_answer_is_left_out_and_a_lost_connection_ends_it(asked):
    silent = knowing(asked)
    silent.answers[3] = AnswerError("neither yes nor no")
    assert calibrate(silent, asked, EMBEDDER).rows == ASKED - 1
    away = knowing(asked)
    away.answers[3] = ModelError("refused the key")
    with pytest.raises(ModelError, match="refused the key"):
        calibrate(away, asked, EMBEDDER)
    with pytest.raises(EvalError, match=f"{FEWEST - 1} questions; {FEWEST}"):
        calibrate(knowing(asked), asked[: FEWEST - 1], EMBEDDER)


def run(tmp_path, monkeypatch, model, *words, **more):
    monkeypatch.setattr(workspace, "open_chat", lambda *given: model)
    given = ["model", "calibrate", "--rows", str(ASKED), "--home", str(tmp_path), *words]
    return CliRunner().invoke(digest, given, **more)


def test_the_command_says_the_cost_asks_and_writes_the_file(asked, tmp_path, monkeypatch):
    file = calibration_file(ENDPOINT.name, tmp_path)
    no = run(tmp_path, monkeypatch, ScriptedModel([], ENDPOINT), input="n\n")
    assert no.exit_code == 1
    assert f"{ASKED} questions to scripted: about" in no.stderr
    assert not file.exists()

    unasked = run(tmp_path, monkeypatch, ScriptedModel([], ENDPOINT), "--json")
    assert isinstance(unasked.exception, AssistantError)
    done = run(tmp_path, monkeypatch, knowing(asked, entry=ENDPOINT), "--yes", "--json")
    assert done.exit_code == 0, done.stderr
    record = json.loads(done.stdout)
    assert record["path"] == str(file)
    assert (record["model"], record["rows"], record["roc_auc"]) == (asked_as(ENDPOINT), ASKED, 1.0)
    made = load_calibration(file)
    assert made.model == asked_as(ENDPOINT)
    assert made.supported == record["supported"]
    assert made.fitted_on == {"pairs": ASKED}


def test_there_must_be_a_model(tmp_path, monkeypatch):
    done = run(tmp_path, monkeypatch, None, "--yes")
    assert isinstance(done.exception, ModelError)


def test_a_check_says_that_its_model_is_not_calibrated(tmp_path, monkeypatch):
    draft = tmp_path / "draft.md"
    draft.write_text("Lund [opened](https://lund.example/port) a port.\n", encoding="utf-8")
    home = tmp_path / "home"
    for calibrated in (False, True):
        if calibrated:
            made = replace(load_calibration(), model=asked_as(ENDPOINT))
            made.save(calibration_file(ENDPOINT.name, home))
        monkeypatch.setattr(workspace, "open_chat", lambda *given: ScriptedModel([], ENDPOINT))
        done = CliRunner().invoke(digest, ["check", str(draft), "--home", str(home), "--json"])
        record = json.loads(done.stdout)
        assert (record["model"], record["calibrated"]) == ("scripted", calibrated)
        assert ("digest model calibrate" in done.stderr) is not calibrated
        assert record["usage"]["prompt_tokens"] == 0
