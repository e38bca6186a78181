"""The panes of the desk as HTML, made of escaped text alone.

A button with `data-n` is what a click on a pane chooses, counted from 0.
"""

from __future__ import annotations

import html
import itertools
import re
from collections.abc import Sequence

from assistant.review.blocked import Blocker
from assistant.review.evidence import Source
from assistant.types import Bullet, Claim, Finding, Issue

_SIGNS = {
    "supported": ("✓", "supported"),
    "partial": ("◐", "partial"),
    "unsupported": ("✗", "unsupported"),
    "contradicted": ("≠", "contradicted"),
    "unchecked": ("?", "unchecked"),
    "stale": ("↻", "changed"),
}
_LEVELS = {"error": "✗ error", "warning": "! warning", "suggestion": "· suggestion"}
_WEB = re.compile(r"https?://[^\s/]", re.I)


def escape(text: str) -> str:
    """`text` for HTML that Gradio puts through its templates, which read `{` and `$`."""
    return html.escape(text).replace("{", "&#123;").replace("$", "&#36;")


def sign_of(claim: Claim) -> str:
    """What a claim is shown as: its verdict's status, or `stale`."""
    return "stale" if claim.stale else claim.verdict.status


def bullets_pane(issue: Issue, chosen: str, blocking: Sequence[Blocker]) -> str:
    """The bullets of an issue with what is open on each."""
    rows = []
    for n, bullet in enumerate(issue.bullets, 1):
        still = sum(b.bullet == n for b in blocking)
        state = f"{still} to settle" if still else f"✓ {_count(len(bullet.claims), 'claim')} hold"
        rows.append(
            f'<button class="pick" data-n="{n - 1}"{_current(bullet.id == chosen)}>'
            f"<span>{escape(bullet.headline or bullet.text[:60])}</span>"
            f'<small class="{"open" if still else "soft"}">{state}</small></button>'
        )
    return f'<nav class="list" aria-label="Bullets">{"".join(rows)}</nav>'


def blocking_pane(blocking: Sequence[Blocker]) -> str:
    """What keeps the issue from leaving."""
    if not blocking:
        return '<div class="status" role="status"><p>✓ Nothing blocks the export.</p></div>'
    items = "".join(
        f"<li><b>{b.bullet}</b> {escape(_shorter(b.finding.message))}</li>" for b in blocking
    )
    verb = "blocks" if len(blocking) == 1 else "block"
    return (
        f'<div class="status" role="status"><p class="open">{_count(len(blocking), "thing")} '
        f"{verb} the export</p><ul>{items}</ul></div>"
    )


def reading_pane(bullet: Bullet, chosen: int) -> str:
    """What was found in the saved bullet, claim by claim, and how its readers will see it."""
    rows = "".join(_claim_row(n, claim, n == chosen) for n, claim in enumerate(bullet.claims))
    claims = rows or '<p class="soft">Never checked. “Check again” looks at every claim.</p>'
    notes = "".join(_finding(f) for f in bullet.findings)
    return (
        f'<section class="claims" aria-label="Claims"><h2>Claims</h2>{claims}</section>'
        + (f'<section class="style"><h2>House style</h2>{notes}</section>' if notes else "")
        + f'<section class="read" aria-label="As readers see it"><h2>As readers see it</h2>'
        f"<h3>{escape(bullet.headline)}</h3><p>{_linked(bullet)}</p></section>"
    )


def evidence_pane(claim: Claim | None, sources: Sequence[Source]) -> str:
    """What the chosen claim rests on, sentence by sentence."""
    if claim is None:
        body = '<p class="soft">Choose a claim to read the sentences that it rests on.</p>'
    elif claim.stale and not sources:
        body = (
            '<p class="soft">Changed since it was checked; the new words have no verdict yet.</p>'
        )
    elif not sources:
        body = '<p class="soft">No sentence of the corpus was found for this claim.</p>'
    else:
        body = "".join(_source(source) for source in sources)
    notes = "".join(_finding(f) for f in claim.verdict.findings) if claim else ""
    said = f'<p class="said">{escape(claim.text)}</p>' if claim else ""
    return f'<aside aria-label="Evidence"><h2>Evidence</h2>{said}{notes}{body}</aside>'


def _claim_row(n: int, claim: Claim, chosen: bool) -> str:
    name = sign_of(claim)
    sign, word = _SIGNS[name]
    where = '<small class="soft">headline</small> ' if claim.field == "headline" else ""
    notes = "".join(
        f'<small class="note">{escape(f.message)}</small>' for f in claim.verdict.findings
    )
    return (
        f'<button class="pick" data-n="{n}"{_current(chosen)}>'
        f'<span class="verdict {name}"><i aria-hidden="true">{sign}</i> {word}</span>'
        f"<span>{where}{escape(claim.text)}{notes}</span></button>"
    )


def _finding(finding: Finding) -> str:
    return (
        f'<p class="finding"><span class="{finding.level}">{_LEVELS[finding.level]}</span> '
        f"{escape(finding.message)}</p>"
    )


def _source(source: Source) -> str:
    article = source.article
    if article is None:
        head = f"<h3>{escape(source.article_id)}</h3><p class='about'>No longer in the corpus</p>"
    else:
        title = escape(article.title)
        if article.url and _WEB.match(article.url):
            title = _anchor(article.url, title)
        day = article.published_on.isoformat() if article.published_on else "no date"
        about = (article.publisher or "no publisher", day, article.kind, article.access)
        head = f"<h3>{title}</h3><p class='about'>{escape(' · '.join(about))}</p>"
        if source.changed:
            head += "<p class='about open'>The article has changed since the check</p>"
    body = "".join(
        "<p>"
        + "".join(
            f"<mark>{escape(piece.text)}</mark>" if piece.marked else escape(piece.text)
            for piece in paragraph
        )
        + "</p>"
        for paragraph in source.paragraphs
    )
    return f'<article class="source">{head}{body}</article>'


def _linked(bullet: Bullet) -> str:
    """The text with its links; a stretch whose claim does not hold is underlined."""
    spans = [c for c in bullet.claims if c.field == "text"]
    ends = {0, len(bullet.text)}
    ends |= {end for c in spans for end in (c.start, c.end)}
    ends |= {end for c in bullet.citations for end in (c.start, c.end)}
    pieces = []
    for start, end in itertools.pairwise(sorted(ends)):
        piece = escape(bullet.text[start:end])
        link = next((c for c in bullet.citations if c.start <= start and end <= c.end), None)
        claim = next((c for c in spans if c.start <= start and end <= c.end), None)
        if link is not None and _WEB.match(link.url):
            piece = _anchor(link.url, piece)
        if claim is not None and sign_of(claim) != "supported":
            piece = f'<span class="doubt {sign_of(claim)}">{piece}</span>'
        pieces.append(piece)
    return "".join(pieces)


def _anchor(url: str, inner: str) -> str:
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{inner}</a>'


def _current(chosen: bool) -> str:
    return ' aria-current="true"' if chosen else ""


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'' if number == 1 else 's'}"


def _shorter(text: str) -> str:
    return text if len(text) <= 90 else f"{text[:89]}…"
