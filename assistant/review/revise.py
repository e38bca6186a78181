"""A bullet drafted again as an editor asks: proposals, sentence by sentence, each checked.

Nothing is saved until the editor accepts a proposal, and each one accepted is a revision.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from assistant.draft.extract import house_sentence
from assistant.draft.link import choose_anchor
from assistant.draft.propose import propose_sources
from assistant.draft.revise import added_subject, revise_sentence
from assistant.errors import ReviewError
from assistant.llm.chat import Chat
from assistant.review.edit import Words, find_bullet, linked_pages, save_bullet
from assistant.review.evidence import find_article
from assistant.review.repairs import dropped, replaced
from assistant.sources import usable_sentences
from assistant.terms import Weights, cosine, terms
from assistant.types import Article, Bullet, Citation, Claim, Issue, Status
from assistant.workspace import Workspace


@dataclass(frozen=True)
class Proposal:
    """Another wording: `old` is empty for a new sentence, `new` for one to be dropped.

    `status` is what a check without a model says of it, None where nothing is left to say;
    `url` is the page of a new sentence.
    """

    old: str
    new: str
    status: Status | None
    url: str | None = None


@dataclass(frozen=True)
class SourceFor:
    """A page for a sentence that has no link: on which word, and what the page is."""

    sentence: str
    anchor: str
    url: str
    title: str


def revise(
    workspace: Workspace, issue_id: str, bullet_id: str, instruction: str, sentence: str | None
) -> Iterator[Proposal]:
    """Proposals for a bullet, or for one `sentence` of it, as each is written and checked.

    A sentence that stays as it is gives none. Raises ReviewError without an instruction,
    ModelError where the model fails or is needed and absent.
    """
    instruction = " ".join(instruction.split())
    if not instruction:
        raise ReviewError("Say what should change, such as “shorter”.")
    issue = workspace.issues.get(issue_id)
    bullet = find_bullet(issue, bullet_id)
    wanted = [c for c in bullet.claims if c.field == "text" and sentence in (None, c.text)]
    if not wanted:
        raise ReviewError("That sentence is gone; look at the bullet again.")
    chat = workspace.chat
    if (subject := added_subject(instruction)) is not None:
        yield _added(workspace, issue, bullet, subject)
        return
    for number, claim in enumerate(wanted, 1):
        new = _revised(workspace, chat, instruction, claim, (number, len(wanted)))
        if new is None:
            yield Proposal(claim.text, "", None)
        elif new != claim.text:
            pages = linked_pages(workspace, bullet, claim)
            status = workspace.verifier(None).check_claim(new, pages)
            yield Proposal(claim.text, new, status.status)


def accept(
    workspace: Workspace,
    issue_id: str,
    bullet_id: str,
    proposal: Proposal,
    author: str,
    based_on: int,
    instruction: str,
) -> Issue:
    """Put a proposal into the bullet and save it.

    Raises ReviewError where its sentence is gone or its page is not in the corpus,
    Conflict as `save_bullet` does.
    """
    bullet = find_bullet(workspace.issues.get(issue_id), bullet_id)
    note = f"Revised: {instruction}"[:200]
    if not proposal.old:
        words = _appended(workspace, bullet, proposal)
    else:
        claim = next(
            (c for c in bullet.claims if c.field == "text" and c.text == proposal.old), None
        )
        if claim is None:
            raise ReviewError("That sentence reads differently now; ask for the revision again.")
        words = replaced(bullet, claim, proposal.new) if proposal.new else dropped(bullet, claim)
    return save_bullet(workspace, issue_id, bullet_id, words, author, based_on, note)


def propose(workspace: Workspace, issue_id: str, bullet_id: str) -> list[SourceFor]:
    """A page for each sentence without a link that some article of the corpus supports."""
    bullet = find_bullet(workspace.issues.get(issue_id), bullet_id)
    found = propose_sources(bullet, workspace.verifier(workspace.chat), workspace.find_articles)
    offers = []
    for claim in bullet.claims:
        if claim.field == "headline" or _own(bullet, claim):
            continue
        for citation in found.citations:
            if claim.start <= citation.start < claim.end and citation.article_id:
                anchor = bullet.text[citation.start : citation.end]
                title = workspace.articles.get(citation.article_id).title
                offers.append(SourceFor(claim.text, anchor, citation.url, title))
    return offers


def link_source(
    workspace: Workspace,
    issue_id: str,
    bullet_id: str,
    offer: SourceFor,
    author: str,
    based_on: int,
) -> Issue:
    """Link a sentence to the page that was proposed for it; errors as `accept`."""
    bullet = find_bullet(workspace.issues.get(issue_id), bullet_id)
    claim = next((c for c in bullet.claims if c.text == offer.sentence), None)
    at = offer.sentence.find(offer.anchor)
    if claim is None or at < 0 or not offer.anchor:
        raise ReviewError("That sentence reads differently now; ask for sources again.")
    _known(workspace, offer.url)
    start = claim.start + at
    link = Citation(start, start + len(offer.anchor), offer.url, None)
    words = Words(bullet.headline, bullet.text, (*bullet.citations, link))
    note = f"Linked “{offer.anchor}”"
    return save_bullet(workspace, issue_id, bullet_id, words, author, based_on, note)


def _revised(
    workspace: Workspace,
    chat: Chat | None,
    instruction: str,
    claim: Claim,
    place: tuple[int, int],
) -> str | None:
    evidence = []
    for piece in claim.verdict.evidence:
        article = find_article(workspace.articles, piece.article_id)
        if article is not None:
            evidence.append(article.text[piece.start : piece.end])
    return revise_sentence(chat, instruction, claim.text, place, evidence)


def _added(workspace: Workspace, issue: Issue, bullet: Bullet, subject: str) -> Proposal:
    """The sentence of the story's articles, else of the corpus, that is most about `subject`."""
    own = bullet.story.article_ids if bullet.story else ()
    articles = [a for a in (find_article(workspace.articles, i) for i in own) if a is not None]
    articles += [a for a in workspace.find_articles(subject) if a not in articles]
    candidates = [
        (article, sentence)
        for article in articles
        if article.language == "en" and article.url
        for sentence in usable_sentences(article)
    ]
    weights = Weights([list(sentence.terms) for _, sentence in candidates])
    target = weights.vector(terms(subject))
    best = max(
        candidates,
        key=lambda pair: cosine(weights.vector(list(pair[1].terms)), target),
        default=None,
    )
    if best is None or not cosine(weights.vector(list(best[1].terms)), target):
        raise ReviewError(f"No article says anything of “{subject}”; nothing was changed.")
    article, sentence = best
    text = house_sentence(sentence.evidence, article, issue.date.year)
    return Proposal("", text, "supported", article.url)


def _appended(workspace: Workspace, bullet: Bullet, proposal: Proposal) -> Words:
    article = _known(workspace, proposal.url or "")
    start = len(bullet.text) + 1 if bullet.text else 0
    text = f"{bullet.text} {proposal.new}" if bullet.text else proposal.new
    anchor = choose_anchor(proposal.new, None)
    if anchor is None or any(c.url == article.url for c in bullet.citations):
        return Words(bullet.headline, text, bullet.citations)  # a page is linked once
    link = Citation(start + anchor[0], start + anchor[1], article.url or "", article.id)
    return Words(bullet.headline, text, (*bullet.citations, link))


def _known(workspace: Workspace, url: str) -> Article:
    article = workspace.articles.by_url(url)
    if article is None:
        raise ReviewError("That page is no longer in the corpus; nothing was changed.")
    return article


def _own(bullet: Bullet, claim: Claim) -> list[Citation]:
    return [c for c in bullet.citations if claim.start <= c.start < claim.end]
