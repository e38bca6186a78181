import pytest

from assistant.nlp import is_japanese, parse, sentences


def split(text):
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("They met. They spoke.", ["They met.", "They spoke."], id="two"),
        pytest.param("No stop at the end", ["No stop at the end"], id="no stop"),
        pytest.param("", [], id="empty"),
        pytest.param(" \n\n ", [], id="blank"),
        pytest.param(
            "Lt. Gen. Garrant led. He spoke.", ["Lt. Gen. Garrant led.", "He spoke."], id="rank"
        ),
        pytest.param("Mr. J. Smith met Dr. Ito.", ["Mr. J. Smith met Dr. Ito."], id="initial"),
        pytest.param("U.S. Forces Japan moved.", ["U.S. Forces Japan moved."], id="acronym inside"),
        pytest.param(
            "It met in the U.S. The talks ended.",
            ["It met in the U.S.", "The talks ended."],
            id="acronym at the end",
        ),
        pytest.param(
            'It helps the U.S. "pivot" along. It met in the U.S. "Fine," he said.',
            ['It helps the U.S. "pivot" along.', 'It met in the U.S. "Fine," he said.'],
            id="acronym before a quotation",
        ),
        pytest.param(
            "Itochu Corp. said so. Tyr Inc. agreed.",
            ["Itochu Corp. said so.", "Tyr Inc. agreed."],
            id="company",
        ),
        pytest.param(
            "It rose on Jan. 11 and Feb. 2. It fell.",
            ["It rose on Jan. 11 and Feb. 2.", "It fell."],
            id="month",
        ),
        pytest.param(
            "It cost $2.5 billion. Fine.", ["It cost $2.5 billion.", "Fine."], id="decimal"
        ),
        pytest.param(
            "It began at 10 a.m. Tokyo time.", ["It began at 10 a.m. Tokyo time."], id="time"
        ),
        pytest.param(
            '"We agree," he said. "It works." Then he left.',
            ['"We agree," he said.', '"It works."', "Then he left."],
            id="quotation",
        ),
        pytest.param(
            "Wait... what? Yes!", ["Wait... what?", "Yes!"], id="ellipsis before a small letter"
        ),
        pytest.param(
            "The two (incl. the U.K.) met. So?",
            ["The two (incl. the U.K.) met.", "So?"],
            id="bracket before a small letter",
        ),
        pytest.param(
            '"Will it last?" he asked. Yes.', ['"Will it last?" he asked.', "Yes."], id="asked"
        ),
        pytest.param(
            "the u.s. and japan met in tokyo. they spoke of lt. gen. garrant.",
            ["the u.s. and japan met in tokyo.", "they spoke of lt. gen. garrant."],
            id="small letters",
        ),
        pytest.param(
            "It met in the U.S. . the talks , he said , ended .",
            ["It met in the U.S. .", "the talks , he said , ended ."],
            id="tokens",
        ),
        pytest.param("He said ... that.", ["He said ... that."], id="words left out"),
        pytest.param("A title\n\nA sentence.", ["A title", "A sentence."], id="blank line"),
        pytest.param("One line\nof one sentence.", ["One line\nof one sentence."], id="line break"),
        pytest.param(
            "規制が始まった。対象は23品目だ。",
            ["規制が始まった。", "対象は23品目だ。"],
            id="Japanese",
        ),
    ],
)
def test_sentences(text, expected):
    assert split(text) == expected


def test_sentences_of_the_sample_cover_every_word_in_order(sample):
    for article in sample.articles:
        spans = sentences(article.text)
        assert all(a[1] <= b[0] for a, b in zip(spans, spans[1:], strict=False))
        kept = "".join(article.text[start:end] for start, end in spans)
        assert "".join(kept.split()) == "".join(article.text.split())
        assert all(article.text[a:b] == article.text[a:b].strip() for a, b in spans)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("日本は規制を始めた。", True),
        ("オスプレイ V-22 の訓練", True),
        ("The word 規制 means regulation in Japan.", False),
        ("Plain English.", False),
        ("123", False),
        ("", False),
    ],
)
def test_is_japanese(text, expected):
    assert is_japanese(text) is expected


def test_a_parse_keeps_the_text_and_its_offsets():
    text = "The rules took effect on July 23."
    doc = parse(text)
    assert doc.text == text
    assert [t.text for t in doc if t.pos_ == "VERB"] == ["took"]
    assert text[doc[2].idx :].startswith("took")
