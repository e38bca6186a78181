import pytest

from assistant.lexicon import (
    keys_of,
    known_names,
    lexicon,
    same_word,
    spelled_out,
    title_words,
)


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("the Danish fleet", "ships of Denmark"),
        ("US farmers", "the U.S."),
        ("American farmers", "USA"),
        ("a Dutch port", "the Netherlands"),
        ("Türkiye", "Turkish growers"),
        ("the Democratic People's Republic of Korea", "the DPRK"),
        ("the Democratic People’s Republic of Korea", "North Korean"),
        ("the Republic of Korea", "South Korean"),
        ("the People’s Republic of China", "Chinese"),
        ("the Republic of China", "Taiwan"),
        ("the Pentagon", "the Department of Defense"),
        ("METI", "the Ministry of Economy, Trade and Industry"),
        ("the trade ministry", "the Ministry of Economy, Trade and Industry"),
        ("the State Department", "the Department of State"),
        ("the Ministry of Defence", "the Defense Ministry"),
        ("the JMSDF", "the Maritime Self-Defense Force"),
        ("the Marine Corps", "Marines"),
        ("SecDef Ann Lowe", "Secretary of Defense Ann Lowe"),
        ("SecDef Ann Lowe", "Defense Secretary Ann Lowe"),
        ("FM Olaf Lund", "Foreign Secretary Olaf Lund"),
        ("PM Ida Holm", "Premier Ida Holm"),
        ("VP Ida Holm", "Vice President Ida Holm"),
    ],
)
def test_two_forms_of_one_name(text, other):
    assert keys_of(text) == keys_of(other) != frozenset()


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("Denmark", "Norway"),
        ("the Republic of Korea", "the Democratic People's Republic of Korea"),
        ("the Republic of China", "the People's Republic of China"),
        ("the UK", "the US"),
        ("the Defense Ministry", "the Finance Ministry"),
        ("the Secretary of Defense", "the Deputy Secretary of Defense"),
        ("the president", "the vice president"),
    ],
)
def test_two_names(text, other):
    assert keys_of(text).isdisjoint(keys_of(other))
    assert keys_of(text)
    assert keys_of(other)


@pytest.mark.parametrize(
    "text",
    [
        "They told us so.",
        "Us too.",
        "The can is in the male ward.",  # codes of countries, and a capital
        "A diet of rice, without salt.",
        "The Congolese baker left.",  # each of two countries
        "Ida Holm of Brenholm spoke.",
        "",
    ],
)
def test_words_that_name_none(text):
    assert known_names(text) == ()


def test_names_stand_where_they_are_in_the_text():
    text = "On Friday, SecDef Lowe flew from Lisbon to the People’s Republic of China."
    shown = [text[n.start : n.end] for n in known_names(text)]
    assert shown == ["SecDef", "Lisbon", "People’s Republic of China"]


def test_two_countries_named_in_one():
    assert keys_of("Leaders of North and South Korea met.") == {"north korea", "south korea"}


def test_an_institution_is_of_its_country_too():
    assert keys_of("the Marine Corps") > keys_of("the United States")
    assert keys_of("the National Diet") > keys_of("Japan")
    assert keys_of("NATO") == {"nato"}


@pytest.mark.parametrize(
    ("word", "expected"),
    [("Lt.", "lieutenant"), ("Gen", "general"), ("Dep.", "deputy"), ("Mayor", "mayor")],
)
def test_short_forms_of_titles(word, expected):
    assert spelled_out(word) == expected


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("US", "American"),
        ("Danish", "Denmark"),
        ("Gov.", "governor"),
        ("bakers", "baker"),
        ("opens", "opening"),
        ("Ōita", "Oita"),
    ],
)
def test_the_same_word(word, other):
    assert same_word(word) == same_word(other)


@pytest.mark.parametrize(
    ("word", "other"), [("us", "US"), ("Danish", "Norwegian"), ("general", "admiral")]
)
def test_not_the_same_word(word, other):
    assert same_word(word) != same_word(other)


def test_the_words_of_titles_are_spelled_out():
    assert {"minister", "deputy", "general", "lieutenant"} <= title_words()
    assert title_words().isdisjoint(lexicon().short)


def test_no_form_of_the_file_is_of_two_offices():
    forms = [form for office in lexicon().offices.items() for form in (office[0], *office[1])]
    assert len(forms) == len(set(forms))
