import json

import pytest

from assistant.errors import EvalError
from assistant.settings import Settings
from assistant.types import Evidence
from evals.corrections import add_correction, corrections_file
from evals.run import run_suite
from evals.suite import Options
from evals.suites import open_suite


def test_corrections_become_rows_that_the_checker_is_measured_on(tmp_path, sample):
    settings = Settings(home=tmp_path, model="none")
    path = corrections_file(settings)
    article = sample.by_file("space-talks-official")
    claim = "The talks took place at Yokota Air Base on July 13."
    at = article.text.index("Yokota")
    said = [Evidence(article.id, at, at + 15)]
    first = add_correction(path, "override", claim, article, said, reason="It does.", by="ed")
    assert first == add_correction(path, "override", claim, article, said, reason="Yes.", by="me")
    add_correction(path, "rejected", "It ended on July 15.", article, [], reason="No.", by="ed")
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    assert [(r["label"], r["meta"]["by"]) for r in rows] == [(1, "ed"), (0, "ed")]
    assert rows[0]["meta"]["evidence"] == ["Yokota Air Base"]
    with open_suite("grounding", Options(data=path)) as suite:
        run = run_suite(suite, settings)
    assert run.header["labelled"] == 2


def test_a_correction_needs_a_reason_and_its_own_evidence(tmp_path, sample):
    article = sample.by_file("space-talks-official")
    path = tmp_path / "c.jsonl"
    with pytest.raises(EvalError, match="reason"):
        add_correction(path, "rejected", "A claim.", article, [], reason=" ", by="ed")
    with pytest.raises(EvalError, match="another article"):
        other = [Evidence("other", 0, 1)]
        add_correction(path, "rejected", "A claim.", article, other, reason="No.", by="ed")
    assert not path.exists()
