import json
import random

import numpy as np
import pytest

from assistant.llm.calibration import ASKED, SUREST, WORDING, asked_as, load_calibration
from assistant.llm.catalog import Catalog
from assistant.nlp import sentences
from assistant.verify.checks import CHECKS
from evals import calibrate
from evals.calibrate import (
    WORN,
    Fit,
    best_threshold,
    fit,
    fit_weights,
    load,
    plainer,
    score,
)
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


EVEN = Fit({"intercept": 0.0, "answer": 1.0}, 0.6)


def line(label=1, answer=0.5, joined=0.5, embedding=0.5, **more):
    """One sentence as `evals.answers` writes it."""
    return {
        "set": "a",
        "row": 0,
        "sentence": 0,
        "label": label,
        "page": "p",
        "runs": [0.5, 0.4, 0.3, 0.2],
        "answers": {"0": 0.5, WORN: answer},
        "features": {"joined": joined, "embedding": embedding},
        "fired": [],
        "word_for_word": False,
        **more,
    }


def lines(direction, chance, count=200, **more):
    """Sentences whose answer and `joined` speak for (1) or against (-1) support."""
    return [
        line(
            i % 2,
            answer=0.5 + direction * (i % 2 - 0.5) * chance.uniform(-0.2, 0.8),
            joined=0.5 + direction * (i % 2 - 0.5) * chance.random(),
            embedding=chance.random(),
            **more,
        )
        for i in range(count)
    ]


def rows(some):
    """Each sentence as a row of its own."""
    return {i: [one] for i, one in enumerate(some)}


@pytest.mark.parametrize("names", [WORDING, ASKED], ids=["wording", "asked"])
def test_a_weight_never_turns_against_its_feature(names):
    chance = random.Random(1)
    good = fit_weights({"a": lines(1, chance)}, names).weights
    odd = fit_weights({"a": lines(-1, chance)}, names).weights
    assert good.keys() == odd.keys() == {"intercept", *names}
    assert good[names[0]] > 0.5
    assert odd[names[0]] == 0


def test_an_answer_counts_by_its_odds_and_none_is_endless():
    sure = [line(i % 2, answer=float(i % 2)) for i in range(40)]
    fitted = fit_weights({"a": sure}, ASKED)
    assert fitted.weights["answer"] > 0
    yes, no = (fitted.odds(line(answer=answer)) for answer in (1.0, 0.0))
    assert no < 0 < yes < 99
    assert EVEN.odds(line(answer=0.0)) == pytest.approx(np.log(SUREST / (1 - SUREST)))
    assert EVEN.odds(line(answer=0.75)) == pytest.approx(np.log(3))


def test_a_large_set_weighs_no_more_than_a_small_one():
    chance = random.Random(2)
    one, other = lines(1, chance, 40), lines(-1, chance, 40)
    first = fit_weights({"one": one * 5, "other": other}, ASKED)
    second = fit_weights({"one": one, "other": other * 5}, ASKED)
    assert first.weights == pytest.approx(second.weights, rel=0.05, abs=0.05)


def test_neither_does_the_label_that_has_more_rows():
    right, wrong = ([x for x in lines(1, random.Random(3)) if x["label"] == n] for n in (1, 0))
    first = fit_weights({"a": right * 4 + wrong}, ASKED)
    second = fit_weights({"a": right + wrong * 4}, ASKED)
    assert first.weights == pytest.approx(second.weights, rel=0.1, abs=0.1)


def test_a_row_is_as_good_as_its_weakest_sentence():
    assert score(EVEN, [line(answer=0.9)]) == pytest.approx(0.9)
    assert score(EVEN, [line(answer=0.9), line(answer=0.2)]) == pytest.approx(0.2)
    assert score(EVEN, [line(answer=0.9), line(answers={})]) == 0.0
    unread = {name: value for name, value in line().items() if name != "answers"}
    assert score(EVEN, [unread]) == 0.0


@pytest.mark.parametrize("check", CHECKS, ids=lambda c: c.name)
def test_what_a_check_refutes_is_below_the_threshold_unless_left_out(check):
    fired = line(answer=0.99, fired=[check.name])
    assert (score(EVEN, [fired]) < EVEN.threshold) is check.refutes
    assert score(EVEN, [fired], without=check.name) == pytest.approx(0.99)
    assert score(EVEN, [{**fired, "answers": {WORN: 0.1}}]) < 0.11


def test_what_a_sentence_says_word_for_word_needs_no_answer_to_be_supported():
    said = line(answer=0.01, word_for_word=True)
    assert score(EVEN, [said]) == 0.99
    assert score(EVEN, [said], without="word for word") == pytest.approx(0.01)
    assert score(EVEN, [{**said, "fired": ["figures"]}]) < 0.02
    assert score(EVEN, [{**said, "fired": ["names"]}]) == 0.99
    assert score(EVEN, [{**said, "fired": ["figures"]}], without="figures") == 0.99


def test_the_threshold_parts_what_can_be_parted():
    answers = [0.9, 0.8, 0.75] * 5, [0.7, 0.4, 0.1] * 5
    some = [line(1, a) for a in answers[0]] + [line(0, a) for a in answers[1]]
    assert 0.7 < best_threshold(EVEN, {"a": rows(some)}) <= 0.75


def test_of_thresholds_that_are_as_good_the_middle_one_is_taken():
    some = [line(1, a) for a in [0.9] * 200] + [line(0, a) for a in [0.3] * 199 + [0.6]]
    assert best_threshold(EVEN, {"a": rows(some)}) == pytest.approx(0.6, abs=0.02)


def test_the_threshold_is_that_of_the_sets_it_is_for():
    low = [line(1, a) for a in [0.5] * 20] + [line(0, a) for a in [0.2] * 20]
    high = [line(1, a) for a in [0.9] * 20] + [line(0, a) for a in [0.7] * 20]
    sets = {"low": rows(low), "high": rows(high)}
    fitted = fit(sets, ["answer"], ["high"])
    assert fitted.threshold == best_threshold(Fit(fitted.weights), {"high": rows(high)})
    assert fitted.threshold > fit(sets, ["answer"], ["low"]).threshold


def test_each_set_counts_the_same_for_the_threshold():
    low = [line(1, 0.4), line(0, 0.1)] * 3
    high = [line(1, 0.9), line(0, 0.35), line(0, 0.5), line(0, 0.6)] * 30
    fitted = best_threshold(EVEN, {"low": rows(low), "high": rows(high)})
    # Just below 0.4 all of one set is right, and a third of the false rows of the other.
    assert fitted == pytest.approx(0.4, abs=0.051)


def test_lines_are_read_by_set_and_row(tmp_path):
    file = tmp_path / "answers.jsonl"
    kept = [
        line(1, row=0),
        line(0, row=1, sentence=0),
        line(0, row=1, sentence=1),
        line(1, set="one label"),
    ]
    file.write_text("".join(json.dumps(one) + "\n" for one in kept), encoding="utf-8")
    assert load(file) == {"a": {0: kept[:1], 1: kept[1:3]}}


def test_weights_are_fitted_on_rows_of_one_sentence_that_have_an_answer():
    chance = random.Random(4)
    some = lines(1, chance, 60)
    others = lines(-1, chance, 600)
    several = {f"row {n}": others[n : n + 2] for n in range(0, 600, 2)}
    silent = {f"silent {n}": [{**one, "answers": {}}] for n, one in enumerate(others)}
    of_one_label = {n: [one] for n, one in enumerate(others) if one["label"]}
    of_one_label["both"] = [line(0), line(0)]
    alone = fit({"a": rows(some)}, ASKED)
    more = {"a": {**rows(some), **several, **silent}, "b": of_one_label}
    assert fit(more, ASKED).weights == alone.weights
    assert alone.threshold == best_threshold(Fit(alone.weights), {"a": rows(some)})


def test_the_plainer_methods_take_the_weakest_sentence():
    methods = plainer()
    two = [
        line(answers={"0": 0.3, WORN: 0.8}),
        line(answers={"0": 0.6, WORN: 0.2}, runs=[0.9, 0.8, 0.1, 0.0]),
    ]
    assert {name: method(two) for name, method in methods.items()} == {
        "1-word runs": 0.5,
        "2-word runs": 0.4,
        "3-word runs": 0.1,
        "4-word runs": 0.0,
        "plain model": 0.3,
        "answer alone": 0.2,
    }
    silent = {name: value for name, value in line().items() if name != "answers"}
    assert methods["plain model"]([two[0], silent]) == 0.0


def test_the_command_compares_each_set_and_writes_what_the_score_reads(
    tmp_path, monkeypatch, capsys
):
    chance = random.Random(5)
    file, out = tmp_path / "answers.jsonl", tmp_path / "calibration.json"
    kept = [
        {**one, "set": name, "row": n, "fired": [] if one["label"] else ["figures"]}
        for name in ("one", "two", "apart")
        for n, one in enumerate(lines(1, chance, 40))
    ]
    file.write_text("".join(json.dumps(one) + "\n" for one in kept), encoding="utf-8")
    monkeypatch.setattr(calibrate, "OUT", out)
    words = ["calibrate", str(file), "--measure-only", "apart"]
    monkeypatch.setattr("sys.argv", words)
    calibrate.main()
    assert not out.exists()
    printed = capsys.readouterr().out
    figures = {cells[0]: cells[1:] for row in printed.splitlines() if (cells := row.split())}
    assert all(figures[name][0] == "40" for name in ("one", "two", "apart"))
    monkeypatch.setattr("sys.argv", [*words, "--write"])
    calibrate.main()
    written = json.loads(out.read_text(encoding="utf-8"))
    assert written["fitted_on"] == {"one": 40, "two": 40}
    assert written["wording"].keys() == {"intercept", *WORDING}
    assert written["asked"].keys() == {"intercept", *ASKED}
    fitted = load_calibration(out)
    assert 0 < fitted.partial < fitted.supported < 1
    assert fitted.model == asked_as(Catalog.load().default_embedded)


def test_rows_of_one_source_share_a_half():
    some = [Row(str(i), PAGE, "claim", 1, {}) for i in range(3)]
    assert len({half_of(r.source) for r in some}) == 1
