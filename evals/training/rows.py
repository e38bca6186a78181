"""Writes the rows that the judging adapter is trained on: `python -m evals.training.rows`.

Every row is what a model would be asked: a few sentences of a page, chosen as
`assistant.verify.select` chooses them, a claim of one sentence, and whether they support it.

- Human judgements: the development halves of public sets (`evals.rows.half_of`). A fifth of
  their pages is kept apart (`fit`): how the adapter's answer counts beside the layers is
  learned there, on rows that it has not seen.
- Claims of people (FIB's corrected summaries, editors' summaries of clusters of reports), true
  as they stand, and made false by a splice (`evals.splices`) or an edit (`evals.training.edits`).
  Both labels then come in the same hand: what tells them apart is the page, not the style.
- Sentences of pages, shortened or joined, true and made false in the same ways.
- Held-back halves, and sets named with `--unseen`, are written for measuring only (`test`).
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.progress import track

from assistant.nlp import Doc, parse, sentences
from assistant.sources import usable_sentences
from assistant.terms import terms
from assistant.verify.examine import COMPARED
from assistant.verify.select import context, select_evidence, term_weights
from evals import splices
from evals.grounding import page_of
from evals.learning_rows import corpus_rows
from evals.rows import Row, half_of, kept_apart, load_rows
from evals.training.edits import Names, falsified, names_of

SEED = 11
# Sentences that a row shows; in training any of these numbers, so that none is relied on.
_READ = (3, 4, 5, 6)
_SHOWN = 4
# Share of an editor's sentence that its reports must have for it to count as told by them.
_TOLD = 0.6
_CLAIMS_A_PAGE = 3
# A page on another matter is the nearest of so many.
_OTHERS = 40
_Made = dict[str, Any]


def _use_of(source: str) -> str:
    """`train`, `fit` or `test`."""
    if half_of(source) == "held-back":
        return "test"
    return "fit" if kept_apart(source) else "train"


def shown(claim: str, source: str, limit: int) -> list[str]:
    """The sentences of `source` that a model would read to judge `claim`."""
    body = usable_sentences(page_of(source))
    weights = term_weights(body)
    chosen = select_evidence(claim, body, weights)[:COMPARED]
    return list(context(claim, chosen or body[:1], body, weights, limit))


def _row(
    name: str, use: str, source: str, claim: str, label: int, limit: int, row_id: str = ""
) -> _Made | None:
    evidence = shown(claim, source, limit)
    if not evidence or not terms(claim):
        return None
    fields = {"set": name, "use": use, "id": row_id, "claim": claim, "label": label}
    return {**fields, "evidence": evidence}


def judged(task: tuple[str, int, Row, bool]) -> list[_Made]:
    """A row of human judgement, a sentence of its claim each.

    Of several sentences it is not known which is false: those teach nothing.
    """
    name, number, row, unseen = task
    use = "test" if unseen else _use_of(row.source)
    spans = [row.claim[a:b] for a, b in sentences(row.claim)] or [row.claim]
    if use == "train" and len(spans) > 1 and not row.label:
        return []
    chance = random.Random(f"{SEED}-{name}-{number}")
    limit = chance.choice(_READ) if use == "train" else _SHOWN
    made = [_row(name, use, row.source, s, int(row.label or 0), limit, str(number)) for s in spans]
    return [m for m in made if m is not None]


def written(task: tuple[str, int, str, tuple[str, ...], Names]) -> list[_Made]:
    """True and false claims about one page: its own sentences', and those of people about it."""
    name, number, page, told, names = task
    chance = random.Random(f"{SEED}-{name}-{number}")
    spans = [page[a:b] for a, b in sentences(page)]
    fit = [s for s in spans if 7 <= len(s.split()) <= 44][:14]
    docs = [parse(s, entities=True) for s in fit]
    made: list[_Made | None] = []

    def add(kind: str, claim: str, label: int) -> None:
        made.append(_row(f"{name}: {kind}", "train", page, claim, label, chance.choice(_READ)))

    def add_false(kind: str, claim: str) -> None:
        doc = parse(claim, entities=True)
        spliced = splices.spliced([*docs, doc], len(docs), {t.i for t in doc}, chance)
        for wrong in (spliced, falsified(claim, doc, names, chance)):
            if wrong:
                add(kind, wrong, 0)

    for claim in told:
        add("people's sentences", claim, 1)
        add_false("people's sentences", claim)
    for i in chance.sample(range(len(docs)), min(_CLAIMS_A_PAGE, len(docs))):
        claim = splices.shortened(docs[i], chance)
        if chance.random() < 0.3:
            other = splices.shortened(docs[chance.randrange(len(docs))], chance)
            claim = f"{claim.rstrip('.')}, and {other}"
        add("own sentences", claim, 1)
        if chance.random() < 0.5:
            add("own sentences", fit[i], 1)
        add_false("own sentences", claim)
    return [m for m in made if m is not None]


def _clusters(path: Path) -> list[tuple[str, tuple[str, ...]]]:
    """Reports of one event as one page, and the sentences of an editor's summary they tell."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        page = "\n\n".join(s["text"] for s in raw["sources"])
        weights = term_weights(usable_sentences(page_of(page)))
        have = terms(page)
        own = [raw["target"][a:b] for a, b in sentences(raw["target"])]
        told = [s for s in own if len(s.split()) >= 6 and weights.coverage(terms(s), have) >= _TOLD]
        found.append((page, tuple(told)))
    return found


def _off_topic(pages: Sequence[str], chance: random.Random) -> Iterator[tuple[str, str]]:
    """A sentence of one page, and the nearest of some others that do not tell it."""
    for page in pages:
        own = [page[a:b] for a, b in sentences(page)]
        claim = chance.choice(own)
        others = [p for p in chance.sample(list(pages), min(_OTHERS, len(pages))) if p != page]
        wanted = set(terms(claim))
        if others and len(wanted) > 3:
            yield claim, max(others, key=lambda p: len(wanted & set(terms(p))))


def _docs(pages: Sequence[str]) -> list[Doc]:
    return [parse(p[:1500], entities=True) for p in pages]


def main() -> None:
    """Write one JSON object a row."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, help="rows of human judgements")
    parser.add_argument("--unseen", nargs="*", type=Path, default=[], help="sets only to measure")
    parser.add_argument("--clusters", type=Path, help="clusters of reports with a summary")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    chance = random.Random(SEED)

    sets = {p.name: load_rows(p) for p in [*args.files, *args.unseen]}
    human = [
        (name, n, row, name in {p.name for p in args.unseen})
        for name, rows in sets.items()
        for n, row in enumerate(rows)
        if row.label is not None
    ]
    pages: list[tuple[str, str, tuple[str, ...]]] = []
    for path in args.files:
        own: dict[str, list[str]] = {}
        for row in sets[path.name]:
            if len(row.source.split()) > 120 and _use_of(row.source) == "train":
                own.setdefault(row.source, []).extend([row.claim] if row.label == 1 else [])
        pages += [(path.name, p, tuple(dict.fromkeys(c))) for p, c in own.items()]
    if args.clusters:
        pages += [(args.clusters.name, p, told) for p, told in _clusters(args.clusters)]
    corpus = corpus_rows()
    pages += [("sample corpus", p, ()) for p in dict.fromkeys(r.source for r in corpus)]
    names = names_of(_docs([p for _, p, _ in chance.sample(pages, min(300, len(pages)))]))
    made = [(name, n, p, told, names) for n, (name, p, told) in enumerate(pages)]

    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        found = [
            *track(pool.map(judged, human, chunksize=16), total=len(human), description="judged"),
            *track(pool.map(written, made, chunksize=4), total=len(made), description="written"),
        ]
    rows = [row for some in found for row in some]
    for n, row in enumerate(corpus):
        rows += judged(("sample corpus", n, row, False))
    for claim, page in _off_topic([p for _, p, _ in pages], chance):
        if row_ := _row("off topic", "train", page, claim, 0, chance.choice(_READ)):
            rows.append(row_)
    with args.out.open("w", encoding="utf-8") as out:
        for one in rows:
            out.write(json.dumps(one, ensure_ascii=False) + "\n")
    print(f"{len(rows)} rows in {args.out}")


if __name__ == "__main__":
    main()
