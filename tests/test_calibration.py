"""The calibration: what a model's answer and the wording count, for each model its own."""

import dataclasses
import json

import pytest

from assistant.errors import ModelError
from assistant.llm.calibration import (
    ASKED,
    WORDING,
    Calibration,
    asked_as,
    calibration_file,
    calibration_of,
    is_calibrated,
    load_calibration,
)
from assistant.llm.catalog import Catalog
from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.verify.judge import Judge

VALUES = {"joined": 0.5, "embedding": 0.5}
ENDPOINT = Catalog.load().default_endpoint.model_copy(update={"name": "org/model:9b"})
MADE = Calibration(
    model=asked_as(ENDPOINT),
    fitted_on={"pairs": 300},
    wording={"intercept": 0.0, "joined": 1.0, "embedding": 2.0},
    asked={"intercept": 1.0, "answer": 1.0},
    supported=0.6,
    partial=0.3,
)


@pytest.mark.parametrize("name", ["joined", "embedding"])
def test_nearer_wording_never_counts_against_a_claim(name):
    probability = load_calibration().probability
    low, high = (probability({**VALUES, name: value}) for value in (0.1, 0.9))
    assert 0 < low < high < 1
    assert probability({**VALUES, name: 0.1}, 0.9) == probability(VALUES, 0.9)


def test_an_answer_moves_the_score_and_none_makes_it_sure():
    shipped = load_calibration()
    answers = (0.0, 0.00001, 0.01, 0.5, 0.99, 1.0)
    scores = [shipped.probability(VALUES, yes) for yes in answers]
    assert scores == sorted(scores)
    assert scores[0] == scores[1] < scores[2] < scores[3] < scores[4] < scores[5] < 1
    assert scores[2] < shipped.supported < scores[4]


def test_the_probability_is_that_of_the_weights():
    assert MADE.probability(VALUES) == pytest.approx(1 / (1 + 2.718281828**-1.5))
    assert MADE.probability(VALUES, 0.5) == pytest.approx(0.7310586)
    assert MADE.probability(VALUES, 0.9) == pytest.approx(9 * 2.718281828 / (1 + 9 * 2.718281828))


def test_the_shipped_file_has_every_weight_and_none_turns_against_its_feature():
    shipped = load_calibration()
    for weights, names in ((shipped.wording, WORDING), (shipped.asked, ASKED)):
        assert weights.keys() == {"intercept", *names}
        assert all(weights[name] > 0 for name in names)
    assert 0 < shipped.partial < shipped.supported < 1
    assert shipped.model == asked_as(Catalog.load().default_embedded)


def test_a_home_has_a_file_for_each_model(tmp_path):
    file = calibration_file(ENDPOINT.name, tmp_path)
    assert file.parent == tmp_path / "calibration"  # a slash in a name opens no folder
    assert not is_calibrated(ENDPOINT, tmp_path)
    MADE.save(file)
    assert [p.name for p in file.parent.iterdir()] == [file.name]
    assert load_calibration(file) == MADE
    assert calibration_of(ENDPOINT, tmp_path) == MADE
    assert is_calibrated(ENDPOINT, tmp_path)
    for other in (Catalog.load().default_embedded, None):
        assert calibration_of(other, tmp_path) == load_calibration()
        assert is_calibrated(other, tmp_path)


def test_a_model_that_is_asked_otherwise_is_not_calibrated(tmp_path):
    MADE.save(calibration_file(ENDPOINT.name, tmp_path))
    in_words = ENDPOINT.model_copy(update={"logprobs": False})
    assert not is_calibrated(in_words, tmp_path)
    embedded = Catalog.load().default_embedded
    (adapter,) = embedded.adapters
    less = adapter.model_copy(update={"strength": adapter.strength / 2})
    assert not is_calibrated(embedded.model_copy(update={"adapters": (less,)}), tmp_path)


@pytest.mark.parametrize(
    "change",
    [
        {"supported": "high"},
        {"supported": float("nan")},
        {"supported": 0.2},  # below `partial`
        {"asked": {}},
        {"asked": {**MADE.asked, "answer": float("inf")}},
    ],
)
def test_a_broken_file_is_named_and_calibrates_nothing(tmp_path, change):
    file = calibration_file(ENDPOINT.name, tmp_path)
    MADE.save(file)
    whole = json.loads(file.read_text(encoding="utf-8"))
    file.write_text(json.dumps({**whole, **change}), encoding="utf-8")
    with pytest.raises(ModelError, match=r"json: .*digest model calibrate"):
        calibration_of(ENDPOINT, tmp_path)
    assert not is_calibrated(ENDPOINT, tmp_path)


def test_the_thresholds_are_those_of_the_calibration():
    from fakes import ScriptedModel
    from samples import article

    page = article("port", "The council of Lund opened a new port. Bakers sold rye bread.", "Port")
    claim = "Bread was sold by bakers in the new port."
    found = {}
    for least in (0.01, 0.99):
        fitted = dataclasses.replace(load_calibration(), supported=least, partial=least / 2)
        judge = Judge(WordLlamaEmbedder(), ScriptedModel([0.5]), fitted)
        found[least] = judge.check_claim(claim, [page]).status
    assert found[0.01] == "supported" != found[0.99]
