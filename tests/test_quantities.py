import pytest

from assistant.verify.quantities import find_quantities


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


def test_a_figure_in_japanese_text_needs_no_space_before_it():
    assert [(q.value, q.unit) for q in find_quantities("対象は24品目、費用は150億円である。")] == [
        (24, None),
        (15e9, "jpy"),
    ]
