"""The extractive headline: a report's own title in house style, or the shortened lead."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from assistant.draft.names import settle_capitals
from assistant.nlp import Doc, parse, sentences
from assistant.sources import usable_text, usable_title
from assistant.style.fix import apply_substitutions
from assistant.terms import Weights, terms
from assistant.types import Article

MIN_CHARACTERS, MAX_CHARACTERS = 40, 75
MIN_WORDS, MAX_WORDS = 6, 12
_JOINT = re.compile(r"the|a|an|of|in|on|at|to|for|with|and|by|from|first-ever|that|their|its|[,;:]")


def headline_options(articles: Sequence[Article], text: str, weights: Weights) -> list[str]:
    """Titles of house length, best first: those whose words the bullet's `text` covers.

    A headline may claim nothing that its detail does not say. The last option is
    the text's own first clause, so there is always one.
    """
    bullet = set(terms(text))
    start, end = next(iter(sentences(text)), (0, 0))
    news = set(terms(text[start:end]))  # the first sentence carries the news
    names = proper_words(articles)
    sources = usable_text(articles)
    options: dict[str, float] = {}
    for article in articles:
        if article.language != "en" or article.duplicate_of:
            continue
        # Case first: in title case, `U.S. And` looks like the end of a sentence.
        title = apply_substitutions(sentence_case(usable_title(article), names))
        for option in filter(fits, _variants(settle_capitals(title, sources))):
            said = terms(option)
            covered = weights.coverage(said, bullet) + weights.coverage(said, news)
            options[option] = covered + _present(option)
    return [*sorted(options, key=lambda t: (-options[t], t)), _from_lead(text)]


def own_headline(headline: str, articles: Sequence[Article]) -> list[str]:
    """A model's headline with the sources' capitals; none where it has not the house's length."""
    settled = sentence_case(headline, proper_words(articles), plain_words(articles))
    return [settled] if fits(settled) else []


def fits(headline: str) -> bool:
    """Whether a headline has the house's length in characters and words."""
    return (
        MIN_CHARACTERS <= len(headline) <= MAX_CHARACTERS
        and MIN_WORDS <= len(headline.split()) <= MAX_WORDS
    )


def _variants(title: str) -> list[str]:
    """The whole title, and each shorter form that ends at one of its own joints."""
    title = re.sub(r"\s*[|]\s*[^|]*$", "", title).strip().rstrip(".")
    cuts = [
        m.start()
        for m in re.finditer(r"[;:,]? (?:with|as|after|amid|while|for|in|at)\b|[;,]", title)
    ]
    return [title, *(title[:cut] for cut in cuts)]


def _present(title: str) -> float:
    """A little for a finite present-tense verb, less for none, a penalty for a past one."""
    tags = {t.tag_ for t in parse(title)}
    return 0.1 if tags & {"VBZ", "VBP"} else -0.2 if "VBD" in tags else -0.1


def sentence_case(title: str, names: set[str], plain: frozenset[str] = frozenset()) -> str:
    """`title` with only its first word and `names` capitalised, if it was in title case.

    In other titles, a capital is taken only from the words that `plain` holds.
    """
    words = title.split()
    long_words = [w for w in words[1:] if len(w) > 3 and w[0].isalpha()]
    capitals = sum(w[0].isupper() for w in long_words)
    title_case = bool(long_words) and capitals >= 0.8 * len(long_words)

    def settle(word: str) -> str:
        small = word[0].lower() + word[1:]
        wrong = title_case or re.sub(r"\W+", "", small) in plain
        return small if wrong and not _is_name(word, names) else word

    return " ".join([*words[:1], *map(settle, words[1:])])


def _is_name(word: str, names: set[str]) -> bool:
    bare = re.sub(r"^\W+|\W+$|['’]s$", "", word)
    return bare in names or bare.isupper() or any(part in names for part in bare.split("-"))


def proper_words(articles: Sequence[Article]) -> set[str]:
    """Words that stand capitalised inside the articles' sentences more often than not."""
    text = usable_text(articles)
    inside = re.findall(r"(?<=[a-z,] )[A-Z][\w-]*", text)
    words = Counter(re.findall(r"(?<= )[\w-]+", text))
    return {w for w in set(inside) if words[w] >= words[w.lower()]}


def plain_words(articles: Sequence[Article]) -> frozenset[str]:
    """Words that the articles write small."""
    return frozenset(re.findall(r"\b[a-z]{3,}\b", usable_text(articles)))


def _from_lead(text: str) -> str:
    """The first sentence cut at a joint, so that it has at most the house's length."""
    start, end = sentences(text)[0]
    lead = parse(" ".join(text[start:end].rstrip(".").split()))
    words = [m.end() for m in re.finditer(r"\S+", lead.text)]
    while words and (words[-1] > MAX_CHARACTERS or len(words) > MAX_WORDS):
        words.pop()
    while len(words) > MIN_WORDS and _dangles(lead, words[-1]):
        words.pop()
    return lead.text[: words[-1]].rstrip(",;:") if words else ""


def _dangles(lead: Doc, end: int) -> bool:
    """Whether the last word before `end` waits for one that comes after: `and South Korean`."""
    last = next(t for t in reversed(lead) if t.idx < end)
    return last.head.idx >= end or bool(_JOINT.fullmatch(last.text))
