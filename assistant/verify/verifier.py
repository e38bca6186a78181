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
from assistant.verify import layers
from assistant.verify.ask import ask
from assistant.verify.citations import check_links
from assistant.verify.claims import split_claims
from assistant.verify.examine import Examined, examine
from assistant.verify.parts import part_finding, unsaid, weak_facts
from assistant.verify.score import MOST, combine, load_calibration, probability
from assistant.verify.select import term_weights

# Share of a headline's term weight that its detail must have. In drafts of the sample corpus a
# bullet's own headline has 0.7 and more, those of unrelated stories 0.2 at most.
HEADLINE_COVERAGE = 0.5
# So many characters of a page tell its language.
_TELLING = 2000
# Of a claim that one sentence of the page holds word for word.
_VERBATIM = 0.99
# Probability of support from which another page is named as one that says the claim. Chosen
# on sentences of the development stories: the own page for 117 of 120, none for 40 falsified ones
# (0.6: 116 and one, 0.7: 113 and none); held-back stories: 117 of 120, two of 33.
SURE = 0.65
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
            finding = _note(claim, "no-citation", "No link supports this; add one to its source.")
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
            return Verdict("unchecked", None, (), (_note(claim, "source-missing", message),))
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
        """The verdict on one statement against these articles together.

        Articles in its own language decide; against others only figures and days can be
        compared, so that it is at best `unchecked`.
        """
        own = _in_language_of(claim, articles)
        if articles and not own:
            return _across(claim, articles)
        seen = examine(claim, own, self._embedder)
        if seen is None:
            message = "There is no text to check this against."
            finding = Finding("nothing-to-check", "error", message, 0, len(claim))
            return Verdict("unchecked", None, (), (finding,))
        verdict = self._judge(claim, seen)
        if verdict.status == "supported" and not seen.verbatim:
            return self._by_facts(claim, own, verdict)
        if verdict.status in ("partial", "unsupported") and not seen.errors:
            lacking = unsaid(claim, seen.evidence)
            findings = (*verdict.findings, lacking) if lacking else verdict.findings
            return replace(verdict, findings=findings)
        return verdict

    def _judge(self, claim: str, seen: Examined) -> Verdict:
        """The verdict on what was seen of a claim as a whole."""
        evidence = tuple(s.evidence for s in seen.evidence)
        if seen.verbatim:
            return Verdict("supported", _VERBATIM, evidence)
        score = probability(seen.features)
        limits = load_calibration()["thresholds"]
        doubtful = limits["ask_from"] <= score < limits["ask_below"]
        if doubtful and not seen.errors:
            try:
                score = self._ask(claim, seen)
            except ModelError as error:
                note = Finding("model-silent", "error", str(error), 0, len(claim))
                return Verdict("unchecked", None, evidence, (*seen.findings, note))
        status = _status(score, seen.errors)
        return Verdict(status, round(min(score, MOST[status]), 4), evidence, seen.findings)

    def _by_facts(self, claim: str, articles: Sequence[Article], verdict: Verdict) -> Verdict:
        """`verdict`, or `partial` with the facts marked that the pages do not bear out."""
        limits = load_calibration()["thresholds"]

        def score(text: str) -> float:
            seen = examine(text, articles, self._embedder)
            if seen is None:
                return 0.0
            return _VERBATIM if seen.verbatim else probability(seen.features)

        lacking = []
        for fact in weak_facts(claim, score, limits["ask_below"], limits["supported"]):
            own = examine(fact.read_in(claim), articles, self._embedder)
            judged = self._judge(fact.read_in(claim), own) if own else Verdict("unsupported", 0.0)
            if judged.status == "unchecked":
                return replace(judged, evidence=verdict.evidence)
            if judged.status != "supported":
                lacking.append(part_finding(claim, fact.start, fact.end))
        if not lacking:
            return verdict
        findings = (*verdict.findings, *lacking)
        return Verdict(
            "partial", min(verdict.score or 0.0, MOST["partial"]), verdict.evidence, findings
        )

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
            finding = _note(claim, "wrong-source", message, article.url)
        elif says:
            finding = _note(claim, "source-found", f"{where} says this; link it.", article.url)
        else:
            finding = _note(claim, "nearest-support", f"The nearest support is in {where}.")
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
    note = _note(claim, "headline-detail", message)
    status: Status = "partial" if verdict.status == "supported" else verdict.status
    return replace(verdict, status=status, findings=(*verdict.findings, note))


def _in_language_of(claim: str, articles: Sequence[Article]) -> list[Article]:
    japanese = is_japanese(claim)
    return [a for a in articles if is_japanese(a.text[:_TELLING]) == japanese]


def _across(claim: str, articles: Sequence[Article]) -> Verdict:
    wrong = layers.compare_across(claim, articles)
    if wrong:
        status = _status(0.0, wrong)
        return Verdict(status, MOST["contradicted"], (), tuple(wrong))
    message = (
        "The linked page is in another language: its figures and days agree with the claim, "
        "nothing else was compared. Read the page, or link one in the claim's language."
    )
    note = Finding("other-language", "error", message, 0, len(claim))
    return Verdict("unchecked", None, (), (note,))


def _status(score: float, errors: Sequence[Finding]) -> Status:
    limits = load_calibration()["thresholds"]
    if any(f.replacement or f.code == "negation" for f in errors):
        return "contradicted"
    if errors:
        return "partial" if score >= limits["partial"] / 2 else "unsupported"
    if score >= limits["supported"]:
        return "supported"
    return "partial" if score >= limits["partial"] else "unsupported"


def _note(claim: Claim, code: str, message: str, replacement: str | None = None) -> Finding:
    return Finding(code, "error", message, 0, len(claim.text), replacement)
