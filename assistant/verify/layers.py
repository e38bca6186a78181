"""The layers that compare a claim with its evidence word by word. Pure code, no model.

Each returns findings with offsets into the claim's own text. A missing or different
figure, day or name is an `error`; a changed strength or a lost `not` likewise.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.dates import NO_YEAR, WEEKDAY_NAMES, DateMention, find_dates, house_date
from assistant.draft.names import shorten_names
from assistant.nlp import is_japanese, parse
from assistant.sources import Sentence, usable_text, usable_title
from assistant.style.acronyms import introduced
from assistant.style.fix import apply_substitutions
from assistant.terms import STOP_WORDS, stem, terms
from assistant.types import Article, Finding
from assistant.verify.actors import check_actors
from assistant.verify.binding import blanked, check_binding
from assistant.verify.changes import check_changes
from assistant.verify.claim_words import kinds, name_forms
from assistant.verify.japanese import check_telling, check_words
from assistant.verify.quantities import Quantity, find_quantities
from assistant.verify.verbs import base

# Three or more capitalised words, with what may join them.
_LONG_NAME = re.compile(r"[A-Z]\w*(?:(?:[ -]|,? (?:of|and|the|for) (?:the )?)[A-Z]\w*){2,8}")
_NAME = re.compile(r"\b[A-Z][\w’'-]*[A-Za-z]\w*|\b[A-Z]{2,}\b")
_WEEKDAY = re.compile(rf"\b(?:{'|'.join(WEEKDAY_NAMES)})\b")
# What may stand between a weekday and its date.
_JOINT = re.compile(r",? (?:a )?|,? on |\s?\(")
_FUTURE = (
    r"(?:will|would|shall|may|might|could|plans? to|planned to|intends? to|aims? to|hopes? to|"
    r"expected to|scheduled to|due to|set to|agreed to|wants? to|vowed to|pledged to|promised to|"
    r"is to|are to|to be)"
)
_WEAK = re.compile(rf"\b{_FUTURE}\s+(?:not\s+|also\s+|be\s+)?(\w+)", re.I)
_WEAK_NEAR = re.compile(
    rf"\b(?:{_FUTURE}|plans?|planned|planning|proposed|to)\s+(?:\w+\s+){{0,2}}$", re.I
)
_NEGATED = re.compile(
    r"\b(?:not|never|no longer|n[’']t|without|refused to|denied|declined to|failed to|yet to|"
    r"neither)\s+(?:yet\s+|been\s+|be\s+|to\s+|any\s+|have\s+)*(\w+)",
    re.I,
)
_COMMON_CAPITALS = frozenset(
    """the a an in on at of for and but also separately moreover meanwhile both its their this these
    after before while when as with under by from since until during january february march april
    may june july august september october november december monday tuesday wednesday thursday
    friday saturday sunday mr ms mrs dr addition officials he she they it however according
    no not new some all""".split()
)  # fmt: skip


def is_verbatim(claim: str, evidence: Sequence[Sentence]) -> bool:
    """Whether one evidence sentence holds the claim, but for quotes, dashes, case, spacing."""
    wanted = _flat(claim)
    return bool(wanted) and any(wanted in _flat(s.text) for s in evidence)


def _flat(text: str) -> str:
    text = text.translate(str.maketrans("“”‘’–—", "\"\"''--"))
    return re.sub(r"\s+", " ", text).strip(" .").lower()


def check_quantities(claim: str, dates: Sequence[DateMention], evidence: str) -> list[Finding]:
    """Figures of the claim that the evidence does not have, with the one it has instead."""
    have = find_quantities(_without_dates(evidence, find_dates(evidence, None)))
    found = []
    for quantity in find_quantities(_without_dates(claim, dates)):
        if any(quantity.same_as(other) for other in have):
            continue
        shown = claim[quantity.start : quantity.end].strip()
        nearest = _same_kind(quantity, have, claim, evidence)
        if nearest is None:
            message = f"The source gives no figure {shown}."
        else:
            message = f"The source says {nearest}, not {shown}."
        found.append(Finding("number", "error", message, quantity.start, quantity.end, nearest))
    return found


def _same_kind(
    quantity: Quantity, have: Sequence[Quantity], claim: str, evidence: str
) -> str | None:
    """The evidence's figure of the same unit, or with the same noun after it, if only one is."""
    noun = terms(claim[quantity.end : quantity.end + 40])[:1]
    fits = [
        q
        for q in have
        if (quantity.unit and q.unit == quantity.unit)
        or (not quantity.unit and noun and terms(evidence[q.end : q.end + 40])[:1] == noun)
    ]
    values = {evidence[q.start : q.end].strip() for q in fits}
    return values.pop() if len(values) == 1 else None


def _without_dates(text: str, dates: Sequence[DateMention]) -> str:
    """`text` with dates and clock times blanked at equal length, so that offsets hold."""
    text = blanked(text, ((d.start, d.end) for d in dates))
    return re.sub(r"\b\d{1,2}(?::\d\d)?\s?[ap]\.m\.?", lambda m: " " * len(m[0]), text)


def check_dates(
    claim: str, dates: Sequence[DateMention], sources: Sequence[tuple[str, dt.date | None]]
) -> list[Finding]:
    """Days of the claim that no source sentence names; `sources` are (text, published_on)."""
    days = {(d.month, d.day) for text, on in sources for m in find_dates(text, on) for d in m.days}
    years = {d.year for text, on in sources for m in find_dates(text, on) for d in m.days}
    found = []
    for mention in dates:
        wanted = {(d.month, d.day) for d in mention.days}
        right_year = not mention.has_year or any(d.year in years for d in mention.days)
        if wanted & days and right_year:
            continue
        shown = claim[mention.start : mention.end]
        other = None
        if len(days) == 1:
            ((month, day),) = days
            other = house_date(dt.date(NO_YEAR, month, day), NO_YEAR)
            if is_japanese(claim):
                other = f"{month}月{day}日"
        message = (
            f"The source gives {other} as the day, not {shown}."
            if other
            else f"The source does not name the day {shown}."
        )
        found.append(Finding("date", "error", message, mention.start, mention.end, other))
    return found


def check_weekdays(claim: str, dates: Sequence[DateMention]) -> list[Finding]:
    """Weekdays beside a date that fell on another: `Thursday, July 5` of 2023."""
    found = []
    for match in _WEEKDAY.finditer(claim):
        beside = [
            d
            for d in dates
            if not d.relative
            and len(d.days) == 1
            and (
                _JOINT.fullmatch(claim, match.end(), d.start)
                if d.start >= match.end()
                else _JOINT.fullmatch(claim, d.end, match.start())
            )
        ]
        for mention in beside:
            (day,) = mention.days
            right = WEEKDAY_NAMES[day.weekday()]
            if day.year != NO_YEAR and right != match[0]:
                message = f"{claim[mention.start : mention.end]} was a {right}, not a {match[0]}."
                found.append(Finding("date", "error", message, match.start(), match.end(), right))
    return found


def check_names(claim: str, evidence: str, whole: str) -> list[Finding]:
    """Names of the claim that stand nowhere in the cited articles (`whole`)."""
    have = _named(evidence) | _named(whole)
    found = []
    for match in _NAME.finditer(claim):
        words = re.findall(r"\b[A-Z]\w*", re.sub(r"['’]s\b", "", match[0]))
        missing = [w for w in map(str.lower, words) if w not in have and stem(w) not in have]
        missing = [w for w in missing if w not in _COMMON_CAPITALS and w not in STOP_WORDS]
        if not missing:
            continue
        if match[0].isupper() and introduced(claim, match):
            continue  # the words before it are what is checked
        if match.start() == 0 and parse(claim)[0].pos_ != "PROPN":
            continue  # a plain word has its capital from opening the sentence
        if all(base(w) in kinds()["title"] for w in missing):
            code, message = "title", f"The cited source does not give the title {match[0]}."
        else:
            code, message = "name", f"{match[0]} is not named in the cited source."
        found.append(Finding(code, "error", message, match.start(), match.end()))
    return found


@lru_cache(maxsize=64)  # a page is asked for with each of the claims that cite it
def _named(text: str) -> frozenset[str]:
    """What counts as named in `text`: its words, their stems, initials, and other forms."""
    pattern, words_of = name_forms()
    forms = set(pattern.findall(text.lower()))
    return _name_parts(text).union(*(words_of[form] for form in forms))


def _name_parts(text: str) -> frozenset[str]:
    text = re.sub(r"\bU\.S\.", "US", text).replace("United States", "US").replace("American", "US")
    text = text.replace("U.N.", "UN").replace("United Nations", "UN")
    found = set(re.findall(r"[a-z]\w*", re.sub(r"['’]s\b", "", text).lower()))
    found |= set(map(stem, found))
    # A short form counts as named where its words are: JASDF is spelled by initials.
    for name in _LONG_NAME.findall(text):
        initials = "".join(w[0] for w in re.findall(r"\b[A-Z]\w*", name)).lower()
        found |= {initials[i : i + n] for n in range(3, 7) for i in range(len(initials) - n + 1)}
    return frozenset(found)


def check_strength(claim: str, evidence: str) -> list[Finding]:
    """Verbs that the source only plans or allows for, told as done."""
    weak = {base(m[1]) for m in _WEAK.finditer(evidence)} - _FILLERS
    bare = re.sub(_WEAK, " ", evidence)
    done = {base(w) for w in re.findall(r"[A-Za-z]+", bare)}
    found = []
    for match in re.finditer(r"\b[A-Za-z]+(?:ed|s|ing)?\b", claim):
        verb = base(match[0])
        if verb in weak - done and not _WEAK_NEAR.search(claim[: match.start()]):
            message = (
                f"The source speaks of a plan or a possibility; “{match[0]}” says it was done."
            )
            found.append(Finding("strength", "error", message, match.start(), match.end()))
    return found[:1]


_FILLERS = frozenset(base(w) for w in "be have not take make a an the also more new".split())


def check_negation(claim: str, evidence: str) -> list[Finding]:
    """A verb that one side denies and the other states."""
    denied_claim = {base(m[1]): m for m in _NEGATED.finditer(claim)}
    denied_source = {base(m[1]) for m in _NEGATED.finditer(evidence)}
    said_claim = _said(claim)
    said_source = _said(_NEGATED.sub(" ", evidence)).keys()
    found = []
    for verb, match in denied_claim.items():
        if verb not in denied_source and verb in said_source:
            message = f"The source does not deny this: it has no “{match[0]}”."
            found.append(Finding("negation", "error", message, match.start(), match.end()))
    for verb in denied_source - set(denied_claim) - said_source - _FILLERS:
        if verb in said_claim and not denied_claim:
            start = claim.index(said_claim[verb])
            message = f"The source denies this: it says “not” of “{said_claim[verb]}”."
            end = start + len(said_claim[verb])
            found.append(Finding("negation", "error", message, start, end))
    return found


def _said(text: str) -> dict[str, str]:
    """The content words of `text` by their base form."""
    words = re.findall(r"[A-Za-z]{3,}", text)
    return {base(w): w for w in words if w.lower() not in STOP_WORDS}


def check_undoing(claim: str, evidence: str) -> list[Finding]:
    """Verbs such as `cancelled`, which the evidence must use itself."""
    have = {base(w) for w in re.findall(r"[A-Za-z]+", evidence)}
    return [
        Finding("action", "error", f"The source does not say “{m[0]}”.", m.start(), m.end())
        for m in re.finditer(r"[A-Za-z]+", claim)
        if base(m[0]) in kinds()["undoing"] and base(m[0]) not in have
    ]


@lru_cache(maxsize=512)  # each layer asks for those of the same sentences
def in_house_style(text: str) -> str:
    """A source's words in the forms that a draft has for them: `Dep. Sec.`, `US`."""
    return shorten_names(apply_substitutions(text))


def compare_across(claim: str, articles: Sequence[Article]) -> list[Finding]:
    """What can be compared where claim and pages are in different languages: figures, days."""
    issued = max((a.published_on for a in articles if a.published_on), default=None)
    dates = find_dates(claim, issued)
    pages = [(usable_text([a]), a.published_on) for a in articles]
    text = " ".join(page for page, _ in pages)
    return [*check_quantities(claim, dates, text), *check_dates(claim, dates, pages)]


def compare(claim: str, evidence: Sequence[Sentence], articles: Sequence[Article]) -> list[Finding]:
    """All layers over one claim; `articles` are those that the evidence is from."""
    published = {a.id: a.published_on for a in articles}
    issued = max((d for d in published.values() if d), default=None)
    dates = find_dates(claim, issued)
    sources = [(s.text, published[s.article_id]) for s in evidence]
    text = " ".join(s.text for s in evidence)
    about = (f"{usable_title(a)} {a.publisher or ''}" for a in articles)
    whole = " ".join([usable_text(articles), *about])
    if is_japanese(claim):
        nearest = evidence[0].text if evidence else ""
        return [
            *check_quantities(claim, dates, text),
            *check_dates(claim, dates, sources),
            *check_words(claim, whole),
            *check_telling(claim, nearest),
        ]
    in_house = [(in_house_style(t), on) for t, on in sources]
    found = [
        *check_quantities(claim, dates, text),
        *check_dates(claim, dates, sources),
        *check_weekdays(claim, dates),
        *check_names(claim, " ".join([text, *(t for t, _ in in_house)]), whole),
        *check_strength(claim, text),
        *check_negation(claim, text),
        *check_undoing(claim, text),
    ]
    if not any(f.code in ("name", "title") for f in found):
        found += check_actors(claim, evidence)
    quantities = find_quantities(_without_dates(claim, dates))
    bound = check_binding(claim, dates, quantities, evidence, published)
    found += [f for f in bound if not any(f.start < o.end and o.start < f.end for o in found)]
    seen = [(f.start, f.end) for f in found]
    copied = check_changes(claim, issued, list(dict.fromkeys([*sources, *in_house])), whole)
    return found + [f for f in copied if not any(f.start < b and a < f.end for a, b in seen)]
