"""Judges one statement against some articles: the layers, then its facts, then a model."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.errors import ModelError
from assistant.llm.chat import Chat
from assistant.llm.embeddings import Embedder
from assistant.nlp import is_japanese, sentences
from assistant.sources import unbarred
from assistant.terms import terms, without_accents
from assistant.types import Article, Evidence, Finding, Status, Usage, Verdict
from assistant.verify import layers
from assistant.verify.ask import ask
from assistant.verify.examine import Examined, examine, nearness
from assistant.verify.parts import part_finding, unsaid, weak_facts
from assistant.verify.score import MOST, below, combine, load_calibration, probability
from assistant.verify.truecase import truecase

# So many characters of a page tell its language.
_TELLING = 2000
# Of a claim that one sentence of the page holds word for word.
_VERBATIM = 0.99
# Findings on how a thing is told: in free wording a model judges that better than word lists.
# All others are on figures, days, names and offices, which a page has or has not.
_OF_WORDING = frozenset(("action", "attribution", "cause", "negation", "role", "scope", "strength"))
# In the copy of a sentence a small model passes over half of the changes of strength, and over
# some exchanged names and bounds; invented causes it sees, and fewer are taken for such.
_OF_WORDING_IN_COPIES = frozenset(("cause",))


class Judge:
    """Gives statements their verdicts; `chat` is asked only where the layers leave doubt."""

    def __init__(self, embedder: Embedder, chat: Chat | None = None) -> None:
        self._embedder = embedder
        self._chat = chat
        self.usage = Usage()

    def check_text(self, text: str, articles: Sequence[Article]) -> Verdict:
        """The verdict on a text of several statements; each that says something is checked."""
        spans = [(a, b) for a, b in sentences(text) if terms(text[a:b])] or [(0, len(text))]
        return combine([(a, self.check_claim(text[a:b], articles)) for a, b in spans])

    def check_claim(self, claim: str, articles: Sequence[Article]) -> Verdict:
        """The verdict on one statement against these articles together.

        Articles in its own language decide; against others only figures and days can be
        compared, so that it is at best `unchecked`.
        """
        own: Sequence[Article] = _in_language_of(claim, articles)
        if articles and not own:
            return _across(claim, articles)
        if claim.strip() and not unbarred(claim):
            message = "This speaks to a program, not to a reader; take it out."
            return Verdict("unsupported", 0.0, (), (note(claim, "to-a-program", message),))
        # Accents tell no names apart: romanised Japanese has them or not.
        pages = [(a, _without_accents(a)) for a in own]
        claim, own = truecase(without_accents(claim), [plain for _, plain in pages])
        seen = examine(claim, own, self._embedder)
        if seen is None:
            message = "There is nothing to check here, or no text to check it against."
            return unchecked(claim, "nothing-to-check", message)
        verdict = self._judge(claim, seen)
        if verdict.status == "supported" and not seen.verbatim:
            verdict = self._by_facts(claim, own, verdict)
        elif verdict.status in ("partial", "unsupported") and not seen.errors:
            lacking = unsaid(claim, seen.evidence)
            findings = (*verdict.findings, lacking) if lacking else verdict.findings
            verdict = replace(verdict, findings=findings)
        return replace(verdict, findings=tuple(_with_accents(f, pages) for f in verdict.findings))

    def check_layers(self, claim: str, articles: Sequence[Article]) -> Verdict:
        """`check_claim` without the model."""
        return Judge(self._embedder).check_claim(claim, articles)

    def nearness(self, claim: str, article: Article) -> tuple[float, tuple[Evidence, ...]]:
        """How likely a page supports `claim` if nothing in it speaks against that, and where.

        The layers can only find less. Nothing is near of a page in another language, or to a
        claim that speaks to a program.
        """
        own = _in_language_of(claim, [article]) if unbarred(claim) else []
        score, chosen = nearness(claim, own, self._embedder)
        return score, tuple(s.evidence for s in chosen)

    def _judge(self, claim: str, seen: Examined) -> Verdict:
        """The verdict on what was seen of a claim as a whole."""
        evidence = tuple(s.evidence for s in seen.evidence)
        if seen.verbatim:
            return Verdict("supported", _VERBATIM, evidence)
        score = layered = probability(seen.features)
        if not evidence:
            finding = note(claim, "no-evidence", "No sentence of the source is about this.")
            score = min(score, MOST["unsupported"])
            return Verdict("unsupported", round(score, 4), (), (*seen.findings, finding))
        limits = load_calibration()["thresholds"]
        wrong = refuted(seen)
        answered = False
        if self._chat is not None and _worth_asking(seen, score):
            try:
                score, answered = self._ask(seen), True
            except ModelError as error:
                if not wrong:
                    silent = note(claim, "model-silent", str(error))
                    return Verdict("unchecked", None, evidence, (*seen.findings, silent))
        if wrong or (seen.errors and not answered):
            score = below(score, limits["supported"])
            return Verdict(_status(layered, seen.errors), round(score, 4), evidence, seen.findings)
        if score < limits["supported"]:
            return Verdict(_status(score, seen.errors), round(score, 4), evidence, seen.findings)
        warned = [replace(f, level="warning") if f in seen.errors else f for f in seen.findings]
        return Verdict("supported", round(score, 4), evidence, tuple(warned))

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

    def _ask(self, seen: Examined) -> float:
        """The probability with the model's answer; ModelError where it gives none."""
        assert self._chat is not None
        answer, usage = ask(self._chat, seen.claim, seen.shown)
        self.usage += usage
        return probability(seen.features, answer)


@lru_cache(maxsize=64)  # a page is asked for with each of the claims that cite it
def _without_accents(article: Article) -> Article:
    publisher = article.publisher and without_accents(article.publisher)
    text, title = without_accents(article.text), without_accents(article.title)
    return replace(article, text=text, title=title, publisher=publisher)


def _with_accents(finding: Finding, pages: Iterable[tuple[Article, Article]]) -> Finding:
    """`finding` with its replacement spelled as a page, given with and without accents, has it."""
    words = finding.replacement
    if not words:
        return finding
    for page, plain in pages:
        at = plain.text.find(words)
        if at >= 0:
            return replace(finding, replacement=page.text[at : at + len(words)])
    return finding


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
    return unchecked(claim, "other-language", message)


def _status(score: float, errors: Sequence[Finding]) -> Status:
    limits = load_calibration()["thresholds"]
    if any(f.replacement or f.code in ("negation", "opposite") for f in errors):
        return "contradicted"
    if errors:
        return "partial" if score >= limits["partial"] / 2 else "unsupported"
    if score >= limits["supported"]:
        return "supported"
    return "partial" if score >= limits["partial"] else "unsupported"


def refuted(seen: Examined) -> bool:
    """Whether the layers' errors refute a claim, so that no model's yes undoes it.

    A figure, a day, a name or an office that the page lacks does, and in the copy of a
    sentence nearly any error. Of a claim told in other words a model is still asked: its
    answer tells which of two refuted claims is nearer to the page. Other findings on wording
    are weighed with the answer, and warn the editor where it says yes.
    """
    weighed = _OF_WORDING_IN_COPIES if seen.errors and seen.copied else _OF_WORDING
    return any(f.code not in weighed for f in seen.errors)


def _worth_asking(seen: Examined, score: float) -> bool:
    """Whether a model's answer would tell something that the layers do not know better."""
    if refuted(seen):
        return not seen.copied
    limits = load_calibration()["thresholds"]
    doubtful = limits["ask_from"] <= score < limits["ask_below"]
    # Of a claim whose every word one sentence has, in order, the layers judge what it left out.
    return doubtful and (bool(seen.errors) or seen.copied < 1)


def unchecked(claim: str, code: str, message: str) -> Verdict:
    """The verdict of a check that could not be made, and why."""
    return Verdict("unchecked", None, (), (note(claim, code, message),))


def note(claim: str, code: str, message: str, replacement: str | None = None) -> Finding:
    """An error on the whole claim."""
    return Finding(code, "error", message, 0, len(claim), replacement)
