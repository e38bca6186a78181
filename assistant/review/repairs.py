"""What would mend a claim that its source does not support, each proposal tried out first.

Put the source's own figure, day or words in; write the sentence again in the source's words;
link the page that says it; or drop the sentence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from assistant.draft.extract import house_sentence
from assistant.draft.headline import headline_options
from assistant.draft.link import choose_anchor
from assistant.errors import ReviewError
from assistant.review.edit import Words, find_bullet, linked_pages, save_bullet, with_articles
from assistant.review.evidence import find_article
from assistant.stories import article_terms
from assistant.style.fix import apply
from assistant.terms import Weights
from assistant.types import Article, Bullet, Citation, Claim, Finding, Issue, Status
from assistant.workspace import Workspace

Kind = Literal["replace", "rewrite", "link", "swap", "unlink", "drop"]
_OTHER_PAGE = ("wrong-source", "source-found", "link-teaser")


@dataclass(frozen=True)
class Repair:
    """A proposal: the words of the whole bullet with it, and of the sentence.

    `status` is what a check without a model says of the new sentence; None where no
    sentence is left.
    """

    kind: Kind
    label: str
    words: Words
    sentence: str
    status: Status | None


def repairs(workspace: Workspace, issue: Issue, bullet_id: str, number: int) -> list[Repair]:
    """Proposals for claim `number` of a bullet, from 0; none while it is stale.

    Where the claim holds, they are about its links alone.

    Raises ReviewError where there is no such claim.
    """
    bullet = find_bullet(issue, bullet_id)
    if not 0 <= number < len(bullet.claims):
        raise ReviewError("That claim is gone; open the bullet again.")
    claim = bullet.claims[number]
    if claim.stale:
        return []
    found = [*_proposals(workspace, bullet, claim, issue.date.year)]
    seen: set[tuple[str, tuple[Citation, ...]]] = set()
    fresh = []
    for repair in found:
        key = (repair.words.headline + repair.words.text, repair.words.citations)
        if key not in seen:
            seen.add(key)
            fresh.append(repair)
    return fresh


def apply_repair(
    workspace: Workspace,
    issue_id: str,
    bullet_id: str,
    number: int,
    repair: int,
    author: str,
    based_on: int,
) -> Issue:
    """Make proposal `repair` (from 0) for claim `number` and save the bullet.

    Raises ReviewError where it is no longer proposed, Conflict as `save_bullet` does.
    """
    issue = workspace.issues.get(issue_id)
    offered = repairs(workspace, issue, bullet_id, number)
    if not 0 <= repair < len(offered):
        raise ReviewError("That repair is no longer proposed; look at the claim again.")
    chosen = offered[repair]
    return save_bullet(
        workspace, issue_id, bullet_id, chosen.words, author, based_on, f"Repair: {chosen.label}"
    )


def apply_fixes(
    workspace: Workspace,
    issue_id: str,
    bullet_id: str,
    chosen: Callable[[Finding], bool],
    author: str,
    based_on: int,
) -> Issue:
    """Make the replacements of the style findings that are `chosen`, and save the bullet.

    Raises ReviewError where there are none, Conflict as `save_bullet` does.
    """
    issue = workspace.issues.get(issue_id)
    bullet = find_bullet(issue, bullet_id)
    wanted = [f for f in bullet.findings if f.replacement is not None and chosen(f)]
    if not wanted:
        raise ReviewError("That finding is gone; look at the bullet again.")
    fixed = _words(apply(bullet, wanted))
    note = f"Style: {wanted[0].message}" if len(wanted) == 1 else f"Style: {len(wanted)} fixes"
    return save_bullet(workspace, issue_id, bullet_id, fixed, author, based_on, note)


def replaced(bullet: Bullet, claim: Claim, sentence: str) -> Words:
    """The bullet with another sentence in a claim's place.

    The sentence keeps the links of the old one: those whose words it still has stay on
    them, and if none has, the first page is linked on the word that states the event.
    """
    if claim.field == "headline":
        return Words(sentence, bullet.text, bullet.citations)
    inside = [c for c in bullet.citations if claim.start <= c.start < claim.end]
    placed: list[Citation] = []
    done = 0
    for citation in inside:
        anchor = bullet.text[citation.start : citation.end]
        at = sentence.find(anchor, done)
        if at >= 0:
            done = at + len(anchor)
            placed.append(replace(citation, start=at, end=done))
    if inside and not placed and (word := choose_anchor(sentence, None)):
        placed = [replace(inside[0], start=word[0], end=word[1])]
    return _spliced(bullet, claim, sentence, placed)


def dropped(bullet: Bullet, claim: Claim) -> Words:
    """The bullet without a sentence."""
    return _spliced(bullet, claim, "", [])


def _spliced(bullet: Bullet, claim: Claim, sentence: str, links: Iterable[Citation]) -> Words:
    start, end = claim.start, claim.end
    if not sentence:  # with the space that parted it from its neighbour
        if bullet.text[end : end + 1] == " ":
            end += 1
        elif start and bullet.text[start - 1] == " ":
            start -= 1
    moved = len(sentence) - (end - start)
    before = [c for c in bullet.citations if c.end <= start]
    after = [
        replace(c, start=c.start + moved, end=c.end + moved)
        for c in bullet.citations
        if c.start >= end
    ]
    own = [replace(c, start=c.start + start, end=c.end + start) for c in links]
    text = bullet.text[:start] + sentence + bullet.text[end:]
    return Words(bullet.headline, text, (*before, *own, *after))


def _proposals(workspace: Workspace, bullet: Bullet, claim: Claim, year: int) -> Iterator[Repair]:
    def tried(kind: Kind, label: str, words: Words, sentence: str) -> Repair:
        pages = _pages_with(workspace, words, claim, sentence)
        verdict = workspace.verifier(None).check_claim(sentence, pages)
        return Repair(kind, label, words, sentence, verdict.status)

    for finding in claim.verdict.findings:
        said = claim.text[finding.start : finding.end]
        if finding.code in _OTHER_PAGE and claim.field == "text":
            if finding.replacement:
                yield from _other_page(workspace, bullet, claim, finding, tried)
        elif finding.code == "link-idle":
            start = claim.start + finding.start
            kept = tuple(c for c in bullet.citations if c.start != start)
            words = Words(bullet.headline, bullet.text, kept)
            yield tried("unlink", f"Take the link on “{said}” out", words, claim.text)
        elif finding.replacement is not None:
            mended = claim.text[: finding.start] + finding.replacement + claim.text[finding.end :]
            label = f"Put “{finding.replacement}” for “{said}”"
            yield tried("replace", label, _mended(bullet, claim, finding), mended)
    if claim.verdict.status == "supported":
        return
    yield from _rewritten(workspace, bullet, claim, year, tried)
    if claim.field == "text":
        yield Repair("drop", "Drop the sentence", dropped(bullet, claim), "", None)


def _mended(bullet: Bullet, claim: Claim, finding: Finding) -> Words:
    """One replacement made where it stands, so that links keep their places."""
    start, end = claim.start + finding.start, claim.start + finding.end
    at = replace(finding, start=start, end=end, field=claim.field)
    return _words(apply(bullet, [at]))


def _other_page(
    workspace: Workspace,
    bullet: Bullet,
    claim: Claim,
    finding: Finding,
    tried: Callable[[Kind, str, Words, str], Repair],
) -> Iterator[Repair]:
    url = finding.replacement or ""
    article = workspace.articles.by_url(url)
    name = article.publisher or article.title if article else url
    inside = [c for c in bullet.citations if claim.start <= c.start < claim.end]
    if inside:
        start = claim.start + finding.start
        old = next((c for c in inside if c.start == start), inside[0])
        swapped = tuple(replace(c, url=url) if c == old else c for c in bullet.citations)
        words = Words(bullet.headline, bullet.text, swapped)
        yield tried("swap", f"Link {name} instead", words, claim.text)
        return
    if anchor := choose_anchor(claim.text, None):
        link = Citation(claim.start + anchor[0], claim.start + anchor[1], url, None)
        linked = tuple(sorted((*bullet.citations, link), key=lambda c: c.start))
        words = Words(bullet.headline, bullet.text, linked)
        yield tried("link", f"Link {name}", words, claim.text)


def _rewritten(
    workspace: Workspace,
    bullet: Bullet,
    claim: Claim,
    year: int,
    tried: Callable[[Kind, str, Words, str], Repair],
) -> Iterator[Repair]:
    """The sentence in the words of its nearest evidence; only of English pages with an address.

    For a headline, those that the linked pages have word for word.
    """
    if claim.field == "headline":
        pages = with_articles(workspace, bullet)[1]
        weights = Weights(article_terms(a) for a in pages)
        for headline in headline_options(pages, bullet.text, weights) if pages else ():
            words = Words(headline, bullet.text, bullet.citations)
            repair = tried("rewrite", f"Take “{headline}”", words, headline)
            if repair.status == "supported" and headline != claim.text:
                yield repair
        return
    if not claim.verdict.evidence:
        return
    first = claim.verdict.evidence[0]
    article = find_article(workspace.articles, first.article_id)
    if article is None or article.language != "en" or article.url is None:
        return
    sentence = house_sentence(first, article, year)
    if not sentence or sentence == claim.text:
        return
    words = replaced(bullet, claim, sentence)
    pages = _pages_with(workspace, words, claim, sentence)
    if article.id not in {a.id for a in pages}:
        anchor = choose_anchor(sentence, None)
        link = [Citation(*anchor, article.url, article.id)] if anchor else []
        words = _spliced(bullet, claim, sentence, link)
    yield tried("rewrite", "Write it in the source’s words", words, sentence)


def _pages_with(workspace: Workspace, words: Words, claim: Claim, sentence: str) -> list[Article]:
    """The pages that `sentence` is checked against, put in `claim`'s place in `words`."""
    end = claim.start + len(sentence)
    bullet = Bullet(words.headline, words.text, words.citations)
    return linked_pages(workspace, bullet, replace(claim, text=sentence, end=end))


def _words(bullet: Bullet) -> Words:
    return Words(bullet.headline, bullet.text, bullet.citations)
