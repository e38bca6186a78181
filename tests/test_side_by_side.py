import json
import sys
from contextlib import closing

import pytest
from fakes import ScriptedModel
from test_chat import odds, serving

from assistant.errors import AnswerError, EvalError
from assistant.llm.calibration import load_calibration
from assistant.llm.catalog import Catalog
from assistant.llm.chat import Endpoint
from evals import side_by_side
from evals.contenders import Answers, Rival, Said, check, judge, shortened
from evals.rows import Row, half_of
from evals.side_by_side import best_threshold, choose_rows, compare, line_of, table

MODEL = Catalog.load().default_embedded
SOURCE = "About 3,000 personnel took part in the drill, {}. It ended on July 21 in Guam."


def rows(count):
    """Rows of many sources, every third of them supported."""
    return [
        Row(str(n), SOURCE.format(n), f"Claim {n} on the drill.", int(n % 3 == 0), {})
        for n in range(count)
    ]


def said(score, tokens=0):
    return lambda row: Said(score, tokens)


# Rows


def test_rows_are_of_one_half_and_half_of_them_supported():
    chosen = choose_rows(rows(300), 40, "held-back")
    assert len(chosen) == 40
    assert sum(r.label for r in chosen) == 20
    assert {half_of(r.source) for r in chosen} == {"held-back"}
    assert choose_rows(rows(300), 40, "held-back") == chosen


def test_a_longer_run_holds_the_rows_of_a_shorter_one():
    short, long = (choose_rows(rows(300), n, "development") for n in (10, 40))
    assert {r.id for r in short} < {r.id for r in long}


def test_rows_of_one_label_compare_nothing():
    with pytest.raises(EvalError, match="not both supported and unsupported"):
        choose_rows([r for r in rows(60) if r.label], 10, "held-back")


# Answers


def test_an_answer_is_kept_and_not_asked_for_again(tmp_path):
    file, row = tmp_path / "answers.jsonl", rows(1)[0]
    first = Answers(file, "m").get("judge", row, said(0.4, 9))
    assert (first.score, first.tokens, first.system) == (0.4, 9, "judge")
    file.write_text(file.read_text() + '{"system": "judge", "sco')  # cut while it was written
    again = Answers(file, "m").get("judge", row, said(None))
    assert again == first


def test_answers_of_another_model_or_row_are_not_taken(tmp_path):
    one, other = rows(2)
    file = tmp_path / "answers.jsonl"
    for name in ("judge", "rouge2"):
        Answers(file, "m").get(name, one, said(0.4))
    assert Answers(file, "m").get("judge", other, said(0.7)).score == 0.7
    assert Answers(file, "n").get("judge", one, said(0.8)).score == 0.8
    assert Answers(file, "n").get("rouge2", one, said(0.8)).score == 0.4  # it asks no model


# Systems


def test_the_judge_gets_the_whole_article_and_the_claim():
    model = ScriptedModel([0.3])
    answer = judge(model, rows(1)[0])
    assert (answer.score, answer.tokens) == (0.3, 15)
    shown = model.calls[0].messages[-1].content
    assert SOURCE.format(0) in shown and "Claim 0 on the drill." in shown


def test_a_judge_that_says_neither_yes_nor_no_gives_no_score():
    answer = judge(ScriptedModel([AnswerError("neither")]), rows(1)[0])
    assert (answer.score, answer.error) == (None, "neither")


def test_an_article_longer_than_the_context_is_cut():
    long = "word " * 20_000
    assert len(shortened(long, MODEL)) < len(long)
    assert shortened(SOURCE, MODEL) == SOURCE


def test_the_checker_counts_the_tokens_of_its_questions():
    row = Row("1", SOURCE, "Personnel trained on an island this summer.", 1, {})
    model = ScriptedModel([0.99])
    with_model, without = check(model, row), check(None, row)
    assert without.tokens == 0 and with_model.tokens == 15 * len(model.calls) > 0
    assert without.score is None  # nothing is said of its meaning
    assert with_model.score > load_calibration().supported


def test_the_checker_needs_no_model_for_the_pages_own_words():
    model = ScriptedModel([])
    answer = check(model, Row("1", SOURCE, "It ended on July 21 in Guam.", 1, {}))
    assert (answer.score, answer.tokens) == (0.99, 0)


# What `evals/rivals.py` imports in its own environment, in the smallest form that it uses.
STAND_INS = {
    "openai.py": """
class AsyncOpenAI:
    def __init__(self, base_url, api_key, http_client, **more):
        self.base_url, self.api_key, self.http = base_url, api_key, http_client
    async def __aenter__(self):
        return self
    async def __aexit__(self, *error):
        await self.http.aclose()
""",
    "ragas/__init__.py": "",
    "ragas/llms.py": """
def llm_factory(model, client, **more):
    print("a library that writes to standard output")
    return model, client
""",
    "ragas/metrics/__init__.py": "",
    "ragas/metrics/collections.py": """
class Faithfulness:
    def __init__(self, llm):
        self.model, self.client = llm
    async def ascore(self, user_input, response, retrieved_contexts):
        body = {"model": self.model, "said": response, "of": retrieved_contexts}
        answer = await self.client.http.post(f"{self.client.base_url}/chat", json=body)
        self.value = answer.json()["value"]
        return self
""",
    "rouge_score/__init__.py": "",
    "rouge_score/rouge_scorer.py": """
class RougeScorer:
    def __init__(self, kinds, use_stemmer):
        self.kinds = kinds
    def score(self, target, prediction):
        if prediction == "bad":
            raise ValueError("no score for this")
        self.precision = float(prediction in target)
        return {self.kinds[0]: self}
""",
}


@pytest.fixture
def rival(tmp_path, monkeypatch):
    """Makes rivals that run in this Python with stand-ins for what they import."""
    for name, text in STAND_INS.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    made = []

    def make(system, url="http://127.0.0.1:9/v1"):
        made.append(Rival(system, sys.executable, MODEL, Endpoint(url, "key")))
        return made[-1]

    yield make
    for one in made:
        one.close()


def test_rouge_gives_a_score_or_says_why_not(rival):
    rouge = rival("rouge2")
    inside, outside, bad = (Row("1", SOURCE, c, 1, {}) for c in ("in Guam", "in Tokyo", "bad"))
    assert [rouge(r).score for r in (inside, outside)] == [1.0, 0.0]
    assert rouge(bad) == Said(None, 0, "ValueError: no score for this")
    assert rouge(inside).score == 1.0  # the process lives on


def test_ragas_asks_the_endpoint_and_its_tokens_are_counted(rival):
    with serving() as server:
        ragas = rival("ragas", f"http://127.0.0.1:{server.server_port}/v1")
        server.script = [
            (200, {"value": 0.5, "usage": {"total_tokens": 40}}),
            (200, {"value": float("nan"), "usage": {"total_tokens": 7}}),
            (500, {}),
        ]
        row = rows(1)[0]
        assert ragas(row) == Said(0.5, 40)
        assert ragas(row) == Said(None, 7)
        assert ragas(row).error.startswith("KeyError")
    assert server.asked[0] == {"model": MODEL.name, "said": row.claim, "of": [row.source]}


@pytest.mark.parametrize("python", ["/nowhere/python", "/bin/true"])
def test_an_environment_that_does_not_run_stops_the_comparison(python):
    with (
        closing(Rival("rouge2", python, MODEL, Endpoint("", ""))) as broken,
        pytest.raises(EvalError, match=r"started|does not run"),
    ):
        broken(rows(1)[0])


# The comparison


def test_the_threshold_of_rouge_parts_the_development_rows():
    some = rows(4)  # labels 1, 0, 0, 1
    assert best_threshold(some, [0.9, 0.2, 0.3, 0.6]) == 0.6


def test_a_row_without_an_answer_counts_as_wrong(tmp_path):
    some = rows(6)
    right = [Said(float(r.label)) for r in some]
    answers = Answers(tmp_path / "a.jsonl", "m")
    full = [answers.get("judge", r, lambda _, s=s: s) for r, s in zip(some, right, strict=True)]
    lost = [answers.get("ragas", r, said(None)) for r in some]
    best, worst = line_of("judge", some, full, 0.5), line_of("ragas", some, lost, 0.5)
    assert (best.auroc.value, best.balanced_accuracy.value, best.unanswered) == (1.0, 1.0, 0)
    assert (worst.auroc.value, worst.balanced_accuracy.value, worst.unanswered) == (0.0, 0.0, 6)


def test_every_system_answers_every_row_and_has_a_line(tmp_path):
    some = rows(12)
    asked = []

    def by_label(row):
        asked.append(row.id)
        return Said(0.2 + 0.6 * row.label, 100)

    systems = {"judge": by_label, "rouge2": said(0.5)}
    lines = compare(some, rows(6), systems, Answers(tmp_path / "a.jsonl", "m"))
    assert asked == [r.id for r in some]
    assert [(n.system, n.auroc.value, n.threshold, n.tokens) for n in lines] == [
        ("judge", 1.0, 0.5, 100),
        ("rouge2", 0.5, 0.5, 0),
    ]
    head, rule, first, second = table(lines).splitlines()
    assert {line.count("|") for line in (head, rule, first, second)} == {8}
    assert first.startswith("| plain judge prompt, whole article | 1.000 (0.735 to 1.000) |")


def test_the_command_compares_over_an_endpoint_and_goes_on_after_a_cut(
    tmp_path, monkeypatch, capsys
):
    data, kept = tmp_path / "rows.jsonl", tmp_path / "answers.jsonl"
    data.write_text("\n".join(json.dumps({**vars(r), "meta": {}}) for r in rows(60)))
    words = ["side_by_side", "--data", str(data), "--rows", "4", "--answers", str(kept)]
    words += ["--systems", "layers", "checker", "judge", "--model", "m"]
    monkeypatch.setattr(sys, "argv", words)
    with serving() as server:
        monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
        server.script = [(200, odds(Yes=-0.1, No=-2.4))] * 20
        side_by_side.main()
        asked = len(server.asked)
        first = capsys.readouterr().out
        side_by_side.main()
    assert len(server.asked) == asked >= 4
    assert capsys.readouterr().out == first
    assert len(kept.read_text().splitlines()) == 12
    assert first.count("our checker") == 2 and "plain judge" in first


def test_rivals_need_their_environment(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(sys, "argv", ["s", "--data", "x", "--answers", str(tmp_path / "a")])
    with pytest.raises(SystemExit):
        side_by_side.main()
    assert "ragas and rouge2 need --rivals" in capsys.readouterr().err
