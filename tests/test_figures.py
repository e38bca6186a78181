"""Figures and years of a claim that its pages give in no form."""

import pytest

from assistant.dates import find_dates
from assistant.verify.figures import blanked, figures_of, missing_figures, missing_years, years_of


def found(claim, page):
    missing = missing_figures(claim, find_dates(claim, None), page)
    return [(f.code, claim[f.start : f.end], f.replacement) for f in missing]


def years(claim, page, *written):
    missing = missing_years(claim, find_dates(claim, None), page, frozenset(written))
    return [claim[f.start : f.end] for f in missing]


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        pytest.param("The tower is 492 feet tall.", "It is 150 meters tall.", id="converted"),
        pytest.param("The tower is 490 feet tall.", "It is 150 meters tall.", id="and rounded"),
        pytest.param("Buses go 80 km/h.", "Buses go 50 miles per hour.", id="speed"),
        pytest.param("The load weighs 11 tons.", "It weighs 10,000 kilograms.", id="weight"),
        pytest.param("They sold 40 hectares.", "They sold 100 acres.", id="area"),
        pytest.param("It lasted 14 days.", "It lasted two weeks.", id="time"),
        pytest.param("About 500 bakers came.", "In all 497 bakers came.", id="rounded"),
        pytest.param("Some 1.2 million voted.", "In all 1,203,441 voted.", id="rounded millions"),
        pytest.param("It costs $1.2 billion.", "It costs $1,203 million.", id="other scale"),
        pytest.param("Almost 50 schools closed.", "In all 48 schools closed.", id="almost"),
        pytest.param("Nearly 3,000 homes are dark.", "Some 2,870 homes are dark.", id="nearly"),
        pytest.param("It has $4bn.", "It has 4 billion dollars.", id="bn"),
        pytest.param("It paid 1.5 million dollars.", "It paid $1.5m.", id="m"),
        pytest.param("Some 8m viewers saw it.", "Some 8,000,000 viewers saw it.", id="no meters"),
        pytest.param(
            "Half a million people came.", "A crowd of 500,000 came.", id="half a million"
        ),
        pytest.param("It sells 24 rolls.", "It sells two dozen rolls.", id="dozen"),
        pytest.param("It sells twenty-four rolls.", "It sells 24 rolls.", id="words"),
        pytest.param("The fee is 30,000 yen.", "料金は3万円である。", id="Japanese"),
        pytest.param("It was the 3rd strike.", "It was the third strike.", id="ordinal in words"),
        pytest.param("The 21st boat sank.", "The twenty-first boat sank.", id="long ordinal"),
        pytest.param("The fee rose to ten percent.", "The fee rose to 10%.", id="percent"),
        pytest.param("They sold a Louis 14 chair.", "They sold a Louis XIV chair.", id="Roman"),
    ],
)
def test_a_figure_in_another_form(claim, page):
    assert found(claim, page) == []


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        ("The fee was 12.5 percent.", "The fee fell from 12.5 to 10 percent."),
        ("The fee fell from 12.5 to 10 percent.", "It fell from 12.5 percent to 10 percent."),
        ("The plan costs $2 billion or more.", "The plan costs $2-3 billion."),
        ("The plan costs $3 billion at most.", "The plan costs $2-3 billion."),
        ("The plan costs 5 to 7 billion dollars.", "The plan costs $5 billion to $7 billion."),
        ("It grew from 4 to 5 trillion yen.", "It grew from 4 trillion yen to 5 trillion yen."),
        ("The yard is 40 meters wide.", "The yard is 40 by 60 meters."),
    ],
)
def test_the_second_of_two_figures_gives_the_first_its_unit(claim, page):
    assert found(claim, page) == []


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        ("More than 60 schools closed.", "In all 65 schools closed."),
        ("Over $1 million was spent.", "The town spent $1,380,000."),
        ("At least 20 ferries ran.", "All 22 ferries ran."),
        ("No fewer than 20 ferries ran.", "All 22 ferries ran."),
        ("Fewer than 70 schools closed.", "In all 65 schools closed."),
        ("No more than 30 boats may sail.", "Some 22 boats may sail."),
        ("Up to 30 boats may sail.", "No more than 30 boats may sail."),
        ("More than 150 meters were dug.", "They dug 1 kilometer."),
        ("More than 1,000 boats sailed.", "More than 1,200 boats sailed."),
    ],
)
def test_a_bound_leaves_the_pages_figure_open(claim, page):
    assert found(claim, page) == []


@pytest.mark.parametrize(
    ("claim", "page", "shown"),
    [
        ("More than 80 schools closed.", "In all 65 schools closed.", "80"),
        ("Fewer than 50 schools closed.", "In all 65 schools closed.", "50"),
        ("More than 20 ferries ran.", "Up to 30 ferries ran.", "20"),
        ("More than 50 schools closed.", "The book has 65 pages.", "50"),
        ("More than 20 meters were dug.", "They dug for 30 minutes.", "20 meters"),
        ("Almost 60 schools closed.", "In all 48 schools closed.", "60"),
        ("About 600 bakers came.", "In all 497 bakers came.", "600"),
        ("In all 497 bakers came.", "About 500 bakers came.", "497"),
    ],
)
def test_a_bound_or_a_round_figure_that_does_not(claim, page, shown):
    assert [words for _, words, _ in found(claim, page)] == [shown]


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        ("Some 33 percent of farms closed.", "A third of farms closed."),
        ("Half of the farms, or 50 percent, closed.", "Half of the farms closed."),
        ("Some 67 percent agreed.", "Two thirds agreed."),
        ("About 75 percent of farms closed.", "Three out of four farms closed."),
        ("About 75 percent of farms closed.", "Three in four farms closed."),
        ("About 20 percent of farms closed.", "One in five farms closed."),
        ("About 75 percent of the boats sailed.", "Some 30 of the 40 boats sailed."),
        ("The rate fell to 0.5%.", "The rate fell to half a percent."),
        ("Sales rose 100 percent.", "Sales doubled."),
        ("Sixty percent of farms stayed.", "Some 40 percent of farms closed."),
    ],
)
def test_a_share_that_the_page_tells_in_words_or_of_the_rest(claim, page):
    assert found(claim, page) == []


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        ("In all 84 schools closed.", "In the north 51 schools closed, in the south 33."),
        ("The towns gave $7 million.", "Lund gave $4 million and Holm $3 million."),
        ("The towns gave $16 million.", "Lund gave $4 million, Holm $5 million, Oby $7 million."),
        ("The fee fell by 2.5 percentage points.", "The fee fell from 12.5 to 10 percent."),
        ("The fee rose by 15 percent.", "The fee rose from 100 to 115 dollars."),
        ("The towns gave $6 million.", "Both towns gave $3 million."),
        ("The five towns gave $15 million.", "The five towns gave $3 million each."),
        ("It costs $10 million a year.", "It costs $50 million over five years."),
    ],
)
def test_a_figure_worked_out_from_the_pages(claim, page):
    assert found(claim, page) == []


@pytest.mark.parametrize(
    "claim",
    [
        "Five ministers met.",
        "The boat sank after 18 months.",
        "The crew waited 40 minutes.",
        "At 47, she left.",
        "At the age of 47 she left.",
        "A baker aged 47 left.",
        "Ida Holm, 47, won the seat.",
        "She is 47.",
        "A man in his 70s spoke.",
        "A mill of the 19th century burned.",
        "They met at 10:30 a.m. on July 18.",
        "An F-35 flew over the G7.",
        "The mill burned in 1963.",  # left to missing_years
    ],
)
def test_what_a_writer_counts_or_works_out_is_never_missing(claim):
    assert found(claim, "The page gives no figure.") == []


@pytest.mark.parametrize(
    ("claim", "page", "shown", "instead"),
    [
        ("About 4,000 bakers came.", "About 3,000 bakers came.", "4,000", "3,000"),
        ("The dam costs $3 billion.", "The dam costs $2 billion.", "$3 billion", "$2 billion"),
        ("The dam costs $2 million.", "The dam costs $2 billion.", "$2 million", "$2 billion"),
        ("The fund has $5bn.", "The fund has $4bn.", "$5bn", "$4bn"),
        ("The dam costs 2 billion yen.", "The dam costs $2 billion.", "2 billion yen", None),
        ("Farms lost 30 percent.", "Farms lost 40 percent.", "30 percent", "40 percent"),
        ("Farms lost 30 percent.", "Farms lost 30 barns.", "30 percent", None),
        ("The fee is 8 percent.", "It fell from 12.5 to 10 percent.", "8 percent", None),
        ("Some 45 percent closed.", "A third closed.", "45 percent", None),
        ("The tower is 600 feet tall.", "It is 150 meters tall.", "600 feet", None),
        ("The tower is 150 feet tall.", "It is 150 meters tall.", "150 feet", None),
        ("The load weighs 20 tons.", "It weighs 10,000 kilograms.", "20 tons", None),
        ("It was the 24th strike.", "It was the twenty-third strike.", "24th", None),
        ("They sold a Louis 15 chair.", "They sold a Louis XIV chair.", "15", None),
        ("Some 99 pilots came.", "Pilots came.", "99", None),
        ("Some 70 pilots came.", "Some 20 pilots and 30 bakers came.", "70", "20"),
    ],
)
def test_a_figure_that_the_page_does_not_give(claim, page, shown, instead):
    assert found(claim, page) == [("number", shown, instead)]


def test_a_finding_tells_the_editor_what_the_page_says():
    (wrong,) = missing_figures("About 4,000 bakers came.", (), "About 3,000 bakers came.")
    assert (wrong.level, wrong.message) == ("error", "The source says 3,000, not 4,000.")
    (absent,) = missing_figures("Some 99 pilots came.", (), "Pilots came.")
    assert absent.message == "The source gives no figure 99."


MILL = "The mill opened in 1888, and again in 1963. It closed in 2014."


@pytest.mark.parametrize(
    "claim",
    [
        "The mill opened in 1888.",
        "In 2014, it closed.",
        "The mill opened in the 1960s.",
        "The mill opened in the 60's.",
        "The mill opened in the 1800s.",
        "It closed in the 2010s.",
        "It closed in 2014-15.",
        "It closed on May 3, 2015.",  # left to missing_days
        "The mill has 1,965 windows.",  # no year
    ],
)
def test_a_year_that_the_page_gives(claim):
    assert years(claim, MILL) == []


@pytest.mark.parametrize(
    ("claim", "shown"),
    [
        ("The mill opened in 1889.", "1889"),
        ("The mill opened in the 1970s.", "1970"),
        ("The mill opened in the 70s.", "70"),
        ("The mill opened in the 1700’s.", "1700"),
        ("It closed in the 2000s.", "2000"),
        ("It closed in May 2015.", "2015"),
    ],
)
def test_a_year_that_it_does_not_give(claim, shown):
    assert years(claim, MILL) == [shown]


def test_a_year_in_which_the_page_was_written_is_known():
    assert years("It closed in 2022.", "It closed last year.", 2022, 2023) == []
    assert years("It closed in 2021.", "It closed last year.", 2022, 2023) == ["2021"]


def test_a_part_of_a_figure_is_no_year():
    assert years("It closed in 2022.", "The firm has 12022 brokers.") == ["2022"]
    assert years_of("From 1888 to 2014 some 12022 bakers came.") == {1888, 2014}


def test_days_and_clock_times_are_no_figures():
    text = "On July 18, 2023, at 10:30 p.m., some 40 boats sailed."
    assert [q.value for q in figures_of(text, find_dates(text, None))] == [40.0]


def test_blanked_keeps_offsets():
    assert blanked("On July 18 they met.", [(3, 10)]) == "On         they met."
