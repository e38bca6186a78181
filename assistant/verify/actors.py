"""Who did it: the subject of a claim's verb against the subjects that its evidence gives.

`Tokyo summoned a diplomat` has only words of the page that says that Seoul did. Where a
sentence of the evidence has the claim's verb, or one of its group, and only ever with
another country or another body before it, the claim has the wrong actor.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache

from assistant.nlp import Token, parse
from assistant.sources import Sentence, usable_sentences
from assistant.terms import STOP_WORDS, terms
from assistant.types import Article, Finding
from assistant.verify.align import same_names
from assistant.verify.binding import RETOLD
from assistant.verify.claim_words import claim_words, kinds, known_names
from assistant.verify.verbs import base

# Verbs of which both sides are subjects, whichever is named first.
_MUTUAL = frozenset(map(base, "meet talk speak confer agree hold join attend participate".split()))
_WORD = re.compile(r"[A-Za-z]+")
# The countries and the other names in a subject.
Names = tuple[frozenset[str], frozenset[str]]
# Sentences before one that may name whom it tells of.
_BACK = 2
# Where a subject may end.
_CUT = re.compile(r"\w+")


def check_actors(claim: str, evidence: Sequence[Sentence]) -> list[Finding]:
    """A finding on the subject of the claim's main verb, where the evidence has others only."""
    evidence = [s for s in evidence if _may_tell(claim, s)]
    subject = _main_subject(claim) if evidence else None
    if subject is None:
        return []
    verb = subject.head
    mine = _actors(subject)
    if not any(mine):
        return []
    wanted = _group(verb.text)
    if base(verb.text) in _MUTUAL:
        return []
    rest = set(terms(claim[subject.right_edge.idx + len(subject.right_edge) :]))
    others: list[tuple[str, Names]] = []
    objects: list[Names] = []
    for sentence in evidence:
        if not _retold(rest, sentence) or not _groups(sentence.text) & wanted:
            continue
        for token in parse(sentence.text):
            if token.pos_ == "VERB" and _group(token.text) & wanted:
                others += [(_shown(s), _actors(s)) for s in _subjects(token)]
                objects += [_actors(o) for o in _objects(token)]
    if not others or any(_share(mine, theirs) for _, theirs in others):
        return []
    turned = any(_share(mine, theirs) for theirs in objects)
    if not turned and any(_compatible(mine, theirs) for _, theirs in others):
        return []
    start, end = subject.left_edge.idx, subject.right_edge.idx + len(subject.right_edge)
    message = f"The source says this of {others[0][0]}, not of {claim[start:end]}."
    return [Finding("role", "error", message, start, end)]


def check_countries(
    claim: str, evidence: Sequence[Sentence], pages: Iterable[Article]
) -> list[Finding]:
    """A finding on a country as the subject, where the page tells it of another one alone.

    `The service will become ...` of a page tells of whom the sentences before it name.
    """
    subject = _main_subject(claim)
    mine, names = _actors(subject) if subject is not None else (frozenset(), frozenset())
    if subject is None or not mine or names:
        return []
    end = subject.right_edge.idx + len(subject.right_edge)
    rest = set(terms(claim[end:]))
    told = [s for s in evidence if _retold(rest, s)]
    by_id = {page.id: page for page in pages}
    theirs = [_countries_near(s, by_id[s.article_id]) for s in told]
    if not all(theirs) or any(mine & others for others in theirs) or not told:
        return []
    if any(_may_stand_for_a_country(s.text) for s in told):
        return []
    others = ", ".join(map(_spoken, sorted(frozenset().union(*theirs))))
    start = subject.left_edge.idx
    message = f"The source does not say this of {claim[start:end]}: it tells of {others} there."
    return [Finding("name", "error", message, start, end)]


def _may_stand_for_a_country(sentence: str) -> bool:
    """Whether the subject is somebody by name or pronoun: `Yoon` and `he` act for South Korea."""
    subject = _main_subject(sentence)
    return subject is not None and (subject.pos_ == "PRON" or bool(_actors(subject)[1]))


def _spoken(country: str) -> str:
    return country.upper() if len(country) == 2 else country.replace("-", " ").title()


def _countries_near(sentence: Sentence, page: Article) -> frozenset[str]:
    """The countries that `sentence` and those before it name, by any name or their capital."""
    first = max(0, sentence.position - _BACK)
    near = usable_sentences(page)[first : sentence.position + 1]
    return frozenset(k.name for k in known_names(" ".join(s.text for s in near)))


def _may_tell(claim: str, sentence: Sentence) -> bool:
    """Whether a name of `claim` may be the subject of a verb of `sentence`.

    A parse, which tells, takes half of the time of all layers. False only where no cut of the
    claim into a subject with a name and a rest with a word of the sentence would do.
    """
    said = _groups(sentence.text)
    shared = [m.start() for m in _WORD.finditer(claim) if _group(m[0]) & said]
    before = list(_CUT.finditer(claim, 0, max(shared, default=0)))
    named = next((i for i, m in enumerate(before) if _may_name(m[0])), len(before))
    return any(_retold(set(terms(claim[m.end() :])), sentence) for m in before[named:])


def _may_name(word: str) -> bool:
    return (word[0].isupper() and word.lower() not in STOP_WORDS) or word.lower() in same_names()


def _retold(rest: set[str], sentence: Sentence) -> bool:
    """Whether `sentence` has enough of what a claim says of its subject."""
    return len(rest & sentence.bag) >= RETOLD * len(rest)


def _groups(text: str) -> frozenset[str]:
    """The groups of all words of `text`."""
    return frozenset().union(*map(_group, _WORD.findall(text)))


def _main_subject(claim: str) -> Token | None:
    roots = [t for t in parse(claim) if t.head == t and t.pos_ == "VERB"]
    if len(roots) != 1:
        return None
    return next((c for c in roots[0].lefts if c.dep_ == "nsubj"), None)


def _subjects(verb: Token) -> list[Token]:
    """The subjects of a verb; of a joined or reported one without its own, those before it."""
    own = [c for c in verb.children if c.dep_ == "nsubj"]
    own += [o for c in verb.children if c.dep_ == "agent" for o in c.children if o.dep_ == "pobj"]
    if not own and verb.dep_ in ("conj", "xcomp") and verb.head != verb:
        return _subjects(verb.head)
    return own


def _objects(verb: Token) -> list[Token]:
    """Those named as whom a verb's act is done to; not what belongs to them."""
    return [c for c in verb.children if c.dep_ in ("dobj", "nsubjpass") and c.pos_ == "PROPN"]


@lru_cache(maxsize=4096)
def _group(word: str) -> frozenset[str]:
    """The base of a verb, and marks of the groups of verbs that may stand for it."""
    plain = base(word)
    groups = {
        f"{kind} {n}" for kind in ("strength", "saying") for n in kinds()[kind].get(plain, ())
    }
    return frozenset(groups or {plain})


def _actors(subject: Token) -> Names:
    """The countries and the other names in a subject; a capital stands for its country."""
    known = known_names(_shown(subject))
    names: set[str] = set()
    for token in subject.subtree:
        word, at = token.lower_, token.idx - subject.left_edge.idx
        if any(k.start <= at < k.end for k in known):
            continue  # the `South` of a country is no name of another one
        if token.text[:1].isupper() and not _is_short_form(token.text):
            names.add(word)
    names -= {w for w in names if base(w) in kinds()["title"]}
    names -= STOP_WORDS.union(claim_words().bodies.split())
    return frozenset(k.name for k in known), frozenset(names)


def _is_short_form(word: str) -> bool:
    """Such as JASDF, which the source may spell out."""
    return word.isupper() and len(word) > 1


def _shown(subject: Token) -> str:
    doc = subject.doc
    return str(doc[subject.left_edge.i : subject.right_edge.i + 1].text)


def _share(mine: Names, theirs: Names) -> bool:
    """Whether two have a name in common."""
    return any(own & other for own, other in zip(mine, theirs, strict=True))


def _compatible(mine: Names, theirs: Names) -> bool:
    """Whether two subjects that share no name may be the same, since nothing can be compared."""
    return not any(own and other for own, other in zip(mine, theirs, strict=True))
