"""Whether each link does its work: its page says the sentence, and a reader can open it.

After Gao et al. (2023), "Enabling Large Language Models to Generate Text with Citations": a
link is idle where its page does not support the sentence and the others do so without it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from assistant.stories import best_source
from assistant.types import Article, Citation, Claim, Finding, Verdict

# Whether some pages together support a claim.
Supports = Callable[[Sequence[Article]], bool]


def check_links(
    claim: Claim,
    links: Sequence[Citation],
    pages: Mapping[str, Article],
    verdict: Verdict,
    supports: Supports,
    others: Callable[[], Sequence[Article]],
) -> Verdict:
    """`verdict` on a sentence with findings on its own `links`, each at its anchor.

    A wrong source is shown at the link to be swapped; an idle link and one to a teaser are
    warnings. `pages` are the linked articles by their id, `others` those that may say the
    same, asked for only where a link needs one. Offsets are into the claim's text.
    """
    own = [c for c in links if claim.start <= c.start < claim.end]
    if not own:
        return verdict
    found = [_at(claim, own[0], f) if f.code == "wrong-source" else f for f in verdict.findings]
    known = [c for c in own if c.article_id in pages]
    if verdict.status == "supported":
        found += [_idle(claim, c) for c in known if _is_idle(c, known, pages, supports)]
    swapped = any(f.code == "wrong-source" for f in found)
    for citation in known if not swapped else ():
        if pages[citation.article_id or ""].access == "teaser":
            beside = any(pages[c.article_id or ""].access == "open" for c in known)
            better = () if beside else [a for a in others() if _is_open(a) and supports([a])]
            best = min(better, key=best_source, default=None)
            found.append(_teaser(claim, citation, beside, best))
    return replace(verdict, findings=tuple(found))


def _is_open(article: Article) -> bool:
    return article.access == "open" and article.url is not None


def _is_idle(
    link: Citation, links: Sequence[Citation], pages: Mapping[str, Article], supports: Supports
) -> bool:
    page = pages[link.article_id or ""]
    rest = [pages[c.article_id or ""] for c in links if c.article_id != link.article_id]
    return bool(rest) and not supports([page]) and supports(rest)


def _idle(claim: Claim, link: Citation) -> Finding:
    message = (
        "The page behind this link does not say what the sentence says; the other link does. "
        "Take it out, or move it to what its page says."
    )
    return _at(claim, link, Finding("link-idle", "warning", message, 0, 0))


def _teaser(claim: Claim, link: Citation, beside: bool, better: Article | None) -> Finding:
    message = "Only the beginning of the linked page is open to every reader."
    if better is not None:
        message += (
            f" “{better.title}” ({better.publisher or better.url}) says the same and is open."
        )
        return _at(claim, link, Finding("link-teaser", "warning", message, 0, 0, better.url))
    message += (
        " The other page linked here is open."
        if beside
        else " No open page of the corpus says the same."
    )
    return _at(claim, link, Finding("link-teaser", "suggestion", message, 0, 0))


def _at(claim: Claim, link: Citation, finding: Finding) -> Finding:
    """`finding` at the anchor of `link`."""
    return replace(finding, start=link.start - claim.start, end=link.end - claim.start)
