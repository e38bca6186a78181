"""The command line keeps its contract: names, JSON keys, exit codes, one object a command."""

import io
import json
import sys
from dataclasses import dataclass

import pytest

from assistant.cli import main

FINDING = {"code", "level", "message", "start", "end", "replacement"}
CLAIM = {"field", "text", "start", "end", "verdict", "score", "stale", "evidence", "findings"}
EVIDENCE = {"article_id", "url", "start", "end", "quote"}
BULLET = {"id", "headline", "text", "markdown", "story", "claims", "citations", "findings"}
CITATION = {"anchor", "start", "end", "url", "article_id"}
ISSUE = {"id", "volume", "number", "date", "window", "writer", "model", "warnings", "bullets"}
USAGE = {"prompt_tokens", "cached_tokens", "completion_tokens", "cost", "seconds"}
ARTICLE = {"id", "url", "title", "publisher", "published_on", "kind", "access", "language"}
VERDICTS = {"supported", "partial", "unsupported", "contradicted", "unchecked"}
INGEST = {"added", "updated", "unchanged", "duplicates", "failed", "warnings"}

PAGE = """---
url: https://drill.example/2023/07/20/keen-edge
title: U.S., Japan open Keen Edge exercise
publisher: Drill Daily
published_on: 2023-07-20
kind: press
access: open
language: en
---

The U.S. and Japan opened the Keen Edge exercise at Yokota Air Base on July 19.

About 3,000 American and Japanese troops take part in the exercise at six bases in Japan.
"""
LINKED = (
    "The US and Japan [opened](https://drill.example/2023/07/20/keen-edge) the Keen Edge exercise"
    " at Yokota Air Base on July 19.\n"
)


@dataclass(frozen=True)
class Ran:
    """What a command left behind."""

    status: int
    out: str
    err: str

    @property
    def json(self):
        """The one object on standard output."""
        return json.loads(self.out)


@pytest.fixture
def digest(monkeypatch, capsys, tmp_path):
    """Runs `digest` in an empty folder of its own."""
    monkeypatch.chdir(tmp_path)

    def run(*words, stdin=""):
        monkeypatch.setattr(sys, "argv", ["digest", *map(str, words)])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin.encode())))
        capsys.readouterr()
        status = 0
        try:
            main()
        except SystemExit as stop:
            status = stop.code or 0
        return Ran(status, *capsys.readouterr())

    return run


@pytest.fixture
def page(tmp_path):
    file = tmp_path / "page.md"
    file.write_text(PAGE, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def demo(tmp_path_factory):
    """What `digest demo` answers, and its home."""
    folder = tmp_path_factory.mktemp("demo")
    out = io.StringIO()
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        words = ["digest", "demo", "--model", "none", "--json", "--home", "home"]
        patch.setattr(sys, "argv", words)
        patch.setattr(sys, "stdout", out)
        main()
    return json.loads(out.getvalue()), folder


def assert_bullet(bullet):
    assert bullet.keys() >= BULLET
    for claim in bullet["claims"]:
        assert claim.keys() >= CLAIM
        assert claim["field"] in ("headline", "text")
        assert bullet[claim["field"]][claim["start"] : claim["end"]] == claim["text"]
        assert claim["verdict"] in VERDICTS
        assert (claim["score"] is None) == (claim["verdict"] == "unchecked")
        assert all(e.keys() >= EVIDENCE for e in claim["evidence"])
        assert all(f.keys() >= FINDING for f in claim["findings"])
    for citation in bullet["citations"]:
        assert citation.keys() >= CITATION
        assert bullet["text"][citation["start"] : citation["end"]] == citation["anchor"]
    assert all(f.keys() >= FINDING for f in bullet["findings"])


# The demo


def test_demo_answers_a_whole_issue(demo):
    issue, folder = demo
    assert issue.keys() >= ISSUE | {"usage", "saved", "verdicts"}
    assert issue["usage"].keys() >= USAGE
    assert (issue["volume"], issue["number"], issue["date"]) == (2, 14, "2023-07-28")
    assert issue["window"] == {"since": "2023-07-11", "until": "2023-07-28"}
    assert (issue["writer"], issue["model"]) == ("extractive", "none")
    assert len(issue["bullets"]) == 5
    for bullet in issue["bullets"]:
        assert_bullet(bullet)
        assert bullet["story"].keys() == {"id", "title"}
        assert bullet["claims"] and bullet["citations"]


def test_demo_counts_its_verdicts(demo):
    issue, _ = demo
    assert issue["verdicts"].keys() == VERDICTS
    claims = [c["verdict"] for b in issue["bullets"] for c in b["claims"]]
    assert {v: claims.count(v) for v in VERDICTS} == issue["verdicts"]


def test_demo_saves_markdown_and_a_page(demo):
    issue, folder = demo
    for form in ("md", "html"):
        text = (folder / issue["saved"][form]).read_text(encoding="utf-8")
        assert all(c["url"] in text for b in issue["bullets"] for c in b["citations"])
        assert "US-Japan Alliance Digest" in text


def test_evidence_can_be_checked_from_outside(demo, digest):
    issue, folder = demo
    pieces = [e for b in issue["bullets"] for c in b["claims"] for e in c["evidence"]]
    assert pieces
    for name in {e["article_id"] for e in pieces}:
        article = digest("show", "article", name, "--home", folder / "home", "--json").json
        for e in pieces:
            if e["article_id"] == name:
                assert article["text"][e["start"] : e["end"]] == e["quote"]
                assert article["url"] == e["url"]


def test_the_demos_issue_can_be_listed_shown_and_exported(demo, digest):
    issue, folder = demo
    home = ("--home", folder / "home")
    listed = digest("list", "issues", *home, "--json").json["issues"]
    assert [i["id"] for i in listed][-1] == issue["id"]
    shown = digest("show", "issue", issue["id"], *home, "--json").json
    assert shown["bullets"] == issue["bullets"]
    ran = digest("export", issue["id"], *home, "--out", "out.md", "--json")
    assert (ran.status, ran.json) == (0, {"saved": "out.md"})
    assert "Headlines:" in digest("show", "issue", issue["id"], *home).out


# Getting articles in and out


def test_ingest(digest, page):
    ran = digest("ingest", page, "--home", "home", "--json")
    assert ran.status == 0
    assert ran.json.keys() == INGEST
    (entry,) = ran.json["added"]
    assert entry == {"source": str(page), "article_id": entry["article_id"]}
    again = digest("ingest", page, "--home", "home", "--json").json
    assert (again["added"], len(again["unchanged"])) == ([], 1)
    page.write_text(PAGE + "\nThe allies ended the drill on time, they said.\n", encoding="utf-8")
    assert len(digest("ingest", page, "--home", "home", "--json").json["updated"]) == 1


def test_ingest_goes_on_after_a_failure(digest, page):
    ran = digest("ingest", "gone.md", page, "--home", "home", "--json")
    assert ran.status == 0
    assert [f.keys() for f in ran.json["failed"]] == [{"source", "reason"}]
    assert len(ran.json["added"]) == 1


def test_ingest_of_nothing_readable_fails_and_says_why(digest):
    ran = digest("ingest", "gone.md", "--home", "home", "--json")
    assert ran.status == 1
    assert ran.json["error"]["code"] == "ingest"
    assert "gone.md" in ran.json["error"]["message"]
    assert len(ran.json["failed"]) == 1


def test_ingest_of_a_pasted_text(digest):
    words = ["--url", "https://pasted.example/1", "--title", "Pasted", "--published-on"]
    text = "The U.S. and Japan agreed on a plan in Tokyo. They will meet again in August."
    ran = digest("ingest", "-", *words, "2023-07-20", "--home", "home", "--json", stdin=text)
    assert ran.status == 0
    name = ran.json["added"][0]["article_id"]
    article = digest("show", "article", name, "--home", "home", "--json").json
    assert article.keys() >= ARTICLE | {"text", "authors"}
    assert (article["url"], article["title"]) == ("https://pasted.example/1", "Pasted")
    assert (article["published_on"], article["text"]) == ("2023-07-20", text)


def test_what_describes_a_pasted_text_needs_one(digest, page):
    assert digest("ingest", page, "--title", "x", "--home", "home").status == 2


def test_list_and_remove(digest, page):
    digest("ingest", page, "--home", "home", "--json")
    (article,) = digest("list", "articles", "--home", "home", "--json").json["articles"]
    assert article.keys() >= ARTICLE
    ran = digest("remove", "article", article["id"], "--home", "home", "--json")
    assert (ran.status, ran.json) == (0, {"removed": article["id"]})
    assert digest("list", "articles", "--home", "home", "--json").json == {"articles": []}
    assert digest("show", "article", article["id"], "--home", "home").status == 1


def test_a_stored_claim_keeps_its_quotes_when_its_article_goes(digest, sample_home):
    drawn = ("--model", "none", "--home", sample_home, "--json")
    issue = digest("draft", "--date", "2023-07-28", "--bullets", 1, *drawn).json
    name = issue["bullets"][0]["citations"][0]["article_id"]
    assert digest("remove", "article", name, "--home", sample_home).status == 0
    ran = digest("show", "issue", issue["id"], "--home", sample_home, "--json")
    assert ran.status == 0, ran.err
    assert ran.json["bullets"] == issue["bullets"]


def test_import_issue(digest, tmp_path):
    from assistant.resources import sample_corpus

    file = sample_corpus() / "issues" / "vol-2-13.md"
    ran = digest("import-issue", file, "--home", "home", "--json")
    (issue,) = ran.json["issues"]
    assert issue.keys() >= {"volume", "number", "date", "headlines", "bullets"}
    assert (issue["volume"], issue["number"], issue["date"]) == (2, 13, "2023-07-14")
    assert [b["headline"] for b in issue["bullets"]] == issue["headlines"]
    for bullet in issue["bullets"]:
        assert bullet.keys() >= {"headline", "text", "markdown", "links"}
        assert all(link["anchor"] in bullet["text"] for link in bullet["links"])
        assert bullet["links"] and bullet["links"][0].keys() == {"anchor", "url"}
    assert digest("import-issue", file, "--home", "home", "--json").json == ran.json


def test_search(digest, page):
    digest("ingest", page, "--home", "home")
    ran = digest("search", "Keen Edge", "--home", "home", "--json")
    (hit, *_) = ran.json["hits"]
    keys = {"article_id", "url", "title", "published_on", "score", "start", "end", "quote"}
    assert hit.keys() >= keys
    text = digest("show", "article", hit["article_id"], "--home", "home", "--json").json["text"]
    assert text[hit["start"] : hit["end"]] == hit["quote"]
    late = digest("search", "Keen Edge", "--since", "2023-08-01", "--home", "home", "--json")
    assert late.json == {"hits": []}


# Stories and drafts


def test_stories(digest, sample_home):
    window = ("--since", "2023-07-11", "--until", "2023-07-28")
    found = digest("stories", *window, "--home", sample_home, "--json").json["stories"]
    assert len(found) > 5
    for story in found:
        assert story.keys() >= {"id", "title", "articles", "score", "follows", "why"}
        assert all(a.keys() == {"article_id", "url", "title"} for a in story["articles"])
    scores = [s["score"] for s in found]
    assert scores == sorted(scores, reverse=True)


def test_no_stories_is_an_answer(digest):
    ran = digest("stories", "--home", "home", "--json")
    assert (ran.status, ran.json) == (0, {"stories": []})


def test_draft_takes_its_place_after_the_last_issue(digest, sample_home):
    home = ("--home", sample_home, "--model", "none", "--json")
    ran = digest("draft", "--date", "2023-07-28", "--bullets", 2, *home)
    assert ran.status == 0
    assert (ran.json["volume"], ran.json["number"]) == (2, 14)
    assert ran.json["window"] == {"since": "2023-07-11", "until": "2023-07-28"}
    assert len(ran.json["bullets"]) == 2
    for bullet in ran.json["bullets"]:
        assert_bullet(bullet)


def test_draft_of_chosen_stories(digest, sample_home):
    home = ("--home", sample_home, "--json")
    window = ("--since", "2023-07-11", "--until", "2023-07-28")
    third, first = [s["id"] for s in digest("stories", *window, *home).json["stories"]][2::-2]
    words = ("--date", "2023-07-28", *window, "--volume", 3, "--number", 1, "--model", "none")
    ran = digest("draft", *words, "--stories", third, "--stories", first, *home)
    assert [b["story"]["id"] for b in ran.json["bullets"]] == [third, first]
    assert (ran.json["volume"], ran.json["number"]) == (3, 1)
    ran = digest("draft", *words, "--stories", "story-none", *home)
    assert (ran.status, ran.json["error"]["code"]) == (1, "draft")


def test_draft_of_a_model_needs_one(digest, sample_home):
    words = ("draft", "--date", "2023-07-28", "--writer", "model", "--home", sample_home, "--json")
    for model in ("none", "auto"):
        ran = digest(*words, "--model", model)
        assert (ran.status, ran.json["error"]["code"]) == (1, "model")
        assert "digest model pull" in ran.json["error"]["message"]


def test_auto_says_which_model_it_took(digest, sample_home):
    ran = digest("draft", "--date", "2023-07-28", "--bullets", 1, "--home", sample_home)
    assert ran.status == 0
    assert "none" in ran.err


def test_a_window_that_ends_before_it_begins_is_wrong_usage(digest):
    words = ("--date", "2023-07-28", "--since", "2023-07-20", "--until", "2023-07-10")
    assert digest("draft", *words, "--home", "home", "--model", "none").status == 2


# An editor's own text


def check(digest, tmp_path, text, *words):
    (tmp_path / "text.md").write_text(text, encoding="utf-8")
    return digest("check", "text.md", "--model", "none", "--home", "home", *words, "--json")


def test_check_of_a_linked_page(digest, page, tmp_path):
    digest("ingest", page, "--home", "home")
    ran = check(digest, tmp_path, LINKED)
    assert ran.status == 0
    assert ran.json.keys() == {"bullets", "verdicts", "links", "model", "calibrated", "usage"}
    assert (ran.json["model"], ran.json["calibrated"]) == ("none", True)
    (bullet,) = ran.json["bullets"]
    assert_bullet(bullet)
    assert [c["verdict"] for c in bullet["claims"]] == ["supported"]
    assert ran.json["verdicts"]["supported"] == 1
    assert check(digest, tmp_path, LINKED, "--strict").status == 0


@pytest.mark.parametrize(
    ("text", "verdict", "code"),
    [
        (LINKED.replace("July 19", "July 18"), "contradicted", "date"),
        (LINKED.replace("drill.example", "gone.example"), "unchecked", "source-missing"),
        ("The US and Japan opened Keen Edge on July 19.\n", "unsupported", "no-citation"),
        ("They [opened](#) the Keen Edge exercise.\n", "unchecked", "source-missing"),
    ],
    ids=["wrong day", "page not in the corpus", "no link", "placeholder"],
)
def test_check_finds(digest, page, tmp_path, text, verdict, code):
    digest("ingest", page, "--home", "home")
    ran = check(digest, tmp_path, text)
    assert ran.status == 0
    ((claim,),) = [b["claims"] for b in ran.json["bullets"]]
    assert claim["verdict"] == verdict
    assert code in {f["code"] for f in claim["findings"]}
    strict = check(digest, tmp_path, text, "--strict")
    assert (strict.status, strict.json) == (1, ran.json)


def test_check_takes_each_paragraph_and_list_item(digest, page, tmp_path):
    digest("ingest", page, "--home", "home")
    ran = check(digest, tmp_path, f"# Notes\n\n{LINKED}\n- {LINKED}- {LINKED}")
    assert len(ran.json["bullets"]) == 3


def test_check_of_an_exported_draft_finds_the_same(demo, digest):
    issue, folder = demo
    file = folder / issue["saved"]["md"]
    ran = digest("check", file, "--model", "none", "--home", folder / "home", "--json")
    assert ran.json["verdicts"] == issue["verdicts"]
    assert [b["text"] for b in ran.json["bullets"]] == [b["text"] for b in issue["bullets"]]


def test_cite_proposes_the_source(digest, page, tmp_path):
    digest("ingest", page, "--home", "home")
    text = "The US and Japan opened the Keen Edge exercise at Yokota Air Base on July 19.\n"
    (tmp_path / "own.md").write_text(f"{text}\nRice prices rose in Niigata.\n", encoding="utf-8")
    ran = digest("cite", "own.md", "--model", "none", "--home", "home", "--json")
    assert ran.json.keys() == {"bullets", "verdicts", "links"}
    first, second = ran.json["bullets"]
    assert_bullet(first)
    (citation,) = first["citations"]
    assert citation["url"] == "https://drill.example/2023/07/20/keen-edge"
    assert second["citations"] == []
    assert second["claims"][0]["verdict"] != "supported"


def test_style(digest, tmp_path):
    file = tmp_path / "text.md"
    file.write_text("- The U.S. spent 5 percent.\n", encoding="utf-8")
    ran = digest("style", file, "--json")
    assert ran.status == 0
    assert ran.json.keys() == {"findings"}
    assert all(f.keys() >= FINDING for f in ran.json["findings"])
    assert "us-abbreviation" in {f["code"] for f in ran.json["findings"]}
    assert digest("style", file, "--strict", "--json").status == 1
    assert "+- The US spent" in digest("style", file, "--diff", "--json").json["diff"]
    assert file.read_text(encoding="utf-8") == "- The U.S. spent 5 percent.\n"
    digest("style", file, "--fix")
    assert file.read_text(encoding="utf-8").startswith("- The US spent")


def test_style_writes_no_home(digest, tmp_path):
    file = tmp_path / "text.md"
    file.write_text("They met.\n", encoding="utf-8")
    digest("style", file)
    assert [p.name for p in tmp_path.iterdir()] == ["text.md"]


# Letting an issue go


@pytest.fixture
def doubtful(digest, sample_home):
    """A home whose issue vol-2-14 has a claim that nobody could check."""
    from dataclasses import replace

    from assistant.store.database import Database
    from assistant.store.issues import Issues
    from assistant.types import Verdict

    words = ("--date", "2023-07-28", "--bullets", 1, "--model", "none", "--home", sample_home)
    issue_id = digest("draft", *words, "--json").json["id"]
    with Database.open(sample_home / "digest.sqlite3") as database:
        issues = Issues(database)
        issue = issues.get(issue_id)
        (bullet,) = issue.bullets
        first, *rest = bullet.claims
        claims = (replace(first, verdict=Verdict("unchecked", None)), *rest)
        issues.save(replace(issue, bullets=(replace(bullet, claims=claims),)), "test")
    return issue_id, sample_home


def test_export_refuses_and_an_override_needs_a_reason(digest, doubtful, tmp_path):
    issue_id, home = doubtful
    words = ("export", issue_id, "--home", home, "--out", "out.html", "--format", "html", "--json")
    ran = digest(*words)
    assert (ran.status, ran.json["error"]["code"]) == (1, "export")
    (blocking,) = ran.json["blocking"]
    assert blocking.keys() >= FINDING
    assert blocking["code"] == "unchecked"
    assert digest(*words, "--override", " ").status == 1
    assert not (tmp_path / "out.html").exists()
    ran = digest(*words, "--override", "Checked by hand.")
    assert (ran.status, ran.json) == (0, {"saved": "out.html"})
    assert (tmp_path / "out.html").exists()


# Models


def test_model_list(digest):
    found = digest("model", "list", "--json").json["models"]
    keys = {"name", "licence", "bytes", "sha256", "pulled", "default"}
    assert all(m.keys() >= keys for m in found)
    assert not any(m["pulled"] for m in found)


def test_model_path_of_one_that_is_not_there(digest):
    name = digest("model", "list", "--json").json["models"][0]["name"]
    ran = digest("model", "path", name, "--json")
    assert (ran.status, ran.json["error"]["code"]) == (1, "model")


# Failures


@pytest.mark.parametrize(
    ("words", "status", "code"),
    [
        (["nonsense"], 2, "usage"),
        ([], 2, "usage"),
        (["show", "planet", "x"], 2, "usage"),
        (["search"], 2, "usage"),
        (["search", "x", "--k", "0"], 2, "usage"),
        (["draft", "--date", "July 28"], 2, "usage"),
        (["draft", "--bullets", "0"], 2, "usage"),
        (["list", "articles", "--wrong"], 2, "usage"),
        (["draft", "--date", "2023-07-28", "--model", "none"], 1, "draft"),
        (["draft", "--date", "2023-07-28", "--model", "nonsense"], 1, "model"),
        (["search", "x"], 1, "store"),
        (["show", "article", "x"], 1, "store"),
        (["show", "issue", "x"], 1, "store"),
        (["remove", "article", "x"], 1, "store"),
        (["export", "x"], 1, "store"),
        (["check", "gone.md", "--model", "none"], 1, "ingest"),
        (["check", "empty.md", "--model", "none"], 1, "ingest"),
        (["check", "binary.md", "--model", "none"], 1, "ingest"),
        (["cite", ".", "--model", "none"], 1, "ingest"),
        (["style", "gone.md"], 1, "ingest"),
        (["import-issue", "empty.md"], 1, "ingest"),
        (["ingest", "gone.md"], 1, "ingest"),
        (["model", "path", "x"], 1, "model"),
        (["list", "articles", "--home", "binary.md"], 1, "store"),
        (["list", "articles", "--home", "binary.md/x"], 1, "store"),
    ],
    ids=lambda value: " ".join(value) or "no command" if isinstance(value, list) else "",
)
def test_a_failure_is_one_object_and_a_sentence(digest, tmp_path, words, status, code):
    (tmp_path / "empty.md").write_text("")
    (tmp_path / "binary.md").write_bytes(b"\xff\xfe\x00")
    ran = digest(*words, "--json")
    assert ran.status == status
    if words:  # without a command, `--json` itself is what is wrong
        assert ran.json["error"]["code"] == code
    assert ran.json["error"].keys() == {"code", "message"}
    assert ran.json["error"]["message"].endswith(".")
    plain = digest(*words)
    assert plain.status == status
    assert plain.out == ""
    assert "Traceback" not in plain.err
    assert plain.err.strip()


@pytest.mark.parametrize(("name", "value"), [("DIGEST_SEED", "seven"), ("DIGEST_CALL_CACHE", "x")])
def test_a_wrong_setting_is_named(digest, monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    ran = digest("list", "articles", "--json")
    assert ran.status == 1
    assert name in ran.json["error"]["message"]


def test_a_home_that_is_no_database_is_named(digest, tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "digest.sqlite3").write_text("no database " * 100)
    ran = digest("list", "articles", "--home", "home", "--json")
    assert (ran.status, ran.json["error"]["code"]) == (1, "store")


def test_a_failed_draft_leaves_no_issue(digest):
    assert digest("draft", "--date", "2023-07-28", "--model", "none", "--home", "home").status == 1
    assert digest("list", "issues", "--home", "home", "--json").json == {"issues": []}


def test_home_comes_from_the_environment_too(digest, page, monkeypatch, tmp_path):
    monkeypatch.setenv("DIGEST_HOME", str(tmp_path / "elsewhere"))
    digest("ingest", page)
    assert (tmp_path / "elsewhere" / "digest.sqlite3").is_file()
    assert not (tmp_path / ".digest").exists()


def test_nothing_but_the_demo_loads_the_sample(digest):
    digest("stories", "--home", "home")
    assert digest("list", "articles", "--home", "home", "--json").json == {"articles": []}
    assert digest("list", "issues", "--home", "home", "--json").json == {"issues": []}


@pytest.mark.parametrize("word", ["--help", "-h", "--version"])
def test_help_goes_to_standard_output(digest, word):
    ran = digest(word)
    assert (ran.status, ran.err) == (0, "")
    assert "digest" in ran.out
