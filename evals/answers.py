"""Asks the embedded model about rows, and keeps what `evals.calibrate` fits and compares.

`python -m evals.answers FILE... --out answers.jsonl [--rows N] [--learned SET...]
[--strengths 0 1]`

One line a sentence of a row's claim: the model's answers with the judging adapter worn at
each strength (0 is the plain model), over the same evidence; the features of the score; the
checks that fired; and how much of the sentence stands on the page in runs of one to four
words. Rows are taken in turn from each file, in an order by the digest of their ids; of the
sets that the adapter learned from (`--learned`, by the file's name) only those of held-back
halves. A run that was stopped goes on where it was.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any

from rich.progress import track

from assistant.dates import find_dates
from assistant.errors import ModelError
from assistant.llm.catalog import Catalog
from assistant.llm.chat import Chat, open_chat
from assistant.llm.embeddings import Embedder
from assistant.nlp import sentences
from assistant.settings import Settings
from assistant.terms import terms, without_accents
from assistant.types import Article
from assistant.verify.checks import CHECKS, Compared, issued_on
from assistant.verify.entailment import ask, says_word_for_word
from assistant.verify.evidence import Held, hold
from assistant.verify.judge import unaccented
from assistant.verify.score import features
from evals.grounding import embedder, page_of
from evals.rows import Row, half_of, load_rows

LONGEST_RUN = 4


def worn_at(strengths: Sequence[float]) -> dict[str, Chat]:
    """The default embedded model, wearing its judging adapter at each of `strengths`."""
    catalog = Catalog.load()
    model = catalog.default_embedded
    chats: dict[str, Chat] = {}
    for strength in strengths:
        adapters = tuple(a.model_copy(update={"strength": strength}) for a in model.adapters)
        entry = model.model_copy(update={"adapters": adapters})
        some = catalog.model_copy(update={"embedded": (entry,)})
        chat = open_chat(Settings(model=model.name), some, None)
        assert chat is not None
        chats[f"{strength:g}"] = chat
    return chats


def runs(claim: str, source: str) -> list[float]:
    """Share of the claim's runs of one, two, three and four words that the source has."""
    own, other = (re.findall(r"\w+", text.lower()) for text in (claim, source))
    shares = []
    for n in range(1, LONGEST_RUN + 1):
        have = set(zip(*(other[i:] for i in range(n)), strict=False))
        wanted = list(zip(*(own[i:] for i in range(n)), strict=False))
        shares.append(round(sum(w in have for w in wanted) / len(wanted), 4) if wanted else 0.0)
    return shares


def fired(claim: str, held: Held) -> list[str]:
    """The names of the checks that find something in `claim`."""
    compared = Compared(claim, find_dates(claim, issued_on(held.pages)), held.pages)
    return [c.name for c in CHECKS if any(f.level == "error" for f in c.run(compared))]


def answered(claim: str, page: Article, chats: Mapping[str, Chat]) -> dict[str, Any]:
    """What is kept of one sentence; without answers where there is nothing to check."""
    claim, page = without_accents(claim), unaccented(page)
    held = hold(claim, [page], embedder())
    kept: dict[str, Any] = {"claim": claim, "runs": runs(claim, page.text)}
    if held is None:
        return kept
    answers = {}
    for strength, chat in chats.items():
        try:
            answer = ask(chat, held)
        except ModelError:
            continue
        answers[strength], usage = answer.yes, answer.usage
        kept["tokens"], kept["seconds"] = usage.prompt_tokens, round(usage.seconds, 3)
    return (
        kept
        | {"answers": {s: round(y, 6) for s, y in answers.items()}}
        | measured(claim, held, embedder())
    )


def measured(claim: str, held: Held, embedder: Embedder) -> dict[str, Any]:
    """What needs no model: features of the score, checks that fired, whether it is a copy."""
    values = features(held, embedder)
    return {
        "features": {name: round(value, 4) for name, value in values.items()},
        "fired": fired(claim, held),
        "word_for_word": says_word_for_word(held, claim),
    }


def in_turn(
    files: Sequence[Path], count: int | None, learned: Collection[str] = ()
) -> Iterator[tuple[str, int, Row]]:
    """File name, number and row; one row of each file after another, `count` of each at most.

    Of the sets named in `learned` only rows of the held-back half.
    """
    lists = []
    for file in files:
        halves = ("held-back",) if file.stem in learned else ("held-back", "development")
        rows = [
            (n, row)
            for n, row in enumerate(load_rows(file))
            if row.label is not None and half_of(row.source) in halves
        ]
        rows.sort(key=lambda pair: hashlib.sha256(f"{pair[0]}{pair[1].id}".encode()).digest())
        lists.append([(file.stem, n, row) for n, row in rows[:count]])
    for some in zip_longest(*lists):
        yield from (one for one in some if one is not None)


def main() -> None:
    """Ask about the rows that `--out` does not have yet."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("files", nargs="+", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--rows", type=int, default=100, help="rows of each file")
    parser.add_argument("--learned", nargs="*", default=[], help="sets the adapter learned from")
    parser.add_argument("--strengths", type=float, nargs="*", default=[0.0, 1.0])
    args = parser.parse_args()
    done = set()
    if args.out.exists():
        kept = map(json.loads, args.out.read_text(encoding="utf-8").splitlines())
        done = {(k["set"], k["row"], k["sentence"]) for k in kept}
    chats = worn_at(args.strengths)
    with args.out.open("a", encoding="utf-8") as out:
        for name, number, row in track(list(in_turn(args.files, args.rows, args.learned))):
            spans = [(a, b) for a, b in sentences(row.claim) if terms(row.claim[a:b])]
            for i, (a, b) in enumerate(spans or [(0, len(row.claim))]):
                if (name, number, i) in done:
                    continue
                line = {
                    "set": name,
                    "row": number,
                    "sentence": i,
                    "of": max(1, len(spans)),
                    "label": row.label,
                    "page": hashlib.sha256(row.source.encode()).hexdigest()[:12],
                    **answered(row.claim[a:b], page_of(row.source, row.meta), chats),
                }
                out.write(json.dumps(line, ensure_ascii=False) + "\n")
                out.flush()
    for chat in chats.values():
        chat.close()


if __name__ == "__main__":
    main()
