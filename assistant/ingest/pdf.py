"""Text of a PDF as paragraphs: line wraps joined, repeated headers and footers dropped."""

from __future__ import annotations

import io
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

from assistant.errors import IngestError
from assistant.ingest.dates import day_in_text, is_date_line
from assistant.ingest.labels import take_labels
from assistant.ingest.page import Page
from assistant.ingest.quiet import quiet
from assistant.ingest.text import BULLET, clean, line, unwrap

MAX_PAGES = 200
MAX_SECONDS = 60.0
MAX_PAGE_BYTES = 20_000_000  # of a page's drawing instructions, unpacked
_EDGE_LINES = 2  # at the top and at the bottom of a page, where running heads stand
_JUNK_TITLE = re.compile(
    r"untitled|anonymous|unspecified|\.(docx?|pdf|indd|pptx?)$|^microsoft word", re.I
)
_ENDS = re.compile(r"[.!?。！？:：;][\"'”’)\]」]*$")
_FULL_LINE = 0.8  # of the page's longest line; a shorter one that ends a sentence ends a paragraph


def read_pdf(data: bytes) -> Page:
    """Read a PDF with a text layer.

    The date of creation in a PDF's metadata is that of the file, often of its download,
    so it does not count as the day of publication.

    Raises:
        IngestError: broken, encrypted, only pictures, or over a limit.

    """
    if b"%PDF-" not in data[:1024]:
        raise IngestError("This is not a PDF file, or a broken one: save it again.")
    with quiet("pypdf"):
        pages, info = _extract(data)
    lines = [each for page in _without_running_heads(pages) for each in page]
    if not any(each for each, _ in lines):
        raise IngestError(
            "No text can be read from this PDF; it is damaged or holds pictures of text only: "
            "paste its text instead."
        )
    title, author = _information(info, "/Title"), _information(info, "/Author")
    labelled, rest = take_labels([each for each, _ in lines])
    opens = {each for each, after_gap in lines if after_gap}
    alone = {each for each in rest if each in (title, author) or is_date_line(each)}
    blocks = [unwrap(p, hyphens=True) for p in _paragraphs(rest, opens, alone)]
    day = day_in_text(blocks)
    head = [b for b in blocks[:5] if not is_date_line(b) and b != author]
    # An author who stands alone above the text is the body that issued it, else a person.
    missing = [
        f"Page {n} has no text that can be read: see whether an article's words are missing."
        for n, each in enumerate(pages, 1)
        if not each
    ]
    page = Page(tuple(head + blocks[5:]), title, warnings=tuple(missing))
    if author is not None:
        named = {"publisher": author} if author in blocks[:5] else {"authors": (author,)}
        page = page.overridden(named, "text")
    if day is not None:
        page = page.overridden({"published_on": day}, "text")
    return page.overridden(labelled, "text")


def _extract(data: bytes) -> tuple[list[list[tuple[str, bool]]], dict[str, Any]]:
    """For each page its lines, each with whether a gap stands above it; and the metadata."""
    import pypdf

    deadline = time.monotonic() + MAX_SECONDS
    pages: list[list[tuple[str, bool]]] = []
    try:
        reader = pypdf.PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise IngestError("This PDF is encrypted: save it without a password.")
        if len(reader.pages) > MAX_PAGES:
            raise IngestError(f"This PDF has more than {MAX_PAGES} pages: split it.")
        info = dict(reader.metadata or {})
        for page in reader.pages:
            if time.monotonic() > deadline:
                raise IngestError(f"This PDF took more than {MAX_SECONDS:.0f} seconds to read.")
            contents = page.get_contents()
            if contents is not None and len(contents.get_data()) > MAX_PAGE_BYTES:
                raise IngestError("A page of this PDF is too large to read: paste its text.")
            pages.append(_page_lines(page))
    except IngestError:
        raise
    except Exception as error:  # pypdf meets broken files with any of Python's own errors
        raise IngestError("This PDF is broken and cannot be read: save it again.") from error
    return pages, info


def _page_lines(page: Any) -> list[tuple[str, bool]]:
    """Lines in the order in which they were written, which keeps columns apart.

    Gaps are seen in the layout mode, which sets blank lines; where columns stand side
    by side its lines match none of ours, and sentence ends must do.
    """
    plain = [line(each) for each in clean(page.extract_text()).splitlines()]
    layout = [
        line(each) for each in clean(page.extract_text(extraction_mode="layout")).splitlines()
    ]
    after_gap = {b for a, b in zip([""] + layout, layout, strict=False) if b and not a}
    return [(each, each in after_gap) for each in plain if each]


def _without_running_heads(
    pages: Sequence[list[tuple[str, bool]]],
) -> Iterator[list[tuple[str, bool]]]:
    """Pages without the lines, numbers aside, that most pages share at an edge."""
    seen = Counter(
        key
        for page in pages
        for key in {_shape(each) for each, _ in page[:_EDGE_LINES] + page[-_EDGE_LINES:]}
    )
    for page in pages:
        edge = {*range(_EDGE_LINES), *range(len(page) - _EDGE_LINES, len(page))}
        yield [
            entry
            for number, entry in enumerate(page)
            if number not in edge
            or not (
                (
                    len(pages) > 1
                    and seen[_shape(entry[0])] * 2 > len(pages)
                    and seen[_shape(entry[0])] > 1
                )
                or re.fullmatch(
                    r"(?:page )?[-– ]*\d{1,4}(?: ?(?:/|of) ?\d{1,4})?[-– ]*", entry[0], re.I
                )
            )
        ]


def _shape(text: str) -> str:
    return re.sub(r"\d+", "#", text)


def _paragraphs(lines: Sequence[str], opens: set[str], alone: set[str]) -> Iterator[list[str]]:
    """Group lines: `opens` begin a paragraph, those in `alone` are one each."""
    full = _FULL_LINE * max(map(len, lines), default=0)
    pending: list[str] = []
    for each in lines:
        ended = pending and _ENDS.search(pending[-1]) and len(pending[-1]) < full
        # A page break sets a gap in the middle of a sentence, too.
        runs_on = pending and each[:1].islower() and not _ENDS.search(pending[-1])
        apart = each in alone or BULLET.match(each) or (pending and pending[-1] in alone)
        if pending and (ended or apart or (each in opens and not runs_on)):
            yield pending
            pending = []
        pending.append(BULLET.sub("", each, count=1))
    if pending:
        yield pending


def _information(info: dict[str, Any], key: str) -> str | None:
    value = line(str(info.get(key) or ""))[:1000]
    return None if not value or _JUNK_TITLE.search(value) else value
