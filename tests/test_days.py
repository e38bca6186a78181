"""Days of a claim that its pages do not have, and weekdays that are not those of their date."""

import datetime as dt

import pytest
from samples import article

from assistant.dates import find_dates
from assistant.verify.days import missing_days, written_in, wrong_weekdays

FRIDAY = dt.date(2023, 7, 21)


def found(claim, page, published_on=FRIDAY, title="Title"):
    pages = [article("a", page, title, published_on)]
    missing = missing_days(claim, find_dates(claim, published_on), pages)
    return [(f.code, claim[f.start : f.end], f.replacement) for f in missing]


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        pytest.param("They met on July 18.", "They met on July 18.", id="same"),
        pytest.param("They met on 18 July.", "They met on July 18th, 2023.", id="other form"),
        pytest.param("They met on July 18.", "They met on 2023-07-18.", id="iso"),
        pytest.param("They met on July 18.", "They met on Tuesday.", id="weekday"),
        pytest.param("They met on Tuesday.", "They met on July 18.", id="weekday of the claim"),
        pytest.param("They meet on July 25.", "They meet on Tuesday.", id="the weekday to come"),
        pytest.param("They met on July 20.", "They met yesterday.", id="yesterday"),
        pytest.param("They met on July 21.", "They met.", id="day of publication"),
        pytest.param("The fair ran from July 5 to 9.", "It ran July 5-9.", id="range"),
        pytest.param("The fair ended on July 9.", "It ran from July 5 to 9.", id="end of a range"),
        pytest.param("The fair ended on July 9.", "It ran July 5th through 9th.", id="ordinals"),
        pytest.param("The fair ran on July 6.", "It ran on July 5 and 6, 2023.", id="two days"),
        pytest.param(
            "会議は7月12日に終わった。", "会議は7月3日に始まり、同月12日に終わった。", id="同月"
        ),
    ],
)
def test_a_day_that_the_page_has(claim, page):
    assert found(claim, page) == []


@pytest.mark.parametrize(
    "claim", ["The bill passed on July 12.", "They met on July 10, and on July 12 the bill passed."]
)
@pytest.mark.parametrize(
    "page",
    [
        "They met on July 10. Two days later the bill passed.",
        "They met on July 10, and 2 days later the bill passed.",
        "They met on July 10. They argued. Two days later the bill passed.",
    ],
)
def test_a_day_told_from_another(claim, page):
    assert found(claim, page) == []


@pytest.mark.parametrize(
    ("told", "day"),
    [
        ("Two days earlier", "July 8"),
        ("The next day", "July 11"),
        ("A day later", "July 11"),
        ("The following day", "July 11"),
        ("A day earlier", "July 9"),
        ("The day before,", "July 9"),
        ("The previous day", "July 9"),
        ("A week before,", "July 3"),
        ("Two days before,", "July 8"),
        ("A week later", "July 17"),
        ("Two weeks later", "July 24"),
    ],
)
def test_each_way_to_tell_it(told, day):
    page = f"They met on July 10. {told} the bill passed."
    assert found(f"The bill passed on {day}.", page) == []
    assert found("The bill passed on July 14.", page) == [("date", "July 14", None)]


@pytest.mark.parametrize(
    ("claim", "page", "shown"),
    [
        ("They met on July 17.", "They met on Tuesday.", "July 17"),
        ("They met on July 19.", "They met on July 18 and July 20.", "July 19"),
        ("They met on July 19.", "They met yesterday.", "July 19"),
        ("The fair ran from July 5 to 12.", "It ran from July 5 to 9.", "12"),
        ("The fair ran from July 3 to 9.", "It ran from July 5 to 9.", "July 3"),
        ("They met on July 12.", "They met on July 10. A day earlier than planned.", "July 12"),
        ("会議は7月20日に開かれた。", "会議は7月18日に開かれた。", "7月20日"),
    ],
)
def test_a_day_that_it_does_not_have(claim, page, shown):
    assert [(code, words) for code, words, _ in found(claim, page)] == [("date", shown)]


@pytest.mark.parametrize(
    ("claim", "page", "instead"),
    [
        ("They met on July 19.", "They met on July 20.", "July 20"),
        ("They met on July 19.", "They met on July 18 and left on July 20.", None),
        ("会議は7月20日に開かれた。", "会議は7月18日に開かれた。", "7月18日"),
    ],
)
def test_the_only_day_of_the_page_is_given_instead(claim, page, instead):
    ((_, _, replacement),) = found(claim, page)
    assert replacement == instead


def test_the_same_day_of_another_year():
    page = "They met on July 18."
    assert [words for _, words, _ in found("They met on July 18, 2019.", page)] == ["July 18, 2019"]
    assert found("They met on July 18, 2023.", page) == []
    # Nobody knows the year of a page without a day of publication.
    assert found("They met on July 18, 2019.", page, None) == []


def test_a_title_names_days_too():
    assert found("They meet on July 26.", "It is in Lund.", title="Council meets July 26") == []
    assert found("They meet on July 26.", "It is in Lund.") != []


def test_a_page_that_tells_no_day_refutes_none():
    assert found("They met on July 19.", "They met.", None) == []


def test_each_of_several_pages_counts():
    pages = [article("a", "They met on July 3."), article("b", "They left on July 9.")]
    claim = "They met on July 3 and left on July 9."
    assert missing_days(claim, find_dates(claim, None), pages) == []
    assert missing_days(claim, find_dates(claim, None), pages[:1]) != []


def weekdays(claim, published_on=FRIDAY):
    wrong = wrong_weekdays(claim, find_dates(claim, published_on))
    return [(claim[f.start : f.end], f.replacement) for f in wrong]


@pytest.mark.parametrize(
    "claim",
    [
        "On Wednesday, July 20, 2023, they met.",
        "They met Wednesday, July 20.",
        "They met on July 20, 2023 (Wednesday).",
        "They met on July 20, 2023, a Wednesday.",
    ],
)
def test_a_weekday_beside_its_date_is_that_of_the_calendar(claim):
    assert weekdays(claim) == [("Wednesday", "Thursday")]
    assert weekdays(claim.replace("Wednesday", "Thursday")) == []


@pytest.mark.parametrize(
    "claim",
    [
        "On Wednesday they met; on July 20, 2023 they left.",
        "They met on Wednesday, July 19 and Friday, July 21.",
        "They met on Wednesday.",
        "They met on July 20.",
    ],
)
def test_a_weekday_of_another_day_is_let_be(claim):
    assert weekdays(claim) == []


def test_without_a_year_no_weekday_is_wrong():
    assert weekdays("On Wednesday, July 20, they met.", None) == []


def test_years_beside_that_of_publication_are_known():
    pages = [article("a", "They met.", published_on=FRIDAY), article("b", "They left in 2011.")]
    assert written_in(pages) == {2022, 2023, 2024}
    assert written_in(pages[1:]) == frozenset()
