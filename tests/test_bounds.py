import pytest
from samples import article

from assistant.sources import usable_sentences
from assistant.verify.bounds import allows
from assistant.verify.layers import compare
from assistant.verify.quantities import find_quantities


def left_open(claim, evidence):
    (quantity,) = find_quantities(claim)
    return allows(quantity, claim, find_quantities(evidence), evidence)


def codes(claim, source):
    page = article("a", source)
    found = compare(claim, usable_sentences(page), [page])
    return {f.code for f in found if f.level == "error"}


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("more than 50 languages", "It is read in 65 languages."),
        ("over $1 million", "It took in $181,674,817."),
        ("less than 5 billion years", "It formed 4.54 billion years ago."),
        ("at least 20 ships", "All 22 ships left."),
        ("no more than 30 ships", "Some 22 ships left."),
        ("more than 40 years", "a career of over five decades"),
        ("more than 150 meters", "It flew 1 kilometer."),
        ("more than 1,000 ships", "more than 1,200 ships"),
        ("about 500 ships", "The 497 ships left."),
        ("almost 50 years", "He stayed for 48 years."),
    ],
)
def test_a_figure_that_the_claim_leaves_open(claim, evidence):
    assert left_open(claim, evidence)


@pytest.mark.parametrize(
    ("claim", "evidence"),
    [
        ("50 languages", "It is read in 65 languages."),
        ("more than 70 languages", "It is read in 65 languages."),
        ("less than 50 languages", "It is read in 65 languages."),
        ("more than 50 languages", "It has 65 pages."),
        ("more than 20 years", "A 25-year-old woman spoke."),
        ("more than 20 ships", "It sent up to 30 ships."),
        ("more than 20 meters", "It took 30 minutes."),
        ("about 500 ships", "The 460 ships left."),
        ("almost 50 years", "He stayed for 51 years."),
    ],
)
def test_a_figure_that_it_does_not(claim, evidence):
    assert not left_open(claim, evidence)


PAGE = "Rube was the third son of a smith. In World War II he was at the base, which 65 ships left."


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("The base is one that more than 50 ships left.", set()),
        ("The base is one that more than 80 ships left.", {"number"}),
        ("Rube was the smith's 3rd son.", set()),
        ("Rube was the smith's 4th son.", {"number"}),
        ("The base was his in World War 2.", set()),
        ("The base was his in World War 1.", {"number"}),
    ],
)
def test_a_claim_in_its_own_form_of_a_figure(claim, expected):
    assert codes(claim, PAGE) == expected
