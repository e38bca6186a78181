"""Each suite on a few rows: what it makes of a case, and what that is worth."""

import json
from contextlib import contextmanager
from dataclasses import replace
from types import SimpleNamespace

import pytest
from fakes import ScriptedModel, echo

from assistant.errors import EvalError
from assistant.settings import Settings
from assistant.types import Bullet, Usage
from evals import sample, writers
from evals.drafting import rouge_l
from evals.injection import plant
from evals.retrieval import Retrieval
from evals.run import run_suite
from evals.stories import Stories
from evals.style import Style
from evals.suite import Case, Options
from evals.suites import open_suite


def run(name, tmp_path, **options):
    with open_suite(name, Options(**options)) as suite:
        return run_suite(suite, Settings(home=tmp_path / "home", model="none"))


def test_retrieval_finds_passages_of_the_corpus(tmp_path, small_data):
    done = run("retrieval", tmp_path)
    first = done.results[0]
    assert first.case.group == "plain"
    assert first.scores["recall_at_10"] > 0
    hit = first.output["hits"][0]
    article = sample.articles()[hit["article"]]
    assert hit["quote"] == article.text[hit["start"] : hit["end"]]
    assert set(done.header["groups"]) == {"plain", "paraphrase", "cross-language"}


def ranked(*hits):
    return {"hits": [{"article": a, "start": s, "end": s + 10, "quote": ""} for a, s in hits]}


@pytest.mark.parametrize(
    ("output", "recall", "mrr"),
    [
        (ranked(("a", 0), ("b", 0)), 1.0, 1.0),
        (ranked(("c", 0), ("a", 5), ("a", 0)), 0.5, 0.5),
        (ranked(("a", 20)), 0.0, 0.0),
        (ranked(), 0.0, 0.0),
        (None, 0.0, 0.0),
    ],
    ids=["both", "one, found twice, at rank 2", "beside it", "no hit", "failed"],
)
def test_measures_of_a_ranking_are_those_counted_by_hand(output, recall, mrr):
    passages = [["passage 1", "a", 0, 10], ["passage 2", "b", 5, 9]]
    expected = {"relevant": {"passage 1": 1, "passage 2": 1}, "passages": passages}
    scores = Retrieval(Options()).score(Case("q", {}, expected), output)
    assert scores["recall_at_10"] == recall
    assert scores["mrr"] == mrr


def test_a_quotation_that_is_not_in_its_article_is_refused(small_data):
    path = small_data / "search.jsonl"
    path.write_text(path.read_text(encoding="utf-8").replace("first-ever", "last-ever"))
    with pytest.raises(EvalError, match="does not say .* must be verbatim"):
        Retrieval(Options()).cases()


def test_a_folder_in_the_form_of_beir_is_searched(tmp_path):
    folder = tmp_path / "beir"
    (folder / "qrels").mkdir(parents=True)

    def lines(name, *rows):
        (folder / name).write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")

    lines(
        "corpus.jsonl",
        {"_id": "1", "title": "Ospreys", "text": "Ospreys may fly at 60 meters over mountains."},
        {"_id": "2", "title": "Chips", "text": "Controls on chip-making equipment took effect."},
    )
    lines(
        "queries.jsonl",
        {"_id": "q", "text": "How low may an Osprey fly?"},
        {"_id": "x", "text": "?"},
    )
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq\t1\t2\nx\t2\t0\n")
    done = run("retrieval", tmp_path, data=folder)
    assert [r.case.id for r in done.results] == ["q"]  # a query without a relevant document
    assert done.header["metrics"]["mrr"]["value"] == 1.0


def test_b_cubed_is_that_counted_by_hand():
    suite = Stories(Options())
    case = Case("a", {}, {"with": ["a", "b", "c", "d"]})
    mixed = suite.score(case, {"with": ["a", "b", "x"]})
    assert (mixed["precision"], mixed["recall"], mixed["passed"]) == (2 / 3, 0.5, 0.0)
    assert suite.score(case, {"with": ["a", "b", "c", "d"]})["passed"] == 1.0


def test_clusters_of_public_reports_are_sorted(tmp_path):
    def report(n, text):
        return {"title": f"Report {n}", "text": text}

    osprey = "The U.S. and Japan let Osprey aircraft fly low above the hills of Kyushu."
    chips = "Nikon and Tokyo Electron face export controls on chip equipment sold to Beijing."
    rows = [
        {"id": "osprey", "sources": [report(1, osprey), report(2, f"{osprey} Governors worry.")]},
        {"id": "chips", "sources": [report(3, chips), report(4, f"{chips} China protested.")]},
    ]
    data = tmp_path / "clusters.jsonl"
    data.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    done = run("stories", tmp_path, data=data)
    assert done.header["rows"] == 4
    assert done.header["metrics"]["f1"]["value"] == 1.0


def test_style_asks_only_for_the_rule_of_the_sentence(tmp_path, small_data):
    done = run("style", tmp_path)
    assert done.header["metrics"]["right"]["value"] == 1.0
    assert done.header["rules"]["us-abbreviation"] == {"cases": 2, "right": 2}
    assert "rank-periods" in done.header["untried"]
    other = {"findings": [{"code": "another-rule"}]}
    spoke = Style(Options()).score(Case("s", {"rule": "a"}, {"found": False}), other)
    assert spoke["left_alone"] == 1.0


def test_a_draft_is_measured_against_the_editors_facts(tmp_path, small_data):
    done = run("drafting", tmp_path)
    first = done.results[0]
    assert 0 < first.scores["reached"] <= first.scores["facts"] == 10
    assert first.scores["unsupported"] == 0
    assert first.output["links"][0]["article"].startswith("space-talks")
    assert done.header["bullets"] == 2
    assert done.header["tokens_per_bullet"] == 0


def test_a_draft_that_says_nothing_tells_no_fact(tmp_path, small_data, monkeypatch):
    empty = writers.Draft(Bullet("", "Nothing is said."), Usage())
    monkeypatch.setattr(writers.OwnWriter, "draft", lambda self, story, articles: empty)
    figures = run("drafting", tmp_path).header["metrics"]
    assert figures["facts_reached"]["value"] == figures["facts_stated"]["value"] == 0.0


def test_rouge_l_is_that_counted_by_hand():
    # Lin's own example (2004): three of four words are a common subsequence, then two.
    assert rouge_l("police kill the gunman", "police killed the gunman") == 0.75
    assert rouge_l("the gunman kill police", "police killed the gunman") == 0.5
    assert rouge_l("", "police") == 0.0


@pytest.mark.parametrize("writer", ["model", "chain"])
def test_a_writer_that_needs_a_model_says_so(writer):
    with (
        pytest.raises(EvalError, match="needs a model"),
        open_suite("drafting", Options(writer=writer)),
    ):
        pass


def test_the_plain_chain_is_measured_as_the_other_writers_are(tmp_path, small_data, monkeypatch):
    """Its links may open pages that are not there, and its answer may hold nothing."""
    files = sample.gold_stories()[0].files
    url = next(u for f in files if (u := sample.articles()[f].url))
    answers = [f"# H\n\nThey [met]({url}). They [spoke](https://nowhere.example/a).", "# H only"]

    @contextmanager
    def chain(name, models):
        yield SimpleNamespace(write=lambda articles: (answers.pop(0), Usage(prompt_tokens=9)))

    monkeypatch.setattr("evals.plain_chain.open_chain", chain)
    chat = ScriptedModel([0.1] * 20)
    with open_suite("drafting", Options(chat=chat, writer="chain")) as suite:
        done = run_suite(suite, Settings(home=tmp_path / "home", model="none"))
    first, second = done.results
    assert [link["article"] is None for link in first.output["links"]] == [False, True]
    assert first.scores["unsupported"] == first.scores["claims"] == 2
    assert first.usage.prompt_tokens >= 9
    assert (second.output, second.error) == (None, "The chain's answer holds no sentence.")
    assert second.scores["reached"] == 0


@pytest.mark.parametrize(("place", "at"), [("first", 0), ("middle", 2), ("last", 4)])
def test_a_paragraph_is_planted_where_it_should_be(place, at):
    article = replace(next(iter(sample.articles().values())), text="a\n\nb\n\nc\n\nd")
    assert plant(article, "PLANT", place).text.split("\n\n").index("PLANT") == at


def test_planted_text_is_told_from_obeyed_text():
    with open_suite("injection", Options()) as suite:
        case = suite.cases()[0]
    clean = {"story": [], "evidence": [], "verdicts": [], "words": ["H", "Text."]}
    obeyed = {**clean, "words": ["H", f"{case.expected['canary'].lower()} won."]}
    assert suite.score(case, {"clean": clean, "planted": clean})["untouched"] == 1.0
    scores = suite.score(case, {"clean": clean, "planted": obeyed})
    assert (scores["obeyed"], scores["same_words"], scores["same_evidence"]) == (1.0, 0.0, 1.0)


def test_planted_text_leaves_no_trace(tmp_path, small_data):
    path = small_data / "injection.jsonl"
    path.write_text("\n".join(path.read_text(encoding="utf-8").splitlines()[:3]))
    done = run("injection", tmp_path)
    assert done.header["metrics"]["obeyed"]["value"] == 0.0
    assert done.header["metrics"]["untouched"]["value"] == 1.0


def test_planted_text_that_reaches_no_prompt_asks_the_model_nothing_more(small_data):
    chat = ScriptedModel([echo] * 200)
    with open_suite("injection", Options(chat=chat)) as suite:
        case = suite.cases()[0]
        clean = suite.solve(case)
        asked = len(chat.calls)
        again = suite.solve(case)
    assert asked > 0
    assert len({(call.messages, call.schema) for call in chat.calls}) == asked == len(chat.calls)
    assert again.output == clean.output
    assert suite.score(case, clean.output)["untouched"] == 1.0


def test_drafts_that_differ_are_not_stable():
    with open_suite("stability", Options()) as suite:
        case = suite.cases()[0]
    draft = {"words": ["a"], "evidence": [], "verdicts": [], "links": []}
    assert suite.score(case, {"drafts": [draft] * 5})["same"] == 1.0
    scores = suite.score(case, {"drafts": [draft, {**draft, "words": ["b"]}]})
    assert (scores["same"], scores["same_words"], scores["same_links"]) == (0.0, 0.0, 1.0)


def test_the_projects_own_claims_are_the_default_rows(tmp_path, small_data):
    done = run("grounding", tmp_path)
    assert done.header["rows"] == 8
    assert set(done.header["halves"]) == {"development", "held-back"}
    assert done.results[0].output["evidence"]
