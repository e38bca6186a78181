"""Numbers in words, and what they are in figures."""

from __future__ import annotations

import re

_UNITS = "one two three four five six seven eight nine".split()
_TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_VALUES = {
    **{word: n for n, word in enumerate([*_UNITS, *_TEENS], 1)},
    **{word: 10 * n for n, word in enumerate(_TENS, 2)},
}
_ONE_TO_99 = (
    rf"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS)}))?|{'|'.join([*_TEENS, *_UNITS])})"
)
_ONE_TO_999 = rf"(?:{_ONE_TO_99}[- ]hundred(?:(?: and)?[- ]{_ONE_TO_99})?|{_ONE_TO_99})"
# A number below a million. Small letters only: one that opens a sentence stays in words, and
# so does what is no exact number (`twenty-odd`).
NUMERAL = re.compile(
    rf"(?<![\w-]){_ONE_TO_999}(?:[- ]thousand(?:(?: and)?[- ]{_ONE_TO_999})?)?(?!\w|[- ]odd\b)"
)


def value(numeral: str) -> int:
    """The number that a match of `NUMERAL` stands for."""
    whole = part = 0
    for word in re.findall(r"[a-z]+", numeral):
        if word == "hundred":
            part *= 100
        elif word == "thousand":
            whole, part = part * 1000, 0
        else:
            part += _VALUES.get(word, 0)  # `and` adds nothing
    return whole + part
