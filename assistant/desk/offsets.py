"""Offsets at the boundary: Python counts code points, a browser UTF-16 units."""

from __future__ import annotations


def to_units(text: str, offset: int) -> int:
    """The offset of a code point of `text`, counted in UTF-16 units."""
    return len(text[:offset].encode("utf-16-le", "surrogatepass")) // 2


def to_points(text: str, unit: int) -> int:
    """The offset of a UTF-16 unit of `text`, counted in code points.

    One in the middle of a surrogate pair is taken for the end of the pair.
    """
    seen = 0
    for offset, character in enumerate(text):
        if seen >= unit:
            return offset
        seen += 2 if ord(character) > 0xFFFF else 1
    return len(text)
