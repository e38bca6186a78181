"""Writes the rows that the judging adapter is trained on: `python -m evals.training.rows`.

Every row is what a model would be asked: a few sentences of a page, chosen as
`assistant.verify.evidence` chooses them, a claim of one sentence, and whether they support it.

- Human judgements: the development halves of public sets (`evals.rows.half_of`). A fifth of
  their pages is kept apart (`fit`): how the adapter's answer counts beside the layers is
  learned there, on rows that it has not seen.
- True claims of these without a sentence that annotators marked as their evidence.
- Claims of people (FIB's corrected summaries, editors' summaries of clusters of reports), true
  as they stand, and made false by a splice (`evals.splices`) or an edit (`evals.training.edits`).
  Both labels then come in the same hand: what tells them apart is the page, not the style.
- Sentences of pages, shortened or joined, true and made false in the same ways.
- Held-back halves, and sets named with `--unseen`, are written for measuring only (`test`).

What is made by chance is made `--draws` times, for passes that never see the same row: other
sentences shown, cut at other lengths, other words made wrong.
"""

from __future__ import annotations

import argparse
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from rich.progress import track

from assistant.nlp import parse, sentences
from assistant.terms import terms
from assistant.verify.evidence import Reading, hold, open_pages
from evals import splices
from evals.grounding import embedder, page_of
from evals.learning_rows import corpus_rows
from evals.rows import Row, half_of, kept_apart, load_rows
from evals.training.edits import Elsewhere, falsified, found_in

SEED = 11
CORPUS = "sample corpus"
# What a row shows of its page; in training any of these, so that none is relied on.
_SHAPES = [
    Reading(n, 0, words, words)
    for n, words in ((4, 40), (5, 40), (6, 30), (6, 40), (6, 60), (6, 60))
]
# Share of an editor's sentence that its reports must have for it to count as told by them.
_TOLD = 0.6
_CLAIMS_A_PAGE = 3
# Share of claims of which all of the marked sentences are taken away, and not one of them.
_ALL_GONE = 0.3
# A page on another matter is the nearest of so many.
_OTHERS = 40
_Made = dict[str, Any]
# The set, the text, and sentences that people wrote about it.
_Page = tuple[str, str, tuple[str, ...]]


def _use_of(source: str) -> str:
    """`train`, `fit` or `test`."""
    if half_of(source) == "held-back":
        return "test"
    return "fit" if kept_apart(source) else "train"


def shown(claim: str, source: str, shape: Reading) -> list[str]:
    """The sentences of `source` that a model would read to judge `claim`, in their own words."""
    held = hold(claim, [page_of(source)], embedder(), shape)
    return list(held.read) if held else []


def _row(
    name: str, use: str, source: str, claim: str, label: int, shape: Reading, row_id: str = ""
) -> _Made | None:
    evidence = shown(claim, source, shape)
    if not evidence or not terms(claim):
        return None
    fields = {"set": name, "use": use, "id": row_id, "claim": claim, "label": label}
    return {**fields, "evidence": evidence}


def _spans(claim: str) -> list[str]:
    return [claim[a:b] for a, b in sentences(claim)] or [claim]


def measured(task: tuple[str, int, Row, str, Reading]) -> list[_Made]:
    """A row that nothing is learned from, a sentence of its claim each."""
    name, number, row, use, shape = task
    spans = _spans(row.claim)
    label = int(row.label or 0)
    made = [_row(name, use, row.source, s, label, shape, str(number)) for s in spans]
    return [m for m in made if m is not None]


def judged(task: tuple[str, int, Row, int]) -> list[_Made]:
    """A row of human judgement to learn from, a sentence of its claim each.

    Of several sentences it is not known which is false: those teach nothing.
    """
    name, number, row, draw = task
    spans = _spans(row.claim)
    if len(spans) > 1 and not row.label:
        return []
    chance = random.Random(f"{SEED}-{name}-{number}-{draw}")
    made = [
        _row(name, "train", row.source, s, int(row.label or 0), chance.choice(_SHAPES))
        for s in spans
    ]
    marked = _marked(row)
    if row.label and len(spans) == 1 and marked:
        page = row.source
        for sentence in marked if chance.random() < _ALL_GONE else [chance.choice(marked)]:
            page = page.replace(sentence, " ")
        kind = f"{name}: without its evidence"
        made.append(_row(kind, "train", page, row.claim, 0, chance.choice(_SHAPES)))
    return [m for m in made if m is not None]


def _marked(row: Row) -> list[str]:
    """The sentences without which annotators would not have called a claim supported."""
    meta = row.meta
    if "supporting_sentences" in meta:
        ways = [set(way) for way in meta["supporting_sentences"]]
        needed = set.intersection(*ways) if ways else set()
        return [meta["evidence"][i].strip() for i in sorted(needed)]
    return [str(sentence) for sentence in meta.get("gold_evidence", ())]


def written(task: tuple[str, int, str, tuple[str, ...], Elsewhere, int]) -> list[_Made]:
    """True and false claims about one page: its own sentences', and those of people about it."""
    name, number, page, told, elsewhere, draw = task
    chance = random.Random(f"{SEED}-{name}-{number}-{draw}")
    spans = [page[a:b] for a, b in sentences(page)]
    fit = [s for s in spans if 7 <= len(s.split()) <= 44][:14]
    docs = [parse(s, entities=True) for s in fit]
    made: list[_Made | None] = []

    def add(kind: str, claim: str, label: int) -> None:
        made.append(_row(f"{name}: {kind}", "train", page, claim, label, chance.choice(_SHAPES)))

    def add_false(kind: str, claim: str) -> None:
        doc = parse(claim, entities=True)
        spliced = splices.spliced([*docs, doc], len(docs), {t.i for t in doc}, chance)
        for wrong in (spliced, falsified(claim, doc, elsewhere, chance)):
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


def _clusters(path: Path) -> list[_Page]:
    """Reports of one event as one page, and the sentences of an editor's summary they tell."""
    found = []
    for line in path.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        page = "\n\n".join(s["text"] for s in raw["sources"])
        weights = open_pages((page_of(page),)).weights
        have = terms(page)
        own = [raw["target"][a:b] for a, b in sentences(raw["target"])]
        told = [s for s in own if len(s.split()) >= 6 and weights.coverage(terms(s), have) >= _TOLD]
        found.append((path.name, page, tuple(told)))
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


def _off_topic_rows(pages: Sequence[_Page], draw: int) -> Iterator[_Made]:
    chance = random.Random(f"{SEED}-{draw}")
    for claim, page in _off_topic([p for _, p, _ in pages], chance):
        if row := _row("off topic", "train", page, claim, 0, chance.choice(_SHAPES)):
            yield row


def _pages(sets: Mapping[str, Sequence[Row]], clusters: Path | None) -> list[_Page]:
    """Pages to learn from that are long enough to make claims of."""
    pages: list[_Page] = []
    for name, rows in sets.items():
        own: dict[str, list[str]] = {}
        for row in rows:
            if len(row.source.split()) > 120:
                own.setdefault(row.source, []).extend([row.claim] if row.label == 1 else [])
        pages += [(name, page, tuple(dict.fromkeys(told))) for page, told in own.items()]
    if clusters:
        pages += _clusters(clusters)
    return [*pages, *((CORPUS, p, ()) for p in dict.fromkeys(r.source for r in corpus_rows()))]


def main() -> None:
    """Write one JSON object a row."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path, help="rows of human judgements")
    parser.add_argument("--unseen", nargs="*", type=Path, default=[], help="sets only to measure")
    parser.add_argument("--clusters", type=Path, help="clusters of reports with a summary")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--draws", type=int, default=3, help="0: only what is measured on")
    args = parser.parse_args()
    sets = {p.name: load_rows(p) for p in [*args.files, *args.unseen]}
    unseen = {p.name for p in args.unseen}
    human = [
        (name, n, row, "test" if name in unseen else _use_of(row.source))
        for name, rows in [*sets.items(), (CORPUS, corpus_rows())]
        for n, row in enumerate(rows)
        if row.label is not None
    ]
    own = {n: [r for m, _, r, use in human if m == n and use == "train"] for n in sets}
    pages = _pages(own, args.clusters) if args.draws else []
    some = pages[:: len(pages) // 400 or 1]
    elsewhere = found_in([parse(page[:1500], entities=True) for _, page, _ in some])
    count = 0
    with (
        ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool,
        args.out.open("w", encoding="utf-8") as out,
    ):

        def write(name: str, made: Iterator[list[_Made]], total: int, **more: int) -> int:
            rows = [row for own in track(made, total=total, description=name) for row in own]
            out.writelines(json.dumps(r | more, ensure_ascii=False) + "\n" for r in rows)
            return len(rows)

        kept = [(*h, Reading()) for h in human if h[3] != "train"]
        count += write("measured", pool.map(measured, kept, chunksize=16), len(kept))
        for n in range(args.draws):
            told = [(*h[:3], n) for h in human if h[3] == "train"]
            count += write("judged", pool.map(judged, told, chunksize=16), len(told), draw=n)
            made = [(name, i, p, said, elsewhere, n) for i, (name, p, said) in enumerate(pages)]
            count += write("written", pool.map(written, made, chunksize=4), len(made), draw=n)
            others = list(_off_topic_rows(pages, n))
            count += write("off topic", iter([others]), 1, draw=n)
    print(f"{count} rows in {args.out}")


if __name__ == "__main__":
    main()
