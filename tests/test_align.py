"""A claim beside the sentence that it copies, word by word in their normal forms."""

import datetime as dt

import pytest

from assistant.verify.align import COPIED, align, field_first, words

FRIDAY = dt.date(2023, 7, 21)
SOURCE = "The council agreed to open a new bridge near the old harbor on Tuesday with 40 ferries."


def laid(claim, *sources):
    return align(claim, FRIDAY, [(source, FRIDAY) for source in sources or (SOURCE,)])


def changed(claim, *sources):
    """The words of the claim, and those that its sentence has for them."""
    found = laid(claim, *sources)
    return [([w.text for w in c.claim], [w.text for w in c.source]) for c in found.changes]


def keys(text, published_on=FRIDAY):
    return [w.key for w in words(text, published_on)]


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("on Tuesday", "on July 18"),
        ("on 18 July", "on July 18"),
        ("four ferries", "4 ferries"),
        ("$4bn", "$4 billion"),
        ("3,000 bakers", "3000 bakers"),
        ("Danish bakers", "Denmark's bakers"),
        ("the US", "the United States"),
        ("SecDef Lowe", "Secretary of Defense Lowe"),
        ("the Democratic People's Republic of Korea", "the DPRK"),
        ("Gov. Holm", "Governor Holm"),
        ("he led a group", "he leads a group"),
        ("they met and took it", "they meet and take it"),
    ],
)
def test_words_have_normal_forms(text, other):
    assert keys(text) == keys(other)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("on Tuesday", "on Monday"),
        ("4 ferries", "14 ferries"),
        ("$4 billion", "$4 million"),
        ("told us", "told the US"),
        ("Danish bakers", "Norwegian bakers"),
        ("the JMSDF", "the JGSDF"),
        ("the Marine Corps", "America"),
        ("North Korea", "both Koreas"),
        ("it may open", "it will open"),
    ],
)
def test_other_words_have_others(text, other):
    assert keys(text) != keys(other)


def test_a_day_a_figure_and_a_name_are_one_word_each():
    text = "By July 18, the United States gave Lund $4 billion."
    assert [w.text for w in words(text, FRIDAY)] == [
        "By",
        "July 18",
        "the",
        "United States",
        "gave",
        "Lund",
        "$4 billion",
    ]
    assert all(text[w.start : w.end] == w.text for w in words(text, FRIDAY))


def test_content_words():
    told = words("The mayor of Lund says that it may open the port.", None)
    assert [w.text for w in told if w.is_content] == ["mayor", "Lund", "open", "port"]


def test_a_copy_in_normal_forms_has_no_changes():
    found = laid(SOURCE.replace("Tuesday", "July 18").replace("40", "forty"))
    assert (found.copied, found.changes, found.sentence) == (1.0, (), SOURCE)


@pytest.mark.parametrize(
    ("said", "told"),
    [("harbor", "market"), ("Tuesday", "Monday"), ("40", "60"), ("agreed", "refused")],
)
def test_a_word_in_the_place_of_another(said, told):
    assert changed(SOURCE.replace(said, told)) == [([told], [said])]


def test_words_that_one_of_the_two_lacks():
    assert changed(SOURCE.replace("new ", "")) == [([], ["new"])]
    assert changed(SOURCE.replace("harbor", "harbor of Brenholm")) == [(["of", "Brenholm"], [])]


def test_what_stands_after_a_gap():
    (gap,) = laid(SOURCE.replace("new ", "")).changes
    assert gap.after.text == "bridge"
    (end,) = laid(SOURCE.replace("ferries", "boats")).changes
    assert end.after is None


def test_the_sentence_that_has_most_of_it():
    others = ("The council met.", SOURCE.replace("new", "long"), SOURCE, SOURCE.replace("40", "7"))
    assert laid(SOURCE, *others).sentence == SOURCE


@pytest.mark.parametrize(
    "claim",
    ["Bakers in Lund demand cheaper butter.", "Near the old harbor of Lund, bakers sold rye.", ""],
)
def test_what_copies_no_sentence_is_laid_beside_none(claim):
    assert laid(claim) is None


def test_a_claim_is_a_copy_by_its_own_words():
    half = "The council agreed to open a new bridge"
    assert laid(half).copied == 1.0
    both = laid(f"{half} for bakers from Lund.")
    assert COPIED <= both.copied < 1
    assert laid(f"{half} for bakers from Lund who sell rye, butter and salt at noon.") is None


@pytest.mark.parametrize(
    ("text", "turned"),
    [
        ("Minister of Defense Lund", "Defense Minister Lund"),
        ("Secretary of Defense Roe", "Defense Secretary Roe"),
        ("the Ministry of Foreign Affairs", "the Foreign Ministry"),
        ("the Minister for Foreign Affairs", "the Foreign Minister"),
        ("the Department of the Energy", "the Energy Department"),
        ("the Department of State", "the State Department"),
        ("Secretary of State Roe", "Secretary of State Roe"),
        ("Minister of State Lund", "Minister of State Lund"),
        ("Minister for Foreign Investment", "Minister for Foreign Investment"),
        ("Ministers of Defense", "Ministers of Defense"),
    ],
)
def test_offices_that_are_others_in_the_other_order_stay(text, turned):
    assert field_first(text) == turned
