"""What a model is shown of a page: its opening, the evidence, and what else is near the claim."""

import datetime as dt

from samples import article

from assistant.sources import usable_sentences
from assistant.verify.select import (
    Reading,
    context,
    excerpt,
    select_evidence,
    term_weights,
)

USUAL = Reading()
OPENING = "The museum opened its doors to visitors again."
OTHERS = [f"Visitor number {n} saw the old pictures on that day." for n in range(20)]
TOLD = ["A squadron of four tankers left Guam.", "Tankers of that squadron refuel fighters."]


def shown(told, claim="The squadron of tankers left Guam."):
    sentences = usable_sentences(article("a", " ".join([OPENING, *OTHERS, *told]), "T"))
    weights = term_weights(sentences)
    evidence = select_evidence(claim, sentences, weights)
    return list(context(claim, evidence, sentences, weights))


def test_the_opening_comes_first_and_the_evidence_in_the_pages_order():
    read = shown(TOLD)
    assert read[0] == OPENING
    assert read[-2:] == TOLD


def test_a_model_reads_so_many_sentences_of_so_many_words():
    many = [f"The squadron of tankers left Guam in week {n}." for n in range(9)]
    assert len(shown(many)) == USUAL.sentences
    long = [f"{text[:-1]} {'and again ' * USUAL.longest}." for text in many]
    read = shown(long)
    assert max(len(text.split()) for text in read) == USUAL.words
    assert sum("tankers left Guam" in text for text in read) >= USUAL.sentences - 1


def test_what_is_hardly_near_the_claim_is_not_read():
    claim = "The squadron of four old tankers left Guam in heavy rain for the Alaskan coast."
    assert shown(TOLD, claim) == [OPENING, *TOLD]


def test_of_a_long_sentence_the_words_nearest_to_the_claim_are_read():
    menu = "menu " * USUAL.longest
    text = f"{menu}The squadron of tankers left Guam {menu}"
    read = excerpt(text, {"squadron": 1.0, "tanker": 1.0, "guam": 1.0}, 40)
    words = read.split()
    assert len(words) == 40
    assert "squadron of tankers left Guam" in read
    assert words[0] == words[-1] == "menu"


def test_of_a_first_sentence_that_is_a_menu_the_title_is_read():
    menu = f"Harbor News {'and more ' * USUAL.longest}."
    page = article("a", " ".join([menu, *OTHERS, *TOLD]), "T")
    sentences = usable_sentences(page)
    weights = term_weights(sentences)
    claim = "The squadron of tankers left Guam."
    evidence = select_evidence(claim, sentences, weights)
    first = context(claim, evidence, sentences, weights)[0]
    assert first.startswith("Harbor News")
    assert len(first.split()) == USUAL.words


def test_nothing_is_shown_without_evidence():
    assert shown(TOLD, claim="Zebras graze.") == []


def test_days_are_shown_as_dates_where_it_is_known_when_the_page_was_published():
    page = article("a", "Four tankers left Guam on Tuesday.", "T", dt.date(2023, 7, 21))
    sentences = usable_sentences(page)
    weights = term_weights(sentences)
    claim = "Four tankers left Guam on July 18."
    read = context(claim, sentences, sentences, weights, {"a": page.published_on})
    assert read == ("Four tankers left Guam on July 18.",)
    assert context(claim, sentences, sentences, weights)[0].endswith("on Tuesday.")
