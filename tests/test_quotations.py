"""Quotations of a claim that its pages do not have word for word."""

import pytest

from assistant.verify.quotations import misquoted

PAGE = (
    "The mayor said: “We don't want a new harbor here, but the old one must stay open for all.” "
    "The film “Night Ferry to Brenholm” was shown, which is “a very long road to peace”."
)


def found(claim, page=PAGE):
    return [(f.level, claim[f.start : f.end]) for f in misquoted(claim, page)]


@pytest.mark.parametrize(
    "claim",
    [
        "She said: “We don't want a new harbor here.”",
        "She said “we do not want a new harbor here”.",
        "She said “we don’t want a new harbor”.",
        'She said "the old one must stay open for all".',
        "She said ‘the old one must stay open’.",
        "She said “we don't want ... the old one must stay open”.",
        "She said “we don't want a new harbor … but the old one must stay open”.",
        "She said “the old [harbor] must stay open for all”.",
        "She spoke of “a very long road to peace”.",
    ],
    ids=[
        "as it is",
        "contraction written out",
        "apostrophe",
        "straight marks",
        "single marks",
        "words left out",
        "ellipsis",
        "words put in",
        "other context",
    ],
)
def test_a_quotation_that_the_page_has(claim):
    assert found(claim) == []


def test_a_contraction_of_the_claim():
    assert found("She said “we didn't sell it”.", "She said “we did not sell it”.") == []
    assert found("She said “we cannot sell it”.", "She said “we can't sell it”.") == []


@pytest.mark.parametrize(
    "words",
    [
        "“we never want a new harbor here”",
        "“we want a new harbor here”",
        "“the old one must stay shut for all”",
        '"the old one must close for all"',
        "‘the old ones must stay open’",
    ],
)
def test_a_quotation_with_other_words_is_a_warning(words):
    assert found(f"She said {words}.") == [("warning", words)]


@pytest.mark.parametrize(
    "words",
    [
        "“rice prices have gone up again”",
        "“this treaty is a total disgrace”",
        '"vote them out now"',
    ],
)
def test_a_quotation_of_which_the_page_has_nothing_is_an_error(words):
    claim = f"She said {words}."
    assert found(claim) == [("error", words)]
    (finding,) = misquoted(claim, PAGE)
    assert finding.code == "quotation"
    assert words[1:-1] in finding.message


@pytest.mark.parametrize(
    "claim",
    [
        "She saw “Night Train to Lundby Bay”.",
        "She called it “a scandal”.",
        "She opened the “Harbor of Dreams” on Monday.",
        "The mayors' plan won't pass, and the town's is shut.",
        "She said that rice prices have gone up.",
        "She said “”.",
        "",
    ],
    ids=["film", "two words", "work", "apostrophes", "no quotation", "empty marks", "empty"],
)
def test_titles_of_works_and_doubtful_words_are_no_quotations(claim):
    assert found(claim) == []


def test_each_quotation_is_looked_up_by_itself():
    claim = "She said “we don't want a new harbor” and “rice prices have gone up again”."
    assert found(claim) == [("error", "“rice prices have gone up again”")]


def test_a_quotation_as_long_as_the_page():
    assert found("She said “we must go home”.", "We must go home.") == []
    assert found("She said “we must all go home now”.", "Go.") != []
