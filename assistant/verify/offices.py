"""The two orders of an office's words: the `Minister of Defense` is the `Defense Minister`."""

from __future__ import annotations

import re

# `Minister of Defense`: the head is group 1, the field group 2.
FIELD_LAST = re.compile(
    r"\b(Minister|Ministry|Secretary|Department)(?: of| for)(?: the)? "
    r"(Foreign(?= Affairs)|Defen[cs]e|Finance|Commerce|State|Justice|Energy|Trade)(?: Affairs)?\b"
)


def field_first(text: str) -> str:
    """`text` with `Defense Minister` for `Minister of Defense`."""
    return FIELD_LAST.sub(r"\2 \1", text)
