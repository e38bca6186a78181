import datetime as dt
import re
from html.parser import HTMLParser

import pytest

from assistant.publish.html import to_html
from assistant.types import Bullet, Citation, Issue, Masthead


def issue(*bullets: Bullet, masthead: Masthead | None = None) -> Issue:
    usual = Masthead("US-Japan Alliance Digest", "[USAF](#)", "By [us](https://us.example/a).")
    return Issue(2, 14, dt.date(2023, 7, 28), bullets, masthead or usual)


class Page(HTMLParser):
    """Collects what a browser would see: elements, links and their words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.links: list[tuple[str, str]] = []
        self.text = ""
        self._open: str | None = None
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag == "a":
            self._open = dict(attrs)["href"] or ""
            self.links.append((self._open, ""))

    def handle_endtag(self, tag: str) -> None:
        if tag == "a":
            self._open = None

    def handle_data(self, data: str) -> None:
        self.text += data
        if self._open is not None:
            url, words = self.links[-1]
            self.links[-1] = (url, words + data)


def test_the_page_has_every_word_and_link() -> None:
    text = "They met & agreed on <x> $2 billion."
    bullet = Bullet(
        "Allies hold talks", text, (Citation(5, 8, "https://a.example/?b=1&c=2", None),)
    )
    page = Page(to_html(issue(bullet)))
    assert text in page.text
    assert ("https://a.example/?b=1&c=2", "met") in page.links
    assert ("#story-1", "Allies hold talks") in page.links
    assert ("https://us.example/a", "us") in page.links
    assert {attrs.get("id") for _, attrs in page.tags} >= {"story-1", "headlines", "details"}
    assert "Vol. 2.14" in page.text
    assert "July 28, 2023" in page.text


def test_the_page_is_well_formed_for_readers_and_machines() -> None:
    html = to_html(issue(Bullet("One", "A."), Bullet("Two", "B.")))
    page = Page(html)
    tags = dict(page.tags)
    assert html.startswith("<!doctype html>")
    assert tags["html"]["lang"] == "en"
    assert tags["time"]["datetime"] == "2023-07-28"
    assert ("meta", {"name": "description", "content": "One; Two"}) in page.tags
    assert [tag for tag, _ in page.tags if re.fullmatch(r"h\d", tag)] == [
        "h1",
        "h2",
        "h2",
        "h3",
        "h3",
    ]
    assert {"header", "nav", "main", "section", "article", "footer"} <= set(tags)


def test_nothing_is_fetched_or_run() -> None:
    page = Page(to_html(issue(Bullet("One", "A."))))
    assert not {tag for tag, _ in page.tags} & {"script", "link", "img", "iframe", "object"}
    assert not any("src" in attrs or "style" in attrs for _, attrs in page.tags)


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "JavaScript:alert(1)",
        " javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "//a.example/x",
        "https:///x",
        "",
    ],
)
def test_other_schemes_lose_their_link_and_keep_their_words(url: str) -> None:
    credit = Masthead("T", f"[photo](<{url}>)", f"[us](<{url}>)")
    page = Page(
        to_html(issue(Bullet("H", "They met.", (Citation(5, 8, url, None),)), masthead=credit))
    )
    assert [link for link, _ in page.links] == ["#story-1"]
    assert "They met." in page.text


def test_placeholders_stay_links() -> None:
    page = Page(to_html(issue(Bullet("H", "They met.", (Citation(5, 8, "#", None),)))))
    assert ("#", "met") in page.links


def test_text_is_never_markup() -> None:
    planted = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    url = 'https://a.example/"><script>alert(1)</script>'
    bullet = Bullet(planted, planted, (Citation(0, 3, url, None),))
    page = Page(to_html(issue(bullet, masthead=Masthead(planted, planted, planted))))
    assert not {"script", "img"} & {tag for tag, _ in page.tags}
    assert page.text.count("alert(1)") >= 3


def test_bare_addresses_of_the_closing_become_links() -> None:
    masthead = Masthead("T", None, "See https://digest.example/subscribe.")
    page = Page(to_html(issue(Bullet("H", "A."), masthead=masthead)))
    assert page.links[-1] == (
        "https://digest.example/subscribe",
        "https://digest.example/subscribe",
    )
    assert "Image source" not in page.text


def test_a_bullet_without_headline_has_no_empty_heading() -> None:
    page = Page(to_html(issue(Bullet("", "A."))))
    assert "h3" not in dict(page.tags)
    assert "A." in page.text
