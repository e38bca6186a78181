import datetime as dt

import pytest
from samples import article

from assistant.draft.extract import house_sentence, tidy_bullet, write_extracts
from assistant.types import Evidence, Plan, Story, Written

FRIDAY = dt.date(2023, 7, 21)


def house(text):
    return house_sentence(Evidence("a", 0, len(text)), article("a", text, "T", FRIDAY), 2023)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("TOKYO, July 21 (Wire) - the U.S. agreed.", "The US agreed."),
        ("Troops of the U.S. left, according to the release.", "Troops of the US left."),
        ("It cost 2 billion dollars.", "It cost $2 billion."),
        ("Brigadier General Mastalir spoke.", "Brig. Gen. Mastalir spoke."),
        ("On Monday, the U.S. agreed.", "On July 17, the US agreed."),
        ("Monday, the U.S. agreed.", "On July 17, the US agreed."),
    ],
)
def test_house_sentence(text, expected):
    assert house(text) == expected


def test_only_the_evidence_is_used():
    page = article("a", "Not this. They met in the U.S. Nor this.")
    start = page.text.index("They")
    end = page.text.index(" Nor")
    assert house_sentence(Evidence("a", start, end), page, 2023) == "They met in the US."


def test_an_acronym_that_is_not_used_again_goes():
    sentences = [Written("The Air Staff Office (ASO) met.", ()), Written("It left.", ())]
    assert tidy_bullet(sentences, [])[0].text == "The Air Staff Office met."


def test_an_acronym_that_is_used_again_stays():
    sentences = [Written("The Air Staff Office (ASO) met.", ()), Written("The ASO left.", ())]
    assert [w.text for w in tidy_bullet(sentences, [])] == [w.text for w in sentences]


def test_a_name_is_shortened_across_sentences_and_all_else_kept():
    evidence = (Evidence("a", 0, 4),)
    sentences = [
        Written("Gen. Mark Milley spoke.", evidence, "spoke"),
        Written("Gen. Mark Milley left.", evidence),
    ]
    assert tidy_bullet(sentences, []) == [
        Written("Gen. Milley spoke.", evidence, "spoke"),
        Written("Milley left.", evidence),
    ]


def test_capitals_settle_where_a_source_writes_the_name_so():
    sentences = [Written("ITOCHU invests.", ())]
    assert tidy_bullet(sentences, [article("a", "Itochu invests.")])[0].text == "Itochu invests."
    assert tidy_bullet(sentences, [article("a", "ITOCHU invests.")])[0].text == "ITOCHU invests."


def test_one_sentence_for_each_group_in_order():
    page = article("a", "They met in Tokyo. They agreed on chips. They left.", "T", FRIDAY)
    ends = [18, 40, 51]
    pieces = tuple(Evidence("a", s, e) for s, e in zip([0, 19, 41], ends, strict=True))
    story = Story("s", "T", ("a",), FRIDAY, FRIDAY, 1.0, "")
    written = write_extracts(Plan(story, pieces, ((2,), (1, 3))), {"a": page}, 2023)
    assert [w.text for w in written] == [
        "They agreed on chips.",
        "They met in Tokyo. They left.",
    ]
    assert [w.evidence for w in written] == [(pieces[1],), (pieces[0], pieces[2])]


@pytest.mark.parametrize(
    ("text", "sources", "expected"),
    [
        (
            "The Japan Air Self-Defense Force met. The JASDF flew.",
            "",
            "The Japan Air Self-Defense Force (JASDF) met. The JASDF flew.",
        ),
        (
            "It was an intercontinental ballistic missile. Its ICBM fell.",
            "",
            "It was an intercontinental ballistic missile (ICBM). Its ICBM fell.",
        ),
        ("The USSF flew.", "The US Space Force flew.", "The US Space Force flew."),
        (
            "The PAC3 and METI. METI acted.",
            "The Ministry of Economy, Trade and Industry acted.",
            "The PAC3 and METI. METI acted.",
        ),
        (
            "JCG ships sailed, the JCG said.",
            "The Japan Coast Guard sailed.",
            "Japan Coast Guard (JCG) ships sailed, the JCG said.",
        ),
        (
            "A first USSF-JASDF meeting.",
            "The US Space Force met.",
            "A first USSF-JASDF meeting.",
        ),
        ("The UN met NATO.", "The United Nations met.", "The UN met NATO."),
    ],
)
def test_a_short_form_is_written_out_where_it_is_first_used(text, sources, expected):
    page = article("a", sources or "Nothing.")
    assert tidy_bullet([Written(text, ())], [page])[0].text == expected
    again = tidy_bullet([Written(expected, ())], [page])
    assert again[0].text == expected
