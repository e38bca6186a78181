"""Chooses the reader for a source by its name or content type, and refuses what is too large."""

from __future__ import annotations

import codecs
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.errors import IngestError
from assistant.ingest import frontmatter
from assistant.ingest.html import read_html
from assistant.ingest.markdown import read_markdown, read_text
from assistant.ingest.page import Page
from assistant.ingest.pdf import read_pdf
from assistant.ingest.text import decode
from assistant.ingest.word import read_word

MAX_BYTES = 20_000_000
_OWN = "an issue"
MAX_OWN_BYTES = 1_000_000  # an issue has 20,000; each claim of a text takes a search to check

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
READERS: Mapping[str, Callable[[bytes, str | None], Page]] = {
    "text/markdown": lambda data, charset: read_markdown(decode(data, charset)),
    "text/plain": lambda data, charset: read_text(decode(data, charset)),
    "text/html": read_html,
    "application/xhtml+xml": read_html,
    "application/pdf": lambda data, _: read_pdf(data),
    _WORD: lambda data, _: read_word(data),
}
SUFFIXES: Mapping[str, str] = {
    ".md": "text/markdown",
    ".markdown": "text/markdown",
    ".txt": "text/plain",
    ".html": "text/html",
    ".htm": "text/html",
    ".pdf": "application/pdf",
    ".docx": _WORD,
}


@dataclass(frozen=True)
class Pasted:
    """Text handed over with what is known about it: the fields of front matter.

    `text` is bytes where nobody has looked yet whether they are text.
    """

    text: str | bytes
    fields: Mapping[str, object]


def read_bytes(data: bytes, media_type: str, charset: str | None = None) -> Page:
    """Read a document of a media type in `READERS`.

    Raises:
        IngestError: empty, broken, in a wrong encoding, or over a limit.

    """
    if not data.strip():
        raise IngestError("This source is empty: choose another, or paste the text.")
    return READERS[media_type](data, charset)


def read_file(path: Path) -> Page:
    """Read a file by its extension, never more than `MAX_BYTES` of it.

    Raises:
        IngestError: unreadable, too large, of an unknown kind, or broken.

    """
    media_type = SUFFIXES.get(path.suffix.lower())
    if media_type is None:
        raise IngestError(f"Files of this kind cannot be read; known are {', '.join(SUFFIXES)}.")
    return read_bytes(_content(path, MAX_BYTES, "an article"), media_type)


def read_own(path: Path) -> str:
    """Text of an editor's own file, an issue or sentences, of at most `MAX_OWN_BYTES`.

    Raises:
        IngestError: unreadable, too large, or not text; the message names the file.

    """
    try:
        data = _content(path, MAX_OWN_BYTES, _OWN)
    except IngestError as error:
        raise IngestError(f"{path}: {error}") from error
    return own_text(data, str(path))


def own_text(data: bytes, name: str) -> str:
    """The text of an editor's own file that was handed over; errors as `read_own`."""
    try:
        _refuse_larger(len(data), MAX_OWN_BYTES, _OWN)
        text = decode(data)
    except IngestError as error:
        raise IngestError(f"{name}: {error}") from error
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _content(path: Path, limit: int, what: str) -> bytes:
    try:
        # Not blocking: a named pipe would wait for a writer for ever.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = b"" if size > limit else file.read(limit + 1)
    except OSError as error:
        raise IngestError(f"The file cannot be read: {error.strerror or error}.") from error
    _refuse_larger(max(size, len(data)), limit, what)
    return data


def _refuse_larger(size: int, limit: int, what: str) -> None:
    if size > limit:
        raise IngestError(
            f"The file has {size / 1e6:.3g} MB, more than the "
            f"{limit / 1e6:.0f} MB of {what}: keep only the pages that you need."
        )


def read_pasted(pasted: Pasted) -> Page:
    """Read a pasted text or page source; its fields beat what the text says.

    Raises:
        IngestError: empty, too large, or a field has a wrong value.

    """
    text = pasted.text
    data = text.encode(errors="replace") if isinstance(text, str) else text
    if len(data) > MAX_BYTES:
        raise IngestError(
            f"The text is larger than {MAX_BYTES / 1e6:.0f} MB: keep only the part that you need."
        )
    fields, warnings = frontmatter.validated(pasted.fields)
    head = data.removeprefix(codecs.BOM_UTF8).lstrip()[:20].lower()
    is_page = head.startswith((b"<!doctype html", b"<html"))
    page = read_bytes(data, "text/html" if is_page else "text/plain")
    return page.overridden(fields, "front matter").warned(*warnings)
