import pytest

from assistant.draft.names import settle_capitals, shorten_names, surname

FAMILIES = frozenset({"Kim", "Yoon", "Kishida"})


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            "Brig. Gen. Anthony Mastalir hosted. Brig. Gen. Anthony Mastalir left.",
            "Brig. Gen. Mastalir hosted. Mastalir left.",
            id="title once",
        ),
        pytest.param(
            "Secretary of State Antony J. Blinken called Foreign Minister Yoshimasa Hayashi.",
            "Secretary of State Blinken called Foreign Minister Hayashi.",
            id="initial, long title",
        ),
        pytest.param("President Yoon Suk Yeol came.", "President Yoon came.", id="family first"),
        pytest.param(
            "Special Rep. Sung Kim met Special Representative Kim Gunn.",
            "Special Rep. Sung Kim met Special Representative Kim Gunn.",
            id="two of one surname",
        ),
        pytest.param(
            "Prime Minister Fumio Kishida's aide came.",
            "Prime Minister Kishida's aide came.",
            id="possessive",
        ),
        pytest.param("Anthony Mastalir spoke.", "Anthony Mastalir spoke.", id="no title"),
        pytest.param("Gen. Milley spoke.", "Gen. Milley spoke.", id="short already"),
        pytest.param("", "", id="empty"),
    ],
)
def test_shorten_names(text, expected):
    assert shorten_names(text) == expected


def test_shortening_twice_is_shortening_once():
    text = "Gen. Mark Milley met Gen. Yoshihide Yoshida. Gen. Mark Milley left."
    once = shorten_names(text)
    assert once != text
    assert shorten_names(once) == once


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Mark Milley", "Milley"),
        ("Kim Gunn", "Kim"),
        ("Sung Kim", "Kim"),
        ("Fumio Kishida", "Kishida"),
        ("Kishida Fumio", "Kishida"),
        ("Antony J. Blinken", "Blinken"),
    ],
)
def test_surname(name, expected):
    assert surname(name, FAMILIES) == expected


@pytest.mark.parametrize(
    ("text", "sources", "expected"),
    [
        ("ITOCHU said", "Itochu said", "Itochu said"),
        ("JASDF said", "jasdf", "JASDF said"),
        ("NASA said", "Nasa said", "NASA said"),  # four letters: an acronym
    ],
)
def test_settle_capitals(text, sources, expected):
    assert settle_capitals(text, sources) == expected
