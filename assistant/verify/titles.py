"""The rank or office of a name, before it or set off after it, against the cited articles'.

`Lt. Gen. Yoshida` has only words of a page on `Gen. Yoshihide Yoshida` and `Lt. Gen. Garrant`:
checks that look words up do not see whose they are.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.lexicon import lexicon, spelled_out, title_words
from assistant.types import Finding

_WORD = re.compile(r"[A-Za-z][\w’'-]*\.?")
_MOST_NAMES = 3
_LONGEST_TITLE = 6
# Words of an office that may stand between `Deputy` and its last word.
_BETWEEN = 3
_PORTFOLIOS = frozenset(("prime", "foreign", "defense", "finance"))
# What house style writes as one word.
_JOINED = {
    "fm": ("foreign", "minister"),
    "pm": ("prime", "minister"),
    "defence": ("defense",),
}


@dataclass(frozen=True)
class _Titled:
    """A title at `start:end` in words of one form, its names, and whether it stands after them."""

    title: tuple[str, ...]
    names: frozenset[str]
    start: int
    end: int
    set_off: bool = False

    @property
    def head(self) -> str:
        return self.title[-1]

    @property
    def grade(self) -> frozenset[str]:
        """What makes it a lower or a former one."""
        return frozenset(filter(_lowers, self.title[:-1]))

    @property
    def portfolio(self) -> frozenset[str]:
        return _PORTFOLIOS & set(self.title)


def wrong_titles(claim: str, whole: str) -> list[Finding]:
    """Titles of the claim's people that `whole`, the cited articles, gives otherwise throughout.

    A person whom it gives no title of that sort is passed over.
    """
    found = []
    for own in _titled(claim):
        given = [t for t in _titled(whole) if _same_person(own.names, t.names)]
        rivals = [t for t in given if _comparable(own, t)]
        if rivals and not any(_agrees(own, t) for t in rivals):
            shown = claim[own.start : own.end]
            other = whole[rivals[0].start : rivals[0].end]
            message = f"The source gives this person the title “{other}”, not “{shown}”."
            found.append(Finding("title", "error", message, own.start, own.end, other))
    return found


def _same_person(some: frozenset[str], others: frozenset[str]) -> bool:
    return some <= others or others <= some


def _comparable(own: _Titled, other: _Titled) -> bool:
    ranks = {own.head, other.head} <= set(lexicon().ranks)  # `Maj. Gen. X, director general`
    same = own.head == other.head or (ranks and not own.set_off)
    return same and not (ranks and own.set_off != other.set_off)


def _agrees(own: _Titled, other: _Titled) -> bool:
    if own.head != other.head or own.grade != other.grade:
        return False
    both = own.portfolio and other.portfolio
    return not both or own.portfolio == other.portfolio


@lru_cache(maxsize=64)  # a page is asked for with each of the claims that cite it
def _titled(text: str) -> tuple[_Titled, ...]:
    return (*_read(text), *_set_off(text))


def _set_off(text: str) -> Iterator[_Titled]:
    """Titles after a name: `Ida Holm, the deputy governor of Lund`."""
    for match in _after_a_name().finditer(text):
        title = tuple(part for word in match["title"].split() for part in _plain(word))
        names = match["name"].lower().replace(".", "").split()
        person = frozenset(n for n in names if len(n) > 1 and spelled_out(n) not in title_words())
        yield _Titled(title, person, *match.span("title"), set_off=True)


@lru_cache(maxsize=1)
def _after_a_name() -> re.Pattern[str]:
    word = "|".join(sorted((*title_words(), "under"), key=len, reverse=True))
    name = r"(?P<name>[A-Z][\w’'-]*\.?(?: [A-Z][\w’'-]*\.?){1,2})"
    return re.compile(rf"\b{name}, (?:the |an? )?(?P<title>(?i:(?:{word})(?: (?:{word}))*))\b")


def _read(text: str) -> Iterator[_Titled]:
    words = list(_WORD.finditer(text))
    i = 0
    while i < len(words):
        run = _stretch(text, words[i : i + _LONGEST_TITLE], _is_title)
        i += len(run) or 1
        names = _stretch(text, words[i : i + _MOST_NAMES], _is_name) if run else []
        if names and text[run[-1].end() : names[0].start()] == " ":
            first = i - len(run)
            before = words[max(0, first - _BETWEEN) : first]
            run = [*_lowered(text, before, run[0].start()), *run]
            title = tuple(part for word in run for part in _plain(word[0]))
            spelled = (re.sub(r"['’]s$", "", n[0]).rstrip(".").lower() for n in names)
            if person := frozenset(name for name in spelled if len(name) > 1):
                yield _Titled(title, person, run[0].start(), run[-1].end())


def _lowered(text: str, before: Sequence[re.Match[str]], end: int) -> Sequence[re.Match[str]]:
    """The words from `Deputy` on, of `Deputy National Security` before `Adviser` at `end`."""
    for back, word in enumerate(reversed(before), 1):
        if text[word.end() : end] != " " or not _is_name(word[0]):
            break
        if _is_title(word[0]) and _lowers(_plain(word[0])[-1]):
            return before[-back:]
        end = word.start()
    return ()


def _stretch(
    text: str, words: Sequence[re.Match[str]], fits: Callable[[str], bool]
) -> list[re.Match[str]]:
    """The words from the first on that fit, one space between them."""
    found: list[re.Match[str]] = []
    for word in words:
        if not fits(word[0]) or (found and text[found[-1].end() : word.start()] != " "):
            break
        found.append(word)
        if word[0].endswith(".") and not _is_title(word[0]) and len(word[0]) > len("J."):
            break  # it ends a sentence
    return found


def _is_title(word: str) -> bool:
    if word.endswith(".") and word[:-1].lower() not in _abbreviated():
        return False  # it ends a sentence
    last = _plain(word)[-1]
    return last in title_words() or last.removesuffix("s") in title_words()


def _lowers(word: str) -> bool:
    """Whether it makes an office or a rank another one."""
    return word in lexicon().lesser.split()


def _is_name(word: str) -> bool:
    return word[0].isupper()


@lru_cache(maxsize=1)
def _abbreviated() -> frozenset[str]:
    return frozenset((*lexicon().short, *_JOINED))


def _plain(word: str) -> tuple[str, ...]:
    plain = spelled_out(word)
    return _JOINED.get(plain, (plain,))
