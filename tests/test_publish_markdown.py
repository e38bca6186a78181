import dataclasses
import datetime as dt
from pathlib import Path

import pytest

from assistant import resources
from assistant.errors import ExportError
from assistant.publish.markdown import bullet_markdown, to_markdown
from assistant.publish.read_issue import read_bullets, read_issue
from assistant.types import Bullet, Citation, Issue, Masthead

SAMPLE = Path(__file__).parent / "data" / "issue-2-14.md"
NASTY = [
    "[brackets] and ](half ones)",
    "a (parenthesis) and (another",
    "$2 billion and \\$3 billion",
    "*stars*, **more**, 2 * 3 * 4",
    "snake_case and _emphasis_ and __init__",
    "back\\slash, \\\\two, \\[three, at the end \\",
    "<b>tags</b> <https://a.example> <!-- note --> a < b > c",
    "# not a heading",
    "## ",
    "1. not a list",
    "2023) not one either",
    "2023. It began",
    "- not a list",
    "+ not a list",
    "> not a quotation",
    "--- not a rule",
    "---",
    "===",
    "~~~ not a fence",
    "``` not a fence",
    "`code` and ``more``",
    "'single' \"double\" “curly” ‘quotes’",
    "&amp; &copy; &#35; AT&T a&b;",
    "wow! ![no picture](x)",
    "![",
    "[x]: https://a.example",
    "Headlines:",
    "日本 🛰 Año",
    "tab\there and  two spaces",
    "http://bare.example/x_y_z",
    "a | b | c",
]
URLS = [
    "#",
    "https://a.example/1",
    "https://a.example/wiki/Osprey_(aircraft)",
    "https://a.example/a(b(c)",
    "https://a.example/)x(",
    "https://a.example/?q=a&amp;b=1&copy;&lt=2",
    "https://a.example/with space",
    "https://a.example/<x>",
    "https://a.example/back\\slash",
    "https://a.example/*_`[x]!$",
    "https://例え.example/日本",
    "javascript:alert(1)",
    "",
]


def issue(*bullets: Bullet) -> Issue:
    masthead = Masthead("US-Japan Alliance Digest", "[USAF](#)", "Made by [us](#).")
    return Issue(2, 14, dt.date(2023, 7, 28), bullets, masthead)


def back(bullet: Bullet) -> Bullet:
    (read,) = read_issue(to_markdown(issue(bullet)), "x").bullets
    return read


@pytest.mark.parametrize(
    "path",
    [SAMPLE, *sorted((resources.sample_corpus() / "issues").glob("*.md"))],
    ids=lambda path: path.stem,
)
def test_a_file_in_house_form_comes_back_to_the_byte(path: Path) -> None:
    markdown = path.read_text(encoding="utf-8")
    assert to_markdown(read_issue(markdown, path.name)) == markdown


@pytest.mark.parametrize("text", NASTY)
def test_text_and_headline_come_back(text: str) -> None:
    bullet = Bullet(text.strip(), text.strip())
    assert back(bullet) == bullet


@pytest.mark.parametrize("text", NASTY)
def test_anchors_among_nasty_text_come_back(text: str) -> None:
    text = text.strip()
    middle = len(text) // 2
    spans = [(0, len(text)), (0, 1), (middle, len(text))]
    for start, end in spans:
        bullet = Bullet("H", text, (Citation(start, end, "https://a.example/1", None),))
        assert back(bullet) == bullet
    joined = Bullet("H", f"{text}{text}", (Citation(len(text), 2 * len(text), "#", None),))
    assert back(joined) == joined


@pytest.mark.parametrize("url", URLS)
def test_urls_come_back(url: str) -> None:
    bullet = Bullet("H", "They met (twice).", (Citation(5, 8, url, None),))
    assert back(bullet) == bullet


def test_adjacent_links_come_back() -> None:
    links = (Citation(0, 2, "#", None), Citation(2, 4, "https://a.example/1", None))
    bullet = Bullet("H", "abcd", links)
    assert bullet_markdown(bullet) == "[ab](#)[cd](https://a.example/1)"
    assert back(bullet) == bullet


def test_bullet_markdown_is_the_house_form() -> None:
    bullet = Bullet("H", "Itochu will invest $2 billion.", (Citation(12, 18, "#", None),))
    assert bullet_markdown(bullet) == "Itochu will [invest](#) \\$2 billion."
    assert read_bullets(bullet_markdown(bullet)) == [dataclasses.replace(bullet, headline="")]


def test_line_breaks_cannot_open_a_block() -> None:
    bullet = Bullet(
        "H\n# x", "One\n\n# Two\r\n- three", (Citation(0, 3, "https://a.b/\n\n# x", None),)
    )
    read = back(bullet)
    assert read.headline == "H # x"
    assert read.text == "One  # Two  - three"
    assert read.citations == (Citation(0, 3, "https://a.b/%0A%0A# x", None),)


def test_empty_issue_parts() -> None:
    plain = dataclasses.replace(issue(Bullet("H", "T")), masthead=Masthead("T"))
    assert "Image Source" not in to_markdown(plain)
    assert read_issue(to_markdown(plain), "x").masthead == Masthead("T")


def test_overlapping_links_are_refused() -> None:
    links = (Citation(0, 8, "#", None), Citation(5, 8, "#", None))
    with pytest.raises(ExportError, match="overlap at 'met'"):
        bullet_markdown(Bullet("H", "They met.", links))
