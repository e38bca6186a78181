import pytest

from assistant.verify.facts import facts


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        (
            "The ministers met in Tokyo on July 12 and agreed to expand exercises.",
            ["The ministers met in Tokyo on July 12", "The ministers agreed to expand exercises."],
        ),
        (
            "The US and Japan will hold drills in August and discuss missile defense in Hawaii.",
            [
                "The US and Japan will hold drills in August",
                "The US and Japan will discuss missile defense in Hawaii.",
            ],
        ),
        (
            "North Korea fired a missile on July 12, and the US condemned the launch.",
            ["North Korea fired a missile on July 12", "the US condemned the launch."],
        ),
        (
            "The missile was tracked by Japan and fell outside its exclusive economic zone.",
            [
                "The missile was tracked by Japan",
                "The missile fell outside its exclusive economic zone.",
            ],
        ),
        (
            "Officials announced a plan, signed a memo on chips and visited a plant in Kumamoto.",
            [
                "Officials announced a plan",
                "Officials signed a memo on chips",
                "Officials visited a plant in Kumamoto.",
            ],
        ),
        (
            "Kishida said that Japan would raise defense spending and that the two countries "
            "would share data.",
            [
                "Kishida said that Japan would raise defense spending",
                "Kishida said that the two countries would share data.",
            ],
        ),
    ],
    ids=["subject", "auxiliary", "clauses", "passive", "three", "reported"],
)
def test_joined_facts_are_read_one_by_one(sentence, expected):
    found = facts(sentence)
    assert [f.read_in(sentence) for f in found] == expected
    assert found[0].start == 0
    assert found[-1].end == len(sentence)
    assert all(a.end <= b.start for a, b in zip(found, found[1:], strict=False))


@pytest.mark.parametrize(
    "sentence",
    [
        "The ministers of Japan and the United States met.",
        "The ministers met and left.",  # too short to be checked alone
        "両国は会談し、演習の拡大で合意した。",
        "",
    ],
)
def test_a_sentence_of_one_fact_stays_whole(sentence):
    assert [(f.start, f.end) for f in facts(sentence)] == [(0, len(sentence))]
