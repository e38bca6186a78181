import datetime as dt
from dataclasses import replace

import pytest
from fakes import ScriptedModel, echo
from pydantic import ValidationError
from samples import article

from assistant.draft.write import ModelWriter, choose_examples
from assistant.errors import AnswerError, ModelError
from assistant.llm.catalog import Catalog
from assistant.terms import Weights, terms
from assistant.types import Bullet, Evidence, Plan, Story

DAY = dt.date(2023, 7, 21)
FACTS = ["They met on Tuesday in the U.S. capital.", "They signed a pact.", "Troops left Guam."]
PAGE = article("a", " ".join(FACTS), "T", DAY, url="https://a.example/1")
SPANS = [(PAGE.text.index(f), PAGE.text.index(f) + len(f)) for f in FACTS]
PLAN = Plan(
    Story("s", "T", ("a",), DAY, DAY, 1.0, ""),
    tuple(Evidence("a", s, e) for s, e in SPANS),
    ((1,), (2, 3)),
)
EXAMPLES = [Bullet("Past headline one", "Past text one."), Bullet("Past headline two", "Past two.")]
BULLETS = Catalog.load().default_embedded.model_copy(update={"writes": "bullet"})


def answer(text="They met.", evidence=(1,)):
    return {"text": text, "evidence": list(evidence)}


def linked(anchor, **said):
    return {**answer(**said), "anchor": anchor}


def write(*answers, entry=None):
    model = ScriptedModel(answers, entry)
    writer = ModelWriter(model, EXAMPLES, 2023)
    return writer.write(PLAN, {"a": PAGE}), model, writer


def test_a_small_model_gets_one_group_at_a_time():
    written, model, _ = write(answer(), answer("They agreed", (2, 3)))
    assert [call.messages[-1].content for call in model.calls] == [
        "[1] They met on July 18 in the US capital.",
        "[2] They signed a pact.\n[3] Troops left Guam.",
    ]
    assert [w.text for w in written] == ["They met.", "They agreed."]
    assert [w.evidence for w in written] == [PLAN.evidence[:1], PLAN.evidence[1:]]
    assert [w.anchor for w in written] == [None, None]


def test_a_large_model_gets_the_whole_bullet():
    second = linked("", text="Troops left.", evidence=(3, 2, 3))
    answers = {"sentences": [linked("met"), second]}
    written, model, _ = write(answers, entry=BULLETS)
    (call,) = model.calls
    assert call.messages[-1].content.count("[") == 3
    assert written[1].evidence == (PLAN.evidence[2], PLAN.evidence[1])
    assert [w.anchor for w in written] == ["met", None]


def test_examples_are_shown_in_the_part_that_calls_share():
    _, model, _ = write(answer(), answer(evidence=(2,)))
    first, second = model.calls
    assert first.messages[: first.shared] == second.messages[: second.shared] != ()
    assert "Past text one." in first.messages[0].content
    assert first.slot == second.slot


@pytest.mark.parametrize("numbers", [(2,), (1, 2), (0,), (-1,), (9,)])
def test_evidence_that_was_not_shown_is_refused(numbers):
    with pytest.raises(AnswerError, match="was not given"):
        write(answer(evidence=numbers))


def test_evidence_is_never_empty():
    with pytest.raises(ValidationError):
        write(answer(evidence=()))


def test_words_come_in_house_style():
    text = "The  team\nmet in the U.S. capital on the 18th of July"
    written, *_ = write(answer(text), answer(evidence=(2,)))
    assert written[0].text == "The team met in the US capital on July 18."


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They met, signing a pact and left Guam.", "They met, signed a pact and left Guam."),
        (
            "They met, signing a pact and leaving Guam.",
            "They met, signing a pact and leaving Guam.",
        ),
        ("They met, seeking a pact and left Guam.", "They met, seeking a pact and left Guam."),
        ("They met, signing a pact, and left Guam.", "They met, signing a pact, and left Guam."),
    ],
)
def test_verbs_that_the_source_joins_keep_one_form(text, expected):
    plan = replace(PLAN, groups=((1, 2, 3),))
    model = ScriptedModel([answer(text, (1, 2, 3))])
    (written,) = ModelWriter(model, EXAMPLES, 2023).write(plan, {"a": PAGE})
    assert written.text == expected


@pytest.mark.parametrize(
    "text",
    [
        "Blinken met them.",
        "They met on July 19.",
        "They met for 3 hours.",
        "They met in Guam.",
        "They met the UK.",
    ],
    ids=["person", "day", "figure", "place of other evidence", "country"],
)
def test_a_sentence_that_adds_to_its_evidence_gives_way_to_it(text):
    written, *_ = write(answer(text), answer(evidence=(2,)))
    assert written[0].text == "They met on July 18 in the US capital."
    assert written[0].evidence == PLAN.evidence[:1]


@pytest.mark.parametrize(
    "text",
    [
        "They met; see https://evil.example/now.",
        "They met (www.evil.example).",
        "They [met](https://evil.example/now).",
        "They [met](evil).",
        "They met, says evil.example/now.",
    ],
)
def test_an_address_in_the_text_is_refused(text):
    with pytest.raises(AnswerError, match="address"):
        write(answer(text))
    with pytest.raises(AnswerError, match="address"):
        ModelWriter(ScriptedModel([{"headline": text}]), EXAMPLES, 2023).headline("They met.")


def test_use_is_counted():
    _, model, writer = write(answer(), answer(evidence=(2,)))
    assert writer.usage == model.usage + model.usage


def test_the_models_failure_is_the_writers():
    with pytest.raises(ModelError, match="down"):
        write(ModelError("down"))


def test_headline():
    model = ScriptedModel([{"headline": " U.S., Japan meet in Tokyo. "}])
    assert ModelWriter(model, EXAMPLES, 2023).headline("They met in Tokyo.") == (
        "US, Japan meet in Tokyo"
    )
    (call,) = model.calls
    assert "Past headline two" in call.messages[0].content
    assert call.messages[-1].content == "They met in Tokyo."


def test_an_echo_rests_each_sentence_on_its_own_evidence():
    written, *_ = write(echo, echo)
    assert written[1].evidence == (PLAN.evidence[1],)


def choose(past, wanted, count=2):
    return choose_examples(past, wanted, Weights(terms(b.text) for b in past), count)


def test_the_examples_are_the_most_alike():
    chips = Bullet("", "Japan limits exports of chip tools.")
    space = Bullet("", "The Space Force held talks at Yokota.")
    rice = Bullet("", "Rice prices rose in Niigata.")
    assert choose([rice, space, chips], "chip exports and space talks") == [chips, space] or (
        choose([rice, space, chips], "chip exports and space talks") == [space, chips]
    )
    assert choose([rice, space, chips], "rice", 1) == [rice]
    assert choose([], "rice") == []


def test_a_bullet_that_shows_an_address_is_no_example():
    fine = Bullet("Rice", "Rice prices rose.")
    linked = replace(fine, headline="[Rice](https://rice.example)")
    bare = replace(fine, text="Rice prices rose, see www.rice.example.")
    assert choose([linked, bare, fine], "rice") == [fine]
