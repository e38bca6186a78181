"""Figures, days and actors that stand in the page, but of something else."""

import datetime as dt

import pytest
from samples import article

from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.verify.verifier import Verifier

DRILLS = article(
    "drills",
    "Exercise Talisman Sabre opened in Sydney on July 21 with 13 nations. Mobility Guardian began "
    "over the Pacific on July 5, and about 3,000 airmen work on Mobility Guardian directly. In "
    "all, some 15,000 service members support operations in the region. Seoul summoned a senior "
    "Japanese diplomat over the white paper. China's Foreign Ministry accused Tokyo of "
    "exaggerating the threat. Japan tested its first satellite interceptor in November 2021. "
    "Its current defense program dates from December 2022.",
    "Drills in the Pacific",
    dt.date(2023, 7, 24),
)


@pytest.fixture(scope="module")
def verifier():
    return Verifier(WordLlamaEmbedder())


@pytest.mark.parametrize(
    ("claim", "code", "marked"),
    [
        ("Talisman Sabre opened in Sydney on July 5.", "date", "July 5"),
        ("About 15,000 airmen work on Mobility Guardian directly.", "number", "15,000"),
        ("Japan tested its first satellite interceptor in December 2022.", "date", "December 2022"),
        ("Tokyo summoned a South Korean diplomat over the white paper.", "role", "Tokyo"),
        (
            "South Korea's Foreign Ministry accused Tokyo of exaggerating the threat.",
            "role",
            "South Korea's Foreign Ministry",
        ),
    ],
)
def test_what_belongs_to_something_else_is_marked(verifier, claim, code, marked):
    verdict = verifier.check_claim(claim, [DRILLS])
    assert verdict.status != "supported"
    assert (code, marked) in [(f.code, claim[f.start : f.end]) for f in verdict.findings]


@pytest.mark.parametrize(
    "claim",
    [
        "Talisman Sabre opened in Sydney on July 21.",
        "About 3,000 airmen work directly on Mobility Guardian, which began on July 5.",
        "South Korea summoned a senior Japanese diplomat over the white paper.",
        "Beijing's Foreign Ministry accused Japan of exaggerating the threat.",
        "Japan tested its first satellite interceptor in November 2021.",
        "Talisman Sabre opened in Sydney on July 21, and Mobility Guardian on July 5.",
        "Some fifteen thousand service members support operations in the region.",
    ],
)
def test_what_the_page_says_of_it_is_not(verifier, claim):
    verdict = verifier.check_claim(claim, [DRILLS])
    assert [f for f in verdict.findings if f.code in ("date", "number", "role")] == []


def test_a_figure_of_the_same_thing_counts_wherever_the_page_gives_it(verifier):
    text = (
        "Seven nations are taking part: Australia, Canada, France, Japan, New Zealand, the United "
        "Kingdom and the United States. About 3,000 personnel support the exercise, and the "
        "participants are operating approximately 70 mobility aircraft."
    )
    page = article("b", text, "Drill", dt.date(2023, 7, 6))
    numbers = [
        [f.code for f in verifier.check_claim(claim, [page]).findings if f.code == "number"]
        for claim in (
            "Seven nations were taking part with some seventy aircraft.",
            "Seven nations were taking part with some eighty aircraft.",
        )
    ]
    assert numbers == [[], ["number"]]
