"""The claims on real pages: what the card says, and how they are joined with their pages."""

import csv
import io
import json
import subprocess
from collections import Counter

import pytest

from evals import real_claims
from evals.rows import load_rows
from evals.sample import read_lines

CARD = (real_claims.folder() / "README.md").read_text(encoding="utf-8")
PAGES = read_lines(real_claims.folder() / "pages.jsonl", "page", "repository", "path", "sha256")
CLAIMS = read_lines(real_claims.folder() / "claims.jsonl", "id", "page", "claim", "label", "writer")


def test_the_card_counts_what_is_there():
    labels = Counter(claim["label"] for claim in CLAIMS)
    assert f"{len(CLAIMS):,} claims about {len(PAGES)} real pages" in CARD
    assert f"{labels[1]:,} true, {labels[0]:,} false" in CARD
    for kind, count in Counter(page["kind"] for page in PAGES).items():
        assert f"{kind.replace('-', ' ')}s {count}" in CARD or f"{kind} {count}" in CARD


def test_every_claim_has_its_page_and_an_id_of_its_own():
    assert {claim["page"] for claim in CLAIMS} == {page["page"] for page in PAGES}
    assert len({claim["id"] for claim in CLAIMS}) == len(CLAIMS)
    assert {claim["label"] for claim in CLAIMS} == {0, 1}


def test_a_pair_has_one_true_and_one_false_claim_of_one_page():
    pairs = {}
    for claim in CLAIMS:
        if "pair" in claim:
            pairs.setdefault(claim["pair"], []).append(claim)
    assert len(pairs) > 400
    for twins in pairs.values():
        assert sorted(twin["label"] for twin in twins) == [0, 1]
        assert len({twin["page"] for twin in twins}) == 1


def test_the_words_of_the_pages_are_not_in_the_set():
    assert all("text" not in page and "source" not in page for page in PAGES)


@pytest.fixture
def set_of_two(tmp_path, monkeypatch):
    """A set of one page of a file and one of a table, and the repository that has them."""
    clone = tmp_path / "clone"
    clone.mkdir()
    (clone / "page.md").write_text("Head\n\nThe mayor\n<!-- -->\nopened a pier.\n\nFoot\n")
    table = io.StringIO()
    writer = csv.DictWriter(table, ["url", "title", "date", "text"])
    writer.writeheader()
    writer.writerow({"url": "u", "title": "A pier", "date": "2020-01-02", "text": "It is open."})
    (clone / "news.csv").write_text(table.getvalue())
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b.c", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", "-C", str(clone), *command], check=True)
    own = {"repository": "o/n", "kind": "press", "title": "T", "published_on": "2020-01-02"}
    plain = "The mayor\n\nopened a pier."
    told = "# A pier\n2020-01-02\n\nIt is open."
    pages = [
        {"page": "a", "path": "page.md", "start": 6, "end": 6 + len(plain), **own},
        {"page": "b", "path": "news.csv", "row": "u", "start": 0, "end": len(told), **own},
    ]
    for page, text in zip(pages, (plain, told), strict=True):
        page["sha256"] = real_claims._digest(text)
    claims = [
        {"id": p["page"], "page": p["page"], "claim": "C.", "label": 1, "kind": "k", "writer": n}
        for n, p in enumerate(pages, 1)
    ]
    folder = tmp_path / "set"
    folder.mkdir()
    for name, lines in (("pages", pages), ("claims", claims)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)))
    monkeypatch.setattr(real_claims, "folder", lambda: folder)
    return clone


def test_rows_have_the_words_of_their_page(set_of_two, tmp_path):
    rows, missing = real_claims.rows({"o/n": set_of_two})
    assert missing == []
    assert [" ".join(row["source"].split()) for row in rows] == [
        "The mayor opened a pier.",
        "# A pier 2020-01-02 It is open.",
    ]
    assert rows[0]["meta"]["published_on"] == "2020-01-02"
    (tmp_path / "rows.jsonl").write_text("\n".join(map(json.dumps, rows)))
    assert [row.label for row in load_rows(tmp_path / "rows.jsonl")] == [1, 1]


def test_of_some_writers_alone(set_of_two):
    rows, _ = real_claims.rows({"o/n": set_of_two}, [2])
    assert [row["id"] for row in rows] == ["b"]


def test_a_page_with_other_words_is_left_out_and_named(set_of_two):
    (set_of_two / "page.md").write_text("Head\n\nThe mayor\nclosed the old pier.\n")
    subprocess.run(["git", "-C", str(set_of_two), "add", "."], check=True)
    who = ["-c", "user.name=a", "-c", "user.email=a@b.c"]
    subprocess.run(["git", "-C", str(set_of_two), *who, "commit", "-qm", "y"], check=True)
    rows, missing = real_claims.rows({"o/n": set_of_two})
    assert ([row["id"] for row in rows], missing) == (["b"], ["a"])


def test_without_its_repository_no_page_can_be_read(set_of_two):
    assert real_claims.rows({}) == ([], ["a", "b"])
