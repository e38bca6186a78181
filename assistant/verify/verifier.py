"""Gives every claim its verdict: cited articles first, then the story, then the corpus."""

from __future__ import annotations

from collections.abc import Callable, Container, Mapping, Sequence
from dataclasses import replace

from assistant.errors import ModelError
from assistant.llm.chat import Chat
from assistant.llm.embeddings import Embedder
from assistant.nlp import is_japanese
from assistant.nlp import sentences as split
from assistant.sources import Sentence
from assistant.terms import terms
from assistant.types import Article, Bullet, Citation, Claim, Finding, Status, Usage, Verdict
from assistant.verify.ask import ask
from assistant.verify.citations import check_links
from assistant.verify.claims import split_claims
from assistant.verify.examine import Examined, examine
from assistant.verify.score import MOST, combine, load_calibration, probability
from assistant.verify.select import term_weights

# Share of a headline's term weight that its detail must have. In drafts of the sample corpus a
# bullet's own headline has 0.7 and more, those of unrelated stories 0.2 at most.
HEADLINE_COVERAGE = 0.5
# Probability of support from which another page is named as one that says the claim. Chosen
# on sentences of the development stories: the own page for 117 of 120, none for 40 falsified ones
# (0.6: 116 and one, 0.7: 113 and none); held-back stories: 117 of 120, two of 33.
SURE = 0.65
# So many characters tell what language an article is in.
_ENOUGH = 1000
# How the corpus is asked for other articles on a claim: text in, articles out, best first.
FindArticles = Callable[[str], Sequence[Article]]


class Verifier:
    """Checks claims against articles, with or without a model.

    `chat` is asked only where the layers leave doubt. `find` gives other articles of
    the corpus, to say `wrong source` or to show the nearest support.
    """

    def __init__(
        self, embedder: Embedder, chat: Chat | None = None, find: FindArticles | None = None
    ) -> None:
        self._embedder = embedder
        self._chat = chat
        self._find = find
        self.usage = Usage()

    def check_bullet(
        self, bullet: Bullet, articles: Sequence[Article], story: Sequence[Article] = ()
    ) -> Bullet:
        """The bullet with fresh claims and verdicts.

        `articles` are those that the bullet's citations may open (by id), `story` the
        others of its story. The headline is checked against all cited articles; a
        sentence without a link against those of the sentence that it continues.
        """
        by_id = {a.id: a for a in articles}
        claims: list[Claim] = []
        before: list[Citation] = []
        for claim in split_claims(bullet):
            if claim.field == "headline":
                links = list(bullet.citations)
            else:
                own = [c for c in bullet.citations if claim.start <= c.start < claim.end]
                links = before = own or before
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
            finding = _note(
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
            return _unchecked(claim.text, "source-missing", message)
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

    def check_text(self, text: str, articles: Sequence[Article]) -> Verdict:
        """The verdict on a text of several statements, each checked by itself."""
        spans = split(text) or [(0, len(text))]
        return combine([(a, self.check_claim(text[a:b], articles)) for a, b in spans])

    def check_claim(self, claim: str, articles: Sequence[Article]) -> Verdict:
        """The verdict on one statement against these articles together."""
        seen = examine(claim, articles, self._embedder)
        if seen is None:
            message = "There is nothing to check here, or no text to check it against."
            return _unchecked(claim, "nothing-to-check", message)
        if all(is_japanese(a.text[:_ENOUGH]) != is_japanese(claim) for a in articles):
            message = "The source is in another language; compare the two yourself."
            return _unchecked(claim, "other-language", message)
        evidence = tuple(s.evidence for s in seen.evidence)
        if seen.verbatim:
            return Verdict("supported", 0.99, evidence)
        score = probability(seen.features)
        if not evidence:
            finding = _note(claim, "no-evidence", "No sentence of the source is about this.")
            score = min(score, MOST["unsupported"])
            return Verdict("unsupported", round(score, 4), (), (*seen.findings, finding))
        limits = load_calibration()["thresholds"]
        doubtful = limits["ask_from"] <= score < limits["ask_below"]
        if doubtful and not seen.errors:
            try:
                score = self._ask(claim, seen)
            except ModelError as error:
                note = _note(claim, "model-silent", str(error))
                return Verdict("unchecked", None, evidence, (*seen.findings, note))
        status = _status(score, seen.errors)
        return Verdict(status, round(min(score, MOST[status]), 4), evidence, seen.findings)

    def _ask(self, claim: str, seen: Examined) -> float:
        """The probability with the model's answer; without a model, the layers' own."""
        if self._chat is None:
            return probability(seen.features)
        answer, usage = ask(self._chat, claim, seen.evidence)
        self.usage += usage
        return probability(seen.features, answer)

    def _elsewhere(
        self,
        claim: Claim,
        cited: Sequence[Article],
        story: Sequence[Article],
        verdict: Verdict,
    ) -> Verdict:
        """Looks for support in the story and the corpus; keeps the verdict, names the source."""
        others = self._others(claim.text, {a.id for a in cited}, story)
        best = max(
            ((self.check_layers(claim.text, [a]), a) for a in others),
            key=lambda pair: pair[0].score or 0.0,
            default=None,
        )
        if best is None or not best[0].evidence:
            return verdict
        other, article = best
        where = f"“{article.title}” ({article.publisher or article.url})"
        says = other.status == "supported" and (other.score or 0.0) >= SURE
        if says and cited:
            message = f"Wrong source: {where} says this, the linked page does not."
            finding = _note(claim.text, "wrong-source", message, article.url)
        elif says:
            finding = _note(claim.text, "source-found", f"{where} says this; link it.", article.url)
        else:
            finding = _note(claim.text, "nearest-support", f"The nearest support is in {where}.")
            finding = replace(finding, level="suggestion")
        return replace(
            verdict,
            evidence=verdict.evidence or other.evidence,
            findings=(*verdict.findings, finding),
        )

    def check_layers(self, claim: str, articles: Sequence[Article]) -> Verdict:
        """`check_claim` without the model."""
        return Verifier(self._embedder).check_claim(claim, articles)


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
    note = _note(claim.text, "headline-detail", message)
    status: Status = "partial" if verdict.status == "supported" else verdict.status
    return replace(verdict, status=status, findings=(*verdict.findings, note))


def _status(score: float, errors: Sequence[Finding]) -> Status:
    limits = load_calibration()["thresholds"]
    if any(f.replacement or f.code == "negation" for f in errors):
        return "contradicted"
    if errors:
        return "partial" if score >= limits["partial"] / 2 else "unsupported"
    if score >= limits["supported"]:
        return "supported"
    return "partial" if score >= limits["partial"] else "unsupported"


def _unchecked(claim: str, code: str, message: str) -> Verdict:
    return Verdict("unchecked", None, (), (_note(claim, code, message),))


def _note(claim: str, code: str, message: str, replacement: str | None = None) -> Finding:
    return Finding(code, "error", message, 0, len(claim), replacement)
