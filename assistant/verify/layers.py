"""The layers that compare a claim with its evidence word by word. Pure code, no model.

Each returns findings with offsets into the claim's own text. A missing or different
figure, day or name is an `error`; a changed strength or a lost `not` likewise.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from assistant.dates import find_dates
from assistant.draft.names import shorten_names
from assistant.nlp import is_japanese, parse
from assistant.sources import Sentence, usable_text, usable_title
from assistant.style.acronyms import introduced
from assistant.style.fix import apply_substitutions
from assistant.terms import STOP_WORDS, stem, terms
from assistant.types import Article, Finding
from assistant.verify.actors import check_actors, check_countries
from assistant.verify.binding import RETOLD, blanked, check_binding
from assistant.verify.bounds import check_bounds
from assistant.verify.changes import check_changes
from assistant.verify.claim_words import (
    claim_words,
    kinds,
    known_names,
    without_pronouns,
    words_of_names,
)
from assistant.verify.days import (
    check_dates,
    check_lone_weekdays,
    check_weekdays,
    dated,
    written_in,
)
from assistant.verify.figures import check_quantities, figures_of
from assistant.verify.japanese import check_telling, check_words
from assistant.verify.offices import field_first
from assistant.verify.quantities import ORDINAL, ordinal_value
from assistant.verify.ranks import check_ranks
from assistant.verify.telling import (
    check_absolutes,
    check_negation,
    check_none,
    check_plans,
    check_strength,
    check_undoing,
    denied_otherwise,
)
from assistant.verify.verbs import base

# Three or more capitalised words, with what may join them.
_LONG_NAME = re.compile(r"[A-Z]\w*(?:(?:[ -]|,? (?:of|and|the|for) (?:the )?)[A-Z]\w*){2,8}")
_NAME = re.compile(r"\b[A-Z][\w’'-]*[A-Za-z]\w*|\b[A-Z]{2,}\b")
# What a sentence may open with that is no name, by its part of speech.
_OPENERS = frozenset(("ADP", "ADV", "AUX", "CCONJ", "DET", "PRON", "SCONJ"))
_SENTENCE_END = re.compile(r"[.!?][\"”’)]*\s+$")
# Names that a plain word is written like.
_LIKE_WORDS = frozenset(("US", "WHO"))
_OF_A_PLACE = ("n", "an", "ian", "ese")
_SHORTEST_PLACE = 4
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


def check_names(claim: str, evidence: str, whole: str) -> list[Finding]:
    """Names of the claim that stand nowhere in the cited articles (`whole`)."""
    have = _named(evidence) | _named(whole)
    whole_names = [k for k in known_names(claim) if k.whole]
    lacking = sorted({(k.start, k.end) for k in whole_names if k.name not in have})
    found = [
        Finding("name", "error", f"{claim[a:b]} is not named in the cited source.", a, b)
        for a, b in lacking
    ]
    for match in _NAME.finditer(blanked(claim, [(k.start, k.end) for k in whole_names])):
        words = re.findall(r"\b[A-Z]\w*", re.sub(r"['’]s\b", "", match[0]))
        plain = _COMMON_CAPITALS | (STOP_WORDS - {w.lower() for w in words if w in _LIKE_WORDS})
        missing = [w for w in map(str.lower, words) if have.isdisjoint(_forms_of(w))]
        missing = [w for w in missing if w not in plain]
        if not missing:
            continue
        if match[0].isupper() and introduced(claim, match):
            continue  # the words before it are what is checked
        if _opens(claim, match.start()):
            continue  # a plain word has its capital from opening the sentence
        if all(base(w) in kinds()["title"] for w in missing):
            code, message = "title", f"The cited source does not give the title {match[0]}."
        else:
            code, message = "name", f"{match[0]} is not named in the cited source."
        found.append(Finding(code, "error", message, match.start(), match.end()))
    return found


def _forms_of(word: str) -> list[str]:
    """How a page may have a word of a name.

    Among them what it is made from if it is the adjective of a place: `Okinawan`, `Cumbrian`.
    A `Banking Corp.` is no `Bank`.
    """
    places = [word.removesuffix(ending) for ending in _OF_A_PLACE if word.endswith(ending)]
    made = [place for place in places if len(place) >= _SHORTEST_PLACE]
    return [word, *made] if word.endswith("ing") else [word, stem(word), *made]


def _opens(claim: str, start: int) -> bool:
    """Whether the plain word at `start` opens a sentence.

    After a full stop, which may be that of `Gen.`, only a word that no name begins with does.
    """
    if start == 0:
        return parse(claim)[0].pos_ != "PROPN"
    if not _SENTENCE_END.search(claim[:start]):
        return False
    return any(t.idx == start and t.pos_ in _OPENERS for t in parse(claim))


@lru_cache(maxsize=64)  # a page is asked for with each of the claims that cite it
def _named(text: str) -> frozenset[str]:
    """What counts as named in `text`: its words, their stems, initials, and other forms."""
    known = known_names(text)
    # Of a whole name the country would be named by its last word: Taiwan's by `China`.
    rest = blanked(without_pronouns(text), [(k.last, k.end) for k in known if k.whole])
    names = {k.name for k in known}
    found = _name_parts(rest).union(names, *(words_of_names()[name] for name in names))
    titles = (pair for pair in claim_words().short.items() if not found.isdisjoint(pair))
    return found.union(*titles)


def _name_parts(text: str) -> frozenset[str]:
    text = re.sub(r"\bU\.S\.", "US", text).replace("United States", "US").replace("American", "US")
    text = text.replace("U.N.", "UN").replace("United Nations", "UN")
    found = set(re.findall(r"[a-z]\w*", re.sub(r"['’]s\b", "", text).lower()))
    found |= set(map(stem, found))
    if "prime minister" in text.lower():
        found.add("pm")
    # A short form counts as named where its words are: JASDF is spelled by initials.
    for name in _LONG_NAME.findall(text):
        initials = "".join(w[0] for w in re.findall(r"\b[A-Z]\w*", name)).lower()
        found |= {initials[i : i + n] for n in range(3, 7) for i in range(len(initials) - n + 1)}
    return frozenset(found)


@lru_cache(maxsize=512)  # each layer asks for those of the same sentences
def in_house_style(text: str) -> str:
    """A source's words in the forms that a draft has for them: `Dep. Sec.`, `US`."""
    return shorten_names(_in_house_words(text))


@lru_cache(maxsize=512)
def _in_house_words(text: str) -> str:
    return apply_substitutions(text)


def compare_across(claim: str, articles: Sequence[Article]) -> list[Finding]:
    """What can be compared where claim and pages are in different languages: figures, days."""
    issued = max((a.published_on for a in articles if a.published_on), default=None)
    dates = find_dates(claim, issued)
    pages = [(usable_text([a]), a.published_on) for a in articles]
    # `第2回` is the second time.
    text = ORDINAL.sub(lambda m: str(ordinal_value(m[0])), usable_text(articles))
    return [*check_quantities(claim, dates, text), *check_dates(claim, dates, pages)]


def compare(claim: str, evidence: Sequence[Sentence], articles: Sequence[Article]) -> list[Finding]:
    """All layers over one claim; `articles` are those that the evidence is from."""
    published = {a.id: a.published_on for a in articles}
    issued = max((d for d in published.values() if d), default=None)
    dates = find_dates(claim, issued)
    cited = {a.id: a for a in articles}
    placed = [dated(s, cited[s.article_id]) for s in evidence]
    sources = [(s.text, published[s.article_id]) for s in dict.fromkeys([*evidence, *placed])]
    text = " ".join(s.text for s in evidence)
    about = (f"{usable_title(a)} {a.publisher or ''}" for a in articles)
    whole = " ".join([usable_text(articles), *about])
    years = written_in(articles)
    if is_japanese(claim):
        nearest = evidence[0].text if evidence else ""
        return [
            *check_quantities(claim, dates, text, years),
            *check_dates(claim, dates, sources, years),
            *check_words(claim, whole),
            *check_telling(claim, nearest),
        ]
    in_house = [(in_house_style(t), on) for t, on in sources]
    found = [
        *check_quantities(claim, dates, text, years),
        *check_dates(claim, dates, sources, years),
        *check_weekdays(claim, dates),
        *check_lone_weekdays(claim, dates, whole),
        *check_names(claim, " ".join([text, *(t for t, _ in in_house)]), whole),
    ]
    found = _joined(found, check_ranks(claim, field_first(whole)))
    figures = figures_of(claim, dates)
    # Where a claim tells its page in words of its own, that a verb is another one tells nothing.
    spans = [(d.start, d.end) for d in dates] + [(q.start, q.end) for q in figures]
    told = set(terms(blanked(claim, spans)))
    told -= kinds()["undoing"].keys()
    retold = " ".join(s.text for s in evidence if len(told & s.bag) >= RETOLD * len(told))
    if retold:
        found += check_strength(claim, retold, text)
        found += check_negation(claim, retold, text)
        found += check_undoing(claim, text)
    found = _joined(found, check_plans(claim, evidence, whole))
    found = _joined(found, check_none(claim, whole))
    if not any(f.code in ("name", "title") for f in found):
        found += check_actors(claim, evidence) or check_countries(claim, evidence, articles)
    found = _joined(found, check_binding(claim, dates, figures, placed, published))
    found += check_bounds(claim, (t for t, _ in in_house))
    worded = [(_in_house_words(t), on) for t, on in sources]
    denied = [(denied_otherwise(t), on) for t, on in sources]
    forms = list(dict.fromkeys([*sources, *worded, *in_house, *denied]))
    copied = check_changes(claim, issued, forms, whole)
    found = _settled(found, copied)
    return _joined(found, check_absolutes(claim, whole)) if evidence else found


def _settled(found: Sequence[Finding], copied: Sequence[Finding]) -> list[Finding]:
    """One finding for each stretch, that which says best what is wrong with it.

    A reason that the source does not give takes in the names and figures it is told with;
    what the source has in place of a verb says more than that it does not have the verb.
    """

    def told_better(f: Finding) -> bool:
        around = [c for c in copied if c.start <= f.start and f.end <= c.end]
        return any(c.code == "cause" or f.code == "action" for c in around)

    return _joined([f for f in found if not told_better(f)], copied)


def _joined(found: Sequence[Finding], more: Sequence[Finding]) -> list[Finding]:
    """`found`, and those of `more` that stand on none of them."""
    return [
        *found,
        *(m for m in more if not any(m.start < f.end and f.start < m.end for f in found)),
    ]
