import random

import numpy as np
import pytest

from assistant.nlp import sentences
from assistant.verify.score import FEATURES
from evals.calibrate import Sample, best_threshold, fit
from evals.rows import Row, half_of
from evals.splices import make_rows
from evals.summaries import small_letters, summaries, tokens

PAGE = (
    "The defense minister met the ambassador in Tokyo on Monday to discuss a new base. "
    "About 3,000 soldiers have joined a drill near Guam that began in early July. "
    "The company will build two ships for the navy at its yard in Maizuru next year. "
    "Officials in Washington welcomed the plan, which was first announced in May. "
    "A spokesman for the governor of Okinawa said that 40 residents had complained."
)


def test_a_page_gives_a_right_and_a_wrong_claim_of_one_sentence():
    (right, wrong) = make_rows([("p", PAGE)], random.Random(1))
    assert (right.label, wrong.label) == (1, 0)
    assert right.source == wrong.source == PAGE
    assert right.claim != wrong.claim
    words = set(PAGE.replace(".", "").replace(",", "").split())
    assert set(right.claim.rstrip(".").replace(",", "").split()) <= words | {right.claim.split()[0]}


def test_claims_are_the_same_for_a_seed_and_others_for_another():
    rows = [list(make_rows([("p", PAGE)], random.Random(seed))) for seed in (1, 1, *range(2, 9))]
    assert rows[0] == rows[1]
    assert len({r[1].claim for r in rows}) > 3


def test_a_page_without_sentences_gives_none():
    assert list(make_rows([("p", "Too short.")], random.Random(1))) == []


def _words(text):
    return {word.strip(".,").lower() for word in text.split()}


def test_every_second_summary_has_one_spliced_sentence(monkeypatch):
    pages = [PAGE.replace("40", str(40 + n)) for n in range(6)]
    rows = list(summaries(pages))
    assert [r.label for r in rows] == [0, 1] * (len(rows) // 2) + [0] * (len(rows) % 2)
    assert len(rows) >= 4
    for row in rows:
        assert len(sentences(row.claim)) == 3
    right = [r for r in rows if r.label]
    assert all(_words(r.claim) <= _words(r.source) for r in right)
    # Without its splices the same draw gives what the pages say.
    monkeypatch.setattr("evals.summaries.spliced", lambda docs, i, kept, chance: docs[i].text)
    unspliced = list(summaries(pages))
    assert all(_words(r.claim) <= _words(r.source) for r in unspliced)
    assert rows[0].claim != unspliced[0].claim


def test_small_letters_keep_the_beginnings_of_sentences():
    assert (
        small_letters("The US met Japan. It was in Tokyo!") == "The us met japan. It was in tokyo!"
    )


def test_tokens_stand_alone_and_abbreviations_keep_their_stop():
    text = "Mr. Ito paid $2.5 million, he didn't say why.\n\nIt's “late” (10%). Why?"
    assert tokens(text) == (
        "mr. ito paid $ 2.5 million , he did n't say why . it 's `` late '' ( 10 % ) . why ?"
    )


def test_halves_are_of_sources_and_about_even():
    halves = [half_of(f"source {i}") for i in range(400)]
    assert set(halves) == {"development", "held-back"}
    assert 160 < halves.count("development") < 240
    assert half_of("source 1") == halves[1]


def samples(direction, chance, count=200):
    """Rows whose first feature speaks for (1) or against (-1) support; the others are noise."""
    first, *rest = FEATURES
    made = []
    for i in range(count):
        label = i % 2
        values = {name: chance.random() for name in rest}
        values[first] = min(1.0, max(0.0, 0.5 + direction * (label - 0.5) * chance.random()))
        made.append(Sample(values, label))
    return made


def test_a_weight_never_turns_against_its_feature():
    chance = random.Random(1)
    good = fit({"a": samples(1, chance)})
    odd = fit({"a": samples(-1, chance)})
    for fitted in (good, odd):
        signs = np.array(list(FEATURES.values()))
        assert (fitted.weights * signs >= 0).all()
    assert good.weights[0] > 1
    assert odd.weights[0] == 0


def test_a_large_set_weighs_no_more_than_a_small_one():
    chance = random.Random(2)
    one, other = samples(1, chance, 40), samples(-1, chance, 40)
    first = fit({"one": one * 5, "other": other})
    second = fit({"one": one, "other": other * 5})
    assert first.weights == pytest.approx(second.weights, rel=0.05, abs=0.05)


def test_the_threshold_parts_what_can_be_parted():
    chance = random.Random(3)
    rows = [Sample({**s.features, "errors": 0.0}, s.label) for s in samples(1, chance)]
    fitted = fit({"a": rows})
    threshold = best_threshold(fitted, [rows])
    first = next(iter(FEATURES))
    right = sum((s.features[first] > 0.5) == bool(s.label) for s in rows)
    p = 1 / (1 + np.exp(-fitted.logits(rows)))
    assert sum((p >= threshold) == np.array([s.label for s in rows])) > 0.95 * right


def test_rows_of_one_source_share_a_half():
    rows = [Row(str(i), PAGE, "claim", 1, {}) for i in range(3)]
    assert len({half_of(r.source) for r in rows}) == 1
