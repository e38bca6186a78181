"""Which words of a claim its evidence does not bear out: where an editor should look."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from assistant.dates import MONTH_NAMES, WEEKDAY_NAMES
from assistant.lexicon import title_words
from assistant.sources import Sentence
from assistant.terms import STOP_WORDS, terms
from assistant.types import Finding
from assistant.verify.align import Alignment, Change, Word, align

# Words without which a sentence says another thing, if the claim leaves them out: a denial, a
# mere possibility, what is yet to come or only wished for, a lower office.
_QUALIFIERS = frozenset(
    """not no never without neither nor cannot refuse refused deny denied decline declined fail
    failed reject rejected may might could would should can possibly perhaps probably allegedly
    reportedly will shall must plan plans planned intend intends intended propose proposes proposed
    expect expects expected scheduled due agree agrees agreed pledge pledges pledged vow vows vowed
    promise promises promised commit commits committed ask asked asks urge urges urged call calls
    called request requested recommend recommended consider considers considered considering
    discuss discussed explore explores explored exploring seek seeks sought aim aims aimed hope
    hopes hoped want wants wanted prepare prepares prepared threaten threatened
    nearly almost partly few fewer hardly rarely seldom scarcely up least most than under below
    unless if whether claim claims claimed false falsely untrue accuse accused alleged denial
    unlikely stop stopped vice deputy acting former""".split()
)
# Words that leave no exception, or none but one.
_SCOPE = frozenset("only sole all every each both any most first last ever always entire".split())
# Where more words than these differ, the claim tells something anew.
_LONGEST_CHANGE = 8
# So many words stand for so many others; more are a rewording.
_LONGEST_REPLACEMENT = 3
# A stretch with more of the claim's terms than this is not a part but the claim.
_MOST = 0.75
_FEWEST_TERMS = 2
_TOKEN = re.compile(r"\S+")
_ARTICLES = frozenset(("a", "an", "the"))
# So many plain words may be missing, such as a given name, or one of these and a place.
_FEW_WORDS = 2
_HARMLESS = frozenset("also new of in at its their his her".split())
_LETTER = re.compile(r"\w")
_MARKS = frozenset(",;:()[]—–-")


def unsupported_spans(
    claim: str,
    claimed_on: dt.date | None,
    sentences: Sequence[tuple[str, dt.date | None]],
    evidence: Sequence[Sentence],
) -> list[Finding]:
    """What differs from the sentence that `claim` copies, else its longest stretch without support.

    `sentences` are (text, day of publication) of the evidence in all wordings to compare with.
    """
    alignment = align(claim, claimed_on, sentences)
    found: list[Finding] = []
    if alignment is not None:
        # A word that the claim has elsewhere was moved, not changed.
        there = {w.key for change in alignment.changes for w in change.source}
        here = {w.key for change in alignment.changes for w in change.claim}
        told = (_told(change, there, here) for change in alignment.changes)
        found = [f for f in told if f is not None] or _moved(alignment, there)
    if not found:
        missing = longest_unsaid(claim, evidence, [text for text, _ in sentences])
        found = [missing] if missing else []
    return found


def leaves_out(alignment: Alignment) -> bool:
    """Whether the claim lacks words of its sentence without which that says another thing.

    In the middle only a name or an adjective may be missing, and what commas or the like set
    off: the words after a gap may be said of somebody else. What a `that` reports is not said
    by the page.
    """
    here = {w.key for change in alignment.changes for w in change.claim}
    for change in alignment.changes:
        gap = change.source
        if any(_limits(w) and w.key not in here for w in gap):
            return True
        if gap and not _may_be_missing(gap, alignment.sentence):
            return True
    return False


def _may_be_missing(gap: Sequence[Word], sentence: str) -> bool:
    before = sentence[: gap[0].start].rstrip()
    after = sentence[gap[-1].end :].lstrip()
    if not _LETTER.search(before):
        return gap[-1].text.lower() != "that"
    plain = [w.text.lower() for w in gap if w.text.lower() not in _ARTICLES]
    few = len(plain) <= _FEW_WORDS and (STOP_WORDS - _HARMLESS).isdisjoint(plain)
    set_off = before[-1:] in _MARKS and after[:1] in _MARKS
    return few or set_off or not _LETTER.search(after)


def _told(change: Change, there: set[str], here: set[str]) -> Finding | None:
    own = [w for w in change.claim if _tells(w)]
    other = [w for w in change.source if _tells(w)]
    if max(len(own), len(other)) > _LONGEST_CHANGE:
        return None
    new = [w for w in own if w.key not in there]
    if new:
        shown = " ".join(w.text for w in change.source)
        said = " ".join(w.text for w in change.claim)
        if not other:
            return _finding(f"The source does not say “{said}” here.", change.claim, new[0], None)
        message = f"The source says “{shown}” here, not “{said}”."
        short = len(change.claim) <= _LONGEST_REPLACEMENT >= len(change.source)
        return _finding(message, change.claim, new[0], shown if short else None)
    lost = [w for w in other if _limits(w) and w.key not in here]
    if lost and change.after is not None:
        message = f"The source says “{lost[0].text}” here; the claim leaves it out."
        return _finding(message, change.claim or (change.after,), lost[0], None)
    return None


def _tells(word: Word) -> bool:
    return word.is_content or word.text.lower() in _SCOPE or _limits(word)


def _limits(word: Word) -> bool:
    """Whether it is a word without which a sentence says another thing; the month is none."""
    plain = word.text.lower().replace("’", "'")
    return (plain in _QUALIFIERS and word.text != "May") or plain.endswith("n't")


def _moved(alignment: Alignment, there: set[str]) -> list[Finding]:
    """The first words that the claim has in another place than its sentence: who did it to whom?"""
    for change in alignment.changes:
        if any(w.is_content and w.key in there and w.key[0] != "@" for w in change.claim):
            said = " ".join(w.text for w in change.claim)
            message = f"The source has “{said}” in another place: who did it, and to whom?"
            return [_finding(message, change.claim, change.claim[0], None)]
    return []


def _finding(message: str, some: Sequence[Word], word: Word, replacement: str | None) -> Finding:
    start, end = some[0].start, some[-1].end
    return Finding(_code(word), "error", message, start, end, replacement)


def _code(word: Word) -> str:
    """What kind of word differs, by its look."""
    if word.key[0] == "@" or word.text in (*MONTH_NAMES, *WEEKDAY_NAMES):
        return "date"
    if word.key[0].isdigit():
        return "number"
    if word.key in title_words() or word.text.lower().rstrip(".") in title_words():
        return "title"
    return "name" if word.text[0].isupper() and word.start > 0 else "wording"


def longest_unsaid(
    claim: str, evidence: Sequence[Sentence], worded: Sequence[str] = ()
) -> Finding | None:
    """The longest stretch of `claim` whose terms the evidence lacks; None for all or nothing."""
    have = {t for s in evidence for t in s.terms} | {t for text in worded for t in terms(text)}
    best: tuple[int, int, int] = (0, 0, 0)
    run: tuple[int, int, int] = (0, 0, 0)
    for token in _TOKEN.finditer(claim):
        own = terms(token[0])
        if own and have.issuperset(own):
            run = (0, 0, 0)
        elif own:
            start = run[1] if run[0] else token.start()
            run = (run[0] + len(own), start, token.end())
            best = max(best, run, key=lambda r: r[0])
    count, start, end = best
    if count < _FEWEST_TERMS or count > _MOST * len(terms(claim)):
        return None
    end = start + len(claim[start:end].rstrip(".,;:"))
    return unsaid_part(claim, start, end)


def unsaid_part(claim: str, start: int, end: int) -> Finding:
    """That the source lacks the words `claim[start:end]`."""
    shown = claim[start:end].rstrip(".")
    return Finding("part", "error", f"The source does not say “{shown}”.", start, end)
