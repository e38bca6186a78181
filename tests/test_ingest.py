"""The whole way of a source into the store, and what is reported about it."""

import datetime as dt
import json
import os

import pytest

from assistant.errors import IngestError, StoreError
from assistant.ingest import Ingest, Pasted
from assistant.ingest.web import Fetched

NOW = dt.datetime(2023, 7, 28, 12, tzinfo=dt.UTC)
WORDS = "The ministry said on Tuesday that exercise number {} with the allies went as planned. "


class Shelf:
    """Stands for the store and the index; `refused` are ids that it does not take."""

    def __init__(self):
        self.articles = {}
        self.refused = set()

    def index(self, article):
        if article.id in self.refused:
            raise StoreError("The database is locked: try again.")
        old = self.articles.get(article.id)
        self.articles[article.id] = article
        return "added" if old is None else "unchanged" if old.text == article.text else "updated"

    def list(self, since=None, until=None):
        return [a for a in self.articles.values() if since <= a.published_on <= until]


class Web:
    """Answers from a script and records what it was asked for."""

    def __init__(self, pages=None):
        self.pages = pages or {}
        self.asked = []

    def fetch(self, url):
        self.asked.append(url)
        if url not in self.pages:
            raise IngestError("news.example has no such page (status 404).")
        return self.pages[url]


@pytest.fixture
def shelf():
    return Shelf()


@pytest.fixture
def ingest(shelf):
    return Ingest(shelf, shelf, Web(), now=lambda: NOW)


def story(name, day="2023-07-20", text=None, url=None):
    body = text or "".join(WORDS.format(f"{name}{n}") for n in range(8))
    url = url or f"https://news.example/2023/{name}"
    return f"---\nurl: {url}\ntitle: On {name}\npublisher: News\npublished_on: {day}\n---\n{body}\n"


def test_a_folder_gives_one_entry_for_each_file(tmp_path, ingest, shelf):
    (tmp_path / "b.md").write_text(story("beta"))
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a.txt").write_text(story("alpha", "2023-07-19"))
    (tmp_path / "README.md").write_text("# About")
    (tmp_path / "photo.jpg").write_bytes(b"x")
    (tmp_path / ".hidden.md").write_text(story("hidden"))
    (tmp_path / "broken.md").write_text("---\nkind: gossip\n---\nText.")
    told = []
    report = ingest.run([str(tmp_path)], progress=told.append)
    assert [e.source for e in report.added] == [
        str(tmp_path / "sub/a.txt"),  # the older one first
        str(tmp_path / "b.md"),
    ]
    assert [f.source for f in report.failed] == [str(tmp_path / "broken.md")]
    assert "`kind`" in report.failed[0].reason
    assert len(report.warnings) == 2
    assert any("photo.jpg" in w for w in report.warnings)
    assert any(".hidden.md" in w for w in report.warnings)
    assert told == [str(tmp_path / n) for n in ("b.md", "broken.md", "sub/a.txt")]
    article = shelf.articles[report.added[1].article_id]
    assert (article.origin, article.fetched_at, article.date_from) == ("file", NOW, "front matter")


def test_a_second_run_changes_nothing_and_an_edit_updates(tmp_path, ingest, shelf):
    path = tmp_path / "a.md"
    path.write_text(story("alpha"))
    first = ingest.run([str(path)])
    assert ingest.run([str(path)]).unchanged == first.added
    path.write_text(story("alpha") + "\nThe drill ended on Friday.\n")
    assert ingest.run([str(path)]).updated == first.added
    assert len(shelf.articles) == 1


def test_a_reprint_is_stored_and_reported_with_its_original(tmp_path, ingest, shelf):
    text = "\n\n".join(WORDS.format(n) + WORDS.format(f"{n}b") for n in range(8))
    reprint = "By Our Staff\n\n" + "\n\n".join(text.split("\n\n")[:-1])
    # By name the reprint comes first, by its day it does not.
    (tmp_path / "a.md").write_text(
        story("copy", "2023-07-21", reprint, "https://other.example/copy")
    )
    (tmp_path / "z.md").write_text(story("wire", "2023-07-20", text))
    report = ingest.run([str(tmp_path)])
    (original,), (duplicate,) = report.added, report.duplicates
    assert original.source.endswith("z.md")
    assert duplicate.of == original.article_id
    assert shelf.articles[duplicate.article_id].duplicate_of == original.article_id
    again = ingest.run([str(tmp_path)])
    assert (len(again.unchanged), again.duplicates) == (2, [])
    # A later run finds the original in the store.
    late = tmp_path / "late.md"
    late.write_text(story("late", "2023-07-22", reprint, "https://third.example/late"))
    assert ingest.run([str(late)]).duplicates[0].of == original.article_id


def test_two_files_of_one_address_are_told_apart_by_a_warning(tmp_path, ingest):
    (tmp_path / "a.md").write_text(story("alpha"))
    (tmp_path / "b.md").write_text(story("alpha", text="Another text of the same page."))
    report = ingest.run([str(tmp_path)])
    assert len(report.added) == len(report.updated) == 1
    assert any("b.md: has the address of" in w and "a.md" in w for w in report.warnings)


def test_json_has_the_keys_of_the_contract(tmp_path, ingest):
    (tmp_path / "a.md").write_text(story("alpha"))
    report = json.loads(json.dumps(ingest.run([str(tmp_path), "missing.md"]).as_json()))
    assert list(report) == ["added", "updated", "unchanged", "duplicates", "failed", "warnings"]
    assert set(report["added"][0]) == {"source", "article_id"}
    assert report["failed"] == [
        {"source": "missing.md", "reason": "There is no such file or folder."}
    ]


def test_one_article_that_the_store_refuses_does_not_stop_the_others(tmp_path, ingest, shelf):
    (tmp_path / "a.md").write_text(story("alpha"))
    (tmp_path / "b.md").write_text(story("beta"))
    first = ingest.run([str(tmp_path / "a.md")]).added[0].article_id
    shelf.articles.clear()
    shelf.refused.add(first)
    report = ingest.run([str(tmp_path)])
    assert [f.reason for f in report.failed] == ["The database is locked: try again."]
    assert [e.source for e in report.added] == [str(tmp_path / "b.md")]


def test_a_mistake_of_a_reader_does_not_stop_the_others(tmp_path, ingest, monkeypatch, caplog):
    (tmp_path / "a.md").write_text(story("alpha"))
    (tmp_path / "b.md").write_text(story("beta"))
    from assistant import ingest as module

    def read(path):
        if path.name == "a.md":
            raise RecursionError
        return original(path)

    original = module.read_file
    monkeypatch.setattr(module, "read_file", read)
    report = ingest.run([str(tmp_path)])
    assert "RecursionError" in report.failed[0].reason
    assert len(report.added) == 1
    assert "a.md could not be read" in caplog.text


def test_links_that_leave_the_folder_are_not_followed(tmp_path, ingest):
    inside, outside = tmp_path / "in", tmp_path / "out"
    inside.mkdir()
    outside.mkdir()
    (outside / "secret.md").write_text(story("secret"))
    (inside / "a.md").write_text(story("alpha"))
    (inside / "file.md").symlink_to(outside / "secret.md")
    (inside / "folder").symlink_to(outside)
    report = ingest.run([str(inside)])
    assert [e.source for e in report.added] == [str(inside / "a.md")]
    assert len([w for w in report.warnings if "not followed" in w]) == 2


def test_an_empty_folder_fails(tmp_path, ingest):
    assert ingest.run([str(tmp_path)]).failed[0].reason == "There is no article in this folder."


@pytest.mark.parametrize(
    ("name", "make", "reason"),
    [
        ("big.txt", lambda p: os.truncate(p, 50_000_000), "50 MB, more than the 20 MB"),
        ("empty.md", lambda p: None, "empty"),
        ("blank.txt", lambda p: p.write_text("\n \n"), "empty"),
        ("head.md", lambda p: p.write_text("---\ntitle: T\n---\n"), "no text"),
        ("binary.txt", lambda p: p.write_bytes(bytes(range(256))), "not a text file"),
        ("latin.txt", lambda p: p.write_bytes("café".encode("latin-1")), "save it as UTF-8"),
        ("long.txt", lambda p: p.write_text("word " * 400_001), "more than the 2,000,000"),
        ("picture.gif", lambda p: p.write_bytes(b"GIF89a"), "Files of this kind"),
        ("pipe.txt", lambda p: (p.unlink(), os.mkfifo(p)), "empty"),
    ],
    ids=["50 MB", "empty", "blank", "head only", "binary", "latin-1", "long", "gif", "pipe"],
)
def test_a_file_beyond_the_bounds_fails_with_a_sentence(tmp_path, ingest, name, make, reason):
    path = tmp_path / name
    path.touch()
    make(path)
    report = ingest.run([str(path)])
    assert [f.source for f in report.failed] == [str(path)]
    assert reason in report.failed[0].reason
    assert report.failed[0].reason.endswith(".")


def test_pasted_text_takes_its_fields(ingest, shelf):
    fields = {
        "url": "https://news.example/2023/07/20/drill?utm_source=mail#top",
        "title": "Drill ends",
        "published_on": "2023-07-20",
        "colour": "red",
    }
    report = ingest.run([Pasted(WORDS.format(1), fields)])
    article = shelf.articles[report.added[0].article_id]
    assert report.added[0].source == "-"
    assert (article.origin, article.title) == ("pasted", "Drill ends")
    assert article.canonical_url == "https://news.example/2023/07/20/drill"
    assert article.published_on == dt.date(2023, 7, 20)
    assert any("`colour`" in w for w in report.warnings)


def test_pasted_page_source_is_read_as_a_page(ingest, shelf):
    page = f"<!DOCTYPE html><html><body><h1>Drill</h1><p>{WORDS.format(1) * 3}</p></body></html>"
    report = ingest.run([Pasted(page, {"title": "Drill"})])
    assert "<" not in shelf.articles[report.added[0].article_id].text


def test_pasted_text_with_a_wrong_field_fails(ingest):
    report = ingest.run([Pasted("Text.", {"published_on": "soon"})])
    assert report.failed[0].reason == (
        "The field `published_on` is wrong: write the day as YYYY-MM-DD."
    )


def page(canonical):
    return (
        f'<html lang="en"><head><link rel="canonical" href="{canonical}">'
        '<meta property="og:site_name" content="News"></head>'
        f"<body><article><h1>Drill ends</h1><p>{WORDS.format(1) * 4}</p></article></body></html>"
    ).encode()


def test_a_fetched_page_keeps_its_address(shelf):
    url = "https://www.news.example/2023/07/20/drill?utm_medium=x"
    fetched = Fetched(url, "text/html", None, page("https://news.example/2023/07/20/drill"))
    web = Web({url: fetched})
    report = Ingest(shelf, shelf, web, now=lambda: NOW).run([url, "https://gone.example/x"])
    article = shelf.articles[report.added[0].article_id]
    assert article.url == url
    assert article.canonical_url == "https://news.example/2023/07/20/drill"
    assert (article.origin, article.date_from) == ("web", "url")
    assert web.asked == [url, "https://gone.example/x"]
    assert "404" in report.failed[0].reason


@pytest.mark.parametrize(
    "fetched",
    [
        Fetched("https://evil.example/x", "text/html", None, page("https://www.mod.go.jp/a")),
        Fetched(
            "https://evil.example/x",
            "text/markdown",
            None,
            b"---\nurl: https://www.mod.go.jp/a\nkind: official\ntitle: T\n---\nThe text of it.",
        ),
    ],
    ids=["canonical link", "front matter"],
)
def test_a_fetched_page_cannot_take_the_place_of_another_site(shelf, fetched):
    ingest = Ingest(shelf, shelf, Web({fetched.url: fetched}), now=lambda: NOW)
    report = ingest.run([fetched.url])
    article = shelf.articles[report.added[0].article_id]
    assert article.canonical_url == "https://evil.example/x"
    assert article.kind == "press"
    assert any("https://www.mod.go.jp/a, which was ignored" in w for w in report.warnings)
