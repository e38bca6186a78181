"""Summaries of three sentences, half of them with one that is spliced: `python -m evals.summaries`.

Summarizers that copy go wrong in one sentence of several, by a subject, name or figure from
elsewhere on the page, or by telling it the wrong way round (`evals.splices`). The rows are made
from the held-back pages of a set, as JSONL for `digest eval grounding --data`. They are no set
of human judgements: they say how such errors are seen, not how often they are made.
"""

from __future__ import annotations

import argparse
import json
import random
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from pathlib import Path

from assistant.nlp import parse, sentences
from evals.rows import Row, half_of, load_rows
from evals.splices import shortened, spliced

SEED = 11
_SENTENCES = 3
_FEWEST_WORDS, _MOST_WORDS = 9, 44
_FROM_FIRST = 12
# What stands alone where text is cut into tokens; the full stop of an abbreviation stays with it.
_APART = re.compile(r"[,;:](?!\d)|[!?$£€%()\"]|``|''|n't\b|'(?:s|re|ve|ll|d)\b")
_FULL_STOP = re.compile(
    r"(?<=[a-z0-9)%'])(?<!\bmr)(?<!\bdr)(?<!\bms)\.(?=\s*$|\s*\n|\s+[\"'`(]*\w)"
)
# Of the sentences of a summary; the others stand as they are on the page.
_SHORTENED = 0.6


def summaries(pages: Sequence[str]) -> Iterator[Row]:
    """A row of each page with enough sentences, supported and unsupported by turns."""
    chance = random.Random(SEED)
    number = 0
    for page in pages:
        spans = [page[a:b] for a, b in sentences(page)]
        fit = [s for s in spans if _FEWEST_WORDS <= len(s.split()) <= _MOST_WORDS][:_FROM_FIRST]
        if len(fit) < _SENTENCES + 2:
            continue
        docs = [parse(s, entities=True) for s in fit]
        chosen = chance.sample(range(len(docs)), _SENTENCES)
        told = [
            shortened(docs[i], chance) if chance.random() < _SHORTENED else fit[i] for i in chosen
        ]
        label = number % 2
        if not label:
            at = chance.randrange(_SENTENCES)
            wrong = spliced(docs, chosen[at], {t.i for t in docs[chosen[at]]}, chance)
            if wrong is None:
                continue
            told[at] = wrong
        yield Row(f"summary-{number}", page, " ".join(told), label, {})
        number += 1


def small_letters(text: str) -> str:
    """`text` with capitals at the beginning of sentences alone, as older sets of news have it."""
    return re.sub(r"(^|[.!?]\s+)([a-z])", lambda m: m[1] + m[2].upper(), text.lower())


def tokens(text: str) -> str:
    """`text` in small letters, cut into tokens and without paragraphs, as others have it."""
    text = text.replace("“", "``").replace("”", "''").replace("’", "'").lower()
    text = _APART.sub(lambda m: f" {m[0]} ", text)
    return " ".join(_FULL_STOP.sub(" .", text).split())


_WRITTEN: Mapping[str, Callable[[str], str]] = {
    "as it is": str,
    "small": small_letters,
    "tokens": tokens,
}


def main() -> None:
    """Make the rows and write them."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--data", type=Path, required=True, help="rows whose sources are the pages")
    parser.add_argument("--out", type=Path, required=True, help="where the rows are written")
    parser.add_argument("--rows", type=int, default=160)
    parser.add_argument(
        "--written",
        choices=tuple(_WRITTEN),
        default="as it is",
        help="without capitals but at the beginning of sentences, or cut into tokens, too",
    )
    args = parser.parse_args()
    pages = sorted({r.source for r in load_rows(args.data) if half_of(r.source) == "held-back"})
    random.Random(SEED).shuffle(pages)
    made = [row for row, _ in zip(summaries(pages), range(args.rows), strict=False)]
    write = _WRITTEN[args.written]
    made = [replace(r, source=write(r.source), claim=write(r.claim)) for r in made]
    lines = (json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in made)
    args.out.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
