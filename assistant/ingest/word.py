"""Text of a Word document, as it reads with all its tracked changes accepted."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator
from typing import Any

from assistant.errors import IngestError
from assistant.ingest.dates import day_in_text, is_date_line
from assistant.ingest.labels import take_labels
from assistant.ingest.page import Page
from assistant.ingest.quiet import quiet
from assistant.ingest.text import line

MAX_UNPACKED_BYTES = 100_000_000
MAX_PART_BYTES = 30_000_000  # of one XML part, which is parsed as a whole
MAX_RATIO = 200  # unpacked to packed; text reaches about 20
MAX_PARTS = 5_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_MC = "{http://schemas.openxmlformats.org/markup-compatibility/2006}"
# Moved away, deleted, or the copy for old programs of what stands there already.
_LEFT_OUT = frozenset({f"{_W}moveFrom", f"{_W}del", f"{_MC}Fallback"})


def read_word(data: bytes) -> Page:
    """Read a .docx file.

    As with PDFs, the dates in its properties are those of the file, not of publication.

    Raises:
        IngestError: broken, encrypted, or over a limit.

    """
    _check_archive(data)
    import docx

    try:
        with quiet("docx"):
            document = docx.Document(io.BytesIO(data))
            blocks = list(_blocks(document))
            title = line(document.core_properties.title or "") or None
            author = line(document.core_properties.author or "")
    except Exception as error:  # python-docx meets broken files with any of Python's own errors
        raise IngestError("This Word file is broken and cannot be read: save it again.") from error
    labelled, rest = take_labels(blocks)
    day = day_in_text(rest)
    head = [block for block in rest[:5] if not is_date_line(block)]
    authors = (author,) if author and author != "python-docx" else ()  # its template's author
    page = Page(tuple(head + rest[5:]), title, authors=authors)
    if day is not None:
        page = page.overridden({"published_on": day}, "text")
    return page.overridden(labelled, "text")


def _check_archive(data: bytes) -> None:
    """Refuse an archive whose parts unpack to more than a document does, before unpacking."""
    if data.startswith(b"\xd0\xcf\x11\xe0"):
        raise IngestError("This Word file is encrypted or of the old .doc kind: save it as .docx.")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        # zipfile's three ways to refuse a directory: no archive, a false offset, a later version.
        raise IngestError(
            "This is not a Word (.docx) file, or a broken one: save it again."
        ) from error
    total = sum(part.file_size for part in parts)
    largest = max((p.file_size for p in parts if p.filename.endswith((".xml", ".rels"))), default=0)
    packed = sum(part.compress_size for part in parts)
    if (
        len(parts) > MAX_PARTS
        or total > MAX_UNPACKED_BYTES
        or largest > MAX_PART_BYTES
        or total > MAX_RATIO * max(packed, 10_000)
    ):
        raise IngestError(
            "This Word file unpacks to far more than a document and was not opened: paste its text."
        )


def _blocks(document: Any) -> Iterator[str]:
    from docx.text.paragraph import Paragraph

    for item in document.iter_inner_content():
        if isinstance(item, Paragraph):
            yield _paragraph_text(item._p)
        else:
            for row in item.rows:
                cells = dict.fromkeys(cell._tc for cell in row.cells)  # merged cells come twice
                texts = (
                    line(" ".join(_paragraph_text(p) for p in c.iter(f"{_W}p"))) for c in cells
                )
                yield " | ".join(text for text in texts if text)


def _paragraph_text(paragraph: Any) -> str:
    """Visible text of a paragraph element, links and inserted runs included."""
    parts: list[str] = []
    for element in paragraph.iter(f"{_W}t", f"{_W}tab", f"{_W}br", f"{_W}cr", f"{_W}noBreakHyphen"):
        if any(each.tag in _LEFT_OUT or _is_vanished(each) for each in element.iterancestors()):
            continue
        name = element.tag.removeprefix(_W)
        parts.append({"t": element.text or "", "noBreakHyphen": "-"}.get(name, " "))
    return "".join(parts)


def _is_vanished(element: Any) -> bool:
    """Whether a run is set in hidden, white or nearly invisible type."""
    if element.tag != f"{_W}r" or (properties := element.find(f"{_W}rPr")) is None:
        return False
    vanish = properties.find(f"{_W}vanish")
    colour = properties.find(f"{_W}color")
    size = properties.find(f"{_W}sz")
    return (
        (vanish is not None and vanish.get(f"{_W}val") not in ("0", "false"))
        or (colour is not None and (colour.get(f"{_W}val") or "").upper() == "FFFFFF")
        or (size is not None and (size.get(f"{_W}val") or "") in ("0", "1", "2", "3"))
    )
