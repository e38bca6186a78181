import pytest

from assistant.terms import Weights, cosine, glossary, stem, terms


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("agreed on exercises", "agree on exercise"),
        ("U.S. forces", "US forces"),
        ("the United States", "the U.S."),
        ("Japan's plan", "Japan plans"),
        ("Japan’s plan", "Japan's plan"),
        ("3,000 troops", "3000 troops"),
        ("US-led talks", "US led talks"),
        ("the Indo-Pacific", "Indo Pacific"),
    ],
)
def test_same_words_in_another_form_are_the_same_terms(one, other):
    assert terms(one) == terms(other) != []


@pytest.mark.parametrize(
    ("one", "other"),
    [("they told us", "they told the US"), ("15 ships", "150 ships"), ("in 1.5 years", "15 years")],
)
def test_different_words_stay_different(one, other):
    assert terms(one) != terms(other)


def test_words_that_say_nothing_are_left_out():
    assert terms("The two of them and which was said by him, a, I") == [stem("two")]


def test_order_and_repeats_are_kept():
    assert terms("ships met ships") == [stem("ships"), stem("met"), stem("ships")]


def test_japanese_gives_the_glossarys_english():
    assert {"japan", "us_"} <= set(terms("日米は東京で協議した。"))
    assert set(terms("Tokyo")) <= set(terms("日米は東京で協議した。"))


def test_japanese_is_comparable_with_japanese():
    assert set(terms("半導体の輸出規制")) & set(terms("輸出規制を強める")) >= {"輸出", "規制"}


def test_the_glossary_gives_terms_for_every_entry():
    assert all(terms(english) for english in glossary().values())


@pytest.fixture
def weights():
    return Weights([["japan", "talks"], ["japan", "osprey"], ["japan", "chips"]])


def test_rare_terms_weigh_more(weights):
    assert weights.idf("unseen") > weights.idf("osprey") > weights.idf("japan") > 0


def test_coverage_is_the_share_of_weight_found(weights):
    assert weights.coverage(["osprey", "japan"], ["osprey", "japan", "x"]) == pytest.approx(1)
    assert weights.coverage(["osprey"], ["japan"]) == 0
    half = weights.coverage(["osprey", "japan"], ["osprey"])
    assert 0.5 < half < 1
    assert half + weights.coverage(["osprey", "japan"], ["japan"]) == pytest.approx(1)
    assert weights.coverage(["osprey", "osprey", "japan"], ["osprey"]) == half


def test_a_claim_without_terms_is_not_covered(weights):
    assert weights.coverage([], ["japan"]) == 0


def test_vectors_have_unit_length(weights):
    vector = weights.vector(["japan", "osprey", "osprey"])
    assert cosine(vector, vector) == pytest.approx(1)
    assert vector["osprey"] > vector["japan"]
    assert weights.vector([]) == {}


def test_cosine_is_symmetric_and_zero_without_a_shared_term(weights):
    a, b = weights.vector(["japan", "osprey"]), weights.vector(["japan"])
    assert cosine(a, b) == cosine(b, a) > 0
    assert cosine(a, weights.vector(["chips"])) == 0
