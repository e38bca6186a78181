"""The record of a run: what it was made with, and every case with its input and output.

A run is a folder of the home, `evals/runs/ID/`, with `run.json` (commit, prompts, model,
settings, digests, figures) and `cases.jsonl`, one line a case, written as it is solved.
Runs with one `fingerprint` differ in nothing that an output could depend on, so a later
one takes the outputs of an earlier one: that is how a run is resumed after a break, and
why the second run on the same inputs costs nothing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import lru_cache
from importlib import metadata
from pathlib import Path
from typing import Any

from assistant import prompts, resources
from assistant.errors import EvalError, PromptError
from assistant.settings import Settings
from assistant.types import Usage
from evals.suite import Case, Result, Suite

_PACKAGE = "digest-assistant"
_ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class Run:
    """A run as it is kept: `header` is what `run.json` holds, `figures` among it."""

    header: dict[str, Any]
    results: tuple[Result, ...]

    @property
    def id(self) -> str:
        """The name of its folder."""
        return str(self.header["id"])


def runs_folder(settings: Settings) -> Path:
    """Where a home keeps its runs."""
    return settings.home / "evals" / "runs"


def new_header(suite: Suite, settings: Settings) -> dict[str, Any]:
    """All that is known of a run before its first case."""
    chat, options = suite.options.chat, suite.options
    made_with = {
        "suite": suite.name,
        "model": chat.name if chat else "none",
        "settings": {
            "embedding": settings.embedding,
            "seed": settings.seed,
            "endpoint": settings.openai_base_url if chat else None,
        },
        "options": {"cases": options.cases, "writer": options.writer},
        "code": digest_of(_code()),
        "data": {
            "digest": digest_of(suite.data),
            "files": [_shown(path) for path in suite.data],
        },
        "libraries": _libraries(),
    }
    fingerprint = _sha(json.dumps(made_with, sort_keys=True))
    now = dt.datetime.now(dt.UTC)
    return {
        "id": f"{suite.name}-{now:%Y%m%dT%H%M%S%f}"[:-3],
        "fingerprint": fingerprint,
        **made_with,
        "commit": _commit(),
        "version": metadata.version(_PACKAGE),
        "python": sys.version.split()[0],
        "prompts": _prompt_versions(),
        "started": now.isoformat(timespec="seconds"),
        "finished": None,
    }


def write_header(folder: Path, header: Mapping[str, Any]) -> None:
    """Write `run.json`; EvalError where the folder cannot be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        text = json.dumps(header, ensure_ascii=False, indent=1) + "\n"
        (folder / "run.json").write_text(text, encoding="utf-8")
    except OSError as error:
        raise EvalError(f"The run could not be kept in {folder}: {error.strerror}.") from error


def result_line(result: Result) -> str:
    """A result as one line of `cases.jsonl`."""
    record = asdict(result) | {"case": asdict(result.case)}
    return json.dumps(record, ensure_ascii=False, sort_keys=True) + "\n"


def load_run(name: str, folder: Path) -> Run:
    """The run of this id in `folder`, or in the folder at this path.

    Raises EvalError where there is none, or where it is not a run's folder.
    """
    here = Path(name)
    place = here if (here / "run.json").is_file() else folder / name
    try:
        header = json.loads((place / "run.json").read_text(encoding="utf-8"))
        lines = (place / "cases.jsonl").read_text(encoding="utf-8").splitlines()
        return Run(header, tuple(_result(json.loads(line)) for line in lines))
    except FileNotFoundError as error:
        raise EvalError(
            f"There is no run {name}; `digest eval-history` lists those there are."
        ) from error
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EvalError(f"{place} holds no run that can be read: {error}.") from error


def headers(folder: Path) -> Iterator[dict[str, Any]]:
    """The headers of all runs of a folder, oldest first; what is no run is left out."""
    for file in sorted(folder.glob("*/run.json"), key=lambda f: f.parent.name.split("-")[-1]):
        try:
            yield json.loads(file.read_text(encoding="utf-8"))
        except (OSError, ValueError):  # a run that was killed while its header was written
            continue


def outputs_of(fingerprint: str, folder: Path) -> dict[str, Result]:
    """Solved cases of earlier runs with this fingerprint, by `input_key`; failures are not."""
    found: dict[str, Result] = {}
    for header in headers(folder):
        if header.get("fingerprint") == fingerprint:
            for result in _readable(folder / header["id"] / "cases.jsonl"):
                if result.error is None:
                    found[input_key(result.case)] = result
    return found


def input_key(case: Case) -> str:
    """The digest of a case's id and input: with a run's fingerprint, of all its output rests on."""
    return _sha(json.dumps([case.id, case.input], sort_keys=True, ensure_ascii=False))


def digest_of(paths: Iterable[Path]) -> str:
    """The digest of the names and contents of files and of all files in folders.

    The order of the lines of a JSONL file does not count: it is no part of the data.
    """
    total = hashlib.sha256()
    for path in paths:
        files = sorted(f for f in path.rglob("*") if f.is_file()) if path.is_dir() else [path]
        for file in files:
            total.update(str(file.relative_to(path.parent)).encode() + b"\0")
            content = file.read_bytes()
            if file.suffix == ".jsonl":
                content = b"\n".join(sorted(content.splitlines()))
            total.update(hashlib.sha256(content).digest())
    return total.hexdigest()


def _readable(path: Path) -> Iterator[Result]:
    """The results of a file; the last line of a run that was killed may be cut."""
    if not path.is_file():
        return
    for line in path.read_text(encoding="utf-8").splitlines():
        try:
            yield _result(json.loads(line))
        except (ValueError, KeyError, TypeError):
            return


def _result(raw: dict[str, Any]) -> Result:
    return Result(**{**raw, "case": Case(**raw["case"]), "usage": Usage(**raw["usage"])})


def _sha(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _code() -> Sequence[Path]:
    """Everything of the project that an output may depend on, but for the data."""
    code = [f for name in ("assistant", "evals") for f in sorted((_ROOT / name).rglob("*.py"))]
    return [*code, *sorted((_ROOT / "assistant" / "verify").glob("*.json")), resources.prompts()]


@lru_cache(maxsize=1)
def _libraries() -> str:
    """The digest of the versions of the libraries that the project asks for."""
    names = sorted({_name(needed) for needed in metadata.requires(_PACKAGE) or ()})
    return _sha(json.dumps([[name, _version(name)] for name in names]))


def _name(requirement: str) -> str:
    return requirement.replace(";", " ").replace("[", " ").split(" ")[0].strip("<>=~!,0123456789.")


def _version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None


@lru_cache(maxsize=1)
def _commit() -> str | None:
    """The checkout's commit, with `+` where files differ from it; None outside a checkout."""
    if not (_ROOT / ".git").exists():
        return None
    try:
        commit, changed = (
            subprocess.run(
                ["git", *words], cwd=_ROOT, capture_output=True, text=True, check=True
            ).stdout.strip()
            for words in (("rev-parse", "HEAD"), ("status", "--porcelain", "-uno"))
        )
    except (OSError, subprocess.CalledProcessError):
        return None
    return f"{commit}{'+' if changed else ''}"


def _prompt_versions() -> dict[str, str]:
    found = {}
    for file in sorted(resources.prompts().glob("*.yaml")):
        try:
            found[file.stem] = prompts.load(file.stem).version
        except PromptError:  # word lists and the like stand in the same folder
            continue
    return found


def _shown(path: Path) -> str:
    for folder in (resources.eval_data().parents[1], _ROOT):
        if path.is_relative_to(folder):
            return str(path.relative_to(folder))
    return str(path)
