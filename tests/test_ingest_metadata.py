"""Addresses, ids, kinds, languages and dates."""

import datetime as dt

import pytest

from assistant.errors import IngestError
from assistant.ingest.address import (
    article_id,
    canonical_url,
    date_in_url,
    kind_of,
    same_site,
)
from assistant.ingest.article import build_article, language_of
from assistant.ingest.dates import day_in_text, is_date_line, stated_day
from assistant.ingest.page import Page

NOW = dt.datetime(2023, 7, 28, 12, tzinfo=dt.UTC)
TEXT = "The ministry said on Tuesday that the drill with the allies was over."


@pytest.mark.parametrize(
    ("url", "canonical"),
    [
        ("HTTPS://News.Example:443/A/b/", "https://news.example/A/b"),
        ("http://news.example:80", "http://news.example/"),
        ("http://news.example:8080/a", "http://news.example:8080/a"),
        ("https://a.example/x?utm_source=m&id=7&FBCLID=1#top", "https://a.example/x?id=7"),
        ("https://a.example/x?gclid=1", "https://a.example/x"),
        ("https://a.example/x?flag&q=a+b%20c", "https://a.example/x?flag&q=a+b%20c"),
        ("https://a.example/政治", "https://a.example/%E6%94%BF%E6%B2%BB"),
        ("https://日本.example/x", "https://xn--wgv71a.example/x"),
        ("https://a.example./x", "https://a.example/x"),
        ("https://[2001:DB8::1]/x", "https://[2001:db8::1]/x"),
    ],
)
def test_canonical_url(url, canonical):
    assert canonical_url(url) == canonical
    assert canonical_url(canonical) == canonical


@pytest.mark.parametrize(
    "url",
    ["", "news.example/x", "ftp://a.example", "https://", "https://a.example:x/", "https://a b/",
     "https://u:p@a.example/", "javascript:alert(1)", "https://[1/"],
)  # fmt: skip
def test_what_is_no_web_address_is_refused(url):
    with pytest.raises(IngestError, match="address"):
        canonical_url(url)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("https://www.a.example/x", "https://a.example/y", True),
        ("https://amp.a.example/x", "https://www.a.example/x", True),
        ("https://mine.blog.example/", "https://yours.blog.example/", False),
        ("https://a.example.evil.example/", "https://a.example/", False),
    ],
)
def test_same_site(one, other, same):
    assert same_site(one, other) is same


def test_an_id_is_readable_and_depends_on_the_address_alone():
    url = "https://www.pacificwire.example/2023/07/24/itochu-renewables.html"
    assert article_id(url, "A", "x") == article_id(url, "B", "y")
    assert article_id(url, "A", "x").startswith("pacificwire-itochu-renewables-")
    assert article_id(url + "x", "A", "x") != article_id(url, "A", "x")
    assert article_id("https://www.mod.go.jp/20230724.html", "A", "x").startswith("mod-")


def test_without_an_address_the_content_gives_the_id():
    assert article_id(None, "Drill ends", "x") == article_id(None, "Drill ends", "x")
    assert article_id(None, "Drill ends", "x") != article_id(None, "Drill ends", "y")
    assert article_id(None, "訓練終了", "x")


@pytest.mark.parametrize(
    ("url", "kind"),
    [
        ("https://www.mod.go.jp/e/x", "official"),
        ("https://www.spacecom.mil/x", "official"),
        ("https://www.state.gov/x", "official"),
        ("https://www.reuters.com/x", "wire"),
        ("https://english.kyodonews.net/x", "wire"),
        ("https://notreuters.com/x", "press"),
        ("https://state.gov.evil.example/x", "press"),
        (None, "other"),
    ],
)
def test_kind_by_host(url, kind):
    assert kind_of(url) == kind


@pytest.mark.parametrize(
    ("text", "stated", "language"),
    [
        ("岸田首相は13日、会談した。", "en", "ja"),
        ("国防部发言人说，演习已经结束。", None, "zh"),
        (TEXT, None, "en"),
        (TEXT, "fr", "en"),
        ("Le ministre a déclaré mardi que les manœuvres sont finies.", "fr", "fr"),
        ("Le ministre a déclaré mardi que les manœuvres sont finies.", None, "und"),
        ("국방부는 훈련이 끝났다고 밝혔다.", None, "ko"),
    ],
)
def test_language(text, stated, language):
    assert language_of(text, stated) == language


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2023-07-24T23:30:00-04:00", dt.date(2023, 7, 24)),
        ("20230724", dt.date(2023, 7, 24)),
        ("2023/07/24 10:00", dt.date(2023, 7, 24)),
        ("Monday, July 24, 2023", dt.date(2023, 7, 24)),
        ("24 July 2023", dt.date(2023, 7, 24)),
        ("令和5年7月24日", dt.date(2023, 7, 24)),
        ("2023年7月24日", dt.date(2023, 7, 24)),
        ("2023-02-30", None),
        ("July 24", None),
        ("Monday", None),
        ("July 24, 2023 and July 25, 2023", None),
        ("", None),
    ],
)
def test_stated_day(text, day):
    assert stated_day(text) == day


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("https://a.example/2023/07/24/drill", dt.date(2023, 7, 24)),
        ("https://a.example/news/20230724.html", dt.date(2023, 7, 24)),
        ("https://a.example/2023-07-24-drill", dt.date(2023, 7, 24)),
        ("https://a.example/2023/02/30/drill", None),
        ("https://a.example/2023/07/drill", None),
        ("https://a.example/x?d=/2023/07/24/", None),
        ("https://a.example/202307241530", None),
    ],
)
def test_date_in_url(url, day):
    assert date_in_url(url) == day


def test_a_date_line_is_not_a_sentence():
    assert is_date_line("Updated July 28, 2023, 2:02 p.m. ET")
    assert is_date_line("July 28, 2023")
    assert is_date_line("2023年7月28日")
    assert not is_date_line("Tokyo announced it on July 28, 2023.")
    assert not is_date_line("Updated")


@pytest.mark.parametrize(
    ("block", "day"),
    [
        ("Published: 24 July 2023", dt.date(2023, 7, 24)),
        ("TOKYO, July 24, 2023 - The company announced a plan.", dt.date(2023, 7, 24)),
        ("TOKYO, July 24 - The company announced a plan.", None),
        ("The treaty of January 19, 1960, was amended.", None),
    ],
)
def test_day_in_text(block, day):
    assert day_in_text(["A heading", block]) == day


def test_nothing_is_guessed_where_no_date_is_stated():
    article, warnings = build_article(Page((TEXT,), title="Drill"), "file", NOW)
    assert (article.published_on, article.date_from) == (None, None)
    assert any("No date" in w for w in warnings)
    assert any("No publisher" in w for w in warnings)


def test_a_day_to_come_is_doubted():
    page = Page((TEXT,), published_on=dt.date(2032, 7, 24), date_from="front matter")
    assert any("future" in w for w in build_article(page, "file", NOW)[1])


def test_the_title_leaves_the_text():
    page = Page(("Kicker", "DRILL ENDS", TEXT), title="Drill ends")
    assert build_article(page, "file", NOW)[0].text == f"Kicker\n\n{TEXT}"
    untitled = build_article(Page(("Drill ends", TEXT)), "file", NOW)[0]
    assert (untitled.title, untitled.text) == ("Drill ends", TEXT)


def test_an_opening_with_an_invitation_to_subscribe_is_a_teaser():
    page = Page((TEXT, "Subscribe to read the full story."))
    assert build_article(page, "file", NOW)[0].access == "teaser"
    assert build_article(Page((TEXT,)), "file", NOW)[0].access == "open"


def test_garbled_text_is_stored_only_with_a_warning():
    _, warnings = build_article(Page((TEXT + " Itâ€™s over.",)), "file", NOW)
    assert any("garbled" in w for w in warnings)


def test_the_same_page_gives_the_same_hash():
    page = Page((TEXT,), title="Drill", url="https://a.example/x")
    first, second = (build_article(page, "file", NOW)[0] for _ in range(2))
    assert first == second
    assert len(first.sha256) == 64
