import datetime as dt

import pytest
from samples import article, errors

FRIDAY = dt.date(2023, 1, 20)
PAGE = (
    "On January 11, the ministers met in Washington and agreed to expand exercises. Two days later "
    "the governments signed a framework agreement on space cooperation. The next day, Prime "
    "Minister Kishida flew home. A day earlier he had met Biden."
)


def found(claim, page=PAGE, published_on=FRIDAY):
    return errors(claim, article("a", page, published_on=published_on))


@pytest.mark.parametrize(
    "claim",
    [
        "The governments signed a framework agreement on space cooperation on January 13.",
        "On January 13, the governments signed an agreement on space cooperation.",
        "Two days later the governments signed a framework agreement on space cooperation.",
        "Kishida flew home on January 14.",
        "The next day, Prime Minister Kishida flew home.",
        "He had met Biden on January 13.",
    ],
)
def test_a_day_counted_from_another_is_named(claim):
    assert found(claim) == []


def test_the_day_that_it_is_counted_from_is_another():
    claim = "The governments signed a framework agreement on space cooperation on January 11."
    assert found(claim) == [("date", "January 11", "January 13")]


@pytest.mark.parametrize(
    "page",
    [
        "The governments met. Two days later they signed an agreement on space.",
        "They met on January 14. A day earlier than planned they signed an agreement on space.",
        "They met from Monday to last Thursday. Two days later they signed an agreement on space.",
    ],
)
def test_counted_from_no_single_day_it_is_none(page):
    assert found("They signed an agreement on space on January 13.", page) != []


def test_without_a_day_of_publication_the_year_is_left_open():
    assert found("Kishida flew home on January 14.", published_on=None) == []
    assert found("Kishida flew home on January 15.", published_on=None) != []


@pytest.mark.parametrize(
    "page",
    [
        "They met on 9999-12-31. The next day they signed an agreement on space.",
        "They met on January 14. 9999999999 days later they signed an agreement on space.",
        "They met on January 14. 99999999999999 days earlier they signed an agreement on space.",
    ],
)
def test_a_day_that_no_calendar_has_is_none(page):
    assert found("They signed an agreement on space on January 13.", page) != []


@pytest.mark.parametrize("said", ["3 days later", "three days later", "Three days later"])
def test_counts_in_words_and_digits(said):
    page = f"The ministers met on January 30. {said} they signed an agreement."
    assert found("They signed an agreement on February 2.", page, dt.date(2023, 2, 10)) == []


def test_last_year_may_be_told_by_the_date_that_the_page_has_elsewhere():
    page = (
        "The report found that the exchange moved its collateral to hedge funds last year. The "
        "transfers began on August 17 last year. Customers learned of it in December 2022."
    )
    claim = "The report found that the exchange moved its collateral to hedge funds in {}."
    assert found(claim.format("August 2022"), page, None) == []
    assert found(claim.format("March 2022"), page, None) == [("date", "March", None)]
    assert found(claim.format("2021"), page, None) == [("date", "2021", None)]


def test_last_year_is_told_by_no_part_of_a_figure():
    page = "The fund moved its collateral to brokers last year. It has 12022 brokers."
    assert found("The fund moved its collateral to brokers in 2022.", page, None) != []
