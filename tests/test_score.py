"""The score of support: of the wording alone, and of a model's answer beside it."""

import json

import pytest
from samples import article

from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.types import Evidence, Finding, Verdict
from assistant.verify import score
from assistant.verify.evidence import hold
from assistant.verify.score import ASKED, WORDING, combine, features, load_calibration, probability

PAGE = article(
    "port",
    "The council of Lund opened a new port for large ferries in July. Bakers sold rye bread. The "
    "old pier of the port stays closed.",
    "Port opens",
)
VALUES = {"joined": 0.5, "embedding": 0.5, "headed": 1.0}


@pytest.fixture(scope="module")
def embedder():
    return WordLlamaEmbedder()


@pytest.fixture
def values(embedder):
    return lambda claim, page=PAGE: features(hold(claim, [page], embedder), embedder)


def test_the_nearer_the_wording_the_higher_its_values(values):
    claims = [
        "The council of Lund opened a new port for large ferries in July.",
        "In July the council of Lund opened a large port for new ferries.",
        "The council of Lund closed the port for bread in July.",
        "Nurses went on strike.",
    ]
    found = [values(claim) for claim in claims]
    assert found[0]["joined"] == 1.0
    assert found[0]["embedding"] == pytest.approx(1.0, abs=0.01)
    for name in WORDING:
        own = [f[name] for f in found]
        assert own == sorted(own, reverse=True) and len(set(own)) == len(own)
        assert all(0 <= value <= 1.001 for value in own)
    assert found[3] == {"joined": 0.0, "embedding": 0.0, "headed": 1.0}


def test_words_of_two_sentences_are_not_said_together(values):
    together, apart = values("Bakers sold bread."), values("The council sold ferries bread.")
    assert together["joined"] > 0.9
    assert apart["joined"] < 0.2


def test_it_counts_whether_a_model_reads_a_heading(values):
    bare = article("bare", PAGE.text, "")
    assert values("Bakers sold bread.")["headed"] == 1.0
    assert values("Bakers sold bread.", bare)["headed"] == 0.0


@pytest.mark.parametrize("name", ["joined", "embedding"])
def test_nearer_wording_never_counts_against_a_claim(name):
    for yes in (None, 0.1, 0.9):
        low, high = (probability({**VALUES, name: value}, yes) for value in (0.1, 0.9))
        assert 0 < low <= high < 1
    assert probability({**VALUES, "joined": 0.1}) < probability({**VALUES, "joined": 0.9})


def test_an_answer_moves_the_score_and_none_makes_it_sure():
    scores = [probability(VALUES, yes) for yes in (0.0, 0.00001, 0.01, 0.5, 0.99, 1.0)]
    assert scores == sorted(scores)
    assert scores[0] == scores[1] < scores[2] < scores[3] < scores[4] < scores[5] < 1
    limits = load_calibration()["thresholds"]
    assert scores[2] < limits["supported"] < scores[4]


def test_the_weights_are_those_of_the_file(monkeypatch, tmp_path):
    calibration = {
        "wording": {"intercept": 0.0, "joined": 1.0, "embedding": 2.0},
        "asked": {"intercept": 1.0, "answer": 0.0, "joined": 0.0, "headed": -1.0},
    }
    file = tmp_path / "calibration.json"
    file.write_text(json.dumps(calibration), encoding="utf-8")
    monkeypatch.setattr(score, "_CALIBRATION", file)
    load_calibration.cache_clear()
    try:
        assert probability(VALUES) == pytest.approx(1 / (1 + 2.718281828**-1.5))
        assert probability(VALUES, 0.2) == 0.5
        assert probability({**VALUES, "headed": 0.0}, 0.2) == pytest.approx(0.7310586)
    finally:
        load_calibration.cache_clear()


def test_the_shipped_file_has_every_weight_and_none_turns_against_its_feature():
    calibration = load_calibration()
    for part, names in (("wording", WORDING), ("asked", ASKED)):
        assert calibration[part].keys() == {"intercept", *names}
        assert all(calibration[part][name] * sign >= 0 for name, sign in names.items())
    limits = calibration["thresholds"]
    assert 0 < limits["partial"] < limits["supported"] < 1


def verdict(status, value, *findings):
    return Verdict(status, value, (Evidence("a", 0, 5),), findings)


def test_a_text_is_as_well_supported_as_its_weakest_statement():
    wrong = Finding("number", "error", "m", 2, 4)
    parts = [
        (0, verdict("supported", 0.9)),
        (30, verdict("contradicted", 0.2, wrong)),
        (60, verdict("partial", 0.4)),
    ]
    whole = combine(parts)
    assert (whole.status, whole.score) == ("contradicted", 0.2)
    assert whole.evidence == (Evidence("a", 0, 5),)  # once
    assert [(f.start, f.end) for f in whole.findings] == [(32, 34)]
    for last in ("partial", "unsupported"):
        assert combine([parts[0], (9, verdict(last, 0.3))]).status == last


def test_what_is_partly_unchecked_has_no_score():
    whole = combine([(0, verdict("contradicted", 0.1)), (9, verdict("unchecked", None))])
    assert (whole.status, whole.score) == ("unchecked", None)
