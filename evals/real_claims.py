"""Joins the claims of `evals/data/claims-real` with their pages: `python -m evals.real_claims`.

    python -m evals.real_claims --repository brian14708/wh-briefings=FOLDER
        --repository vanatteveldt/wikinews=FOLDER --out rows.jsonl [--writers 6 7 8 9]

The set holds claims, not pages. Each page names the public repository, the file and the
stretch that it was read from; FOLDER is a clone of that repository. A page whose words are
not those of the digest is left out, with its claims, and named. Rows are as
`digest eval grounding --data` and `evals.answers` take them.
"""

from __future__ import annotations

import argparse
import csv
import hashlib
import io
import json
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from assistant import resources
from assistant.errors import EvalError
from evals.sample import read_lines

# Empty comments, which part lists in Markdown, are no words of a page.
_COMMENT = "<!-- -->"


def folder() -> Path:
    """Where the set is."""
    return resources.eval_data() / "claims-real"


def rows(
    repositories: Mapping[str, Path], writers: Sequence[int] = ()
) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows of all pages that can be read, and the names of those that cannot.

    `repositories` are folders by `owner/name`; `writers` are the numbers of those whose
    claims are wanted, by default all.
    """
    texts: dict[str, str] = {}
    missing = []
    pages = {page["page"]: page for page in read_lines(folder() / "pages.jsonl", "page", "sha256")}
    for name, page in pages.items():
        text = _text(page, repositories)
        if text is None or _digest(text) != page["sha256"]:
            missing.append(name)
        else:
            texts[name] = text
    made = [
        {
            "id": claim["id"],
            "source": texts[claim["page"]],
            "claim": claim["claim"],
            "label": claim["label"],
            "meta": {
                **{k: claim[k] for k in ("kind", "writer", "pair") if k in claim},
                **{k: pages[claim["page"]].get(k) for k in ("title", "publisher", "published_on")},
            },
        }
        for claim in read_lines(folder() / "claims.jsonl", "id", "page", "claim", "label")
        if claim["page"] in texts and (not writers or claim["writer"] in writers)
    ]
    return made, missing


def _text(page: Mapping[str, Any], repositories: Mapping[str, Path]) -> str | None:
    """The page's stretch of its file; None where there is no such file."""
    repository = repositories.get(page["repository"])
    if repository is None:
        return None
    try:
        if "row" not in page:
            whole = _file(repository, page["path"])
        else:
            row = _table(repository, page["path"])[page["row"]]
            whole = f"# {row['title']}\n{row['date']}\n\n{row['text']}"
    except (EvalError, KeyError):
        return None
    return whole.replace(_COMMENT, "")[page["start"] : page["end"]]


@lru_cache(maxsize=8)
def _table(repository: Path, path: str) -> Mapping[str, Mapping[str, str]]:
    """The rows of a CSV file by their `url`."""
    return {row["url"]: row for row in csv.DictReader(io.StringIO(_file(repository, path)))}


def _file(repository: Path, path: str) -> str:
    """A file of the newest commit; EvalError where there is none."""
    command = ["git", "-C", str(repository), "show", f"HEAD:{path}"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode:
        raise EvalError(f"{repository} has no file {path}: {done.stderr.decode().strip()}")
    return done.stdout.decode("utf-8").replace("\r\n", "\n")


def _digest(text: str) -> str:
    return hashlib.sha256(" ".join(text.split()).encode()).hexdigest()


def main() -> None:
    """Write the rows; exits 1 where no page could be read."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--repository", action="append", default=[], metavar="OWNER/NAME=FOLDER")
    parser.add_argument("--writers", type=int, nargs="*", default=[])
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    named = (given.partition("=") for given in args.repository)
    made, missing = rows({name: Path(where) for name, _, where in named}, args.writers)
    for name in missing:
        print(f"{name}: its page could not be read as the digest has it.", file=sys.stderr)
    if not made:
        sys.exit("No page could be read; name the clones with --repository.")
    lines = (json.dumps(row, ensure_ascii=False) for row in made)
    args.out.write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{len(made)} claims in {args.out}; {len(missing)} pages left out")


if __name__ == "__main__":
    main()
