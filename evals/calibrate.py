"""Fits the weights of the claim checker: `python -m evals.calibrate FILE... [--model]`.

Each FILE holds rows `{source, claim, label}` of a public set of human judgements; the
same number of rows is taken of each. The development half of the sample corpus joins
them: its own sentences in house style, against their article (supported) and against
the nearest article of another story (not). With `--model` the embedded model is asked
about `--ask` of the rows, and the weight of its answer is fitted on top.

Writes `assistant/verify/calibration.json`. Nothing is fitted on rows that an eval scores
in this project: the held-back half of the corpus is never read.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import random
import tempfile
from pathlib import Path
from typing import Any

import numpy as np
from rich.progress import track
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import balanced_accuracy_score, roc_auc_score

from assistant import prompts, resources
from assistant.draft.extract import house_sentence
from assistant.llm.catalog import Catalog
from assistant.llm.chat import open_chat
from assistant.llm.embeddings import open_embedder
from assistant.settings import Settings
from assistant.sources import usable_sentences
from assistant.terms import Weights, terms
from assistant.types import Article
from assistant.verify import layers, score
from assistant.verify.select import select_evidence, term_weights
from assistant.workspace import open_workspace

OUT = Path(__file__).parents[1] / "assistant" / "verify" / "calibration.json"
Row = tuple[str, Article, int]


def public_rows(path: Path, limit: int) -> list[Row]:
    """`limit` rows of a file, half of them supported where there are enough."""
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    random.Random(7).shuffle(rows)
    halves = [[r for r in rows if r["label"] == label][: limit // 2] for label in (1, 0)]
    return [(r["claim"], _article(r["source"]), r["label"]) for half in halves for r in half]


def corpus_rows() -> list[Row]:
    """Development half: house sentences against their own and the nearest other article."""
    stories = [
        json.loads(line)
        for line in (resources.eval_data() / "stories.jsonl").read_text().splitlines()
    ]
    files = {
        name: s["story"] for s in stories if s["half"] == "development" for name in s["articles"]
    }
    folder = resources.sample_corpus() / "articles"
    with (
        tempfile.TemporaryDirectory() as home,
        open_workspace(Settings(home=Path(home), model="none")) as work,
    ):
        report = work.ingest.run([str(folder / name) for name in files])
        stored = (*report.added, *report.duplicates)
        ids = {s.article_id: files[Path(s.source).name] for s in stored}
        articles = [work.articles.get(i) for i in ids]
    articles = [a for a in articles if a.language == "en"]
    weights = Weights(terms(a.text) for a in articles)
    rows: list[Row] = []
    for article in articles:
        others = [a for a in articles if ids[a.id] != ids[article.id]]
        for sentence in usable_sentences(article)[:8]:
            claim = house_sentence(sentence.evidence, article, 2023)
            near = max(others, key=lambda a: weights.coverage(sentence.terms, terms(a.text)))
            rows += [(claim, article, 1), (claim, near, 0)]
    return rows


def _article(text: str) -> Article:
    then = dt.datetime(2023, 1, 1, tzinfo=dt.UTC)
    return Article(
        "row", None, None, "", None, None, None, "en", "open", "file", "press", text, "", then
    )


def main() -> None:
    """Fit, print what each step gives, and write the file."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="*", type=Path)
    parser.add_argument("--rows", type=int, default=400, help="rows of each file")
    parser.add_argument("--model", action="store_true", help="ask the embedded model too")
    parser.add_argument("--ask", type=int, default=40, help="rows of each file to ask it about")
    args = parser.parse_args()

    sets = {path.name: public_rows(path, args.rows) for path in args.files}
    sets["sample corpus, development half"] = corpus_rows()
    embedder = open_embedder("wordllama", Settings())
    values, labels, shown, group = [], [], [], []
    for name, rows in sets.items():
        for claim, article, label in track(rows, description=name):
            body = usable_sentences(article)
            weights = term_weights(body)
            evidence = select_evidence(claim, body, weights)
            if layers.is_verbatim(claim, evidence):
                continue  # decided before any score
            found = layers.compare(claim, evidence, [article])
            feature = score.features(claim, evidence, weights, found, embedder)
            values.append([feature[key] for key in score.FEATURES])
            labels.append(label)
            group.append(name)
            shown.append((claim, "\n".join(f"- {s.text}" for s in evidence)))
    x, y = np.array(values), np.array(labels)
    fitted = LogisticRegression(C=1.0).fit(x, y)
    logit = fitted.decision_function(x)
    _report("layers", y, logit, group)
    threshold = _best_threshold(y, 1 / (1 + np.exp(-logit)))
    out: dict[str, Any] = {
        "fitted_on": {name: group.count(name) for name in sets},
        "layers": _weights(fitted, list(score.FEATURES)),
        "fused": {"intercept": 0.0, "layers": 1.0, "model": 0.0},
        "thresholds": {
            "supported": round(threshold, 3),
            "partial": round(threshold * 0.6, 3),
            "ask_from": 0.15,
            "ask_below": 0.85,
        },
    }
    if args.model:
        out["fused"] = _fuse(shown, y, logit, group, args.ask)
    OUT.write_text(json.dumps(out, indent=2) + "\n", encoding="utf-8")
    score.load_calibration.cache_clear()


def _fuse(
    shown: list[tuple[str, str]], y: Any, logit: Any, group: list[str], ask: int
) -> dict[str, float]:
    chat = open_chat(Settings(model=Catalog.load().default_embedded.name), Catalog.load(), None)
    assert chat is not None
    chosen = [
        i
        for name in dict.fromkeys(group)
        for i in random.Random(7).sample([j for j, g in enumerate(group) if g == name], ask)
    ]
    answers = []
    for i in track(chosen, description="asking the model"):
        messages = prompts.load("verify").render(claim=shown[i][0], evidence=shown[i][1])
        p, _ = chat.probability_of_yes(messages, shared=1, slot="verify")
        p = min(max(p, 1e-4), 1 - 1e-4)
        answers.append(np.log(p / (1 - p)))
    chat.close()
    x = np.column_stack([logit[chosen], answers])
    names = [group[i] for i in chosen]
    _report("model alone", y[chosen], np.array(answers), names)
    fitted = LogisticRegression(C=1.0).fit(x, y[chosen])
    _report("fused", y[chosen], fitted.decision_function(x), names)
    return _weights(fitted, ["layers", "model"])


def _weights(fitted: LogisticRegression, names: list[str]) -> dict[str, float]:
    weights = dict(zip(names, (round(float(w), 4) for w in fitted.coef_[0]), strict=True))
    return {"intercept": round(float(fitted.intercept_[0]), 4), **weights}


def _best_threshold(y: Any, p: Any) -> float:
    options = np.quantile(p, np.linspace(0.05, 0.95, 91))
    return float(max(options, key=lambda t: balanced_accuracy_score(y, p >= t)))


def _report(title: str, y: Any, values: Any, group: list[str]) -> None:
    by = {}
    for name in dict.fromkeys(group):
        rows = np.array(group) == name
        by[name] = round(float(roc_auc_score(y[rows], values[rows])), 3)
    print(f"{title}: ROC-AUC {roc_auc_score(y, values):.3f}", by)


if __name__ == "__main__":
    main()
