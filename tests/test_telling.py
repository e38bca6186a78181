import pytest
from samples import article, errors

from assistant.sources import usable_sentences
from assistant.verify.layers import compare
from assistant.verify.telling import check_absolutes
from assistant.verify.verbs import is_past

PAGE = (
    "The drill, the largest of its kind, is scheduled to end on July 21. Biden will host Kishida "
    "and Yoon at Camp David in August. The fund will buy wind farms and may later invest in "
    "hydrogen and ammonia. Most of the ministers met the press on Tuesday."
)


def found(claim, page=PAGE):
    return errors(claim, article("a", page))


@pytest.mark.parametrize(
    ("claim", "verb"),
    [
        ("Exercise Mobility Guardian of the drill ended on July 21.", "ended"),
        ("In a first for both, Biden hosted Kishida and Yoon at Camp David.", "hosted"),
    ],
)
def test_a_plan_told_as_done_is_found_in_other_words(claim, verb):
    assert ("strength", verb, None) in found(claim)


def test_a_possibility_told_as_sure_is_found_with_the_word_of_the_page():
    claim = "The new fund will also invest in hydrogen and ammonia."
    assert found(claim) == [("strength", "will", "may")]


def test_what_may_not_be_gets_no_may_for_its_will():
    page = PAGE.replace("may later invest", "may not invest")
    replacements = [r for *_, r in found("The new fund will invest in hydrogen and ammonia.", page)]
    assert "may" not in replacements


@pytest.mark.parametrize(
    "claim",
    [
        "The drill is to end on July 21.",
        "Biden will host Kishida and Yoon at Camp David.",
        "The fund may also invest in hydrogen and ammonia.",
        "The fund will buy wind farms.",
        "The ministers met the press on Tuesday.",
    ],
)
def test_plans_told_as_plans_are_let_pass(claim):
    assert found(claim) == []


@pytest.mark.parametrize(
    ("claim", "more"),
    [
        ("The drill ended on July 21.", "It ended in Guam."),
        ("The fund will invest in hydrogen and ammonia.", "It will invest in both by 2030."),
    ],
)
def test_what_the_page_has_elsewhere_as_done_or_sure_is_let_pass(claim, more):
    assert "strength" in {code for code, *_ in found(claim)}
    assert found(claim, f"{PAGE} {more}") == []


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Every minister met the press on Tuesday.", ["Every"]),
        ("The drill, the largest ever, is to end on July 21.", ["ever"]),
        ("The largest of the drills is to end on July 21.", []),
    ],
)
def test_what_leaves_no_exception_warns_where_the_page_has_no_such_word(claim, expected):
    assert [claim[f.start : f.end] for f in check_absolutes(claim, PAGE)] == expected
    assert {f.level for f in check_absolutes(claim, PAGE)} <= {"warning"}
    cited = article("a", PAGE)
    told = compare(claim, usable_sentences(cited), [cited])
    assert [claim[f.start : f.end] for f in told if f.code == "scope"] == expected


def test_a_word_without_exception_may_stand_for_another():
    page = PAGE.replace("Most of the ministers", "Each of the ministers")
    assert check_absolutes("All ministers met the press on Tuesday.", page) == []


@pytest.mark.parametrize(
    ("claim", "at"),
    [
        ("The release sets a timetable for the groups.", "timetable"),
        ("The release mentions groups but no timetable.", None),
        ("The release mentions working groups.", None),
    ],
)
def test_what_the_page_says_there_is_none_of(claim, at):
    page = "The release mentions working groups but gives no timetable."
    assert found(claim, page) == ([("negation", at, None)] if at else [])


def test_what_the_page_has_elsewhere_is_not_none():
    page = "The release gives no timetable. A timetable of the groups was leaked."
    assert found("A timetable of the groups was leaked.", page) == []


def test_a_banking_company_is_no_bank():
    page = "Sumitomo Mitsui Trust Bank offered shares to investors."
    assert ("name", "Banking", None) in found(
        "Sumitomo Mitsui Banking offered shares to investors.", page
    )
    assert found("Sumitomo Mitsui Trust Bank offered shares to investors.", page) == []


@pytest.mark.parametrize(
    ("word", "expected"),
    [("agreed", True), ("met", True), ("need", False), ("proceed", False), ("Wicked", False)],
)
def test_past_forms(word, expected):
    assert is_past(word) is expected
