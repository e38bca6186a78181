"""One form for all forms of a verb: `led` and `lead`, `took` and `take`, `agreed` and `agree`."""

from __future__ import annotations

from assistant.terms import stem

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


def is_past(word: str) -> bool:
    """Whether `word` has a form that tells what was done: `agreed`, `met`, `taken`."""
    regular = word.endswith("ed") and stem(word) != word  # `need` is not
    return word.islower() and (regular or word in _BASE)


def base(word: str) -> str:
    """The stem of a word's base form, in lower case."""
    word = word.lower()
    return stem(_BASE.get(word, word))
