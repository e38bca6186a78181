"""The two orders of an office's words: the `Minister of Defense` is the `Defense Minister`."""

from __future__ import annotations

import re

# `Minister of Defense`: the head is group 1, the field group 2. A Minister of State is in the
# Cabinet and a State Minister below it, so of `State` only the department is turned.
FIELD_LAST = re.compile(
    r"\b(Minister|Ministry|Secretary|Department)(?: of| for)(?: the)? "
    r"(Foreign(?= Affairs)|Defen[cs]e|Finance|Commerce|Justice|Energy|Trade"
    r"|(?<=Department of )State)(?: Affairs)?\b"
)


def field_first(text: str) -> str:
    """`text` with `Defense Minister` for `Minister of Defense`."""
    return FIELD_LAST.sub(r"\2 \1", text)
