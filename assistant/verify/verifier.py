"""Gives every claim of a bullet its verdict: by cited articles, then the story, then the corpus."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import replace

from assistant.llm.calibration import Calibration
from assistant.llm.chat import Chat
from assistant.llm.embeddings import Embedder
from assistant.nlp import sentences as split
from assistant.sources import Sentence
from assistant.terms import terms
from assistant.types import Article, Bullet, Citation, Claim, Status, Verdict
from assistant.verify.citations import check_links
from assistant.verify.claims import pages_for, split_claims
from assistant.verify.evidence import term_weights
from assistant.verify.judge import Judge, note, unchecked

# Share of a headline's term weight that its detail must have. In drafts of the sample corpus a
# bullet's own headline has 0.7 and more, those of unrelated stories 0.2 at most.
HEADLINE_COVERAGE = 0.5
# Nearness in wording from which another page is worth a look, as one that may say a claim.
NEAR = 0.6
# At most so many other pages are put to the model for a claim.
_MOST_ASKED = 2
# How the corpus is asked for other articles on a claim: text in, articles out, best first.
FindArticles = Callable[[str], Sequence[Article]]


class Verifier(Judge):
    """Checks the claims of bullets against articles, with or without a model.

    `find` gives other articles of the corpus, to say `wrong source` or to show the nearest
    support.
    """

    def __init__(
        self,
        embedder: Embedder,
        chat: Chat | None = None,
        find: FindArticles | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        super().__init__(embedder, chat, calibration)
        self._find = find

    def check_bullet(
        self,
        bullet: Bullet,
        articles: Sequence[Article],
        story: Sequence[Article] = (),
        known: Collection[Claim] = (),
        before_each: Callable[[], None] | None = None,
    ) -> Bullet:
        """The bullet with fresh claims and verdicts.

        `articles` are those that the bullet's citations may open (by id), `story` the
        others of its story. Each claim is checked against the pages that `pages_for` gives.
        One that is as one of those `known` keeps that one's verdict. `before_each` is called
        before each that is checked; what it raises ends the check.
        """
        verdicts = {(c.field, c.start, c.text): c.verdict for c in known}
        by_id = {a.id: a for a in articles}
        claims: list[Claim] = []
        for claim in split_claims(bullet):
            if kept := verdicts.get((claim.field, claim.start, claim.text)):
                claims.append(replace(claim, verdict=kept))
                continue
            if before_each:
                before_each()
            links = pages_for(bullet, claim)
            verdict = self._check_linked(claim, links, by_id, story)
            if claim.field == "text":
                verdict = self._with_links(claim, links, by_id, story, verdict)
            elif bullet.text:
                verdict = _within_detail(claim, bullet.text, verdict)
            claims.append(replace(claim, verdict=verdict))
        return replace(bullet, claims=tuple(claims))

    def _check_linked(
        self,
        claim: Claim,
        links: Sequence[Citation],
        articles: dict[str, Article],
        story: Sequence[Article],
    ) -> Verdict:
        if not links:
            finding = note(
                claim.text, "no-citation", "No link supports this; add one to its source."
            )
            return self._elsewhere(claim, (), story, Verdict("unsupported", 0.0, (), (finding,)))
        cited = [articles[c.article_id] for c in links if c.article_id in articles]
        cited = list(dict.fromkeys(cited))
        if not cited:
            urls = ", ".join(dict.fromkeys(c.url for c in links))
            message = (
                "The link is still a placeholder; put the address of its source there."
                if urls == "#"
                else f"The linked page is not in the corpus: {urls}. Ingest it, then check again."
            )
            return unchecked(claim.text, "source-missing", message)
        verdict = self.check_claim(claim.text, cited)
        if verdict.status == "supported" or any(
            f.code in ("model-silent", "other-language", "nothing-to-check")
            for f in verdict.findings
        ):
            return verdict
        return self._elsewhere(claim, cited, story, verdict)

    def _with_links(
        self,
        claim: Claim,
        links: Sequence[Citation],
        pages: Mapping[str, Article],
        story: Sequence[Article],
        verdict: Verdict,
    ) -> Verdict:
        """`verdict` with what is to be said of the sentence's own links."""

        def supports(some: Sequence[Article]) -> bool:
            return self.check_claim(claim.text, some).status == "supported"

        def others() -> list[Article]:
            return self._others(claim.text, {c.article_id for c in links}, story)

        return check_links(claim, links, pages, verdict, supports, others)

    def _others(
        self, claim: str, known: Container[str | None], story: Sequence[Article]
    ) -> list[Article]:
        """Articles that may say `claim`, those of its story first; none of the `known` ids."""
        found = [*story, *(self._find(claim) if self._find is not None else ())]
        return [a for a in dict.fromkeys(found) if a.id not in known]

    def _elsewhere(
        self,
        claim: Claim,
        cited: Sequence[Article],
        story: Sequence[Article],
        verdict: Verdict,
    ) -> Verdict:
        """Looks for support in the story and the corpus; keeps the verdict, names the source."""
        others = self._others(claim.text, {a.id for a in cited}, story)
        near = [(*self.nearness(claim.text, a), a) for a in others]
        near = sorted((n for n in near if n[1]), key=lambda n: n[0], reverse=True)
        if not near:
            return verdict
        worth = [n for n in near if n[0] >= NEAR][:_MOST_ASKED]
        saying = next((n for n in worth if self.says(claim.text, n[2])), None)
        _, evidence, article = saying or near[0]
        where = f"“{article.title}” ({article.publisher or article.url})"
        if saying and cited:
            message = f"Wrong source: {where} says this, the linked page does not."
            finding = note(claim.text, "wrong-source", message, article.url)
        elif saying:
            finding = note(claim.text, "source-found", f"{where} says this; link it.", article.url)
        else:
            finding = note(claim.text, "nearest-support", f"The nearest support is in {where}.")
            finding = replace(finding, level="suggestion")
        return replace(
            verdict,
            evidence=verdict.evidence or evidence,
            findings=(*verdict.findings, finding),
        )

    def says(self, claim: str, article: Article) -> bool:
        """Whether `article` supports `claim`."""
        return self.check_claim(claim, [article]).status == "supported"


def _within_detail(claim: Claim, detail: str, verdict: Verdict) -> Verdict:
    """A headline may say nothing that its detail does not say."""
    said = [
        Sentence("", a, b, detail[a:b], i, tuple(terms(detail[a:b])))
        for i, (a, b) in enumerate(split(detail))
    ]
    covered = term_weights(said).coverage(terms(claim.text), terms(detail))
    if covered >= HEADLINE_COVERAGE or verdict.status == "unchecked":
        return verdict
    message = "The detail does not say this; a headline claims only what its detail does."
    finding = note(claim.text, "headline-detail", message)
    status: Status = "partial" if verdict.status == "supported" else verdict.status
    return replace(verdict, status=status, findings=(*verdict.findings, finding))
