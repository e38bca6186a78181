"""The house's rules on links, and what the links of a checked text come to.

After Gao et al. (2023), "Enabling Large Language Models to Generate Text with Citations": a
sentence is well cited where its links together support it. The rules (the anchor's word, a
page linked twice) are those of `prompts/style/`.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

from assistant.style.check import check_bullet
from assistant.style.grammar import anchor_class
from assistant.style.rules import load_rules
from assistant.types import Bullet, Claim, Finding

# Style rules that tell whether a link stands right; those on the whole text are left to style.
_HOUSE_RULES = frozenset(
    ("anchor-class", "anchor-clause", "anchor-here", "anchor-words", "duplicate-url")
)


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
