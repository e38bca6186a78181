"""Numbers with their units, so that `$2 billion` equals `2,000 million dollars`."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass, replace
from functools import lru_cache

from assistant.terms import terms

_SMALL = {
    w: float(i)
    for i, w in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen "
        "fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    w: 10.0 * i
    for i, w in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)
}
_SCALE = {
    "dozen": 12.0,
    "hundred": 100.0,
    "十": 10.0,
    "百": 100.0,
    "千": 1e3,
    "thousand": 1e3,
    "million": 1e6,
    "mn": 1e6,
    "billion": 1e9,
    "bn": 1e9,
    "trillion": 1e12,
    "tn": 1e12,
    "万": 1e4,
    "億": 1e8,
    "兆": 1e12,
}
_UNIT = {
    "dollar": "usd", "dollars": "usd", "ドル": "usd", "yen": "jpy", "円": "jpy", "euros": "eur",
    "percent": "percent", "per cent": "percent", "%": "percent", "％": "percent",
    "パーセント": "percent",
    "meter": "m", "meters": "m", "metres": "m", "metre": "m", "m": "m", "メートル": "m",
    "foot": "ft", "feet": "ft", "ft": "ft",
    "kilometer": "km", "kilometers": "km", "kilometres": "km", "km": "km", "キロ": "km",
    "mile": "mi", "miles": "mi", "nautical miles": "nmi",
    "year": "year", "years": "year", "month": "month", "months": "month", "week": "week",
    "weeks": "week", "day": "day", "days": "day", "hour": "hour", "hours": "hour",
    "minute": "minute", "minutes": "minute", "decade": "decade", "decades": "decade",
    "megawatts": "mw", "megawatt": "mw", "gigawatts": "gw", "gigawatt": "gw",
    "centimeters": "cm", "centimeter": "cm", "centimetres": "cm", "cm": "cm", "mm": "mm",
    "inches": "in", "inch": "in", "yards": "yd", "yard": "yd",
    "kilograms": "kg", "kilogram": "kg", "kilos": "kg", "kg": "kg", "pounds": "lb", "pound": "lb",
    "lbs": "lb", "lb": "lb", "tons": "ton", "ton": "ton", "tonnes": "t", "tonne": "t",
    "metric tons": "t", "acres": "acre", "acre": "acre", "hectares": "ha", "hectare": "ha",
    "square kilometers": "km2", "square miles": "mi2", "mph": "mph",
    "miles per hour": "mph", "kph": "kph", "km/h": "kph", "kilometers per hour": "kph",
}  # fmt: skip
_IN_BASE = {
    "ft": ("m", 0.3048), "km": ("m", 1000.0), "mi": ("m", 1609.344), "nmi": ("m", 1852.0),
    "cm": ("m", 0.01), "mm": ("m", 0.001), "in": ("m", 0.0254), "yd": ("m", 0.9144),
    "lb": ("kg", 0.45359), "ton": ("kg", 907.18), "t": ("kg", 1000.0),
    "acre": ("ha", 0.40469), "km2": ("ha", 100.0), "mi2": ("ha", 258.999), "mph": ("kph", 1.60934),
    "decade": ("year", 10.0), "week": ("day", 7.0), "hour": ("minute", 60.0),
}  # fmt: skip
_FIRST = """zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth
    thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth""".split()
_ORDINALS = {word: n for n, word in enumerate(_FIRST)} | {
    f"{tens[:-1]}ieth" if not n else f"{tens}-{_FIRST[n]}": int(value) + n
    for tens, value in _TENS.items()
    for n in range(10)
}
ORDINAL = re.compile(rf"\b(?:{'|'.join(sorted(_ORDINALS, key=len, reverse=True))})\b", re.I)
_UNITS = "|".join(sorted(map(re.escape, _UNIT), key=len, reverse=True))
_HALF = r"half\ an?(?=\ [mb]illion)"
# `A hundred`, `a billion dollars`; not in `a quarter of a billion`.
_A_SCALE = r"(?<!of\s)an?(?=[\s-](?:dozen|hundred|thousand|million|billion|trillion)\b)"
_ONES = "|".join(_SMALL)
_SPELLED = rf"{_HALF}|{_A_SCALE}|(?:{'|'.join(_TENS)})(?:[\s-](?:{_ONES}))?|(?:{_ONES})"
# `1万2千`, `1兆5000億` and `5千万`, which a scale ends or not.
_COMPOSITE = (
    r"(?:\d[\d,]*(?:\.\d+)?[十百千万億兆]+){2,}(?:\d[\d,]*)?"
    r"|\d[\d,]*(?:\.\d+)?(?:[万億兆]\d[\d,]*|[十百千][万億兆])"
)
_QUANTITY = re.compile(
    rf"""(?P<sign>US\$|[$¥€£])?\s?
    (?P<number>(?<![A-Za-z0-9_.])(?:{_COMPOSITE}|\d(?:,?\d)*(?:\.\d+)?)|(?<![\w-])(?:{_SPELLED})(?!\w))
    (?:[\s-]?(?P<scale>(?:dozen|hundred|thousand|million|billion|trillion|[mbt]n)(?![a-z])|千|万|億|兆))?
    (?:(?P<ordinal>(?<=\d)(?:st|nd|rd|th)\b)|[\s-]?(?P<unit>{_UNITS})(?![a-z]))?""",
    re.VERBOSE | re.IGNORECASE,
)
_SIGN = {"$": "usd", "us$": "usd", "¥": "jpy", "€": "eur", "£": "gbp"}
_SIGNED = re.compile(r"(?:us)?[$¥€£]\s?")
# A converted figure is rounded by the writer: 150 m is given as 492 or as 490 feet.
CONVERSION_TOLERANCE = 0.02
_CONVERTED = frozenset(("m", "kg", "ha", "kph"))
# `24 million pounds` may be money or a weight.
_POUNDS = frozenset(("gbp", "lb"))
# `From 12.5 to 10 percent`, `$2-3 billion`: the second figure gives the first its unit.
_SHARES_UNIT = re.compile(r"\s?(?:[-–—]|to|and|or|by)\s?")
_CITATION_MARK = re.compile(r"\[[\d,\s–-]+\]")
# What is counted stands within so many characters after its number.
_NEXT = 40


@dataclass(frozen=True)
class Quantity:
    """A number at `start:end` of its text; `unit` is None for a plain count.

    `number_end` is where the number ends, its scale included and its unit not; `bare` is the
    number without its scale.
    """

    start: int
    end: int
    value: float
    unit: str | None
    number_end: int
    bare: float

    def same_as(self, other: Quantity) -> bool:
        """Equal value and unit, which may be converted; plain counts match any but percent."""
        if self.unit == other.unit or {self.unit, other.unit} == _POUNDS:
            return math.isclose(self.value, other.value)
        if not {None, "ordinal"}.isdisjoint((self.unit, other.unit)):
            same = math.isclose(self.value, other.value)
            return same and "percent" not in (self.unit, other.unit)
        own = self.in_unit_of(other)
        if own is None:
            return False
        tolerance = CONVERSION_TOLERANCE if _base_of(self.unit)[0] in _CONVERTED else 0.0
        return abs(own - other.value) <= tolerance * max(own, other.value)

    def in_unit_of(self, other: Quantity) -> float | None:
        """The value in the other's unit; None where that is no unit for it."""
        (own, factor), (theirs, per) = _base_of(self.unit), _base_of(other.unit)
        return self.value * factor / per if own == theirs else None


def _base_of(unit: str | None) -> tuple[str | None, float]:
    """The unit that it can be told in, and how many of them it is."""
    return _IN_BASE.get(unit or "", (unit, 1.0))


@lru_cache(maxsize=512)  # asked for with each claim on of the same sentences
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of `text` outside names such as `F-35` or `G7`."""
    found: list[Quantity] = []
    # Neither a mark of a citation nor `twenty-first` counts something.
    for passed_over in (_CITATION_MARK, ORDINAL):
        text = passed_over.sub(lambda m: " " * len(m[0]), text)
    for match in _QUANTITY.finditer(text):
        before = text[match.start("number") - 1 : match.start("number")]
        if before == "-" and re.search(r"[A-Za-z]-$", text[: match.start("number")]):
            continue  # F-35, V-22, Hwasong-18
        number = match["number"].lower().replace(",", "")
        alone = not (match["scale"] or match["unit"] or match["ordinal"])
        if alone and (number == "one" or (number == "1" and text.startswith(" of ", match.end()))):
            continue  # mostly a pronoun
        bare = _value(number)
        value = bare * _SCALE.get((match["scale"] or "").lower(), 1.0)
        if match["sign"] and match["unit"] in ("m", "M"):
            value *= 1e6  # `$150m`
        unit = _SIGN.get((match["sign"] or "").lower()) or _UNIT.get((match["unit"] or "").lower())
        unit = "ordinal" if match["ordinal"] else unit
        start = match.start("sign") if match["sign"] else match.start("number")
        number_end = match.end("scale") if match["scale"] else match.end("number")
        found.append(Quantity(start, match.end(), value, unit, number_end, bare))
    return tuple(_shared(text, found))


def _shared(text: str, found: list[Quantity]) -> list[Quantity]:
    """`found` with the unit of the next figure for one that a `to` or `and` joins to it."""
    for i in reversed(range(len(found) - 1)):
        own, following = found[i], found[i + 1]
        if not _SHARES_UNIT.fullmatch(text[own.end : following.start]):
            continue
        signed = _SIGNED.match(text.lower(), own.start)
        if signed and following.unit == "m":  # `$100-150m`
            following = replace(following, value=following.value * 1e6, unit=None)
        scale = following.value / (following.bare or 1.0)
        scaled = own.value * (scale if own.value == own.bare else 1.0)
        if own.unit is None and following.unit not in (None, "ordinal"):
            found[i] = replace(own, value=scaled, unit=following.unit)  # `5 to 7 billion dollars`
        elif following.unit is None and signed:
            found[i] = replace(own, value=scaled)  # `$2-3 billion`
            found[i + 1] = replace(following, unit=own.unit)
    return found


def ordinals_in(text: str) -> frozenset[float]:
    """The numbers that `text` has as `third` or `thirtieth`."""
    return frozenset(float(ordinal_value(m[0])) for m in ORDINAL.finditer(text))


def ordinal_value(word: str) -> int:
    """3 for `third`; KeyError for a word that is no ordinal below a hundred."""
    return _ORDINALS[word.lower()]


def _value(number: str) -> float:
    """Of digits, of digits with Japanese scales, or of a number in words up to ninety-nine."""
    if number.startswith("half"):
        return 0.5
    if number in ("a", "an"):
        return 1.0
    if number[0].isdigit():
        parts = re.findall(r"([\d.]+)([十百千万億兆]*)", number)
        return sum(float(n) * math.prod(_SCALE[scale] for scale in scales) for n, scales in parts)
    return sum(_TENS.get(part, _SMALL.get(part, 0.0)) for part in re.split(r"[\s-]", number))


def counted(text: str, quantity: Quantity) -> list[str]:
    """What `quantity` of `text` may be a number of: the terms that stand next after it."""
    return terms(text[quantity.end : quantity.end + _NEXT])
