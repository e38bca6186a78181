import pytest
from samples import article

from assistant.sources import usable_sentences
from assistant.verify.claim_words import claim_words, opposed
from assistant.verify.layers import compare
from assistant.verify.verbs import base

PAGE = article(
    "a",
    "The two governments will strengthen their joint command and welcomed a larger northern base. "
    "The ministry called an early agreement likely after talks on the disputed islands.",
)


def findings(claim):
    return compare(claim, usable_sentences(PAGE), [PAGE])


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("larger northern", "smaller northern"),
        ("northern", "southern"),
        ("strengthen", "weaken"),
        ("welcomed", "condemned"),
    ],
)
def test_a_word_that_excludes_the_sources_is_an_error_on_that_word(said, told):
    sentence = PAGE.text.partition(". ")[0] + "."
    claim = sentence.replace(said, told)
    (found,) = findings(claim)
    assert (found.code, claim[found.start : found.end]) == ("opposite", told.split()[0])


def test_a_prefix_that_denies_makes_an_opposite():
    claim = "The ministry called an early agreement unlikely after talks on the undisputed islands."
    assert [claim[f.start : f.end] for f in findings(claim)] == ["unlikely", "undisputed"]


@pytest.mark.parametrize(
    ("said", "told"),
    [("strengthen", "bolster"), ("welcomed", "praised"), ("larger", "bigger"), ("early", "quick")],
)
def test_a_word_of_the_same_side_is_not_faulted(said, told):
    assert findings(PAGE.text.replace(said, told)) == []


def test_in_a_sentence_told_in_other_words_nothing_is_compared():
    assert findings("Both capitals fear that a weaker command on a southern shore may come.") == []


@pytest.mark.parametrize(
    ("word", "other", "expected"),
    [
        ("rose", "fell", True),
        ("rose", "climbed", False),
        ("brother", "sister", True),
        ("form", "inform", False),
        ("stable", "unstable", True),
        ("ship", "base", False),
    ],
)
def test_opposed_goes_both_ways(word, other, expected):
    assert opposed(base(word), [base(other)]) is expected
    assert opposed(base(other), [base(word)]) is expected


def test_a_word_that_the_source_has_too_is_not_opposed():
    assert not opposed(base("rise"), [base("fall"), base("rose")])


def test_every_line_has_sides_of_which_none_holds_a_word_of_another():
    for line in claim_words().opposites:
        sides = [{base(word) for word in side.split()} for side in line]
        assert len(sides) > 1
        assert sum(map(len, sides)) == len(set().union(*sides)), line
