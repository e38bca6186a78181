import datetime as dt

import pytest

from assistant.draft.events import event_of, same_event

DAY = dt.date(2023, 7, 21)


def day(n):
    return frozenset({dt.date(2023, 7, n)})


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("The ministers met in Jakarta on July 14 and condemned the launch.", day(14)),
        ("Blinken led the July 13 dialogue in Tokyo.", day(13)),
        ("Troops fired missiles in the exercise that began on Friday.", frozenset()),
        ("Seoul said on July 20 that the leaders would meet at Camp David on July 28.", day(28)),
        ("The Navy opened the port on Tuesday, according to a statement.", day(18)),
    ],
)
def test_an_event_has_the_days_of_its_own_verb(text, days):
    assert event_of(text, DAY).days == days


@pytest.mark.parametrize(
    "text", ["It was a long day.", "The Navy went home.", "Troops in Guam.", "Tokyo said so."]
)
def test_light_verbs_and_bare_speech_tell_no_event(text):
    assert event_of(text, DAY) is None


@pytest.mark.parametrize(
    ("text", "past", "news"),
    [
        ("Blinken met Hayashi.", True, True),
        ("The exercise was closed by Rupp.", True, True),
        ("Tokyo will host the talks.", False, True),
        ("Seoul said that the leaders would meet.", False, True),
        ("Across the table sat Sakanishi.", True, False),
        ("Exporters need a license.", False, False),
        ("The Navy has three ships.", False, False),
        ("The controls took effect on July 18.", True, True),
    ],
)
def test_news_is_what_somebody_did_or_will_do(text, past, news):
    event = event_of(text, DAY)
    assert (event.past, event.news) == (past, news)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Blinken met Hayashi on July 14.", "The top diplomats met in Jakarta on July 14.", True),
        ("Blinken met Hayashi on July 14.", "Blinken met Hayashi on July 13.", False),
        ("Troops fired missiles on July 20.", "The Army fired two missiles at sea.", True),
        ("Troops fired missiles on July 20.", "The Army fired its commander.", False),
        ("Blinken met Hayashi on July 14.", "Blinken would meet Hayashi on July 14.", False),
        ("Itochu announced a fund on July 14.", "Itochu announced a pact on July 14.", False),
        ("Itochu announced a fund on July 14.", "The firm announced the fund.", True),
        ("Blinken met Hayashi on July 14.", "Blinken called Hayashi on July 14.", False),
    ],
)
def test_one_verb_with_one_day_or_noun_is_one_event(one, other, same):
    assert same_event(event_of(one, DAY), event_of(other, DAY)) is same
