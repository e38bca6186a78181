import pytest

from assistant.quantities import counted, find_quantities, ordinals_in


def read(text):
    return [(q.value, q.unit) for q in find_quantities(text)]


def one(text):
    (quantity,) = find_quantities(text)
    return quantity


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$2 billion", [(2e9, "usd")]),
        ("US$2.5 billion", [(2.5e9, "usd")]),
        ("43 trillion yen", [(43e12, "jpy")]),
        ("¥500", [(500, "jpy")]),
        ("280億円", [(28e9, "jpy")]),
        ("1万2千人", [(12000, None)]),
        ("5千万円", [(5e7, "jpy")]),
        ("$4bn", [(4e9, "usd")]),
        ("$150m", [(150e6, "usd")]),
        ("half a million", [(5e5, None)]),
        ("3,000 troops", [(3000, None)]),
        ("12,345,678 people", [(12345678, None)]),
        ("nine ships", [(9, None)]),
        ("Twelve ships", [(12, None)]),
        ("3 percent", [(3, "percent")]),
        ("0.5%", [(0.5, "percent")]),
        ("60 meters", [(60, "m")]),
        ("a 250-kilometer range", [(250, "km")]),
        ("14 V-22 Ospreys", [(14, None)]),
        ("about two dozen", [(24, None)]),
        ("an F-35 and a Hwasong-18 at the G7", []),
        ("one of them", []),
        ("1 of them", []),
        ("the 1st of 21 talks", [(1, "ordinal"), (21, None)]),
        ("one million yen", [(1e6, "jpy")]),
        ("no number", []),
        ("", []),
    ],
)
def test_find_quantities(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("from 12.5 to 10 percent", [(12.5, "percent"), (10, "percent")]),
        ("two or three meters", [(2, "m"), (3, "m")]),
        ("40 by 60 feet", [(40, "ft"), (60, "ft")]),
        ("5 to 7 billion dollars", [(5e9, "usd"), (7e9, "usd")]),
        ("$4bn and 5 percent", [(4e9, "usd"), (5, "percent")]),
        ("5 percent and 7 boats", [(5, "percent"), (7, None)]),
        ("40 boats with 60 meters", [(40, None), (60, "m")]),
    ],
)
def test_two_joined_figures_share_a_unit(text, expected):
    assert read(text) == expected


@pytest.mark.parametrize("text", ["about $2 billion in all", "some 60 meters up", "for nine days"])
def test_offsets_hold_the_figure(text):
    quantity = one(text)
    shown = text[quantity.start : quantity.end]
    assert shown.strip() in ("$2 billion", "60 meters", "nine days")


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("$2 billion", "2,000 million dollars"),
        ("$2 billion", "US$2 billion"),
        ("150 meters", "492 feet"),
        ("150 meters", "490 feet"),
        ("250 kilometers", "155 miles"),
        ("3,000 men", "3000"),
        ("three", "3"),
        ("0.5%", "0.5 percent"),
        ("280億円", "28 billion yen"),
        ("60", "60 meters"),
        ("50 years", "five decades"),
        ("two weeks", "14 days"),
        ("20th", "20 years"),
        ("50 mph", "80 km/h"),
        ("100 acres", "40 hectares"),
        ("11 tons", "10,000 kilograms"),
        ("£24 million", "24 million pounds"),
    ],
)
def test_the_same(a, b):
    assert one(a).same_as(one(b))
    assert one(b).same_as(one(a))


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ("$2 billion", "$3 billion"),
        ("$2 billion", "2 billion yen"),
        ("$2 million", "$2 billion"),
        ("3 percent", "3 ships"),
        ("150 meters", "150 feet"),
        ("150 meters", "600 feet"),
        ("3 percent", "3 meters"),
        ("13", "14"),
        ("7 weeks", "50 days"),
    ],
)
def test_not_the_same(a, b):
    assert not one(a).same_as(one(b))
    assert not one(b).same_as(one(a))


def test_ordinals_in_words():
    assert ordinals_in("The third mayor met the Twenty-first and the thirtieth.") == {3, 21, 30}
    assert read("the twenty-first of 24 mayors") == [(24, None)]


def test_what_is_counted_stands_next():
    text = "Some 40 old ferries left."
    assert counted(text, one(text))[:2] == ["old", "ferri"]


def test_a_figure_in_japanese_text_needs_no_space_before_it():
    assert [(q.value, q.unit) for q in find_quantities("対象は24品目、費用は150億円である。")] == [
        (24, None),
        (15e9, "jpy"),
    ]


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("close to a billion dollars", 1e9, "usd"),
        ("fewer than two hundred came", 200, None),
        ("a dozen ships", 12, None),
        ("a hundred-year lease", 100, "year"),
    ],
)
def test_a_scale_counts_with_the_word_before_it(text, value, unit):
    (found,) = find_quantities(text)
    assert (found.value, found.unit) == (value, unit)


def test_a_part_of_a_scale_is_no_whole_one():
    assert find_quantities("a quarter of a billion dollars") == ()
