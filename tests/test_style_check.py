import datetime as dt
import subprocess
import sys
from pathlib import Path

import pytest

from assistant import resources
from assistant.publish.read_issue import read_bullets, read_issue
from assistant.style.check import OF_THE_ISSUE, check_bullet, check_issue, issue_context
from assistant.style.grammar import AnchorClass, anchor_class
from assistant.style.kinds import spots
from assistant.style.rules import load_rules
from assistant.style.view import IssueContext, views
from assistant.types import Bullet, Citation, Finding, Issue, Masthead, Window

SAMPLE = Path(__file__).parent / "data" / "issue-2-14.md"
ISSUES = [SAMPLE, *sorted((resources.sample_corpus() / "issues").glob("*.md"))]


def codes(findings: list[Finding]) -> list[str]:
    return [finding.code for finding in findings]


def issue(*bullets: Bullet, window: Window | None = None) -> Issue:
    return Issue(2, 14, dt.date(2023, 7, 28), bullets, Masthead("T"), window)


@pytest.mark.parametrize("path", ISSUES, ids=lambda path: path.stem)
def test_published_issues_have_neither_errors_nor_warnings(path: Path) -> None:
    found = check_issue(read_issue(path.read_text(encoding="utf-8"), path.name))
    assert [(i, f.code, f.message) for i, f in found if f.level != "suggestion"] == []
    # Each date that is background or still to come gets a look, and nothing else does.
    assert {f.code for _, f in found} == {"date-window"}


def test_findings_name_their_field_and_stand_at_their_words() -> None:
    bullet = Bullet("U.S. acts.", "The U.S. acted on July 13th.")
    found = [f for f in check_bullet(bullet) if f.replacement is not None]
    assert [
        (f.code, f.field, getattr(bullet, f.field)[f.start : f.end], f.replacement) for f in found
    ] == [
        ("us-abbreviation", "headline", "U.S.", "US"),
        ("headline-period", "headline", ".", ""),
        ("us-abbreviation", "text", "U.S.", "US"),
        ("date-ordinal", "text", "July 13th", "July 13"),
    ]
    assert found[0].level == "error"
    assert found[0].message == "Write 'US', not 'U.S.'."


def test_only_some_kinds_of_rules_look_at_the_issue_around_a_bullet() -> None:
    class Untouched:
        def __getattr__(self, name: str) -> object:
            raise AssertionError(f"a rule that is taken to see words alone asked for {name}")

    bullet = read_bullets(SAMPLE.read_text(encoding="utf-8"))[0]
    for rule in load_rules():
        if not isinstance(rule, OF_THE_ISSUE):
            for view in views(bullet, Untouched()):  # type: ignore[arg-type]
                list(spots(rule, view))


def test_findings_follow_the_issue_around_a_bullet_whose_words_stay() -> None:
    bullet = Bullet("Allies meet", "The JCG sailed.")
    alone = issue(bullet)
    after = issue(Bullet("A", "The Japan Coast Guard (JCG) sailed."), bullet)
    assert "acronym-introduced" in codes(check_bullet(bullet, issue_context(alone, 0)))
    assert "acronym-introduced" not in codes(check_bullet(bullet, issue_context(after, 1)))
    assert "acronym-introduced" in codes(check_bullet(bullet, issue_context(alone, 0)))


def test_empty_fields_are_not_checked() -> None:
    assert check_bullet(Bullet("", "")) == []
    assert {f.field for f in check_bullet(Bullet("Allies meet", ""))} == {"headline"}


def test_issue_findings_have_their_bullet() -> None:
    bad = Bullet("", "The U.S. acted.")
    found = check_issue(issue(Bullet("", ""), bad))
    assert (None, "issue-bullets") in [(i, f.code) for i, f in found]
    assert (1, "us-abbreviation") in [(i, f.code) for i, f in found]
    assert not any(i == 0 for i, _ in found)


def test_an_acronym_introduced_in_an_earlier_bullet_is_known_later() -> None:
    first = Bullet("", "The Extended Deterrence Dialogue (EDD) began.")
    later = Bullet("", "The EDD ended.")
    in_order = codes([f for _, f in check_issue(issue(first, later))])
    reversed_ = codes([f for _, f in check_issue(issue(later, first))])
    assert "acronym-introduced" not in in_order
    assert "acronym-unused" not in in_order
    assert {"acronym-introduced", "acronym-unused"} <= set(reversed_)


@pytest.mark.parametrize(
    "url, article_id, known, expected",
    [
        ("https://a.example/1", None, frozenset({"https://a.example/1"}), False),
        ("https://a.example/2", None, frozenset({"https://a.example/1"}), True),
        ("https://a.example/2", "a2", frozenset(), False),
        ("https://a.example/2", None, None, False),
        ("#", None, frozenset(), False),
    ],
    ids=["known", "unknown", "has-article", "no-corpus", "placeholder"],
)
def test_unknown_urls(
    url: str, article_id: str | None, known: frozenset[str] | None, expected: bool
) -> None:
    bullet = Bullet("", "They met.", (Citation(5, 8, url, article_id),))
    found = check_bullet(bullet, IssueContext(known_urls=known))
    assert ("unknown-url" in codes(found)) is expected


def test_the_issue_gives_the_window() -> None:
    usual = issue_context(issue(), 0).window
    assert usual == Window(dt.date(2023, 7, 11), dt.date(2023, 7, 28))
    own = Window(dt.date(2023, 3, 1), dt.date(2023, 7, 28))
    bullet = Bullet("", "It was announced on March 31.")
    assert "date-window" in codes([f for _, f in check_issue(issue(bullet))])
    assert "date-window" not in codes([f for _, f in check_issue(issue(bullet, window=own))])


def test_a_january_issue_looks_back_over_the_new_year() -> None:
    january = Issue(3, 1, dt.date(2024, 1, 5), (Bullet("", "Held on December 28."),), Masthead("T"))
    assert "date-window" not in codes([f for _, f in check_issue(january)])


@pytest.mark.parametrize(
    "text",
    [
        'He said, "The U.S. will spend 5% on July 13th."',
        "He said, “The U.S. will spend 5% on July 13th.”",
        "He wrote in U.S. News & World Report on July 13.",
    ],
    ids=["straight", "curly", "publication"],
)
def test_quotations_and_publications_are_exempt(text: str) -> None:
    assert {"us-abbreviation", "percent", "date-ordinal"}.isdisjoint(
        codes(check_bullet(Bullet("", text)))
    )


@pytest.mark.parametrize(
    "markdown, expected",
    [
        ("They [conducted](#) talks.", "finite verb"),
        ("Brig Gen Mastalir [hosted](#) Maj Gen Sakanishi for talks.", "finite verb"),
        ("The controls [took effect](#) on July 23.", "finite verb"),
        ("It announced plans to [invest](#) in renewables.", "verb form"),
        ("Routes are not known, despite [growing](#) concerns.", "verb form"),
        ("They plan a trilateral leaders [summit](#) at Camp David.", "event noun"),
        ("The navies held joint [exercises](#) on July 16.", "event noun"),
        ("Trucks use a battery by California-based company [Ample](#).", None),
        ("Officials met in [Tokyo](#).", None),
    ],
    ids=[
        "finite",
        "rank",
        "two-words",
        "infinitive",
        "participle",
        "noun",
        "plural",
        "name",
        "place",
    ],
)
def test_word_class_of_anchors(markdown: str, expected: AnchorClass | None) -> None:
    (bullet,) = read_bullets(markdown)
    (link,) = bullet.citations
    assert anchor_class(bullet.text, link.start, link.end) == expected


def test_rewriting_text_parses_nothing() -> None:
    code = (
        "import sys; from assistant.style.fix import apply_substitutions as house;"
        "assert house('The U.S. acted.') == 'The US acted.';"
        "sys.exit('spacy' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
