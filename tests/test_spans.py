"""The words of a claim that its evidence does not bear out."""

import datetime as dt

import pytest
from samples import article

from assistant.dates import resolve_days
from assistant.sources import usable_sentences
from assistant.verify.align import align
from assistant.verify.spans import leaves_out, longest_unsaid, unsaid_part, unsupported_spans

FRIDAY = dt.date(2023, 7, 21)
SOURCE = (
    "The council agreed to open a new bridge near the old harbor on Tuesday with 40 ferries from "
    "Norway."
)


def marked(claim, page=SOURCE):
    evidence = usable_sentences(article("a", page, published_on=FRIDAY))
    worded = [(s.text, resolve_days(s.text, FRIDAY, FRIDAY.year)) for s in evidence]
    sentences = [(text, FRIDAY) for forms in worded for text in forms]
    found = unsupported_spans(claim, FRIDAY, sentences, evidence)
    return [(f.code, claim[f.start : f.end], f.replacement) for f in found]


@pytest.mark.parametrize(
    ("said", "told", "code", "shown", "instead"),
    [
        ("open", "close", "wording", "close", "open"),
        ("agreed", "refused", "wording", "refused", "agreed"),
        ("old harbor", "old market", "wording", "market", "harbor"),
        ("near", "far from", "wording", "far from", "near"),
        ("Tuesday", "Monday", "date", "Monday", "Tuesday"),
        ("40", "60", "number", "60", "40"),
        ("Norway", "Denmark", "name", "Denmark", "Norway"),
        ("council", "mayor", "title", "mayor", "council"),
        ("harbor", "harbor of Brenholm", "name", "of Brenholm", None),
        ("Tuesday", "Tuesday because of a strike", "wording", "because of a strike", None),
    ],
)
def test_what_a_copy_changed_is_marked_where_it_stands(said, told, code, shown, instead):
    assert marked(SOURCE.replace(said, told)) == [(code, shown, instead)]


@pytest.mark.parametrize(
    "claim",
    [
        SOURCE,
        SOURCE.replace("Tuesday", "July 18"),
        SOURCE.replace("40", "forty"),
        SOURCE.replace("new ", ""),
        SOURCE.replace(" with 40 ferries from Norway", ""),
        SOURCE.replace("The council", "A council"),
        "On Tuesday the council agreed to open a new bridge near the old harbor.",
    ],
    ids=["same", "day", "figure", "left out", "shorter", "article", "moved"],
)
def test_the_same_in_an_editors_words_is_not_marked(claim):
    assert marked(claim) == []


@pytest.mark.parametrize(
    ("claim", "page", "shown"),
    [
        ("The council opens a long bridge.", "The council may open a long bridge.", "opens"),
        ("The long bridge was closed.", "The long bridge was never closed.", "closed"),
        (
            "The council raised the bridge fee.",
            "The council has not raised the bridge fee.",
            "raised",
        ),
        ("The town moves its old office.", "The town plans to move its old office.", "moves"),
    ],
)
def test_a_word_that_limits_the_sentence_is_missed(claim, page, shown):
    assert marked(claim, page) == [("wording", shown, None)]


def test_a_promise_for_a_possibility_is_marked_with_the_pages_word():
    claim = "The council will open a long bridge."
    page = "The council may open a long bridge."
    assert marked(claim, page) == [("wording", "will", "may")]


def test_a_long_stretch_has_no_replacement():
    claim = SOURCE.replace("near the old harbor", "far away from all homes")
    assert marked(claim) == [("wording", "far away from all homes", None)]


@pytest.mark.parametrize(
    ("claim", "page", "shown"),
    [
        ("The mayor opened the line.", "The deputy mayor opened the line.", "mayor"),
        ("The deputy mayor opened the line.", "The mayor opened the line.", "deputy"),
    ],
)
def test_a_word_that_makes_another_office_is_a_title(claim, page, shown):
    assert marked(claim, page) == [("title", shown, None)]


def test_a_change_is_told_to_the_editor():
    def message(claim, page=SOURCE):
        evidence = usable_sentences(article("a", page))
        (found,) = unsupported_spans(claim, None, [(page, None)], evidence)
        assert found.level == "error"
        return found.message

    other = SOURCE.replace("harbor", "market")
    assert message(other) == "The source says “harbor” here, not “market”."
    more = SOURCE.replace("harbor", "harbor of Brenholm")
    assert message(more) == "The source does not say “of Brenholm” here."
    less = "The long bridge was closed."
    assert "never" in message(less, "The long bridge was never closed.")


def test_of_a_claim_in_other_words_the_longest_stretch_is_marked():
    page = "The longest bridge was opened by the council. Engineers built it."
    claim = (
        "On Tuesday the council, in a surprise to unions, opened what engineers call the longest "
        "bridge."
    )
    assert marked(claim, page) == [("part", "surprise to unions", None)]


def test_nothing_is_marked_where_the_whole_claim_is_foreign():
    assert marked("Bakers in Lyon demand cheaper butter.") == []


@pytest.mark.parametrize(
    ("claim", "shown"),
    [
        ("The council opened the bridge and banned loud music.", "banned loud music"),
        ("The council, led by keen violinists, opened the bridge.", "led by keen violinists"),
        ("The council opened the bridge.", None),
        ("The council opened the old bridge.", None),  # a single word
        ("Bakers demand cheaper butter.", None),  # all of it
    ],
)
def test_longest_unsaid(claim, shown):
    evidence = usable_sentences(article("a", "The council opened the bridge. Engineers cheered."))
    found = longest_unsaid(claim, evidence)
    assert (found and claim[found.start : found.end]) == shown
    assert found is None or (found.code, found.level) == ("part", "error")


def test_what_another_wording_of_the_evidence_says_is_said():
    evidence = usable_sentences(article("a", "Deputy Secretary of State Ann Roe spoke on Monday."))
    claim = "Dep. Sec. Roe spoke."
    house = ["Dep. Sec. of State Roe spoke on Monday."]
    assert longest_unsaid(claim, evidence) is not None
    assert longest_unsaid(claim, evidence, house) is None
    assert longest_unsaid("Dep. Sec. Roe spoke of rice harvests.", evidence, house) is not None


def test_unsaid_part():
    found = unsaid_part("They met in Lund.", 9, 17)
    assert (found.code, found.message) == ("part", "The source does not say “in Lund”.")


@pytest.mark.parametrize(
    "word", ["not", "never", "may", "might", "would", "probably", "reportedly"]
)
def test_a_claim_may_leave_out_no_word_that_limits(word):
    page = f"The council of Lund has {word} raised the fee for boats."
    claim = "The council of Lund has raised the fee for boats."
    assert leaves_out(align(claim, None, [(page, None)]))
    assert not leaves_out(align(page, None, [(page, None)]))


@pytest.mark.parametrize("word", ["often", "yesterday", "quietly", "also"])
def test_it_may_leave_out_others(word):
    page = f"The council of Lund has {word} raised the fee for boats."
    claim = "The council of Lund has raised the fee for boats."
    assert not leaves_out(align(claim, None, [(page, None)]))


def test_a_limiting_word_may_stand_in_another_place():
    page = "Perhaps the council of Lund has raised the fee for boats."
    claim = "The council of Lund has perhaps raised the fee for boats."
    assert not leaves_out(align(claim, None, [(page, None)]))
