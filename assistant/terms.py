"""Content words of a text, stemmed, so that texts can be compared by what they say.

Japanese has no spaces: its text gives the English terms of the glossary entries
that occur in it (`prompts/glossary.yaml`), its Latin words and figures, and
character pairs for comparison with other Japanese texts.
"""

from __future__ import annotations

import math
import re
import threading
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache

import snowballstemmer

from assistant import resources
from assistant.nlp import is_japanese

STOP_WORDS = frozenset(
    """a about above after again against all also am an and any are as at be because been before
    being below between both but by can could did do does doing down during each either few for
    from further had has have having he her here hers him his how i if in into is it its itself
    just may me might more most must my no nor not now of off on once one only or other our out
    over own per same shall she should since so some such than that the their theirs them then
    there these they this those through to too under until up upon us very was we were what when
    where which while who whom whose why will with would yet you your said say says mr mrs ms
    according including among amid via new""".split()
)
_WORD = re.compile(r"[A-Za-z](?:[A-Za-z]|['’.-](?=[A-Za-z]))*\.?|\d[\d,.]*\d|\d")
_SHORT_NAMES = {"u.s": "us_", "us": "us_", "u.k": "uk_", "uk": "uk_", "u.n": "un_", "un": "un_"}
# Base form and the past forms that no stemmer finds. `found` and `lay` are left out: they are
# verbs of their own as well.
_IRREGULAR = """
become became; begin began begun; bring brought; build built; buy bought; catch caught;
choose chose chosen; come came; deal dealt; draw drew drawn; drive drove driven; fall fell fallen;
feel felt; fight fought; fly flew flown; forbid forbade forbidden; get got gotten; give gave given;
go went gone; grow grew grown; have had; hear heard; hold held; keep kept; know knew known;
lead led; leave left; lend lent; lose lost; make made; mean meant; meet met; overcome overcame;
oversee oversaw overseen; pay paid; ride rode ridden; rise rose risen; run ran; say said;
see saw seen; seek sought; sell sold; send sent; shoot shot; show showed shown;
shrink shrank shrunk; sink sank sunk; speak spoke spoken; spend spent; stand stood; strike struck;
take took taken; teach taught; tell told; think thought; throw threw thrown; undergo underwent;
undertake undertook undertaken; understand understood; win won; withdraw withdrew withdrawn;
write wrote written
"""
_BASE = {
    form: verb[0]
    for verb in (entry.split() for entry in _IRREGULAR.split(";"))
    for form in verb[1:]
}
_CJK_RUN = re.compile(r"[぀-ヿ㐀-鿿々ー]+")
_stemmer = snowballstemmer.stemmer("english")
# A stemmer holds the word that it is at, and the desk has several threads.
_stemming = threading.Lock()


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The Porter2 stem of one lower-case English word."""
    with _stemming:
        stemmed: str = _stemmer.stemWord(word)
    return stemmed


def is_past(word: str) -> bool:
    """Whether `word` has a form that tells what was done: `agreed`, `met`, `taken`."""
    regular = word.endswith("ed") and stem(word) != word  # `need` is not
    return word.islower() and (regular or word in _BASE)


def base(word: str) -> str:
    """The stem of a word's base form, in lower case."""
    word = word.lower()
    return stem(_BASE.get(word, word))


@lru_cache(maxsize=1)
def _plain_letters() -> Mapping[int, str]:
    latin = [*range(0xC0, 0x250), *range(0x1E00, 0x1F00)]
    bases = {n: unicodedata.normalize("NFKD", chr(n))[0] for n in latin}
    plain = {n: base for n, base in bases.items() if base.isascii() and base.isalpha()}
    return plain | {ord(c): base for c, base in zip("ĐđŁłØøı", "DdLlOoi", strict=True)}


def without_accents(text: str) -> str:
    """`text` with plain Latin letters, as long as it was: `Oita` for `Ōita`."""
    return text if text.isascii() else text.translate(_plain_letters())


def terms(text: str) -> list[str]:
    """Stems of the content words and the figures of `text`, in order, with repeats."""
    found: list[str] = []
    text = without_accents(text).replace("United States", "US").replace("United Kingdom", "UK")
    for match in _WORD.finditer(text):
        word = match[0].rstrip(".").replace("’", "'")
        if word.isupper() and word.lower() in _SHORT_NAMES:
            found.append(_SHORT_NAMES[word.lower()])
            continue
        if word[0].isdigit():
            found.append(word.replace(",", ""))
            continue
        for part in word.lower().removesuffix("'s").split("-"):
            if part in _SHORT_NAMES and word[0].isupper():
                found.append(_SHORT_NAMES[part])
            elif part not in STOP_WORDS and len(part) > 1:
                found.append(stem(part))
    if is_japanese(text):
        found += _japanese_terms(text)
    return found


def _japanese_terms(text: str) -> list[str]:
    found: list[str] = []
    for japanese, english in glossary().items():
        found += terms(english) * text.count(japanese)
    for run in _CJK_RUN.findall(text):
        found += [run[i : i + 2] for i in range(len(run) - 1)]
    return found


@lru_cache(maxsize=1)
def glossary() -> Mapping[str, str]:
    """Japanese words of this field and their English, from `prompts/glossary.yaml`.

    Raises PromptError if that file is wrong.
    """
    return resources.read_yaml(resources.prompts() / "glossary.yaml", dict[str, str])


class Weights:
    """Inverse document frequency over a collection: rare terms count for more.

    `idf(t) = ln(1 + n / (1 + df(t)))`; a term never seen has the weight of one
    that stands in no document.
    """

    def __init__(self, documents: Iterable[Iterable[str]]) -> None:
        self._frequency: Counter[str] = Counter()
        self._documents = 0
        for document in documents:
            self._frequency.update(set(document))
            self._documents += 1

    def idf(self, term: str) -> float:
        """Weight of one term."""
        return math.log(1 + (self._documents + 1) / (1 + self._frequency[term]))

    def vector(self, bag: Iterable[str]) -> dict[str, float]:
        """Unit-length vector of damped counts times idf."""
        raw = {t: (1 + math.log(c)) * self.idf(t) for t, c in Counter(bag).items()}
        norm = math.sqrt(sum(w * w for w in raw.values())) or 1.0
        return {t: w / norm for t, w in raw.items()}

    def coverage(self, claim: Iterable[str], evidence: Iterable[str]) -> float:
        """Share of the claim's term weight that the evidence has, 0 to 1."""
        wanted = set(claim)
        have = set(evidence)
        total = sum(self.idf(t) for t in wanted)
        return sum(self.idf(t) for t in wanted & have) / total if total else 0.0


def cosine(a: Mapping[str, float], b: Mapping[str, float]) -> float:
    """Dot product of two unit vectors."""
    if len(b) < len(a):
        a, b = b, a
    return sum(w * b[t] for t, w in a.items() if t in b)
