"""Numbers with their units, so that `$2 billion` equals `2,000 million dollars`."""

from __future__ import annotations

import re
from dataclasses import dataclass
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
    "千": 1e3,
    "thousand": 1e3,
    "million": 1e6,
    "billion": 1e9,
    "trillion": 1e12,
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
}  # fmt: skip
_IN_BASE = {
    "ft": ("m", 0.3048), "km": ("m", 1000.0), "mi": ("m", 1609.344), "nmi": ("m", 1852.0),
    "decade": ("year", 10.0), "week": ("day", 7.0), "hour": ("minute", 60.0),
}  # fmt: skip
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth".split()
ORDINAL = re.compile(rf"\b(?:{'|'.join(_ORDINALS)})\b", re.I)
_UNITS = "|".join(sorted(map(re.escape, _UNIT), key=len, reverse=True))
_HALF = r"half\ an?(?=\ [mb]illion)"
_SPELLED = rf"{_HALF}|(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_SMALL)}))?|(?:{'|'.join(_SMALL)})"
# `1万2千` and `1兆5000億`, which a scale ends or not.
_COMPOSITE = r"(?:\d[\d,]*[千万億兆]){2,}(?:\d[\d,]*)?|\d[\d,]*[万億兆]\d[\d,]*"
_QUANTITY = re.compile(
    rf"""(?P<sign>US\$|[$¥€£])?\s?
    (?P<number>(?<![A-Za-z0-9_.])(?:{_COMPOSITE}|\d(?:,?\d)*(?:\.\d+)?)|(?<![\w-])(?:{_SPELLED})(?!\w))
    (?:[\s-]?(?P<scale>dozen|thousand|million|billion|trillion|千|万|億|兆))?
    (?:(?P<ordinal>(?<=\d)(?:st|nd|rd|th)\b)|[\s-]?(?P<unit>{_UNITS})(?![a-z]))?""",
    re.VERBOSE | re.IGNORECASE,
)
_SIGN = {"$": "usd", "us$": "usd", "¥": "jpy", "€": "eur", "£": "gbp"}
# A converted figure is rounded by the writer: 150 m is given as 492 or as 490 feet.
CONVERSION_TOLERANCE = 0.02
# What is counted stands within so many characters after its number.
_NEXT = 40


@dataclass(frozen=True)
class Quantity:
    """A number at `start:end` of its text; `unit` is None for a plain count.

    `number_end` is where the number ends, its scale included and its unit not.
    """

    start: int
    end: int
    value: float
    unit: str | None
    number_end: int

    def same_as(self, other: Quantity) -> bool:
        """Equal value and unit, which may be converted; plain counts match any but percent."""
        if self.unit == other.unit:
            return self.value == other.value
        if not {None, "ordinal"}.isdisjoint((self.unit, other.unit)):
            return self.value == other.value and "percent" not in (self.unit, other.unit)
        own = self.in_unit_of(other)
        if own is None:
            return False
        tolerance = CONVERSION_TOLERANCE if _base_of(self.unit)[0] == "m" else 0.0
        return abs(own - other.value) <= tolerance * max(own, other.value)

    def in_unit_of(self, other: Quantity) -> float | None:
        """The value in the other's unit; None where that is no unit for it."""
        (own, factor), (theirs, per) = _base_of(self.unit), _base_of(other.unit)
        return self.value * factor / per if own == theirs else None


def _base_of(unit: str | None) -> tuple[str | None, float]:
    """The unit that it can be told in, and how many of them it is."""
    return _IN_BASE.get(unit or "", (unit, 1.0))


@lru_cache(maxsize=512)  # each layer asks for those of the same sentences
def find_quantities(text: str) -> tuple[Quantity, ...]:
    """Every number of `text` outside names such as `F-35` or `G7`."""
    found: list[Quantity] = []
    for match in _QUANTITY.finditer(text):
        before = text[match.start("number") - 1 : match.start("number")]
        if before == "-" and re.search(r"[A-Za-z]-$", text[: match.start("number")]):
            continue  # F-35, V-22, Hwasong-18
        number = match["number"].lower().replace(",", "")
        alone = not (match["scale"] or match["unit"] or match["ordinal"])
        if alone and (number == "one" or (number == "1" and text.startswith(" of ", match.end()))):
            continue  # mostly a pronoun
        value = _value(number) * _SCALE.get((match["scale"] or "").lower(), 1.0)
        unit = _SIGN.get((match["sign"] or "").lower()) or _UNIT.get((match["unit"] or "").lower())
        unit = "ordinal" if match["ordinal"] else unit
        start = match.start("sign") if match["sign"] else match.start("number")
        number_end = match.end("scale") if match["scale"] else match.end("number")
        found.append(Quantity(start, match.end(), value, unit, number_end))
    return tuple(found)


def ordinals_in(text: str) -> frozenset[float]:
    """The numbers that `text` has as `third`, up to ten."""
    return frozenset(float(ordinal_value(m[0])) for m in ORDINAL.finditer(text))


def ordinal_value(word: str) -> int:
    """3 for `third`; ValueError for a word that is none up to ten."""
    return _ORDINALS.index(word.lower()) + 1


def _value(number: str) -> float:
    """Of digits, of digits with Japanese scales, or of a number in words up to ninety-nine."""
    if number.startswith("half"):
        return 0.5
    if number[0].isdigit():
        parts = re.findall(r"([\d.]+)([千万億兆]?)", number)
        return sum(float(digits) * _SCALE.get(scale, 1.0) for digits, scale in parts)
    return sum(_TENS.get(part, _SMALL.get(part, 0.0)) for part in re.split(r"[\s-]", number))


def counted(text: str, quantity: Quantity) -> list[str]:
    """What `quantity` of `text` may be a number of: the terms that stand next after it."""
    return terms(text[quantity.end : quantity.end + _NEXT])
