"""Takes out of a page what its readers cannot see, where text for programs is planted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_TAGS = "script style noscript template iframe object embed svg canvas math audio video head"
_UNSEEN_TAGS = frozenset(_TAGS.split())
_CLASSES = """
sr-only visually-hidden visuallyhidden screen-reader-text screen-reader-only hidden is-hidden d-none
"""
_UNSEEN_CLASSES = frozenset(_CLASSES.split())
_SOMETIMES_SEEN = re.compile(r"(?:^|[\s-])(?:sm|md|lg|xl|xxl|2xl)(?:[:-]|$)")
_LONGEST_STYLE = 5_000  # nobody writes more into one attribute except to hide something
_ZERO = r"0*\.?0+(?:px|em|rem|pt|%|vw|vh)?(?:;|$)"
_UNSEEN_STYLE = re.compile(
    rf"(?:^|;)(?:display:none|visibility:(?:hidden|collapse)|content-visibility:hidden"
    rf"|opacity:{_ZERO}|font-size:(?:{_ZERO}|[01](?:\.\d+)?p[xt])|font:{_ZERO}"
    rf"|(?:max-)?(?:width|height):(?:{_ZERO}|1px)|text-indent:-\d{{3,}}|(?:left|top|right):-\d{{3,}}"
    rf"|margin-(?:left|top):-\d{{3,}}|clip:rect\(|clip-path:inset\((?:50|100)%"
    rf"|transform:scale\(0|color:transparent|-webkit-text-fill-color:transparent)"
)
_COLOUR = re.compile(r"(?:^|;)color:([^;]+)")
_BACKGROUND = re.compile(r"(?:^|;)background(?:-color)?:([^;]+)")
_WHITE = re.compile(
    r"white|snow|ivory|ghostwhite|#f[a-f0-9]?f[a-f0-9]?f[a-f0-9]?|#f{4}|#f{8}"
    r"|rgba?\(25[0-5],25[0-5],25[0-5](?:,[\d.]+)?\)|hsl\(\d+,\d+%,(?:9[89]|100)%\)"
)
_SIMPLE_SELECTOR = re.compile(r"(?:[a-z][a-z0-9]*)?([.#])([\w-]+)")


def remove_hidden(tree: HtmlElement) -> None:
    """Drop unseen elements of `tree`: by attribute, inline style, or the page's own style sheet."""
    classes, ids = _hidden_by_sheet(tree)
    for element in list(tree.iter()):
        if element.tag in ("html", "body"):
            continue
        if not isinstance(element.tag, str) or _is_hidden(element, classes, ids):
            element.drop_tree()


def _is_hidden(element: HtmlElement, classes: set[str], ids: set[str]) -> bool:
    names = element.get("class", "")
    return (
        element.tag in _UNSEEN_TAGS
        or "hidden" in element.attrib
        or element.get("aria-hidden", "").strip().lower() == "true"
        or not classes.isdisjoint(names.split())
        or (not _UNSEEN_CLASSES.isdisjoint(names.split()) and not _SOMETIMES_SEEN.search(names))
        or element.get("id") in ids
        or ("style" in element.attrib and _unseen_style(element))
    )


def _plain(style: str) -> str:
    """Style without white space, comments and `!important`, in small letters."""
    return re.sub(r"\s+|!important", "", _uncommented(style).lower())


def _uncommented(css: str) -> str:
    first, *rest = css.split("/*")
    return first + "".join(part.partition("*/")[2] for part in rest)


def _unseen_style(element: HtmlElement) -> bool:
    style = _plain(element.get("style", ""))
    if len(style) > _LONGEST_STYLE or _UNSEEN_STYLE.search(style):
        return True
    colour = _COLOUR.search(style)
    return colour is not None and _same_colour(colour[1], _background(element))


def _background(element: HtmlElement) -> str:
    """Nearest background that an inline style sets; a page is white without one."""
    for each in (element, *element.iterancestors()):
        if (found := _BACKGROUND.search(_plain(each.get("style", "")))) is not None:
            return found[1]
    return "white"


def _same_colour(one: str, other: str) -> bool:
    return one == other or (_WHITE.fullmatch(one) and _WHITE.fullmatch(other)) is not None


def _hidden_by_sheet(tree: HtmlElement) -> tuple[set[str], set[str]]:
    """Classes and ids that a `<style>` of the page hides by a rule of their own."""
    classes: set[str] = set()
    ids: set[str] = set()
    for sheet in tree.iter("style"):
        for selectors, body in _rules(_uncommented(sheet.text or "")):
            if _UNSEEN_STYLE.search(_plain(body)):
                for selector in selectors.split(","):
                    if found := _SIMPLE_SELECTOR.fullmatch(selector.strip()):
                        (classes if found[1] == "." else ids).add(found[2])
    return classes, ids


def _rules(css: str) -> Iterator[tuple[str, str]]:
    """Selectors and body of each rule, without those inside `@media` and the like.

    What is hidden in print or on small screens is seen elsewhere.
    """
    opened: list[str] = []
    last = ""
    for piece in re.split(r"([{}])", css):
        if piece == "{":
            opened.append(last)
        elif piece == "}":
            if len(opened) == 1:
                yield opened[0], last
            opened = opened[:-1]
        last = piece
