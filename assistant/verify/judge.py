"""Judges one statement against some articles: evidence, checks, entailment, verdict, location."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import lru_cache

from assistant.dates import find_dates
from assistant.errors import ModelError
from assistant.llm.calibration import Calibration, load_calibration
from assistant.llm.chat import Chat
from assistant.llm.embeddings import Embedder
from assistant.nlp import is_japanese, sentences
from assistant.sources import unbarred
from assistant.terms import terms, without_accents
from assistant.types import Article, Evidence, Finding, Status, Usage, Verdict
from assistant.verify.checks import Findings, issued_on, run_checks
from assistant.verify.days import days_of
from assistant.verify.entailment import ask, says_word_for_word, wordings
from assistant.verify.evidence import Held, Pages, hold, open_pages, select_evidence
from assistant.verify.figures import figures_of, is_given
from assistant.verify.japanese import names_found, nearest_sentences
from assistant.verify.score import below, combine, features
from assistant.verify.spans import unsupported_spans

# So many characters of a page tell its language.
_TELLING = 2000
# Of a claim that one sentence of the page has word for word.
_WORD_FOR_WORD = 0.99
# So many verdicts are kept, by claim and pages.
_KEPT = 1024
# So many sentences of a page in another language are shown.
_SHOWN_ACROSS = 3


class Judge:
    """Gives statements their verdicts, with or without a model.

    Without one a claim is `supported` only where one sentence says it word for word; what a
    check refutes is not supported, and all else is `unchecked`.
    """

    def __init__(
        self,
        embedder: Embedder,
        chat: Chat | None = None,
        calibration: Calibration | None = None,
    ) -> None:
        self._embedder = embedder
        self._chat = chat
        self._calibration = calibration or load_calibration()
        self._verdicts: dict[tuple[str, tuple[Article, ...]], Verdict] = {}
        self.usage = Usage()

    def check_text(self, text: str, articles: Sequence[Article]) -> Verdict:
        """The verdict on a text of several statements; each that says something is checked."""
        spans = [(a, b) for a, b in sentences(text) if terms(text[a:b])] or [(0, len(text))]
        return combine([(a, self.check_claim(text[a:b], articles)) for a, b in spans])

    def check_claim(self, claim: str, articles: Sequence[Article]) -> Verdict:
        """The verdict on one statement against these articles together.

        Articles in its own language decide; against others only figures and days can be
        compared, so that it is `unchecked`. A verdict is kept for the same words and
        pages, unless it is `unchecked` although there is a model.
        """
        key = (claim, tuple(articles))
        if key not in self._verdicts:
            verdict = self._check(claim, articles)
            if verdict.status == "unchecked" and self._chat is not None:
                return verdict
            while len(self._verdicts) >= _KEPT:
                del self._verdicts[next(iter(self._verdicts))]
            self._verdicts[key] = verdict
        return self._verdicts[key]

    def nearness(self, claim: str, article: Article) -> tuple[float, tuple[Evidence, ...]]:
        """How near the wording of a page is to `claim`, 0 to 1, and in which sentences.

        Nothing is near of a page in another language, to a claim that speaks to a program, or
        where a check refutes the claim.
        """
        own = _in_language_of(claim, [article]) if unbarred(claim) else []
        if not own:
            return 0.0, ()
        pages = open_pages((unaccented(article),))
        claim = without_accents(claim)
        chosen = select_evidence(claim, pages.sentences, pages.weights)
        if not chosen or run_checks(claim, pages).refuting:
            return 0.0, ()
        held = Held(claim, pages, tuple(chosen))
        near = self._calibration.probability(features(held, self._embedder))
        return near, tuple(s.evidence for s in chosen)

    def _check(self, claim: str, articles: Sequence[Article]) -> Verdict:
        own = _in_language_of(claim, articles)
        if articles and not own:
            return _across(claim, articles)
        if claim.strip() and not unbarred(claim):
            message = "This speaks to a program, not to a reader; take it out."
            return Verdict("unsupported", 0.0, (), (note(claim, "to-a-program", message),))
        # Accents tell no names apart: romanised Japanese has them or not.
        pages = [(a, unaccented(a)) for a in own]
        claim = without_accents(claim)
        held = hold(claim, [plain for _, plain in pages], self._embedder)
        if held is None:
            message = "There is nothing to check here, or no text to check it against."
            return unchecked(claim, "nothing-to-check", message)
        verdict = self._judge(claim, held)
        return replace(verdict, findings=tuple(_with_accents(f, pages) for f in verdict.findings))

    def _judge(self, claim: str, held: Held) -> Verdict:
        evidence = tuple(s.evidence for s in held.evidence)
        found = run_checks(claim, held.pages)
        if not found.refuting and says_word_for_word(held, claim):
            return Verdict("supported", _WORD_FOR_WORD, evidence)
        threshold = self._calibration.supported
        values = features(held, self._embedder)
        score = self._calibration.probability(values)
        unsaid: list[Finding] = []
        if self._chat is not None:
            try:
                answer = ask(self._chat, held)
            except ModelError as error:
                if not found.refuting:
                    silent = note(claim, "model-silent", str(error))
                    return Verdict("unchecked", None, evidence, (silent, *found.pointing))
            else:
                self.usage += answer.usage
                score = self._calibration.probability(values, answer.yes)
                unsaid = _unsaid(claim, answer.not_said)
        elif not found.refuting:
            compared = _compared(claim, held.pages, found.pointing)
            message = f"{compared} Without a model the meaning is not checked: read the sentences."
            open_ = note(claim, "meaning-not-checked", message)
            return Verdict("unchecked", None, evidence, (open_, *_located(claim, held, found)))
        if found.refuting:
            score = below(score, threshold)
        elif score >= threshold:
            return Verdict("supported", round(score, 4), evidence)
        findings = _joined(_located(claim, held, found), unsaid)
        return Verdict(self._status(score, found), round(score, 4), evidence, tuple(findings))

    def _status(self, score: float, found: Findings) -> Status:
        if any(f.replacement for f in found.refuting):
            return "contradicted"
        partial = score >= self._calibration.partial and not found.refuting
        return "partial" if partial else "unsupported"


def _located(claim: str, held: Held, found: Findings) -> list[Finding]:
    """Every finding on a claim that is not supported: the checks', then the words that differ."""
    findings = _joined(found.refuting, found.pointing)
    issued = issued_on(held.pages)
    sentences = [form for s in held.evidence for form in wordings(held, [s])]
    located = _joined(findings, unsupported_spans(claim, issued, sentences, held.evidence))
    if not located and not held.evidence:
        located = [note(claim, "no-evidence", "No sentence of the source is about this.")]
    return located


def _unsaid(claim: str, words: str) -> list[Finding]:
    """A finding at the words of a claim that a model names as unsupported, if they are its own."""
    own = re.search(rf"(?<!\w){re.escape(words)}(?!\w)", claim, re.IGNORECASE) if words else None
    message = "The model that checks finds this in none of the sentences."
    return [Finding("not-said", "warning", message, *own.span())] if own else []


def _joined(found: Sequence[Finding], more: Iterable[Finding]) -> list[Finding]:
    """`found`, and those of `more` that stand on none of them."""
    return [
        *found,
        *(m for m in more if not any(m.start < f.end and f.start < m.end for f in found)),
    ]


def _compared(claim: str, pages: Pages, lacking: Sequence[Finding]) -> str:
    """Which days and figures of a claim stand on its pages, and what does not, in words."""
    dates = find_dates(claim, issued_on(pages))
    known = {day for a in pages.articles for day in (*days_of(a), a.published_on) if day}
    days = {(day.month, day.day) for day in known}
    there = {(d.start, d.end): any((day.month, day.day) in days for day in d.days) for d in dates}
    for q in figures_of(claim, dates):
        there[q.start, q.end] = is_given(q, claim, pages.text)
    there |= {
        span: False for span in there if any(f.start < span[1] and span[0] < f.end for f in lacking)
    }
    for f in lacking:
        there.setdefault((f.start, f.end), False)
    found = [claim[a:b].strip() for (a, b), is_there in sorted(there.items()) if is_there]
    missing = [claim[a:b].strip() for (a, b), is_there in sorted(there.items()) if not is_there]
    said = [
        f"{what}: {', '.join(some)}."
        for what, some in (("Found on the page", found), ("Not found", missing))
        if some
    ]
    return " ".join(said) or "There is no figure and no day to compare."


@lru_cache(maxsize=64)  # a page is asked for with each of the claims that cite it
def unaccented(article: Article) -> Article:
    """`article` without accents, as claims are held against it."""
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
    """`unchecked`, with what could be compared of a claim whose pages are in another language.

    A figure that is not found does not refute: one language counts in thousands, the other in
    ten thousands, and tables give their unit elsewhere.
    """
    pages = open_pages(tuple(articles))
    chosen = nearest_sentences(claim, pages.sentences, _SHOWN_ACROSS)
    chosen = chosen or select_evidence(claim, pages.sentences, pages.weights)
    evidence = tuple(s.evidence for s in chosen)
    found = run_checks(claim, pages, across=True).refuting
    names = "" if is_japanese(claim) else ", ".join(names_found(without_accents(claim), pages.text))
    compared = [_compared(claim, pages, found), f"Names found: {names}." if names else ""]
    message = (
        f"The linked page is in another language. {' '.join(filter(None, compared))} Nothing else "
        "was compared: read the marked sentences."
    )
    pointing = (replace(f, level="warning", replacement=None) for f in found)
    return Verdict("unchecked", None, evidence, (note(claim, "other-language", message), *pointing))


def unchecked(claim: str, code: str, message: str) -> Verdict:
    """The verdict of a check that could not be made, and why."""
    return Verdict("unchecked", None, (), (note(claim, code, message),))


def note(claim: str, code: str, message: str, replacement: str | None = None) -> Finding:
    """An error on the whole claim."""
    return Finding(code, "error", message, 0, len(claim), replacement)
