import shutil

import pytest

from assistant import resources
from assistant.settings import Settings
from assistant.types import Bullet
from evals.edits import classify
from evals.replay import Replay
from evals.run import run_suite
from evals.suite import Case, Options
from evals.suites import open_suite

OLD = Bullet(
    "US, Japan hold talks",
    "The talks took place in Tokyo on July 13. About 3,000 personnel took part in the drill. "
    "Both sides praised the alliance.",
)


def edits(text, headline="US, Japan hold talks"):
    return [
        (e.kind, e.before is None, e.after is None) for e in classify(OLD, Bullet(headline, text))
    ]


def test_nothing_changed_is_no_edit():
    assert classify(OLD, OLD) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (OLD.text.replace("July 13", "July 14"), [("fact", False, False)]),
        (OLD.text.replace("3,000", "4,000"), [("fact", False, False)]),
        (OLD.text.replace("took place", "were held"), [("style", False, False)]),
        (
            OLD.text.replace("Both sides praised the alliance", "Praise came from both sides"),
            [("style", False, False)],
        ),
        (OLD.text.replace(" Both sides praised the alliance.", ""), [("selection", False, True)]),
        (f"{OLD.text} China protested in Beijing.", [("selection", True, False)]),
    ],
    ids=["day", "figure", "wording", "other wording", "dropped", "added"],
)
def test_edits_are_of_fact_style_or_selection(text, expected):
    assert edits(text) == expected


def test_a_headline_is_edited_too():
    assert edits(OLD.text, "US and Japan hold talks") == [("style", False, False)]


@pytest.fixture
def archive(tmp_path):
    """A folder of two past issues and the articles of the second one's window."""
    sample = resources.sample_corpus()
    (tmp_path / "issues").mkdir()
    (tmp_path / "articles").mkdir()
    for name in ("vol-2-12.md", "vol-2-13.md"):
        shutil.copy(sample / "issues" / name, tmp_path / "issues")
    for file in (sample / "articles").glob("jakarta-*"):
        shutil.copy(file, tmp_path / "articles")
    return tmp_path


def test_an_issue_is_drafted_from_its_window_without_its_own_text(archive):
    with open_suite("replay", Options(data=archive)) as suite:
        run = run_suite(suite, Settings(home=archive / "home", model="none"))
        drafted = suite._drafts["vol-2-13"]
    assert {r.case.input["issue"] for r in run.results} == {"vol-2-13"}
    assert run.header["without_sources"] == ["vol-2-12"]
    published = {r.case.expected["text"] for r in run.results}
    assert drafted.bullets
    assert not published & {b.text for b in drafted.bullets}
    chosen = [r for r in run.results if r.scores["chosen"]]
    assert chosen
    assert "missile" in chosen[0].case.expected["text"]
    assert {e["kind"] for e in chosen[0].output["edits"]} <= {"fact", "style", "selection"}


def test_a_story_that_was_not_drafted_counts_as_untold():
    suite = Replay(Options())
    case = Case("a", {}, {"headline": "H", "text": "One. Two."})
    scores = suite.score(case, {"draft": None, "similarity": 0.1})
    assert (scores["chosen"], scores["told"], scores["sentences"]) == (0, 0, 3)
    assert suite.score(case, None)["fact_edits"] == 3
