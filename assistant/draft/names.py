"""Names people as the house does: title and surname first, the surname alone later."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from typing import cast

import yaml

from assistant import resources

# "Antony J. Blinken", "Kim Jong Un": two to three capitalised words, initials allowed.
_NAME = r"[A-Z][a-zà-ÿ'’-]+(?:[A-Z][a-z]+)?(?: [A-Z]\.)?(?: [A-Z][a-zà-ÿ'’-]+){1,2}"


def shorten_names(text: str) -> str:
    """`text` with `Brig. Gen. Anthony Mastalir` as `Brig. Gen. Mastalir`, later `Mastalir`.

    Two people of one surname keep their given names. A person first named without
    a title keeps the full name there.
    """
    titles, families = _lists()
    titled = re.compile(rf"\b({titles}) ({_NAME})(?![\w’'])")
    bearers: dict[str, set[str]] = defaultdict(set)
    for match in titled.finditer(text):
        bearers[surname(match[2], families)].add(match[2])
    for match in re.finditer(rf"\b{_NAME}\b", text):
        words = match[0].split()
        for name in (words[0], words[-1]):
            if name in families:
                bearers[name].add(match[0])
    named: set[str] = set()

    def shorten(match: re.Match[str]) -> str:
        name = surname(match[2], families)
        if len(bearers[name]) > 1:
            return match[0]
        if name in named:
            return name
        named.add(name)
        return f"{match[1]} {name}"

    return titled.sub(shorten, text)


def settle_capitals(text: str, sources: str) -> str:
    """`ITOCHU` as `Itochu` where the sources write it so as well."""

    def settle(match: re.Match[str]) -> str:
        usual = match[0].capitalize()
        return usual if re.search(rf"\b{usual}\b", sources) else match[0]

    return re.sub(r"\b[A-Z]{5,}\b", settle, text)


def surname(name: str, families: frozenset[str]) -> str:
    """The family name, in whichever order the name is written."""
    words = name.split()
    return words[0] if words[0] in families and words[-1] not in families else words[-1]


@lru_cache(maxsize=1)
def _lists() -> tuple[str, frozenset[str]]:
    raw = yaml.safe_load((resources.prompts() / "names.yaml").read_text(encoding="utf-8"))
    titles = sorted(cast(list[str], raw["titles"]), key=len, reverse=True)
    return "|".join(re.escape(t) for t in titles), frozenset(raw["family_names"])
