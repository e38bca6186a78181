"""Features of the score of support, and how verdicts join."""

import pytest
from samples import article

from assistant.llm.calibration import WORDING
from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.types import Evidence, Finding, Verdict
from assistant.verify.evidence import hold
from assistant.verify.score import combine, features

PAGE = article(
    "port",
    "The council of Lund opened a new port for large ferries in July. Bakers sold rye bread. The "
    "old pier of the port stays closed.",
    "Port opens",
)


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
    assert found[3] == {"joined": 0.0, "embedding": 0.0}


def test_words_of_two_sentences_are_not_said_together(values):
    together, apart = values("Bakers sold bread."), values("The council sold ferries bread.")
    assert together["joined"] > 0.9
    assert apart["joined"] < 0.2


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
