"""What the judging adapter is made of: claims made false, and several adapters made one."""

import json
import random

import numpy as np
import pytest

from assistant.nlp import parse
from assistant.verify.evidence import hold
from evals.grounding import embedder, page_of
from evals.rows import Row, half_of
from evals.training import asked, edits
from evals.training.merge import mean_of
from evals.training.rows import judged
from evals.training.trees import alike, batched, join

CLAIM = "The ministers met in Tokyo on Friday."
ELSEWHERE = "A storm closed the port. The fleet sailed to Guam after weeks of heavy rain."
PAGE = (
    "The harbor has two old piers. Its museum opened in May. The northern pier is closed for"
    " repairs until spring. Visitors may use the other one."
)


@pytest.fixture
def factors():
    chance = np.random.default_rng(5)
    return [(chance.normal(size=(4, 30)), chance.normal(size=(50, 4))) for _ in range(2)]


def test_two_adapters_of_rank_4_have_their_mean_in_one_of_rank_8(factors):
    a, b = mean_of(factors, 8)
    assert (a.shape, b.shape) == ((8, 30), (50, 8))
    assert np.allclose(b @ a, sum(b @ a for a, b in factors) / 2)


def test_a_mean_may_be_weighed(factors):
    a, b = mean_of(factors, 8, [0.2, 0.8])
    (one, other) = (b @ a for a, b in factors)
    assert np.allclose(b @ a, 0.2 * one + 0.8 * other)


def test_a_mean_of_lower_rank_is_the_nearest_there_is(factors):
    a, b = mean_of(factors, 4)
    mean = sum(b @ a for a, b in factors) / 2
    left_out = np.linalg.svd(mean, compute_uv=False)[4:]
    assert np.isclose(np.linalg.norm(b @ a - mean), np.linalg.norm(left_out))


def test_a_sentence_is_ended_as_one_of_another_page():
    found = edits.found_in([parse(ELSEWHERE, entities=True)])
    doc = parse(CLAIM, entities=True)
    made = {edits.falsified(CLAIM, doc, found, random.Random(n)) for n in range(40)}
    assert "The ministers met in Tokyo on Friday after weeks of heavy rain." in made
    assert CLAIM not in made


def test_a_true_claim_is_also_shown_without_its_evidence_and_then_is_false():
    told = "The northern pier is closed for repairs until spring."
    row = Row("a", PAGE, "One pier is closed for repairs.", 1, {"gold_evidence": [told]})
    with_it, without = judged(("set", 0, row, 0))
    assert (with_it["label"], without["label"]) == (1, 0)
    assert told in with_it["evidence"]
    assert told not in without["evidence"]
    assert without["evidence"]


RULES, FIRST, SECOND = [1, 2, 3], [10, 11, 12], [20, 21]
GROUPS = [
    [[*RULES, *FIRST, 30, 31, 9], [*RULES, *FIRST, 40, 9]],
    [[*RULES, *SECOND, 50, 9], [*RULES, *SECOND, 60, 61, 62, 9]],
]


def test_in_a_tree_every_prompt_is_read_as_it_would_be_alone():
    tree = join(GROUPS)
    prompts = [prompt for group in GROUPS for prompt in group]
    assert len(tree.ids) == 19 < sum(map(len, prompts))  # what they share stands once
    assert len(tree.ends) == len(prompts)
    for prompt, end in zip(prompts, tree.ends, strict=True):
        own = np.flatnonzero(tree.sees[end])
        assert tree.ids[own].tolist() == prompt
        assert tree.positions[own].tolist() == list(range(len(prompt)))
        for place, token in enumerate(own):
            assert np.flatnonzero(tree.sees[token]).tolist() == own[: place + 1].tolist()


def test_a_prompt_that_begins_another_still_has_an_end_of_its_own():
    tree = join([[[1, 2], [1, 2, 3]]])
    assert [tree.ids[end] for end in tree.ends] == [2, 3]
    assert alike([[1, 2], [1, 2, 3]]) == 1
    assert alike([[1, 2, 3, 4]]) == 3


@pytest.mark.parametrize(("most", "made"), [(1000, [[0, 1]]), (12, [[0], [1]]), (1, [[0], [1]])])
def test_groups_are_batched_by_their_tokens(most, made):
    assert list(batched(GROUPS, most)) == made


class Letters:
    """Stands for a tokenizer: each character is a token."""

    def encode(self, text, add_special_tokens):
        self.ids = [ord(c) for c in text]
        return self


def of_pair(*claims):
    return tuple(hold(claim, [page_of(PAGE)], embedder()) for claim in claims)


def test_both_claims_of_a_pair_are_asked_over_the_sentences_of_one():
    true, false = of_pair("The northern pier is shut until spring.", "Its museum opened in June.")
    questions = asked.Asked(Letters(), [(true, false)])
    for shown, held in enumerate((true, false)):
        for own, prompt in zip((true, false), questions.over(0, shown), strict=True):
            text = "".join(map(chr, prompt))
            assert f"Claim: {own.claim}" in text
            assert all(sentence in text for sentence in held.read)


def test_at_times_the_sentence_that_bears_least_on_a_pair_is_not_shown():
    pair = of_pair("The northern pier is shut until spring.", "The northern pier is shut in May.")
    questions = asked.Asked(Letters(), [pair])
    whole = questions.over(0, 0)
    drawn = [questions.over(0, 0, random.Random(n)) for n in range(40)]
    fewer = [d for d in drawn if d != whole]
    assert 2 < len(fewer) < 20
    assert all("closed for repairs" in "".join(map(chr, prompt)) for d in fewer for prompt in d)


def test_other_sets_are_learned_from_in_their_development_half(tmp_path):
    rows = [
        {"id": str(n), "source": f"{PAGE} Pier {n} is new.", "claim": f"Pier {n} was built."}
        for n in range(12)
    ]
    rows.append({**rows[0], "id": "two", "claim": "Pier 0 was built. It is new."})
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps({**r, "label": n % 2}) + "\n" for n, r in enumerate(rows)))
    found = asked.others_of([file], random.Random(1))
    learned = {r["claim"] for r in rows[:12] if half_of(r["source"]) == "development"}
    assert {held.claim for held, _ in found} == learned != set()
