"""The evaluation data is what its card says, and every quotation stands in its article."""

import hashlib
import json
import re
from collections import Counter
from itertools import product

import pytest

from assistant import resources
from assistant.publish.read_issue import read_bullets
from assistant.style.rules import load_rules

DATA = resources.eval_data()
CARD = (DATA / "README.md").read_text(encoding="utf-8")
FILES = sorted(path for path in DATA.iterdir() if path.is_file() and path.name != "README.md")
HALVES = ("development", "held-back")
JAPANESE = re.compile("[ぁ-ゖァ-ヺ一-鿿]")
RULES = {rule.code: rule for rule in load_rules()}
GROUPS = {
    "dates": "date-",
    "names": "country-hyphen|honorific|korea-names|rank-|title-|us-abbreviation",
    "figures": "metric-units|money|number-|percent|unit-spelling",
    "links": "anchor-|bare-url|bullet-links|duplicate-url|link-density|unknown-url",
    "headlines": "headline-",
    "wording": "acronym-|joiners|loaded-words|bullet-sentences|bullet-words",
}


def read(name):
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


STORIES = {row["story"]: row for row in read("stories.jsonl")}
SEARCH, FACTS, CLAIMS, STYLE = map(
    read, ("search.jsonl", "facts.jsonl", "claims.jsonl", "style.jsonl")
)
FIELDS = [
    (SEARCH, ["id", "question", "lang", "kind", "story", "half", "passages"]),
    (FACTS, ["id", "story", "half", "headline", "text", "facts"]),
    (CLAIMS, ["id", "story", "half", "claim", "article", "label", "kind", "why"]),
    (STYLE, ["id", "rule", "group", "half", "text", "field", "expected"]),
]
NAMES = ["search", "facts", "claims", "style"]


def evidence():
    """Every quotation of the sets: the row's id, the article and the words."""
    for row in SEARCH:
        yield from ((row["id"], p["article"], p["quote"]) for p in row["passages"])
    for row in FACTS:
        quotes = (e for fact in row["facts"] for e in fact["evidence"])
        yield from ((row["id"], e["article"], e["quote"]) for e in quotes)


def section(file):
    """What the card says under the heading of a file."""
    found = re.search(rf"^## `{re.escape(file)}`$(.*?)(?=^## |\Z)", CARD, re.M | re.S)
    assert found, f"The card has no section on {file}."
    return found[1]


def table(pairs, columns):
    """The lines of a table that counts (row, column) pairs, rows by name."""
    counts = Counter(pairs)
    for name in sorted({row for row, _ in counts}):
        yield "| " + " | ".join([name, *(str(counts[name, column]) for column in columns)]) + " |"


def kind_of(story):
    """`other` and `outside` for articles that no bullet should use, else `story`."""
    first = story.partition("-")[0]
    return first if first in ("other", "outside") else "story"


TABLES = {
    "stories.jsonl": table(
        ((kind_of(r["story"]), r["half"]) for r in STORIES.values() for _ in r["articles"]),
        HALVES,
    ),
    "search.jsonl": table(((r["kind"], r["half"]) for r in SEARCH), HALVES),
    "facts.jsonl": table(
        [("bullets", r["half"]) for r in FACTS]
        + [("facts", r["half"]) for r in FACTS for _ in r["facts"]],
        HALVES,
    ),
    "claims.jsonl": table(
        ((r["kind"], (r["label"], r["half"])) for r in CLAIMS), list(product((1, 0), HALVES))
    ),
    "injection.jsonl": table(((r["kind"], r["half"]) for r in read("injection.jsonl")), HALVES),
    "style.jsonl": table(
        ((r["group"], (r["expected"], r["half"])) for r in STYLE),
        list(product((True, False), HALVES)),
    ),
}


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.name)
def test_card_has_the_digest_of_every_file(file):
    digest = hashlib.sha256(file.read_bytes()).hexdigest()
    assert f"SHA-256: `{digest}`" in section(file.name)


@pytest.mark.parametrize("file", TABLES)
def test_card_counts_are_true(file):
    said = [line for line in section(file).splitlines() if line.startswith("| ")]
    assert said[1:] == list(TABLES[file])  # after the head


@pytest.mark.parametrize("rows, fields", FIELDS, ids=NAMES)
def test_rows_have_their_fields_and_ids_are_unique(rows, fields):
    assert all(list(row) == fields for row in rows)
    assert len({row["id"] for row in rows}) == len(rows)


@pytest.mark.parametrize("rows", [SEARCH, FACTS, CLAIMS], ids=NAMES[:3])
def test_half_is_that_of_the_story(rows):
    assert [row["half"] for row in rows] == [STORIES[row["story"]]["half"] for row in rows]
    assert {row["half"] for row in rows} == set(HALVES)


def test_quotations_stand_once_in_the_ingested_articles(sample):
    wrong = [
        (row, article, quote)
        for row, article, quote in evidence()
        if sample.by_file(article.rpartition(".")[0]).text.count(quote) != 1
    ]
    assert wrong == []


def test_search_questions():
    assert len({row["question"] for row in SEARCH}) == len(SEARCH) >= 150
    assert {row["story"] for row in SEARCH} == set(STORIES)
    for row in SEARCH:
        own = [p for p in row["passages"] if p["article"] in STORIES[row["story"]]["articles"]]
        assert own, row["id"]
        assert (row["lang"] == "ja") == bool(JAPANESE.search(row["question"])), row["id"]
        languages = {"ja" if p["article"].endswith("-ja.md") else "en" for p in row["passages"]}
        assert row["kind"] != "cross-language" or languages - {row["lang"]}, row["id"]


def test_reference_bullets():
    assert len(FACTS) >= 20
    for row in FACTS:
        assert 80 <= len(row["text"].split()) <= 120, row["id"]
        assert 6 <= len(row["facts"]) <= 12, row["id"]
        articles = {e["article"] for fact in row["facts"] for e in fact["evidence"]}
        assert all(fact["evidence"] for fact in row["facts"]), row["id"]
        assert articles <= set(STORIES[row["story"]]["articles"]), row["id"]


def test_claims():
    assert len({(row["claim"], row["article"]) for row in CLAIMS}) == len(CLAIMS) >= 200
    for row in CLAIMS:
        assert row["label"] in (0, 1)
        assert row["why"], row["id"]
        assert row["article"] in STORIES[row["story"]]["articles"], row["id"]
        crosses = bool(JAPANESE.search(row["claim"])) != row["article"].endswith("-ja.md")
        assert crosses == (row["kind"] == "cross-language"), row["id"]


def test_every_style_rule_on_bullets_has_sentences_that_are_not_its_own_examples():
    assert {row["rule"] for row in STYLE} == {c for c, r in RULES.items() if r.scope != ("issue",)}
    for row in STYLE:
        rule = RULES[row["rule"]]
        assert re.match(GROUPS[row["group"]], rule.code), row["id"]
        assert row["field"] in rule.scope or "anchor" in rule.scope, row["id"]
        own = rule.examples
        assert row["text"] not in {*own.match, *own.passes, *own.fixed, *own.fixed.values()}
        assert row["field"] == "headline" or len(read_bullets(row["text"])) == 1, row["id"]


@pytest.mark.parametrize("group", GROUPS)
def test_every_style_group_has_60_sentences_half_of_them_near_misses(group):
    expected = [row["expected"] for row in STYLE if row["group"] == group]
    assert len(expected) >= 60
    assert 0.4 <= sum(expected) / len(expected) <= 0.6
