import datetime as dt
from pathlib import Path

import pytest

from assistant import resources
from assistant.errors import IngestError
from assistant.publish.read_issue import read_bullets, read_issue
from assistant.types import Issue

SAMPLE = Path(__file__).parent / "data" / "issue-2-14.md"
SMALL = """\
US-Japan Alliance Digest

Vol: 2.14

July 28, 2023

Image Source: [USAF](#)

Headlines:

- Allies hold talks
- Firms invest in US

Details:

- They [met](https://a.example/1) and [agreed](https://a.example/2) on \\$2 billion.
- Itochu will [invest](#).

"US-Japan Alliance Digest" is made by [us](#).
"""


@pytest.fixture(scope="module")
def sample() -> Issue:
    return read_issue(SAMPLE.read_text(encoding="utf-8"), SAMPLE.name)


def test_masthead_of_the_sample(sample: Issue) -> None:
    assert (sample.volume, sample.number, sample.date) == (2, 14, dt.date(2023, 7, 28))
    assert sample.masthead.title == "US-Japan Alliance Digest"
    assert sample.masthead.image_credit == "[USAF 15th Wing](#)"
    assert sample.masthead.boilerplate is not None
    assert sample.masthead.boilerplate.startswith('"US-Japan Alliance Digest" is')


def test_bullets_of_the_sample(sample: Issue) -> None:
    assert [len(bullet.citations) for bullet in sample.bullets] == [4, 7, 3, 5, 3]
    first = sample.bullets[0]
    assert first.headline == "US, Japanese space commanders meet at Yokota for inaugural talks"
    assert [first.text[c.start : c.end] for c in first.citations] == [
        "opened",
        "welcomed",
        "chaired",
        "deepening",
    ]
    assert "spend $2 billion on" in sample.bullets[2].text
    assert all("\\" not in bullet.text and "](" not in bullet.text for bullet in sample.bullets)


@pytest.mark.parametrize("path", sorted((resources.sample_corpus() / "issues").glob("*.md")))
def test_past_issues_of_the_sample_corpus_can_be_read(path: Path) -> None:
    issue = read_issue(path.read_text(encoding="utf-8"), path.name)
    assert path.stem == f"vol-{issue.volume}-{issue.number}"
    assert len(issue.bullets) == 5
    assert all(bullet.citations for bullet in issue.bullets)


def headings(text: str) -> str:
    text = text.replace("Headlines:", "## **Headlines**").replace("Details:", "## Details")
    return text.replace("US-Japan Alliance Digest\n\nVol", "# US-Japan Alliance Digest\n\nVol")


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(lambda text: text.replace("\n", "\r\n"), id="crlf"),
        pytest.param(lambda text: "\ufeff" + text, id="bom"),
        pytest.param(lambda text: text.replace("\n- ", "\n* "), id="stars"),
        pytest.param(lambda text: text.replace("\n- ", "\n+ "), id="plus"),
        pytest.param(lambda text: text.replace("\n- ", "\n\n- "), id="loose-lists"),
        pytest.param(lambda text: text.replace("\n\n", "\n"), id="no-blank-lines"),
        pytest.param(lambda text: text.replace("\n\n", "\n\n\n\n"), id="many-blank-lines"),
        pytest.param(
            lambda text: text.replace("lines:", "lines").replace("ils:", "ils"), id="bare"
        ),
        pytest.param(lambda text: text.replace("Headlines:", "**Headlines:**"), id="bold-label"),
        pytest.param(headings, id="headings"),
        pytest.param(
            lambda text: text.replace(
                "[met](https://a.example/1)", "**[met](https://a.example/1)**"
            ),
            id="bold-link",
        ),
        pytest.param(lambda text: text.replace("[met]", "[*met*]"), id="emphasis-in-link"),
        pytest.param(lambda text: text.replace(" and [agreed]", "\n  and [agreed]"), id="wrapped"),
        pytest.param(lambda text: text.replace("\\$2", "$2"), id="no-escape"),
        pytest.param(lambda text: "---\nkind: issue\n---\n" + text, id="front-matter"),
        pytest.param(lambda text: text.replace("July 28, 2023", "28 July 2023"), id="day-first"),
        pytest.param(lambda text: text.replace("July 28, 2023", "2023-07-28"), id="iso-date"),
        pytest.param(lambda text: text.replace("Vol: 2.14", "Vol. 2, No. 14"), id="vol-no"),
        pytest.param(
            lambda text: (
                text.replace("(https://a.example/1)", "[one]") + "\n[one]: https://a.example/1\n"
            ),
            id="reference-link",
        ),
    ],
)
def test_other_ways_to_write_the_same_issue(change: object) -> None:
    assert callable(change)
    plain, changed = read_issue(SMALL, "plain"), read_issue(change(SMALL), "changed")
    assert changed.bullets == plain.bullets
    assert (changed.volume, changed.number, changed.date) == (2, 14, dt.date(2023, 7, 28))
    assert changed.masthead.title == "US-Japan Alliance Digest"
    assert changed.masthead.boilerplate is not None


def test_offsets_count_code_points() -> None:
    text = SMALL.replace("They [met]", "Año 🛰 日本 [met]")
    bullet = read_issue(text, "x").bullets[0]
    citation = bullet.citations[0]
    assert (citation.start, bullet.text[citation.start : citation.end]) == (9, "met")


def test_a_link_in_a_headline_stays_visible() -> None:
    text = SMALL.replace("Allies hold talks", "Allies [hold](https://a.example/1) talks")
    assert read_issue(text, "x").bullets[0].headline == "Allies [hold](https://a.example/1) talks"


def test_urls_are_kept_as_they_are_written() -> None:
    url = "https://例え.example/日本?q=a%20b&c=é"
    bullet = read_issue(SMALL.replace("https://a.example/1", url), "x").bullets[0]
    assert bullet.citations[0].url == url


@pytest.mark.parametrize(
    "old, new, reason",
    [
        pytest.param("Vol: 2.14", "", "line 9: no volume", id="no-volume"),
        pytest.param("July 28, 2023", "", "line 9: no date", id="no-date"),
        pytest.param("July 28", "June 31", "line 5: June 31, 2023 is not a day", id="no-such-day"),
        pytest.param("Headlines:", "", "no line says 'Headlines:'", id="no-headlines-label"),
        pytest.param("Details:", "", "no line says 'Details:'", id="no-details-label"),
        pytest.param(
            "- Allies hold talks\n- Firms invest in US\n", "", "line 9: no headlines", id="none"
        ),
        pytest.param(
            "- Firms invest in US\n",
            "",
            "line 13: 1 headline but 2 details",
            id="headline-missing",
        ),
        pytest.param(
            "- Itochu will [invest](#).\n",
            "",
            "line 14: 2 headlines but 1 detail;",
            id="detail-missing",
        ),
    ],
)
def test_wrong_files_say_where_and_why(old: str, new: str, reason: str) -> None:
    assert old in SMALL
    with pytest.raises(IngestError) as caught:
        read_issue(SMALL.replace(old, new, 1), "vol.md")
    assert str(caught.value).startswith("vol.md")
    assert reason in str(caught.value)


def test_labels_in_the_wrong_order() -> None:
    swapped = SMALL.replace("Headlines:", "X:").replace("Details:", "Headlines:")
    with pytest.raises(IngestError, match=r"'Details:' stands above 'Headlines:'"):
        read_issue(swapped.replace("X:", "Details:"), "x")


def test_bullets_of_an_issue_are_those_of_the_issue(sample: Issue) -> None:
    assert tuple(read_bullets(SAMPLE.read_text(encoding="utf-8"))) == sample.bullets


def test_bullets_of_an_issue_with_a_headline_missing() -> None:
    bullets = read_bullets(SMALL.replace("- Firms invest in US\n", ""))
    assert [(b.headline, b.text[:6]) for b in bullets] == [
        ("Allies hold talks", "They m"),
        ("", "Itochu"),
    ]


def test_bullets_of_any_other_markdown() -> None:
    markdown = """\
---
title: Not a bullet
---
# A heading

They [met](https://a.example/1)
in Tokyo.

- One [fell](#).
- Two
  - Three

> Four

![a picture](x.png)

<!-- a note -->

```
code
```

    more code
"""
    bullets = read_bullets(markdown)
    assert [bullet.text for bullet in bullets] == [
        "They met in Tokyo.",
        "One fell.",
        "Two",
        "Three",
        "Four",
    ]
    assert {bullet.headline for bullet in bullets} == {""}
    assert [c.url for bullet in bullets for c in bullet.citations] == ["https://a.example/1", "#"]


def test_nothing_gives_no_bullets() -> None:
    assert read_bullets("\n\n") == []
