"""Bytes to text, and text to the one form in which articles are stored.

The same bytes always give the same text, so that offsets and hashes stay valid.
"""

from __future__ import annotations

import codecs
import re
import unicodedata
from collections.abc import Iterable

from assistant.errors import IngestError

MAX_CHARACTERS = 2_000_000

_SPACES = re.compile("[\t\u00a0\u1680\u2000-\u200a\u202f\u205f]")
# Zero-width and bidirectional controls, soft hyphens and invisible "tag" characters can hide or
# reorder words; the other control characters mean nothing in an article.
_INVISIBLE = re.compile(
    "[\u0000-\u0008\u000e-\u001f\u007f-\u0084\u0086-\u009f\u00ad\u034f\u061c\u115f\u1160\u180e"
    "\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\U000e0000-\U000e007f]"
)
_BREAKS = re.compile("\r\n?|\u0085|\u2028")
_PARAGRAPH_MARKS = re.compile("[\u000b\u000c\u2029]")
# What UTF-8 looks like after it was read as Windows-1252, and what could not be read at all.
_MOJIBAKE = re.compile(
    "â€[™œ˜\u009d“”¦¢]|Ã[©¨¼¶¤±§\u00a0]|Â[\u00a0£©·»«]|ã[\u0080-\u0083€‚ƒ]|\ufffd"
)
_WIDE = re.compile("[぀-ヿ㐀-鿿、。「」『』（）]")
# The labels under which pages declare legacy encodings, as browsers read them.
_BROWSER_NAMES = {
    "shift_jis": "cp932",
    "shift-jis": "cp932",
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "iso-8859-1": "cp1252",
    "latin1": "cp1252",
    "us-ascii": "cp1252",
    "ascii": "cp1252",
}


# The mark of a list item at the head of a line.
BULLET = re.compile(r"^\s*[*•●▪◦‣・-]\s+(?=\S)")


def decode(data: bytes, declared: str | None = None) -> str:
    """Text of `data`: by its byte order mark, as UTF-8, else in the `declared` encoding.

    UTF-8 comes before a declaration, because text in another encoding is hardly ever
    valid UTF-8 while wrong declarations are common. Nothing is guessed.

    Raises:
        IngestError: the bytes are not text, or in an encoding that nobody declared.

    """
    for mark, name in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _strict(data, name)
    if b"\0" in data:
        raise IngestError(
            "This is not a text file, or it is UTF-16 without a byte order mark: save text as"
            " UTF-8, and give any other file the name of its real format."
        )
    label = (declared or "").strip().lower()
    if label.startswith("iso-2022-"):  # seven-bit, so that it would pass as UTF-8
        return _strict(data, label)
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if label and label.replace("-", "") != "utf8":
            return _strict(data, label)
        raise IngestError(
            f"This is in a wrong encoding (byte {error.start} is not UTF-8): save it as UTF-8."
        ) from error


def _strict(data: bytes, label: str) -> str:
    name = _BROWSER_NAMES.get(label, label)
    try:
        # `bytes.decode` refuses codecs such as `hex` that do not make text.
        return data.decode(name)
    except (LookupError, UnicodeError) as error:
        raise IngestError(
            f"This cannot be read in its declared encoding, {label[:40]}: save it as UTF-8."
        ) from error


def clean(text: str) -> str:
    """`text` in NFC with plain spaces and line ends, without invisible characters."""
    text = _PARAGRAPH_MARKS.sub("\n\n", _BREAKS.sub("\n", text))
    return unicodedata.normalize("NFC", _INVISIBLE.sub("", _SPACES.sub(" ", text)))


def line(text: str) -> str:
    """`text` cleaned, on one line, without surrounding or double spaces."""
    return re.sub(r"[ \n]+", " ", clean(text)).strip()


def assemble(blocks: Iterable[str]) -> str:
    """Join blocks to the stored form: one line a paragraph, one blank line between.

    Raises:
        IngestError: nothing is left, or more than `MAX_CHARACTERS`.

    """
    text = "\n\n".join(paragraph for block in blocks if (paragraph := line(block)))
    if not text:
        raise IngestError("There is no text in this source: choose another, or paste the text.")
    refuse_too_long(text)
    return text


def refuse_too_long(text: str) -> None:
    """Raise `IngestError` where `text` has more than `MAX_CHARACTERS`."""
    if len(text) > MAX_CHARACTERS:
        raise IngestError(
            f"The text has {len(text):,} characters, more than the {MAX_CHARACTERS:,} of an "
            "article: split it."
        )


def garbled(text: str) -> str | None:
    """First place where `text` shows the marks of a wrong encoding, for a warning."""
    found = _MOJIBAKE.search(text)
    return text[max(0, found.start() - 20) : found.end() + 20] if found else None


def unwrap(lines: Iterable[str], hyphens: bool = False) -> str:
    """Lines of one paragraph as one line; no space between Japanese characters.

    With `hyphens`, a hyphen at a line's end before a small letter is undone
    (`co-` / `operation`), as typesetters put it there.
    """
    joined: list[str] = []
    for part in filter(None, (each.strip() for each in lines)):
        before = joined[-1] if joined else ""
        if hyphens and re.search(r"[a-z]-$", before[-2:]) and part[0].islower():
            joined[-1] = before[:-1]
        elif before and not (_WIDE.match(before[-1]) and _WIDE.match(part[0])):
            joined.append(" ")
        joined.append(part)
    return "".join(joined)
