import datetime as dt

import pytest
from samples import article, errors

FRIDAY = dt.date(2023, 1, 20)
PAGE = (
    "On January 11, the mayors met in Lund and agreed to widen the canal. Two days later the "
    "towns signed a pact on ferries. The harbor opened on January 17, and a day earlier the first "
    "boat had left."
)


def found(claim, page=PAGE, published_on=FRIDAY):
    return errors(claim, article("a", page, published_on=published_on))


@pytest.mark.parametrize(
    "claim",
    [
        "The towns signed a pact on ferries on January 13.",
        "On January 13, the towns signed a pact on ferries.",
        "Two days later the towns signed a pact on ferries.",
        "The first boat left on January 16.",
        "The harbor opened on January 17.",
    ],
)
def test_a_day_counted_from_another_is_named(claim):
    assert found(claim) == []


def test_a_day_may_be_counted_from_a_counted_one():
    page = f"{PAGE.partition(' The harbor')[0]} The next day, the mayors flew home."
    assert found("The mayors flew home on January 14.", page) == []


@pytest.mark.parametrize("day", ["January 12", "January 15", "January 18"])
def test_no_other_day_is(day):
    assert found(f"The towns signed a pact on ferries on {day}.") == [("date", day, None)]


@pytest.mark.parametrize(
    "page",
    [
        "The towns met. Two days later they signed a pact on ferries.",
        "They met on January 14. A day earlier than planned they signed a pact on ferries.",
        "They met from Monday to last Thursday. Two days later they signed a pact on ferries.",
    ],
)
def test_counted_from_no_single_day_it_is_none(page):
    assert found("They signed a pact on ferries on January 13.", page) != []


def test_without_a_day_of_publication_a_missing_day_is_no_error():
    assert found("They signed a pact on January 13.", published_on=None) == []
    assert found("They signed a pact on January 15.", published_on=None) == []


@pytest.mark.parametrize(
    "page",
    [
        "They met on 9999-12-31. The next day they signed a pact on ferries.",
        "They met on January 14. 9999999999 days later they signed a pact on ferries.",
        "They met on January 14. 99999999999999 days earlier they signed a pact on ferries.",
    ],
)
def test_a_day_that_no_calendar_has_is_none(page):
    assert found("They signed a pact on ferries on January 13.", page) != []


@pytest.mark.parametrize("said", ["3 days later", "three days later", "Three days later"])
def test_counts_in_words_and_digits(said):
    page = f"The mayors met on January 30. {said} they signed a pact."
    assert found("They signed a pact on February 2.", page, dt.date(2023, 2, 10)) == []


def test_last_year_is_that_before_the_pages():
    page = "The report found that the fund moved its money to brokers last year."
    claim = "The report found that the fund moved its money to brokers in {}."
    assert found(claim.format("2022"), page) == []
    assert found(claim.format("2020"), page) == [("date", "2020", None)]
    # Nobody knows when a page without a day was written.
    assert found(claim.format("2022"), page, None) == [("date", "2022", None)]


def test_last_year_is_told_by_no_part_of_a_figure():
    page = "The fund moved its money to brokers last year. It has 12022 brokers."
    assert found("The fund moved its money to brokers in 2022.", page, None) != []
