"""What a model is told beside the sentences: short forms, capitals, days and sums."""

import datetime as dt

import pytest
from fakes import ScriptedModel
from samples import article

from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.verify.background import background
from assistant.verify.entailment import ask
from assistant.verify.evidence import hold

DAY = dt.date(2023, 7, 21)
PAGE = article(
    "port",
    "The Ministry of Finance of Japan signed two loans for liquefied natural gas on July 18. The "
    "first is worth $41 million, the second $23 million. The Pentagon watched. The ferries sailed "
    "the previous day. Each of the four docks took 150 welders.",
    "Loans for Lund",
    DAY,
)


@pytest.fixture(scope="module")
def embedder():
    return WordLlamaEmbedder()


@pytest.mark.parametrize(
    ("claim", "lines"),
    [
        ("MOF signed two loans for gas.", ["MOF is Ministry of Finance."]),
        ("Japan will lend money for LNG.", ["LNG is liquefied natural gas."]),
        ("Tokyo signed two loans.", ["Tokyo may stand for the government of Japan."]),
        ("The Japanese ministry signed two loans.", []),  # a model knows what is Japanese
        (
            "The United States watched the loans.",
            ["Pentagon may stand for an institution of the United States."],
        ),
        ("The two loans come to $64 million.", ["$41 million + $23 million = $64 million."]),
        ("The first loan is $18 million larger.", ["$41 million - $23 million = $18 million."]),
        ("The docks took 600 welders.", ["four x 150 = 600."]),
        ("The two loans come to $65 million.", []),
        ("The loan of $41 million is the first.", []),  # the page has it
        ("Ferries sailed on July 17.", ["The previous day is July 17."]),
        ("Ferries sailed on July 16.", []),
    ],
)
def test_what_no_sentence_spells_out_is_told(embedder, claim, lines):
    assert background(hold(claim, [PAGE], embedder)) == lines


@pytest.mark.parametrize(
    ("claim", "page"),
    [
        ("The LHC opened.", "Lund opened the Harbor hall with its Council."),  # not in a row
        ("An MP spoke.", "More planes came."),  # two letters of plain words
        ("The Lund Harbor Council opened.", "The LHC opened."),  # the page's own short form
        ("The 15th talks ended.", "The 7th talks and the 8th talks ended."),  # no sum of ordinals
        ("Seven ships came.", "Two ships and five boats came."),  # small counts come of any
        ("They sailed on July 20.", "On July 10 a fair began. The next day they sailed. On July 19 "
         "the mayor fell ill. The next day he resigned."),
    ],
)  # fmt: skip
def test_what_may_be_chance_is_not_told(embedder, claim, page):
    held = hold(claim, [article("a", page, "", DAY)], embedder)
    assert background(held) == []


def test_a_year_is_no_sum(embedder):
    page = article("a", "In 2020 the yard had 3 cranes.", "Yard", DAY)
    assert background(hold("In 2023 the yard had more cranes.", [page], embedder)) == []


def test_the_model_reads_it_after_the_sentences(embedder):
    model = ScriptedModel([0.9])
    ask(model, hold("The two loans come to $64 million.", [PAGE], embedder))
    shown = model.calls[0].messages[-1].content
    assert shown.index("The Pentagon watched.") < shown.index("- $41 million + $23 million")
    assert shown.index("= $64 million.") < shown.index("Claim:")
