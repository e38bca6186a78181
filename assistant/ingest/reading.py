"""Chooses the reader for a source by its name or content type, and refuses what is too large."""

from __future__ import annotations

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
    """Text handed over with what is known about it: the fields of front matter."""

    text: str
    fields: Mapping[str, object]


def read_bytes(data: bytes, media_type: str, charset: str | None = None) -> Page:
    """Read a document of a media type in `READERS`.

    Raises:
        IngestError: empty, broken, in a wrong encoding, or over a limit.

    """
    if not data.strip():
        raise IngestError("This source is empty.")
    return READERS[media_type](data, charset)


def read_file(path: Path) -> Page:
    """Read a file by its extension, never more than `MAX_BYTES` of it.

    Raises:
        IngestError: unreadable, too large, of an unknown kind, or broken.

    """
    media_type = SUFFIXES.get(path.suffix.lower())
    if media_type is None:
        raise IngestError(f"Files of this kind cannot be read; known are {', '.join(SUFFIXES)}.")
    try:
        # Not blocking: a named pipe would wait for a writer for ever.
        with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK), "rb") as file:
            size = os.fstat(file.fileno()).st_size
            data = b"" if size > MAX_BYTES else file.read(MAX_BYTES + 1)
    except OSError as error:
        raise IngestError(f"The file cannot be read: {error.strerror or error}.") from error
    if max(size, len(data)) > MAX_BYTES:
        raise IngestError(
            f"The file has {max(size, len(data)) / 1e6:.0f} MB, more than the "
            f"{MAX_BYTES / 1e6:.0f} MB of an article: keep only the pages that you need."
        )
    return read_bytes(data, media_type)


def read_pasted(pasted: Pasted) -> Page:
    """Read a pasted text or page source; its fields beat what the text says.

    Raises:
        IngestError: empty, too large, or a field has a wrong value.

    """
    data = pasted.text.encode(errors="replace")
    if len(data) > MAX_BYTES:
        raise IngestError(f"The text is larger than {MAX_BYTES / 1e6:.0f} MB.")
    fields, warnings = frontmatter.validated(pasted.fields)
    head = pasted.text.lstrip("\ufeff \t\r\n")[:20].lower()
    is_page = head.startswith(("<!doctype html", "<html"))
    page = read_bytes(data, "text/html" if is_page else "text/plain")
    return page.overridden(fields, "front matter").warned(*warnings)
