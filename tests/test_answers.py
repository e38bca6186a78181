"""What is kept of each sentence that the embedded model is asked about."""

import datetime as dt
import json
from dataclasses import replace

import pytest
from fakes import ScriptedModel
from samples import article

from assistant.errors import ModelError
from assistant.llm.calibration import ASKED, WORDING
from evals import answers
from evals.answers import answered, fired, in_turn, runs
from evals.grounding import embedder
from evals.rows import half_of

PAGE = article(
    "fair",
    "The council of Lund opened its fair on July 18 with 40 boats. Café owners sold waffles. "
    "Nobody knows when the next one will be.",
    "Fair opens",
    dt.date(2023, 7, 21),
)


def write(path, *records):
    path.write_text("".join(json.dumps(r) + "\n" for r in records), encoding="utf-8")
    return path


def record(name, label=1):
    return {"id": name, "source": PAGE.text, "claim": f"Claim {name}.", "label": label}


@pytest.mark.parametrize(
    ("claim", "source", "shares"),
    [
        ("A b c d e.", "a B c, d e", [1, 1, 1, 1]),
        ("a b c d e", "a b x c d e", [1, 0.75, 1 / 3, 0]),
        ("a b c d", "d c b a", [1, 0, 0, 0]),
        ("a a b", "a b", [1, 0.5, 0, 0]),
        ("a b", "a b c", [1, 1, 0, 0]),
        ("x y z w", "a b c d", [0, 0, 0, 0]),
        ("", "a b", [0, 0, 0, 0]),
        ("a", "", [0, 0, 0, 0]),
    ],
)
def test_runs_of_one_to_four_words_are_looked_for(claim, source, shares):
    assert runs(claim, source) == pytest.approx(shares, abs=1e-4)


def test_rows_of_each_file_come_in_turn(tmp_path):
    long = write(tmp_path / "long.jsonl", *(record(f"long {n}") for n in range(9)))
    short = write(tmp_path / "short.jsonl", *(record(f"short {n}") for n in range(2)))
    found = [(name, row.id) for name, _, row in in_turn([long, short], 4)]
    assert [name for name, _ in found] == ["long", "short", "long", "short", "long", "long"]
    assert len(set(found)) == 6
    assert {i for name, i in found if name == "short"} == {"short 0", "short 1"}


def test_a_longer_run_begins_as_a_shorter_one_and_numbers_are_those_of_the_file(tmp_path):
    records = [record(f"row {n}") for n in range(30)]
    file = write(tmp_path / "rows.jsonl", *records)
    three, nine = list(in_turn([file], 3)), list(in_turn([file], 9))
    assert nine[:3] == three
    assert [n for _, n, _ in nine] != sorted(n for _, n, _ in nine)  # by lot
    assert all(row.id == records[n]["id"] for _, n, row in nine)


def test_rows_without_a_label_are_not_asked_about(tmp_path):
    file = write(tmp_path / "rows.jsonl", record("a"), record("b", None), record("c", 0))
    assert {row.id for _, _, row in in_turn([file], 9)} == {"a", "c"}


def test_of_a_set_that_was_learned_from_only_the_held_back_half_is_asked_about(tmp_path):
    records = [{**record(f"{n}"), "source": f"{PAGE.text} Boat {n}."} for n in range(20)]
    file = write(tmp_path / "rows.jsonl", *records)
    kept = {row.id for _, _, row in in_turn([file], None, ["rows"])}
    assert kept == {r["id"] for r in records if half_of(r["source"]) == "held-back"}
    assert 0 < len(kept) < len(list(in_turn([file], None, ["others"]))) == 20


def test_of_a_sentence_the_answers_the_wording_and_the_checks_are_kept():
    plain, worn = ScriptedModel([0.25]), ScriptedModel([0.123456789])
    claim = "The council of Lund closed its fair on July 19."
    kept = answered(claim, PAGE, {"0": plain, "0.5": worn})
    assert kept["claim"] == claim
    assert kept["answers"] == {"0": 0.25, "0.5": 0.123457}
    assert kept["runs"] == runs(claim, PAGE.text)
    assert {"answer", *kept["features"]} == set(WORDING) | set(ASKED)
    assert all(0 <= value <= 1 for value in kept["features"].values())
    assert (kept["fired"], kept["word_for_word"]) == (["days"], False)
    assert (kept["tokens"], kept["seconds"]) == (10, 0.0)
    (asked,), (again,) = plain.calls, worn.calls
    assert asked == again  # over the same evidence
    assert claim in asked.messages[-1].content
    assert json.loads(json.dumps(kept)) == kept


def test_a_copy_is_told_from_a_change():
    def word_for_word(claim):
        return answered(claim, PAGE, {"0": ScriptedModel([0.5])})["word_for_word"]

    assert word_for_word("The council of Lund opened its fair.")
    assert not word_for_word("The council of Lund shut its fair.")


def test_accents_are_passed_over_as_in_a_check():
    model = ScriptedModel([0.5])
    kept = answered("Cafe owners sold waffles.", PAGE, {"0": model})
    assert kept["word_for_word"] and kept["runs"] == [1, 1, 1, 1]
    assert "Cafe owners sold waffles." in model.calls[0].messages[-1].content
    assert answered("Café owners sold waffles.", PAGE, {"0": ScriptedModel([0.5])}) == kept


def test_a_model_that_fails_leaves_its_answer_out():
    chats = {"0": ScriptedModel([ModelError("down")]), "1": ScriptedModel([0.75])}
    kept = answered("Owners sold tea.", PAGE, chats)
    assert kept["answers"] == {"1": 0.75}
    silent = answered("Owners sold tea.", PAGE, {"0": ScriptedModel([ModelError("down")])})
    assert silent["answers"] == {} and "tokens" not in silent
    assert silent["features"] == kept["features"]


@pytest.mark.parametrize("page", [PAGE, replace(PAGE, text="")], ids=["no claim", "no page"])
def test_where_there_is_nothing_to_check_no_model_is_asked(page):
    claim = "It was." if page.text else "Owners sold tea."
    kept = answered(claim, page, {"0": ScriptedModel([])})
    assert kept == {"claim": claim, "runs": runs(claim, page.text)}


@pytest.mark.parametrize(
    ("claim", "names"),
    [
        ("The fair opened with 40 boats.", []),
        ("The fair opened with 60 boats.", ["figures"]),
        ("The fair of Oslo opened on July 19 with 60 boats.", ["days", "figures", "names"]),
        ("Owners said: “We will sell no waffles now.”", ["quotations"]),
        ("Owners said: “Nobody knows when the last one will be.”", []),  # a warning
    ],
)
def test_a_check_fired_where_it_has_an_error(claim, names):
    held = answers.hold(claim, [PAGE], embedder())
    assert fired(claim, held) == names


def test_a_run_that_was_stopped_goes_on_where_it_was(tmp_path, monkeypatch):
    file = write(
        tmp_path / "rows.jsonl",
        {
            "id": "a",
            "source": PAGE.text,
            "claim": "Owners sold tea. It was. The fair closed.",
            "label": 0,
        },
        {"id": "b", "source": PAGE.text, "claim": "It was.", "label": 1},
    )
    out = tmp_path / "answers.jsonl"
    asked = []

    def run(*answers_of_the_model):
        model = ScriptedModel(answers_of_the_model)
        monkeypatch.setattr(answers, "worn_at", lambda strengths: {"0": model})
        monkeypatch.setattr("sys.argv", ["answers", str(file), "--out", str(out)])
        answers.main()
        asked.append(len(model.calls))
        return [json.loads(text) for text in out.read_text(encoding="utf-8").splitlines()]

    whole = run(0.1, 0.2)
    places = {(k["row"], k["sentence"], k["of"], k["label"], k["claim"]) for k in whole}
    assert places == {
        (0, 0, 2, 0, "Owners sold tea."),
        (0, 1, 2, 0, "The fair closed."),
        (1, 0, 1, 1, "It was."),
    }
    assert {k["set"] for k in whole} == {"rows"}
    assert len({k["page"] for k in whole}) == 1
    kept = [one for one in whole if one["claim"] != "The fair closed."]
    write(out, *kept)
    again = run(0.3)
    assert asked == [2, 1]
    assert again[:2] == kept
    assert (again[2]["claim"], again[2]["answers"]) == ("The fair closed.", {"0": 0.3})
    assert run() == again
