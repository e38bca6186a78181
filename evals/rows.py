"""Rows of claim and source, one JSON object a line, as grounding is measured on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.errors import EvalError

_FIELDS = ("id", "source", "claim")


@dataclass(frozen=True)
class Row:
    """A claim and the text it is held against; `label` is 1 supported, 0 not, None unknown."""

    id: str
    source: str
    claim: str
    label: int | None
    meta: Mapping[str, Any]


def load_rows(path: Path) -> list[Row]:
    """The rows of a JSONL file; EvalError names the line and the field that is wrong."""
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except OSError as error:
        raise EvalError(f"{path} could not be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise EvalError(f"{path} is not UTF-8 text; save it as UTF-8 and try again.") from error
    rows = [_row(line, f"{path}, line {n}") for n, line in enumerate(lines, 1) if line.strip()]
    if not rows:
        raise EvalError(f"{path} holds no row; each line must be one JSON object.")
    return rows


def _row(line: str, where: str) -> Row:
    try:
        raw = json.loads(line)
    except ValueError as error:
        raise EvalError(f"{where} is not JSON: {error}.") from error
    if not isinstance(raw, dict):
        raise EvalError(f"{where} is not a JSON object.")
    for field in _FIELDS:
        if field not in raw:
            raise EvalError(f"{where}: the field {field} is missing.")
    for field in _FIELDS[1:]:
        if not isinstance(raw[field], str):
            raise EvalError(f"{where}: {field} must be text.")
    label = raw.get("label")
    if label not in (0, 1, None):
        raise EvalError(f"{where}: label must be 1 (supported), 0 (not) or absent, not {label!r}.")
    meta = raw.get("meta")
    return Row(
        str(raw["id"]),
        raw["source"],
        raw["claim"],
        None if label is None else int(label),
        meta if isinstance(meta, dict) else {},
    )


def half_of(source: str) -> str:
    """`development` or `held-back`: which half of its set a source and all its claims are in.

    The digest of the source decides, so that every set of rows splits the same way
    everywhere. Weights and thresholds are fitted on development halves only.
    """
    digest = hashlib.sha256(source.encode()).digest()
    return "held-back" if digest[0] % 2 else "development"


def kept_apart(source: str) -> bool:
    """Whether a page of a development half is of the fifth that no adapter learns from.

    How a trained model's answer counts beside the layers is fitted on these.
    """
    return hashlib.sha256(source.encode()).digest()[1] % 5 == 0
