"""The benchmark's fast parts give what its report reads; no time is tested."""

import io
import json
import sys

import numpy as np
import pytest
from fakes import ScriptedModel
from fastapi.testclient import TestClient
from httpx import Client, MockTransport, Response
from rich.console import Console
from samples import article

from assistant import resources
from assistant.desk.app import create_app
from assistant.errors import ModelError
from assistant.llm.catalog import Catalog
from assistant.llm.chat import Endpoint
from assistant.nlp import sentences
from assistant.settings import Settings
from assistant.types import Bullet, Citation, Claim, Usage, Verdict
from assistant.workspace import open_workspace
from evals import bench, bench_report
from evals.bullet_costs import (
    BulletCost,
    RecordingChat,
    cost_of,
    fill_home,
    measure_drafting,
    summary,
)
from evals.desk_memory import rounds, trend
from evals.plain_chain import build_chain, checked, sample_stories, stuffed
from evals.throughput import build_index, measure_ingest, measure_search


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A home with the sample corpus."""
    folder = tmp_path_factory.mktemp("bench")
    fill_home(folder)
    return folder


def test_the_extractive_writer_is_measured_bullet_by_bullet(home):
    result = measure_drafting(home, "none", 2)
    assert result["model"] == "none"
    assert [b["story"] for b in result["bullets"]] == [
        story.title for story, _ in _stories(home, 2)
    ]
    assert result["sentences"] == sum(b["sentences"] for b in result["bullets"]) > 0
    assert result["links"] > 0
    assert result["unknown_urls"] == result["writing_tokens"] == result["verifying_tokens"] == 0
    assert {"first_seconds", "seconds", "finding_stories_seconds", "supported_share"} <= set(result)


def test_ingest_is_measured_in_new_homes():
    folder = resources.sample_corpus() / "articles"
    sources = [str(folder / name) for name in ("jakarta-wire.md", "jakarta-official.md")]
    result = measure_ingest(sources, rounds=1)
    assert result["articles"] == 2
    assert set(result) == {"articles", "first_seconds", "seconds", "articles_per_second"}


def test_search_is_measured_over_changed_copies(tmp_path):
    folder = resources.sample_corpus() / "articles"
    settings = Settings(home=tmp_path, model="none")
    with open_workspace(settings) as work:
        work.ingest.run([str(folder / "jakarta-wire.md"), str(folder / "jakarta-press.txt")])
        originals = {a.id: a.text for a in work.articles.list()}
    built = build_index(tmp_path, 40)
    found = measure_search(tmp_path, queries=10)
    assert built["passages"] >= 40
    assert set(built) == {"articles", "passages", "build_seconds", "passages_per_second"}
    assert set(found) == {"queries", "p50_ms", "p95_ms"}
    with open_workspace(settings) as work:
        texts = [a.text for a in work.articles.list()]
    assert len(set(texts)) == len(texts) == built["articles"] > len(originals)


def test_calls_are_noted_by_kind_and_bullet():
    chat = RecordingChat(ScriptedModel([0.9, 0.8, 0.7]))
    for bullet, slot in ((1, "verify"), (2, "verify"), (2, "write")):
        chat.bullet = bullet
        chat.probability_of_yes([], slot=slot)
    assert [chat.took(n, ("verify",))[1].prompt_tokens for n in (1, 2, 3)] == [10, 10, 0]
    assert chat.took(2, ("verify", "write"))[1] == ScriptedModel.usage + ScriptedModel.usage


def test_a_cost_leaves_out_cached_tokens_and_the_headline():
    claims = (
        Claim("headline", "H", 0, 1, Verdict("supported", 0.9)),
        Claim("text", "A.", 0, 2, Verdict("supported", 0.9)),
        Claim("text", "B.", 3, 5, Verdict("partial", 0.4)),
    )
    citations = (Citation(0, 1, "https://a.example/", "a"), Citation(3, 4, "#", None))
    cost = cost_of(
        [Bullet("H", "A. B.", citations, claims)],
        "story",
        10.0,
        (8.0, Usage(900, 600, 50)),
        Usage(400, 300, 1),
    )
    assert cost == BulletCost("story", 8.0, 2.0, 300, 100, 50, 2, 1, 2, 1)


def test_the_first_bullet_stands_apart():
    costs = [
        BulletCost("s", seconds, 0.0, tokens, 0, 0, 2, supported, 1, 0)
        for seconds, tokens, supported in ((9.0, 900, 0), (1.0, 100, 2), (3.0, 300, 1))
    ]
    result = summary(costs)
    assert (result["first_seconds"], result["seconds"]) == (9.0, 2.0)
    assert result["writing_tokens"] == 200
    assert result["supported_share"] == 0.5
    assert summary(costs[:1])["seconds"] == 9.0


def test_a_chains_answer_is_read_linked_and_checked(home):
    with open_workspace(Settings(home=home, model="none")) as work:
        ((_, articles),) = sample_stories(work, 1)
        source = articles[0]
        start, end = sentences(source.text)[1]
        said = source.text[start:end]
        markdown = (
            f"# A headline\n\n{said.removesuffix('.')} [there]({source.url}).\n\n"
            "- [Nobody](https://nowhere.example/x) was asked."
        )
        told, unknown = checked(markdown, articles, work, work.verifier(None))
    assert [c.article_id for c in told.citations] == [source.id]
    assert told.claims[0].verdict.evidence[0].article_id == source.id
    assert [c.article_id for c in unknown.citations] == [None]
    assert [f.code for f in unknown.claims[0].verdict.findings] == ["source-missing"]


def test_the_chain_asks_for_all_reports_at_once():
    asked = []

    def reply(request):
        asked.append(json.loads(request.content))
        message = {"role": "assistant", "content": "# Headline"}
        choice = {"index": 0, "finish_reason": "stop", "message": message}
        body = {"id": "1", "object": "chat.completion", "created": 1, "model": "m"}
        return Response(200, json={**body, "choices": [choice]})

    with Client(transport=MockTransport(reply)) as client:
        server = Endpoint("http://127.0.0.1:1/v1", "key")
        chain = build_chain(Catalog.load().default_embedded, server, client)
        assert chain.invoke({"reports": "All {of} them."}) == "# Headline"
    (request,) = asked
    assert request["temperature"] == 0
    assert "All {of} them." in request["messages"][-1]["content"]


def test_stuffing_stops_where_the_context_is_full():
    model = Catalog.load().default_embedded
    paragraphs = [f"Paragraph {n} says something." for n in range(5000)]
    shown = stuffed([article("a", "\n\n".join(paragraphs))], model)
    assert shown.startswith("Title: Title\nURL: None\n\nParagraph 0 says something.")
    assert paragraphs[400] in shown
    assert paragraphs[-1] not in shown


def test_a_part_that_fails_says_so_and_the_rest_goes_on(capsys):
    def fails():
        raise ModelError("There is no model.")

    def breaks():
        return {"seconds": 1 / 0}

    results = bench.run_parts({"writing": fails, "search": breaks, "ingest": lambda: {"a": 1}})
    assert results == {
        "writing": {"error": "There is no model."},
        "search": {"error": "ZeroDivisionError: division by zero"},
        "ingest": {"a": 1},
    }
    assert "in breaks" in capsys.readouterr().err


def test_the_report_has_aims_ratios_and_tables():
    cost = BulletCost("s", 20.0, 4.0, 400, 90, 60, 4, 4, 3, 0)
    slow = BulletCost("s", 60.0, 4.0, 2000, 90, 60, 4, 1, 3, 2)
    results = {
        "writing": {**summary([cost]), "peak_mib": 3000},
        "chain": {**summary([slow]), "peak_mib": 3000},
        "search": {"p50_ms": 20.0, "p95_ms": 61.0},
        "ingest": {"error": "it failed"},
    }
    aims = {row["name"]: row["met"] for row in bench_report.aims(results)}
    assert aims == {
        "writing a bullet": True,
        "tokens evaluated to write a bullet": True,
        "verifying a bullet": True,
        "search, 95th percentile": False,
    }
    ratios = bench_report.ratios(results)
    assert ratios["writing seconds, chain to model"] == 3.0
    assert ratios["share of verified sentences, model to chain"] == 4.0
    assert "seconds a bullet, model to extractive" not in ratios
    out = io.StringIO()
    bench_report.show(results, Console(file=out, width=100))
    assert "plain chain" in out.getvalue()
    assert "61 ms, missed" in out.getvalue()


def test_the_command_prints_one_object_and_exits_1_if_a_part_failed(monkeypatch, capsys):
    measured = {"articles": 50, "articles_per_second": 20.0, "peak_mib": 200}
    monkeypatch.setattr(bench, "apart", lambda measure, *args: measured)
    monkeypatch.setattr(sys, "argv", ["bench", "--only", "ingest", "--json"])
    bench.main()
    record = json.loads(capsys.readouterr().out)
    assert set(record) == {"machine", "parts", "aims", "ratios", "seconds"}
    assert record["parts"] == {"ingest": measured}

    def fails(measure, *args):
        raise ModelError("It is gone.")

    monkeypatch.setattr(bench, "apart", fails)
    with pytest.raises(SystemExit) as ended:
        bench.main()
    assert ended.value.code == 1
    assert json.loads(capsys.readouterr().out)["parts"]["ingest"] == {"error": "It is gone."}


def _stories(home, bullets):
    with open_workspace(Settings(home=home, model="none")) as work:
        return sample_stories(work, bullets)


DESK = "http://127.0.0.1:7860"
MIXED = np.random.default_rng(7).normal(0.0, 1.0, 40)
ACTIONS = [53 * n for n in range(1, 41)]


@pytest.mark.parametrize(
    ("megabytes", "verdict"),
    [
        pytest.param(400 + MIXED, "flat", id="noise"),
        pytest.param(400 + MIXED + np.arange(40), "grows", id="a megabyte a round"),
        pytest.param(400 - 12 * MIXED, "undecided", id="too much noise to tell"),
    ],
)
def test_memory_is_flat_or_grows_or_nobody_can_tell(megabytes, verdict):
    found = trend(ACTIONS, list(megabytes), per_hour=2120)
    assert found["verdict"] == verdict
    assert found["low"] < found["mb_per_hour"] < found["high"]
    assert found["allowed"] == pytest.approx(megabytes[0] / 40, abs=0.01)


def test_a_round_of_an_editors_hour_saves_and_waits_for_the_checks(drafted, sample_home):
    with open_workspace(Settings(home=sample_home, model="none")) as work:
        issue = work.issues.save(drafted, "assistant")
        with TestClient(create_app(work), base_url=DESK, headers={"origin": DESK}) as client:
            assert next(rounds(client, issue.id)) == 53
        saved = work.issues.revisions(issue.bullets[2].id)
    assert len(saved) == 11
    for revision in saved[1:]:
        assert revision.bullet.claims[-1].verdict.findings  # checked: no page says "Round 0"
        assert not any(claim.stale for claim in revision.bullet.claims)
