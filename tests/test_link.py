from dataclasses import replace

import pytest
from samples import article

from assistant.draft.link import add_sources, choose_anchor, link
from assistant.types import Bullet, Citation, Claim, Evidence, Verdict, Written

A, B, C = (article(n, f"Text of {n}.", url=f"https://{n}.example/1") for n in "abc")
ARTICLES = {a.id: a for a in (A, B, C)}
ON_A, ON_B = Evidence("a", 0, 4), Evidence("b", 0, 4)


def anchors(bullet):
    return [(bullet.text[c.start : c.end], c.url, c.article_id) for c in bullet.citations]


@pytest.mark.parametrize(
    ("sentence", "wanted", "expected"),
    [
        ("The US and Japan held talks on July 13.", None, "held talks"),
        ("The US and Japan held talks on July 13.", "talks", "talks"),
        ("The US and Japan held talks on July 13.", "held", "held"),
        ("The US and Japan held talks on July 13.", "and", "held talks"),
        ("The US and Japan held talks on July 13.", "missing", "held talks"),
        ("The US and Japan held talks on July 13.", "held talks on July", "held talks"),
        ("The US-led exercise ended on July 21.", "led", "ended"),
        ("The rules took effect on July 23.", None, "took effect"),
        ("Brig. Gen. Mastalir hosted Maj. Gen. Sakanishi.", None, "hosted"),
        ("They carried out a drill.", None, "carried out"),
        ("A day of rain.", None, "day"),
    ],
)
def test_choose_anchor(sentence, wanted, expected):
    start, end = choose_anchor(sentence, wanted)
    assert sentence[start:end] == expected


@pytest.mark.parametrize("sentence", ["", "!!", "…"])
def test_no_word_no_anchor(sentence):
    assert choose_anchor(sentence, "held") is None


def test_a_second_anchor_is_another_word():
    sentence = "The US hosted and Japan joined the talks."
    first = choose_anchor(sentence, None)
    second = choose_anchor(sentence, None, [first])
    assert second is not None
    assert second[1] <= first[0] or first[1] <= second[0]


def test_each_sentence_is_linked_to_its_articles():
    bullet = link(
        "Headline",
        [Written("They met in Tokyo.", (ON_A,)), Written("Troops left Guam.", (ON_B,))],
        ARTICLES,
    )
    assert bullet.headline == "Headline"
    assert bullet.text == "They met in Tokyo. Troops left Guam."
    assert anchors(bullet) == [("met", A.url, "a"), ("left", B.url, "b")]


def test_a_page_is_linked_once():
    sentences = [Written("They met in Tokyo.", (ON_A,)), Written("They agreed.", (ON_A, ON_A))]
    assert [c.url for c in link("", sentences, ARTICLES).citations] == [A.url]


def test_two_sources_of_one_sentence_have_two_anchors():
    bullet = link("", [Written("They met in Tokyo and signed a pact.", (ON_A, ON_B))], ARTICLES)
    (_, first, _), (_, second, _) = anchors(bullet)
    assert {first, second} == {A.url, B.url}
    one, other = bullet.citations
    assert one.end <= other.start


def test_an_article_without_a_page_is_not_linked():
    pasted = replace(A, url=None)
    assert link("", [Written("They met.", (ON_A,))], {"a": pasted}).citations == ()


def test_no_sentences_no_text():
    assert link("Headline", [], ARTICLES) == Bullet("Headline", "")


def claims(*sentences):
    found, start = [], 0
    for text in sentences:
        end = start + len(text)
        found.append(Claim("text", text, start, end, Verdict("supported", 0.9)))
        start = end + 1
    return tuple(found)


def checked(citations=()):
    sentences = ("They met in Tokyo.", "They signed a pact.")
    return Bullet("", " ".join(sentences), citations, claims(*sentences))


def test_sources_are_added_to_sentences_without_a_link_first():
    bullet = add_sources(checked((Citation(5, 8, A.url, "a"),)), [A, B, C], lambda t, a: True)
    assert anchors(bullet)[0] == ("met", A.url, "a")
    assert ("signed", B.url, "b") in anchors(bullet)
    assert len(bullet.citations) == 3


def test_a_source_that_does_not_support_is_not_added():
    asked = []

    def supports(text, article):
        asked.append((text, article.id))
        return article.id == "b" and text == "They signed a pact."

    bullet = add_sources(checked(), [A, B, C], supports)
    assert anchors(bullet) == [("signed", B.url, "b")]
    assert ("They met in Tokyo.", "c") in asked


def test_no_more_links_than_wanted():
    bullet = add_sources(checked(), [A, B, C], lambda t, a: True, fewest=1)
    assert len(bullet.citations) == 1


@pytest.mark.parametrize("changes", [{"url": None}, {"duplicate_of": "x"}])
def test_pages_that_add_nothing(changes):
    assert add_sources(checked(), [replace(A, **changes)], lambda t, a: True) == checked()


def test_the_better_source_is_added_first():
    official = replace(C, kind="official")
    bullet = add_sources(checked(), [A, B, official], lambda t, a: True, fewest=1)
    assert bullet.citations[0].article_id == "c"
