"""Whether each link does its work: its page says the sentence, and a reader can open it.

After Gao et al. (2023), "Enabling Large Language Models to Generate Text with Citations":
a sentence is well cited where its links together support it, and a link is idle where its
page does not support the sentence and the others do so without it. The house's rules on
links (the anchor's word, a page linked twice) are those of `prompts/style/`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, replace

from assistant.stories import best_source
from assistant.style.check import check_bullet
from assistant.style.grammar import anchor_class
from assistant.style.rules import load_rules
from assistant.types import Article, Bullet, Citation, Claim, Finding, Verdict

# Style rules that tell whether a link stands right; those on the whole text are left to style.
_HOUSE_RULES = frozenset(
    ("anchor-class", "anchor-clause", "anchor-here", "anchor-words", "duplicate-url")
)
# Whether some pages together support a claim.
Supports = Callable[[Sequence[Article]], bool]


@dataclass(frozen=True)
class LinkCounts:
    """What a checked text's links come to, in sentences and in links.

    sentences; covered: of these, with a link of their own or continuing one; recalled:
    supported by their links together; links; precise: of these, whose sentence is supported
    and would lose something without them; anchored: on a word that states an event; twice:
    to a page that the bullet links already; teasers.
    """

    sentences: int = 0
    covered: int = 0
    recalled: int = 0
    links: int = 0
    precise: int = 0
    anchored: int = 0
    twice: int = 0
    teasers: int = 0

    def __add__(self, other: LinkCounts) -> LinkCounts:
        return LinkCounts(*(a + b for a, b in zip(astuple(self), astuple(other), strict=True)))


def count_links(bullet: Bullet) -> LinkCounts:
    """The counts of one checked bullet; its headline has no links and is left out."""
    claims = [c for c in bullet.claims if c.field == "text"]
    codes = {(c.start + f.start, f.code) for c in claims for f in c.verdict.findings}
    return LinkCounts(
        sentences=len(claims),
        covered=sum(not _has(c, "no-citation") for c in claims),
        recalled=sum(c.verdict.status == "supported" for c in claims),
        links=len(bullet.citations),
        precise=sum(
            any(c.start <= link.start < c.end and c.verdict.status == "supported" for c in claims)
            and (link.start, "link-idle") not in codes
            for link in bullet.citations
        ),
        anchored=sum(
            anchor_class(bullet.text, link.start, link.end) is not None for link in bullet.citations
        ),
        twice=len(bullet.citations) - len({link.url for link in bullet.citations}),
        teasers=sum(code == "link-teaser" for _, code in codes),
    )


def _has(claim: Claim, code: str) -> bool:
    return any(f.code == code for f in claim.verdict.findings)


def check_anchors(bullet: Bullet) -> list[Finding]:
    """Links of `bullet` on a word that states no event, on a clause, or to one page twice.

    Offsets are into the bullet's text.
    """
    rules = [rule for rule in load_rules() if rule.code in _HOUSE_RULES]
    return check_bullet(bullet, rules=rules)


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
