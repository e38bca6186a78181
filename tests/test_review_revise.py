"""Revising with an instruction: by rule, with a scripted model, and what is accepted."""

import pytest

from assistant.draft.revise import NO_MODEL, date_first, revise_sentence
from assistant.errors import AnswerError, ModelError, ReviewError
from assistant.review.edit import newest
from assistant.review.revise import Proposal, SourceFor, accept, link_source, propose, revise
from assistant.settings import Settings
from assistant.workspace import open_workspace
from tests.fakes import ScriptedModel


@pytest.fixture
def work(sample_home, drafted):
    with open_workspace(Settings(home=sample_home, model="none")) as opened:
        opened.issues.save(drafted, "assistant")
        yield opened


ISSUE, FIRST = "vol-2-14", "vol-2-14-1"


def ask(work, instruction, sentence=None):
    return list(revise(work, ISSUE, FIRST, instruction, sentence))


@pytest.mark.parametrize(
    ("sentence", "revised"),
    [
        ("The allies met on July 13 in Tokyo.", "On July 13, the allies met in Tokyo."),
        ("Japan paid on July 13, 2022.", "On July 13, 2022, Japan paid."),
        ("Senior officials met on July 20.", "On July 20, senior officials met."),
        ("They never met.", "They never met."),
    ],
)
def test_a_date_is_put_first(sentence, revised):
    assert date_first(sentence) == revised


def test_shorter_drops_the_last_sentence_and_keeps_the_rest(work):
    last = work.issues.get(ISSUE).bullets[0].claims[-1].text
    assert ask(work, "make it shorter") == [Proposal(last, "", None)]


def test_what_is_added_is_a_sentence_of_a_source_with_its_page(work):
    (added,) = ask(work, "add the space domain awareness agenda")
    assert added.old == "" and "space domain awareness" in added.new
    assert work.articles.by_url(added.url) is not None
    based_on = newest(work, FIRST).number
    bullet = accept(work, ISSUE, FIRST, added, "mika", based_on, "add it").bullets[0]
    assert bullet.text.endswith(added.new)


def test_without_a_model_other_wishes_are_refused_and_the_text_is_left_alone(work):
    before = newest(work, FIRST)
    with pytest.raises(ModelError, match="pull a model"):
        ask(work, "make it sing")
    assert newest(work, FIRST) == before and "shorter" in NO_MODEL


def test_a_model_revises_each_sentence_from_its_evidence(work):
    claims = [c for c in work.issues.get(ISSUE).bullets[0].claims if c.field == "text"]
    answers = [{"text": c.text} for c in claims]
    answers[0] = {"text": claims[0].text.replace("conducted", "held")}
    model = ScriptedModel(answers)
    work.__dict__["chat"] = model
    (changed,) = ask(work, "say held")
    assert (changed.old, "held" in changed.new) == (claims[0].text, True)
    shown = model.calls[0].messages[-1].content
    assert "Instruction: say held" in shown and "[1] " in shown and "http" not in shown


def test_a_models_address_is_refused():
    model = ScriptedModel([{"text": "See https://evil.example/ for more."}])
    with pytest.raises(AnswerError, match="address"):
        revise_sentence(model, "shorter", "They met.", (1, 1), [])


def test_an_accepted_sentence_keeps_its_link_and_is_a_revision(work):
    claim = work.issues.get(ISSUE).bullets[0].claims[1]
    new = date_first(claim.text)
    based_on = newest(work, FIRST).number
    proposal = Proposal(claim.text, new, None)
    bullet = accept(work, ISSUE, FIRST, proposal, "mika", based_on, "lead with the date").bullets[0]
    assert bullet.text.startswith("On July 13, the US Space Force")
    anchors = [bullet.text[c.start : c.end] for c in bullet.citations]
    assert anchors == ["conducted", "led", "become"]
    assert newest(work, FIRST).note == "Revised: lead with the date"


@pytest.mark.parametrize(
    ("proposal", "why"),
    [
        (Proposal("Nobody wrote this.", "New.", None), "reads differently"),
        (Proposal("", "New.", None, "https://evil.example/"), "no longer in the corpus"),
    ],
)
def test_what_cannot_be_accepted_changes_nothing(work, proposal, why):
    based_on = newest(work, FIRST).number
    with pytest.raises(ReviewError, match=why):
        accept(work, ISSUE, FIRST, proposal, "mika", based_on, "x")
    assert newest(work, FIRST).number == based_on


def test_a_source_is_proposed_for_a_sentence_without_a_link(work):
    from assistant.review.issues import add_by_hand

    said = work.issues.get(ISSUE).bullets[0].claims[1].text
    added = add_by_hand(work, ISSUE, "mika", pasted=said)
    (offer,) = propose(work, ISSUE, added)
    assert offer.sentence == said and offer.url.startswith("https://")
    based_on = newest(work, added).number
    bullet = link_source(work, ISSUE, added, offer, "mika", based_on).bullets[-1]
    assert [c.url for c in bullet.citations] == [offer.url]
    gone = SourceFor("Nobody wrote this.", "wrote", offer.url, "")
    with pytest.raises(ReviewError, match="reads differently"):
        link_source(work, ISSUE, added, gone, "mika", based_on + 1)
