"""What an editor does to a bullet: save new words, and have them checked again.

Every action is one transaction, committed before it returns, with its author in the log.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.errors import IngestError, ReviewError
from assistant.ingest.address import canonical_url
from assistant.pipeline import with_style_findings
from assistant.review.settings import active_rules
from assistant.store import audit, bullets
from assistant.store.bullets import Revision
from assistant.types import Article, Bullet, Citation, Claim, Issue
from assistant.verify.claims import UNCHECKED, pages_for, split_claims
from assistant.workspace import Workspace

MOST_CHARACTERS = 20_000  # a bullet has about 1,000; each claim of a text takes a search to check
_WEB = re.compile(r"https?://[^\s/]", re.I)


@dataclass(frozen=True)
class Words:
    """What an editor writes: a headline, a plain text, and its links."""

    headline: str
    text: str
    citations: tuple[Citation, ...] = ()


class Conflict(ReviewError):
    """Somebody else saved other words meanwhile; `theirs` is the newest revision."""

    code = "conflict"

    def __init__(self, theirs: Revision) -> None:
        super().__init__(
            f"{theirs.author} saved revision {theirs.number} of this bullet meanwhile, so "
            "nothing was saved; your text is still on the screen. Compare the two, and keep "
            "what is right of each."
        )
        self.theirs = theirs


def newest(workspace: Workspace, bullet_id: str) -> Revision:
    """The last saved version of a bullet; ReviewError where there is no such bullet."""
    with workspace.database.read() as connection:
        revision = bullets.newest(connection, bullet_id)
    if revision is None:
        raise ReviewError(f"There is no bullet {bullet_id!r}; open the issue again.")
    return revision


def find_bullet(issue: Issue, bullet_id: str) -> Bullet:
    """The bullet of `issue` with this id; ReviewError where it has none."""
    for bullet in issue.bullets:
        if bullet.id == bullet_id:
            return bullet
    raise ReviewError(f"Issue {issue.id} has no bullet {bullet_id!r}; open the issue again.")


def save_bullet(
    workspace: Workspace,
    issue_id: str,
    bullet_id: str,
    words: Words,
    author: str,
    based_on: int,
    note: str = "",
) -> Issue:
    """Save an editor's words as the next revision of a bullet, and return the issue.

    Links are tied to the corpus by their URL. A claim keeps its verdict where its words
    and the pages that it was checked against are the same; every other one is stale.
    `based_on` is the number of the revision that the editor started from. Text that is
    as it was makes no revision. `note` says in the history what was done.

    Raises Conflict, with nothing saved, where somebody else saved other words since
    `based_on`; ReviewError where the issue was sent, or where a bullet cannot keep the
    words; StoreError where there is no such issue.
    """
    issue = workspace.issues.get(issue_id)
    revision = newest(workspace, find_bullet(issue, bullet_id).id)
    before = revision.bullet
    after = with_words(before, words)
    if same_words(after, before):
        return issue
    if based_on != revision.number:
        with workspace.database.read() as connection:
            seen = bullets.at(connection, bullet_id, based_on)
        if seen is None or not same_words(seen.bullet, before):
            raise Conflict(revision)
    after, _ = with_articles(workspace, after)
    after = replace(after, claims=_carried(before, after))
    # The check that follows looks at the style of the other bullets: typing must not wait.
    what = "bullet edited"
    return commit(workspace, issue, after, revision, author, what, issue.model, note, others=False)


def with_words(bullet: Bullet, words: Words) -> Bullet:
    """The bullet with other words and links, its claims as they were.

    Line breaks become spaces, so that offsets stay; ReviewError where the words are too
    many, a link has no words or overlaps another, or an address is none of the web's.
    """
    text = re.sub(r"[\r\n\t\u00a0]", " ", words.text).rstrip()
    headline = " ".join(words.headline.split())
    if len(text) + len(headline) > MOST_CHARACTERS:
        raise ReviewError(
            f"A bullet holds at most {MOST_CHARACTERS:,} characters; nothing was saved. "
            "Your text is still on the screen: shorten it."
        )
    citations = sorted(words.citations, key=lambda c: c.start)
    done = 0
    for citation in citations:
        if not done <= citation.start < citation.end <= len(text):
            raise ReviewError(
                "A link has no words or overlaps another; nothing was saved. "
                "Take the link away and set it again."
            )
        if citation.url != "#" and not _WEB.match(citation.url):
            raise ReviewError(
                f"“{citation.url[:80]}” is no web address; nothing was saved. "
                "A link needs one that begins with https:// or http://."
            )
        done = citation.end
    return replace(bullet, headline=headline, text=text, citations=tuple(citations))


def same_words(one: Bullet, other: Bullet) -> bool:
    """Whether two versions of a bullet read the same, links included."""
    return _words(one) == _words(other)


def _words(bullet: Bullet) -> tuple[object, ...]:
    links = tuple((c.start, c.end, c.url) for c in bullet.citations)
    return bullet.headline, bullet.text, links


def check_bullet(
    workspace: Workspace,
    issue_id: str,
    bullet_id: str,
    author: str,
    touched_only: bool = False,
    before_each: Callable[[], None] | None = None,
) -> Issue:
    """Check a bullet's claims and style as they stand now, and save the verdicts.

    All its claims are checked, since an article may have come or changed; or, after an
    edit, those that it `touched_only`, with the headline, which answers for its detail.
    `before_each` is called before each of them; what it raises ends the check.

    Raises ReviewError where the bullet was saved anew while it was being checked or the
    issue was sent, ModelError where the model cannot be started.
    """
    issue = workspace.issues.get(issue_id)
    revision = newest(workspace, find_bullet(issue, bullet_id).id)
    chat = workspace.chat
    bullet, cited = with_articles(workspace, revision.bullet)
    story = bullet.story.article_ids if bullet.story else ()
    others = [workspace.articles.get(name) for name in workspace.articles.texts(story)]
    known = [c for c in bullet.claims if touched_only and c.field == "text" and not c.stale]
    bullet = workspace.verifier(chat).check_bullet(bullet, cited, others, known, before_each)
    model = chat.name if chat else "none"
    return commit(workspace, issue, bullet, revision, author, "bullet checked", model)


def check_stale(workspace: Workspace, issue_id: str, author: str) -> Issue:
    """`check_bullet` for every bullet of the issue that has a stale claim."""
    issue = workspace.issues.get(issue_id)
    for bullet in issue.bullets:
        if any(claim.stale for claim in bullet.claims):
            issue = check_bullet(workspace, issue_id, bullet.id, author)
    return issue


def with_articles(workspace: Workspace, bullet: Bullet) -> tuple[Bullet, list[Article]]:
    """The bullet with its links tied to the corpus, and the articles that they open."""
    found = articles_behind(workspace, (c.url for c in bullet.citations))
    tied = []
    for citation in bullet.citations:
        article = found.get(citation.url)
        tied.append(replace(citation, article_id=article.id if article else None))
    articles = {a.id: a for a in found.values()}
    return replace(bullet, citations=tuple(tied)), list(articles.values())


def linked_pages(workspace: Workspace, bullet: Bullet, claim: Claim) -> list[Article]:
    """The articles that a claim of `bullet` is checked against."""
    return with_articles(workspace, Bullet("", "", tuple(pages_for(bullet, claim))))[1]


def articles_behind(workspace: Workspace, urls: Iterable[str]) -> dict[str, Article]:
    """The articles that these addresses open; one that opens none of the corpus is left out."""
    forms = {url: (url, *_canonical(url)) for url in dict.fromkeys(urls)}
    known = workspace.articles.by_urls(form for each in forms.values() for form in each)
    found = {url: next((known[f] for f in each if f in known), None) for url, each in forms.items()}
    return {url: article for url, article in found.items() if article is not None}


def _canonical(url: str) -> list[str]:
    try:
        return [canonical_url(url)]
    except IngestError:  # a placeholder or no web address: such a link has no article
        return []


def _carried(before: Bullet, after: Bullet) -> tuple[Claim, ...]:
    """Claims of `after`: with their verdict where nothing that it depends on changed."""
    known: dict[tuple[str, str, frozenset[str]], list[Claim]] = {}
    for claim, pages in zip(before.claims, _pages(before, before.claims), strict=True):
        known.setdefault((claim.field, claim.text, pages), []).append(claim)
    fresh = split_claims(after)
    claims = []
    for claim, pages in zip(fresh, _pages(after, fresh), strict=True):
        same = known.get((claim.field, claim.text, pages))
        if same:
            old = same.pop(0)
            claims.append(replace(claim, verdict=old.verdict, stale=old.stale))
        else:
            claims.append(replace(claim, verdict=UNCHECKED, stale=True))
    # Where sentences only went or moved, the headline may say what no sentence says now.
    if before.text != after.text and not any(c.stale for c in claims):
        claims = [replace(c, stale=c.field == "headline") for c in claims]
    return tuple(claims)


def _pages(bullet: Bullet, claims: Sequence[Claim]) -> list[frozenset[str]]:
    """The pages that each claim is checked against."""
    return [frozenset(c.article_id or c.url for c in pages_for(bullet, claim)) for claim in claims]


def commit(
    workspace: Workspace,
    issue: Issue,
    bullet: Bullet,
    revision: Revision,
    author: str,
    what: str,
    checker: str,
    note: str = "",
    others: bool = True,
) -> Issue:
    """Save `bullet` in place of `revision`, with its style findings; the `issue` with it.

    Rules such as those on acronyms look at all bullets, so that findings on the others
    may change too: with `others` they are looked for as well, and saved for words that are
    still as they were. Raises Conflict where the bullet has a newer revision, ReviewError
    where the issue was sent.
    """
    if workspace.issues.status(issue.id) == "sent":
        raise ReviewError(f"Issue {issue.id} was sent and can no longer be changed.")
    edited = tuple(bullet if b.id == bullet.id else b for b in issue.bullets)
    styled = edited if others else (bullet,)
    cited = articles_behind(workspace, (c.url for b in styled for c in b.citations))
    only = None if others else bullet.id
    whole, rules = replace(issue, bullets=edited), active_rules(workspace)
    after = with_style_findings(whole, list(cited.values()), only, rules)
    with workspace.database.write() as connection:
        stored = bullets.newest(connection, bullet.id)
        if stored is None or stored.number != revision.number:
            raise Conflict(stored or revision)
        for old, new in zip(issue.bullets, after.bullets, strict=True):
            if new.id == bullet.id:
                bullets.save(connection, new, author, checker, note)
            elif new != old:
                beside = bullets.newest(connection, new.id)
                if beside is not None and beside.bullet == old:
                    bullets.save(connection, new, author, checker)
        audit.record(connection, author, what, {"issue": issue.id, "bullet": bullet.id})
    return after
