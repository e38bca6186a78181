"""Gives every claim its verdict: cited articles first, then the story, then the corpus."""

from __future__ import annotations

from collections.abc import Callable, Collection, Container, Mapping, Sequence
from dataclasses import replace

from assistant.llm.chat import Chat
from assistant.llm.embeddings import Embedder
from assistant.nlp import sentences as split
from assistant.sources import Sentence
from assistant.terms import terms
from assistant.types import Article, Bullet, Citation, Claim, Status, Verdict
from assistant.verify.citations import check_links
from assistant.verify.claims import split_claims
from assistant.verify.judge import Judge, note, unchecked
from assistant.verify.select import term_weights

# Share of a headline's term weight that its detail must have. In drafts of the sample corpus a
# bullet's own headline has 0.7 and more, those of unrelated stories 0.2 at most.
HEADLINE_COVERAGE = 0.5
# Probability of support from which another page is named as one that says the claim. Chosen
# on sentences of the development stories: the own page for 117 of 120, none for 40 falsified ones
# (0.6: 116 and one, 0.7: 113 and none); held-back stories: 117 of 120, two of 33.
SURE = 0.65
# How the corpus is asked for other articles on a claim: text in, articles out, best first.
FindArticles = Callable[[str], Sequence[Article]]


class Verifier(Judge):
    """Checks claims against articles, with or without a model.

    `chat` is asked only where the layers leave doubt. `find` gives other articles of
    the corpus, to say `wrong source` or to show the nearest support.
    """

    def __init__(
        self, embedder: Embedder, chat: Chat | None = None, find: FindArticles | None = None
    ) -> None:
        super().__init__(embedder, chat)
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
        others of its story. The headline is checked against all cited articles; a
        sentence without a link against those of the sentence that it continues. A claim that
        is as one of those `known` keeps that one's verdict. `before_each` is called before
        each that is checked; what it raises ends the check.
        """
        verdicts = {(c.field, c.start, c.text): c.verdict for c in known}
        by_id = {a.id: a for a in articles}
        claims: list[Claim] = []
        before: list[Citation] = []
        for claim in split_claims(bullet):
            if claim.field == "headline":
                links = list(bullet.citations)
            else:
                own = [c for c in bullet.citations if claim.start <= c.start < claim.end]
                links = before = own or before
            if kept := verdicts.get((claim.field, claim.start, claim.text)):
                claims.append(replace(claim, verdict=kept))
                continue
            if before_each:
                before_each()
            verdict = self._check(claim, links, by_id, story)
            if claim.field == "text":
                verdict = self._with_links(claim, links, by_id, story, verdict)
            elif bullet.text:
                verdict = _within_detail(claim, bullet.text, verdict)
            claims.append(replace(claim, verdict=verdict))
        return replace(bullet, claims=tuple(claims))

    def _check(
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
        if verdict.status in ("supported", "unchecked"):
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
        """`verdict` with what is to be said of the sentence's own links, by the layers alone."""

        def supports(some: Sequence[Article]) -> bool:
            return self.check_layers(claim.text, some).status == "supported"

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
        worth = (n for n in near if n[0] >= SURE)
        saying = next((n for n in worth if says(self.check_layers(claim.text, [n[2]]))), None)
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


def says(verdict: Verdict) -> bool:
    """Whether a page says a claim so surely that it may be named as its source."""
    return verdict.status == "supported" and (verdict.score or 0.0) >= SURE


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
