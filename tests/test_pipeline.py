import datetime as dt
from dataclasses import replace

import pytest
from fakes import ScriptedModel, echo

from assistant.errors import AnswerError, DraftError, ModelError
from assistant.pipeline import Request, default_window, draft_issue
from assistant.publish.markdown import to_markdown
from assistant.publish.read_issue import read_issue
from assistant.stories import find_stories
from assistant.types import Issue, Masthead, Usage, Window

DATE = dt.date(2023, 7, 28)


def issue_of(date):
    return Issue(2, 13, date, (), Masthead("Digest"))


@pytest.mark.parametrize(
    ("last", "since"),
    [
        pytest.param(None, dt.date(2023, 7, 11), id="no issue before"),
        pytest.param(issue_of(dt.date(2023, 7, 14)), dt.date(2023, 7, 11), id="two weeks ago"),
        pytest.param(issue_of(dt.date(2023, 6, 30)), dt.date(2023, 6, 27), id="a month ago"),
        pytest.param(issue_of(DATE), dt.date(2023, 7, 11), id="same day"),
    ],
)
def test_default_window(last, since):
    assert default_window(DATE, last) == Window(since, DATE)


def draft(sample, chat=None, articles=None, **changes):
    request = replace(sample.request, **changes)
    given = sample.articles if articles is None else articles
    return draft_issue(request, given, sample.past, sample.verifier, chat)


def test_the_sample_gives_a_whole_issue(drafted, sample):
    assert (drafted.volume, drafted.number, drafted.date) == (2, 14, DATE)
    assert drafted.window == sample.request.window
    assert (drafted.writer, drafted.model) == ("extractive", "none")
    assert len(drafted.bullets) == 5
    assert drafted.usage == replace(Usage(), seconds=drafted.usage.seconds)
    assert len({b.story.id for b in drafted.bullets}) == 5


def test_every_claim_of_the_sample_is_supported_and_linked(drafted):
    for bullet in drafted.bullets:
        assert {c.verdict.status for c in bullet.claims} == {"supported"}
        assert {c.field for c in bullet.claims} == {"headline", "text"}
        assert bullet.citations
        assert {c.article_id for c in bullet.citations} <= set(bullet.story.article_ids)


def test_bullets_have_the_houses_size_and_no_style_error(drafted):
    for bullet in drafted.bullets:
        assert 3 <= sum(c.field == "text" for c in bullet.claims) <= 8
        assert 50 <= len(bullet.text.split()) <= 165
        assert [f for f in bullet.findings if f.level == "error"] == []


def test_claims_and_anchors_stand_where_they_say(drafted):
    for bullet in drafted.bullets:
        for claim in bullet.claims:
            field = bullet.headline if claim.field == "headline" else bullet.text
            assert field[claim.start : claim.end] == claim.text
        for one, other in zip(bullet.citations, bullet.citations[1:], strict=False):
            assert one.end <= other.start
        for citation in bullet.citations:
            assert bullet.text[citation.start : citation.end].strip(" .,") != ""


def test_the_draft_survives_markdown(drafted):
    again = read_issue(to_markdown(drafted), "draft.md")
    assert [(b.headline, b.text) for b in again.bullets] == [
        (b.headline, b.text) for b in drafted.bullets
    ]
    assert [[c.url for c in b.citations] for b in again.bullets] == [
        [c.url for c in b.citations] for b in drafted.bullets
    ]


def test_the_best_stories_are_told_in_their_order(drafted, sample):
    told = [(b.id, b) for issue in sample.past for b in issue.bullets]
    ranked = [s.id for s in find_stories(sample.articles, told)]
    places = [ranked.index(b.story.id) for b in drafted.bullets]
    assert places == sorted(places)


def test_stories_asked_for_are_told_in_that_order(sample, drafted):
    ids = tuple(b.story.id for b in reversed(drafted.bullets[1:3]))
    issue = draft(sample, story_ids=ids)
    assert tuple(b.story.id for b in issue.bullets) == ids


def test_an_unknown_story_is_named(sample):
    with pytest.raises(DraftError, match="story-none"):
        draft(sample, story_ids=("story-none",))


def test_fewer_stories_than_bullets_gives_a_warning(sample, drafted):
    own = set(drafted.bullets[0].story.article_ids)
    issue = draft(sample, articles=[a for a in sample.articles if a.id in own])
    assert len(issue.bullets) == 1
    assert len(issue.warnings) == 1


def test_the_number_of_bullets_is_a_request(sample, drafted):
    issue = draft(sample, bullets=1)
    assert [b.text for b in issue.bullets] == [drafted.bullets[0].text]
    assert issue.warnings == ()


def test_progress_names_each_bullet(sample):
    steps = []
    request = replace(sample.request, bullets=2)
    draft_issue(request, sample.articles, sample.past, sample.verifier, progress=steps.append)
    assert [s.split(":")[0] for s in steps] == ["Bullet 1 of 2", "Bullet 2 of 2"]


def test_a_model_writes_and_is_counted(sample):
    model = ScriptedModel([echo] * 40)
    issue = draft(sample, model, bullets=1)
    assert (issue.writer, issue.model) == ("model", "scripted")
    assert issue.usage.prompt_tokens == 10 * len(model.calls) > 0
    assert {c.slot for c in model.calls} == {"write", "headline"}
    assert {c.verdict.status for c in issue.bullets[0].claims} == {"supported"}


def test_without_past_issues_shipped_examples_are_shown(sample):
    model = ScriptedModel([echo] * 40)
    draft_issue(replace(sample.request, bullets=1), sample.articles, [], sample.verifier, model)
    shown = model.calls[0].messages[0].content
    assert len(shown.rpartition("tone:")[2].split()) > 50


def test_a_model_that_invents_is_mended_from_the_evidence(sample, drafted):
    def invent(call):
        answer = echo(call)
        if "text" in answer:
            answer["text"] = "President Lincoln cancelled 999 dragons in Paris on May 1."
        return answer

    issue = draft(sample, ScriptedModel([invent] * 40), bullets=1)
    (bullet,) = issue.bullets
    assert "Lincoln" not in bullet.text
    assert {c.verdict.status for c in bullet.claims} == {"supported"}


@pytest.mark.parametrize("retryable", [True, False], ids=["out of reach", "key refused"])
def test_a_model_that_fails_ends_the_draft(sample, retryable):
    with pytest.raises(ModelError, match="down"):
        draft(sample, ScriptedModel([echo, ModelError("down", retryable=retryable)]), bullets=1)


def test_where_a_model_answers_nonsense_the_extracts_stand_in(sample, drafted):
    issue = draft(sample, ScriptedModel([echo, AnswerError("It babbles.")]), bullets=1)
    assert issue.bullets[0].text == drafted.bullets[0].text
    assert "It babbles." in " ".join(issue.warnings)


def test_an_address_that_is_not_in_the_corpus_is_a_finding(sample, drafted):
    from assistant.pipeline import with_style_findings

    first = drafted.bullets[0]
    strange = replace(first.citations[0], url="https://evil.example/now", article_id=None)
    issue = replace(drafted, bullets=(replace(first, citations=(strange,)),))
    (bullet,) = with_style_findings(issue, sample.articles).bullets
    assert "unknown-url" in {f.code for f in bullet.findings}


@pytest.mark.parametrize("articles", [[], None], ids=["none", "other days"])
def test_nothing_to_tell(sample, articles):
    window = Window(dt.date(2001, 1, 1), dt.date(2001, 1, 18))
    request = Request(1, 1, dt.date(2001, 1, 18), window)
    given = sample.workspace.articles.list(window.since, window.until) if articles is None else []
    with pytest.raises(DraftError, match="2001-01-01"):
        draft_issue(request, given, [], sample.verifier)
