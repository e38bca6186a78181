"""What a model is shown of a page: its opening, the evidence, and what else is near the claim."""

from samples import article

from assistant.sources import usable_sentences
from assistant.verify.select import (
    MAX_READ,
    MAX_WORDS,
    context,
    excerpt,
    select_evidence,
    term_weights,
)

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
    assert len(shown([f"Tankers left Guam in week {n}." for n in range(9)])) == MAX_READ
    long = [f"Tankers left Guam in week {n} {'and again ' * MAX_WORDS}." for n in range(9)]
    read = shown(long)
    assert max(len(text.split()) for text in read) == MAX_WORDS
    assert sum("Tankers left Guam" in text for text in read) >= MAX_READ - 1


def test_of_a_long_sentence_the_words_nearest_to_the_claim_are_read():
    menu = "menu " * MAX_WORDS
    text = f"{menu}The squadron of tankers left Guam {menu}"
    read = excerpt(text, {"squadron": 1.0, "tanker": 1.0, "guam": 1.0})
    words = read.split()
    assert len(words) == MAX_WORDS
    assert "squadron of tankers left Guam" in read
    assert words[0] == words[-1] == "menu"


def test_of_a_first_sentence_that_is_a_menu_the_title_is_read():
    menu = f"Harbor News {'and more ' * MAX_WORDS}."
    page = article("a", " ".join([menu, *OTHERS, *TOLD]), "T")
    sentences = usable_sentences(page)
    weights = term_weights(sentences)
    claim = "The squadron of tankers left Guam."
    evidence = select_evidence(claim, sentences, weights)
    first = context(claim, evidence, sentences, weights)[0]
    assert first.startswith("Harbor News")
    assert len(first.split()) < MAX_WORDS


def test_nothing_is_shown_without_evidence():
    assert shown(TOLD, claim="Zebras graze.") == []
