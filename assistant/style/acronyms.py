"""Acronyms of a bullet: which are written out, which are used, which everybody knows."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.style.rules import words
from assistant.style.view import Spot, View

# Two capitals or more; not a designation such as MV-22 or COVID-19.
_ACRONYM = re.compile(r"(?<![\w&.$])(?:[A-Z][A-Z&]*[A-Z])(?=s?(?!\w))(?!-\d|&)")
_COMPANY = re.compile(r"([A-Z][A-Z&]*[A-Z]) (?:Corp|Inc|Co|Ltd|Holdings|Group)\b")


def spots(problem: Literal["not introduced", "not used again"], view: View) -> Iterator[Spot]:
    """First uses of acronyms that are not introduced, or introductions never needed."""
    found = _not_introduced(view) if problem == "not introduced" else _not_used_again(view)
    for match in found:
        if not view.is_exempt(*match.span()):
            yield Spot(match.start(), match.end(), (match[0],))


def spelled_out(acronym: str) -> re.Pattern[str]:
    """Words that `acronym` may stand for: `Japan Air Self-Defense Force` for JASDF."""
    ours, letters = ("US", acronym[2:]) if re.match("US.", acronym) else ("", acronym)
    joint = r"(?:[\s-](?:of\s|the\s|and\s|for\s){0,2})"
    words = [rf"[{a}{a.lower()}][a-z]+" for a in letters]
    # The I and the C of `intercontinental` stand in one word.
    between = [rf"(?:{joint}|(?<=[Ii]nter))" if a == "I" else joint for a in letters[:-1]]
    pattern = "".join(f"{w}{b}" for w, b in zip(words, [*between, ""], strict=True))
    if ours:
        pattern = rf"(?:US|United\sStates){joint}{pattern}"
    return re.compile(rf"\b{pattern}\b")


def introduced(text: str, acronym: re.Match[str]) -> bool:
    """Whether `acronym` stands in brackets behind the words that it stands for."""
    before = text[: acronym.start()].removesuffix(" (")
    return any(m.end() == len(before) for m in spelled_out(acronym[0]).finditer(before))


def introduce_acronyms(text: str, sources: str) -> str:
    """`text` with each short form that few know written out where it is used first.

    The words are those of the text itself, else of `sources`; a short form that
    neither spells out stays as it is.
    """
    for acronym in dict.fromkeys(m[0] for m in _ACRONYM.finditer(text)):
        first = next(m for m in _ACRONYM.finditer(text) if m[0] == acronym)
        if acronym in words("known-acronyms") or _introduces(text, first):
            continue
        pattern = spelled_out(acronym)
        own = pattern.search(text, 0, first.start())
        source = pattern.search(sources)
        if own:
            text = f"{text[: own.end()]} ({acronym}){text[own.end() :]}"
        elif source and text[first.start() - 1 : first.start()] != "-" != text[first.end() :][:1]:
            again = acronym in text[first.end() :]
            whole = f"{source[0]} ({acronym})" if again else source[0]
            text = text[: first.start()] + whole + text[first.end() :]
    return text


def _not_introduced(view: View) -> Iterator[re.Match[str]]:
    passed = set(words("known-acronyms")) | set(_COMPANY.findall(view.text))
    passed |= {match[0] for match in _ACRONYM.finditer(view.context.before)}
    for match in _ACRONYM.finditer(view.text):
        if match[0] not in passed and not _introduces(view.text, match):
            yield match
        passed.add(match[0])


def _not_used_again(view: View) -> Iterator[re.Match[str]]:
    known = words("known-acronyms")
    for match in _ACRONYM.finditer(view.text):
        rest = view.text[match.end() :] + "\n" + view.context.after
        again = any(later[0] == match[0] for later in _ACRONYM.finditer(rest))
        if _in_brackets(view.text, match) and not again and match[0] not in known:
            yield match


def _introduces(text: str, match: re.Match[str]) -> bool:
    """Whether the acronym stands in brackets, or soon before brackets that write it out."""
    if _in_brackets(text, match):
        return True
    written_out = re.compile(r"[^().]{0,40}\(([^()]+)\)").match(text, match.end())
    if written_out is None:
        return False
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", written_out[1]))
    capitals = "".join(letter for letter in initials if letter.isupper())
    return match[0] in (initials.upper(), capitals)


def _in_brackets(text: str, match: re.Match[str]) -> bool:
    before = text[: match.start()].rstrip("\"“'")
    return before.endswith("(") and text[match.end() :].lstrip("\"”'").startswith(")")
