"""What a model is shown of a page: its opening, the evidence, and what else is near the claim."""

from samples import article

from assistant.sources import usable_sentences
from assistant.verify.select import MAX_READ, MAX_WORDS, context, select_evidence, term_weights

OPENING = "The museum opened its doors to visitors again."
OTHERS = [f"Visitor number {n} saw the old pictures on that day." for n in range(20)]
TOLD = ["A squadron of four tankers left Guam.", "Tankers of that squadron refuel fighters."]


def shown(told, claim="The squadron of tankers left Guam."):
    sentences = usable_sentences(article("a", " ".join([OPENING, *OTHERS, *told]), "T"))
    weights = term_weights(sentences)
    evidence = select_evidence(claim, sentences, weights)
    return [s.text for s in context(claim, evidence, sentences, weights)]


def test_the_opening_comes_first_and_the_evidence_in_the_pages_order():
    read = shown(TOLD)
    assert read[0] == OPENING
    assert read[-2:] == TOLD


def test_a_model_reads_so_many_sentences_of_so_many_words():
    assert len(shown([f"Tankers left Guam in week {n}." for n in range(9)])) == MAX_READ
    long = [f"Tankers left Guam in week {n} {'and again ' * (MAX_WORDS // 6)}." for n in range(9)]
    read = shown(long)
    assert sum(len(text.split()) for text in read) <= MAX_WORDS
    assert set(read) & set(long)


def test_the_best_sentence_is_shown_however_long_it_is():
    endless = f"The squadron of tankers left Guam {'and again ' * MAX_WORDS}."
    assert shown([endless]) == [endless]


def test_nothing_is_shown_without_evidence():
    assert shown(TOLD, claim="Zebras graze.") == []
