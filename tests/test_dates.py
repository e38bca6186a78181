import datetime as dt

import pytest

from assistant.dates import find_dates, house_date, resolve_days

FRIDAY = dt.date(2023, 7, 21)


def days(text, published_on=FRIDAY):
    return [
        (text[m.start : m.end], sorted(d.isoformat() for d in m.days))
        for m in find_dates(text, published_on)
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("It began on July 18.", [("July 18", ["2023-07-18"])], id="month day"),
        pytest.param("It began Jul. 18th.", [("Jul. 18th", ["2023-07-18"])], id="short, ordinal"),
        pytest.param("On 18 July 2023", [("18 July 2023", ["2023-07-18"])], id="day month year"),
        pytest.param("July 18, 2022", [("July 18, 2022", ["2022-07-18"])], id="year"),
        pytest.param("2023-07-18", [("2023-07-18", ["2023-07-18"])], id="iso"),
        pytest.param("the 21st of July", [("21st of July", ["2023-07-21"])], id="of"),
        pytest.param("on Tuesday", [("Tuesday", ["2023-07-18"])], id="weekday"),
        pytest.param("on Friday", [("Friday", ["2023-07-21"])], id="same weekday"),
        pytest.param("late Monday", [("Monday", ["2023-07-17"])], id="late"),
        pytest.param("next Monday", [("next Monday", ["2023-07-24"])], id="next"),
        pytest.param(
            "last Thursday", [("last Thursday", ["2023-07-13", "2023-07-20"])], id="last: two"
        ),
        pytest.param(
            "It will meet on Monday", [("Monday", ["2023-07-17", "2023-07-24"])], id="ahead: two"
        ),
        pytest.param(
            "It opens on the 28th of this month and closes on the 3rd of next month.",
            [("the 28th of this month", ["2023-07-28"]), ("the 3rd of next month", ["2023-08-03"])],
            id="of a month that is told from today",
        ),
        pytest.param("It met yesterday", [("yesterday", ["2023-07-20"])], id="yesterday"),
        pytest.param("It met last night", [("last night", ["2023-07-20"])], id="last night"),
        pytest.param("on the last night", [], id="the last night of something"),
        pytest.param("The Tonight Show", [], id="a name"),
        pytest.param("It meets tonight", [("tonight", ["2023-07-21"])], id="tonight"),
        pytest.param("It met this morning", [("this morning", ["2023-07-21"])], id="this morning"),
        pytest.param("7月23日", [("7月23日", ["2023-07-23"])], id="Japanese"),
        pytest.param("令和5年7月23日", [("令和5年7月23日", ["2023-07-23"])], id="era"),
        pytest.param("令和元年5月1日", [("令和元年5月1日", ["2019-05-01"])], id="first year"),
        pytest.param("20日に会談", [("20日", ["2023-07-20"])], id="day alone"),
        pytest.param("10日間", [], id="a span of days is no day"),
        pytest.param("June 31", [], id="no such day"),
        pytest.param("troops may 3 times", [], id="the verb may"),
        pytest.param("in July 2023", [], id="month alone"),
        pytest.param(
            "from July 5 to 21 in Guam",
            [("July 5", ["2023-07-05"]), ("21", ["2023-07-21"])],
            id="range",
        ),
        pytest.param(
            "July 5–21", [("July 5", ["2023-07-05"]), ("21", ["2023-07-21"])], id="range, dash"
        ),
        pytest.param(
            "14-15 July", [("14", ["2023-07-14"]), ("15 July", ["2023-07-15"])], id="range, British"
        ),
        pytest.param(
            "July 5th through 21st",
            [("July 5th", ["2023-07-05"]), ("21", ["2023-07-21"])],
            id="range, ordinals",
        ),
        pytest.param(
            "on July 5th and 6th",
            [("July 5th", ["2023-07-05"]), ("6", ["2023-07-06"])],
            id="two days",
        ),
        pytest.param("July 5 and 6 boats", [("July 5", ["2023-07-05"])], id="no day: a count"),
        pytest.param("July 5 to 3,000 men", [("July 5", ["2023-07-05"])], id="no range: a number"),
        pytest.param("July 31 to 45", [("July 31", ["2023-07-31"])], id="no range: no day"),
    ],
)
def test_days_named(text, expected):
    assert days(text) == expected


def test_a_day_without_a_year_is_the_nearest():
    assert days("Dec. 30", dt.date(2024, 1, 3)) == [("Dec. 30", ["2023-12-30"])]
    assert days("Jan. 2", dt.date(2023, 12, 30)) == [("Jan. 2", ["2024-01-02"])]


@pytest.mark.parametrize("text", ["on Tuesday", "yesterday", "20日"])
def test_relative_days_need_a_day_of_publication(text):
    assert days(text, None) == []
    assert days(text) != []


def test_without_a_day_of_publication_month_and_day_still_compare():
    (mention,) = find_dates("on July 18", None)
    ((day,),) = [mention.days]
    assert (day.month, day.day) == (7, 18)
    assert not mention.has_year


@pytest.mark.parametrize(
    ("text", "relative", "has_year"),
    [("on Tuesday", True, False), ("July 18", False, False), ("July 18, 2023", False, True)],
)
def test_mentions_say_how_they_were_found(text, relative, has_year):
    (mention,) = find_dates(text, FRIDAY)
    assert (mention.relative, mention.has_year) == (relative, has_year)


def test_mentions_are_in_order_and_apart():
    text = "From 14-15 July to Tuesday, July 18, and from Aug. 2 to 4, until 2023-08-09."
    found = find_dates(text, FRIDAY)
    assert len(found) == 7
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))


@pytest.mark.parametrize(
    ("day", "expected"),
    [(dt.date(2023, 7, 3), "July 3"), (dt.date(2022, 6, 8), "June 8, 2022")],
)
def test_house_date(day, expected):
    assert house_date(day, 2023) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met on Tuesday.", "They met on July 18."),
        ("They met Tuesday.", "They met on July 18."),
        ("On Tuesday, they met.", "On July 18, they met."),
        ("By Tuesday they had met.", "By July 18 they had met."),
        ("ON TUESDAY THEY MET.", "ON TUESDAY THEY MET."),
        ("It ran through Tuesday.", "It ran through July 18."),
        ("They met at a Tuesday event.", "They met at a July 18 event."),
        ("They met on Tuesday evening.", "They met on the evening of July 18."),
        ("They met Tuesday night in Tokyo.", "They met on the night of July 18 in Tokyo."),
        ("They met on Tuesday night, July 18.", "They met on the night of July 18."),
        ("They met Tuesday night, July 18, 2023.", "They met on the night of July 18."),
        ("They met at a Tuesday evening event.", "They met at a July 18 evening event."),
        ("It runs until next Monday.", "It runs until July 24."),
        ("They met on Tuesday, July 18.", "They met on July 18."),
        ("They on Tuesday, July 18, 2023, met in Guam.", "They on July 18 met in Guam."),
        ("They met, on July 18, 2023, in Guam.", "They met, on July 18 in Guam."),
        ("On July 18, 2023, they met.", "On July 18 they met."),
        ("They met on July 18, 2022, in Tokyo.", "They met on July 18, 2022, in Tokyo."),
        ("They met on July 18.", "They met on July 18."),
        ("They met last Thursday.", "They met last Thursday."),
        ("Tuesday's vote passed.", "Tuesday's vote passed."),
        ("It began Monday and ended Tuesday.", "It began on July 17 and ended on July 18."),
        ("No day at all.", "No day at all."),
    ],
)
def test_resolve_days(text, expected):
    assert resolve_days(text, FRIDAY, 2023) == expected


def test_relative_days_stay_without_a_day_of_publication():
    assert resolve_days("They met on Tuesday.", None, 2023) == "They met on Tuesday."
