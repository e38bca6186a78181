"""How each kind of rule finds its spots in a field of a bullet."""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.errors import IngestError
from assistant.ingest.address import canonical_url
from assistant.nlp import Span, sentences
from assistant.style import acronyms, days, grammar, numerals
from assistant.style.rules import (
    Acronym,
    Capitalization,
    Count,
    Dates,
    Existence,
    Grammar,
    Link,
    Numeral,
    Repeated,
    Rule,
    Substitution,
    Unit,
)
from assistant.style.view import Spot, View, is_placeholder

_SMALL_WORDS = frozenset(
    """a an the and or nor but as at by for from in into of off on onto out over per to up via vs
    with than""".split()
)


def spots(rule: Rule, view: View) -> Iterator[Spot]:
    """Where `rule` matches in `view`, for every kind of rule but those on whole issues."""
    for span in _pieces(rule, view):
        match rule:
            case Existence():
                yield from _existence(rule, view, span)
            case Substitution():
                yield from _substitution(rule, view, span)
            case Numeral():
                yield from _numeral(rule, view, span)
            case Repeated():
                yield from _repeated(rule, view, span)
            case Capitalization():
                yield from _capitalization(rule, view)
            case Count():
                yield from _count(rule, view, span)
            case Acronym():
                yield from acronyms.spots(rule.problem, view)
            case Dates():
                yield from days.spots(rule.problem, view)
            case Link():
                yield from _link(rule, view)
            case Grammar():
                yield from grammar.spots(rule.problem, view, span)


def out_of_bounds(rule: Count, number: int) -> bool:
    """Whether `number` is below the rule's minimum or above its maximum."""
    return (rule.min is not None and number < rule.min) or (
        rule.max is not None and number > rule.max
    )


def _pieces(rule: Rule, view: View) -> list[Span]:
    """The stretches of the view that the rule's scopes name."""
    found: list[Span] = []
    if view.field in rule.scope:
        found.append((0, len(view.text)))
    if "anchor" in rule.scope:
        found += [(c.start, c.end) for c in view.citations]
    return found


def _existence(rule: Existence, view: View, span: Span) -> Iterator[Spot]:
    for start, match in _matches(rule.regex, rule.allowed, view, span):
        yield Spot(start, start + len(match[0]), (match[0],))


def _substitution(rule: Substitution, view: View, span: Span) -> Iterator[Spot]:
    for regex, wanted in rule.regexes:
        for start, match in _matches(regex, rule.allowed, view, span):
            replacement, end = match.expand(wanted), start + len(match[0])
            if match[0].endswith(".") and replacement and not replacement.endswith("."):
                replacement += "." if _closes_sentence(view.text, end) else ""
            if replacement != match[0]:
                yield Spot(start, end, (replacement, match[0]), replacement)


def _numeral(rule: Numeral, view: View, span: Span) -> Iterator[Spot]:
    for start, match in _matches(numerals.NUMERAL, rule.allowed, view, span):
        end, number = start + len(match[0]), numerals.value(match[0])
        within = rule.min <= number and (rule.max is None or number <= rule.max)
        if within and rule.following.match(view.text, end):
            yield Spot(start, end, (f"{number:,}", match[0]), f"{number:,}")


def _closes_sentence(text: str, end: int) -> bool:
    """Whether the full stop of the abbreviation that ends at `end` is the sentence's as well."""
    dash_follows = re.match(r"\s+[^\s\w\"'“‘(\[]", text[end:])
    return dash_follows is None and any(stop == end for _, stop in sentences(text))


def _repeated(rule: Repeated, view: View, span: Span) -> Iterator[Spot]:
    seen: set[str] = set()
    for start, match in _matches(rule.regex, rule.allowed, view, span):
        if match[0] in seen:
            replacement = match.expand(rule.replacement)
            yield Spot(start, start + len(match[0]), (replacement, match[0]), replacement)
        seen.add(match[0])


def _matches(
    regex: re.Pattern[str], allowed: tuple[re.Pattern[str], ...], view: View, span: Span
) -> Iterator[tuple[int, re.Match[str]]]:
    """Matches within `span`, each with its offset in the view's text.

    Those in quotations, names of publications and exceptions are left out.
    """
    # A slice, so that `^` and `$` of a rule on anchors mean the anchor's ends.
    for match in regex.finditer(view.text[slice(*span)]):
        start, end = span[0] + match.start(), span[0] + match.end()
        let_pass = (m.span() for pattern in allowed for m in pattern.finditer(view.text))
        passes = any(left <= start and end <= right for left, right in let_pass)
        if end > start and not passes and not view.is_exempt(start, end):
            yield start, match


def _capitalization(rule: Capitalization, view: View) -> Iterator[Spot]:
    # The first word is a capital in sentence case too; figures and small words tell nothing.
    following = re.findall(r"(?<![\w'’-])[A-Za-z][\w'’-]*", view.text)[1:]
    telling = [word for word in following if word.lower() not in _SMALL_WORDS]
    capitals = sum(word[0].isupper() for word in telling)
    # Names alone may fill a headline, but no title leaves its verb small.
    if (
        len(telling) >= 4
        and capitals >= rule.threshold * len(telling)
        and not grammar.verb_of(view.text)[:1].islower()
    ):
        yield Spot(0, len(view.text), (view.text,))


def _count(rule: Count, view: View, span: Span) -> Iterator[Spot]:
    number = _number(rule.unit, view, view.text[slice(*span)])
    if number is not None and out_of_bounds(rule, number):
        yield Spot(*span, (str(number),))


def _number(unit: Unit, view: View, text: str) -> int | None:
    """How many of `unit` there are; None where there is nothing to divide by."""
    if unit == "characters":
        return len(text)
    if unit == "words":
        return len(text.split())
    if unit == "sentences":
        return len(sentences(text))
    links = len(view.citations)
    if unit == "words per link":
        return len(text.split()) // links if links else None
    return links


def _link(rule: Link, view: View) -> Iterator[Spot]:
    known = view.context.known_urls
    seen: set[str] = set()
    for citation in view.citations:
        url = citation.url
        if is_placeholder(url):
            continue
        page = _page(url)
        if rule.problem == "duplicate" and page in seen:
            yield Spot(citation.start, citation.end, (url,))
        unknown = citation.article_id is None and known is not None and not {url, page} & known
        if rule.problem == "unknown" and unknown:
            yield Spot(citation.start, citation.end, (url,))
        seen.add(page)


def _page(url: str) -> str:
    """The form under which the page of a URL is known; the URL itself where it has none."""
    try:
        return canonical_url(url)
    except IngestError:
        return url
