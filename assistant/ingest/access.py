"""Whether a text is only the opening of an article whose rest must be paid for."""

from __future__ import annotations

import re

_TEASER = re.compile(
    r"\bsubscribe (?:now |today )?to (?:read|continue|keep reading|unlock)\b"
    r"|\bto (?:continue|keep) reading,? (?:please )?(?:subscribe|sign in|log in|register)\b"
    r"|\b(?:sign in|log in|register) to (?:continue|keep) reading\b"
    r"|\bthis (?:article|story|content|page) is (?:only )?"
    r"(?:for|available to|reserved for|exclusive to) (?:our )?"
    r"(?:paid |paying )?(?:subscribers|members)\b"
    r"|有料会員限定|会員限定記事|この記事は有料|続きを読むには|残り\s*[:：]?\s*[\d,]+\s*文字",
    re.IGNORECASE,
)


def is_teaser(text: str) -> bool:
    """Whether `text` asks the reader to subscribe before the rest is shown."""
    return _TEASER.search(text) is not None
