"""Words and their opposites, and where one may stand for the other (`opposites`)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

# "a/b" is read both ways, "a>b" only as a told as b.
# Verbs with an object: "raised the cap".
TRANSITIVE = """
    strengthen/weaken raise/lower increase/reduce improve/worsen expand/curtail tighten/loosen
    accelerate>slow extend/shorten stabilize/destabilize bolster>undermine simplify/complicate
    promote>hinder welcome/condemn praise/criticize support/oppose back>oppose accept/reject
    approve>reject adopt>reject ban>allow impose/lift confirm>deny open/close begin/end start/end
    launch>scrap establish/dissolve suspend/resume halt>continue deploy/withdraw attack/defend
    protect/endanger damage>repair kill>rescue arrest>release appoint>dismiss join/leave
    enter/leave buy/sell purchase>sell import/export win/lose attend>boycott include>exclude
    publish>withhold disclose>conceal violate/respect reaffirm>renounce maintain/abandon
""".split()
# Verbs without one: "the base opened".
INTRANSITIVE = """
    increase/decrease strengthen/weaken improve/deteriorate open/close begin/end start/end
    rise/fall climb>drop surge>plunge grow/shrink agree/disagree
""".split()
BEFORE_TO = "agree>refuse decline>agree continue/cease begin>cease".split()
BEFORE_THAT = "admit/deny agree/disagree".split()
ADJECTIVES = """
    northern/southern eastern/western northeastern/southwestern northwestern/southeastern
    offensive/defensive public/private domestic/foreign military/civilian nuclear/conventional
    strong/weak stronger/weaker high/low higher/lower large/small larger/smaller long/short
    longer/shorter faster/slower better/worse closer>looser early/late former>current
    senior/junior temporary/permanent direct/indirect likely/unlikely stable/unstable
    manned/unmanned rapid/slow advanced>outdated major>minor heavy/light open>closed
    growing/shrinking
""".split()
NOUNS = """
    export/import exporter/importer victory/defeat surplus/deficit success/failure
    arrival/departure supporter/opponent ally>adversary maximum/minimum entry>exit
""".split()
ADVERBS = """
    publicly/privately directly/indirectly rapidly/slowly temporarily/permanently sharply/slightly
    jointly>separately north/south east/west inside/outside
""".split()
PHRASES: Sequence[tuple[str, str]] = (
    ("long-range", "short-range"),
    ("long-term", "short-term"),
    ("large-scale", "small-scale"),
    ("high-level", "low-level"),
    ("high-altitude", "low-altitude"),
    ("solid-fuel", "liquid-fuel"),
    ("upper house", "lower house"),
    ("ruling party", "opposition party"),
    ("support for", "opposition to"),
    ("ahead of schedule", "behind schedule"),
    ("the beginning of", "the end of"),
)

# Past, participle and "-ing" of verbs that the rules and lists of edits.py do not give.
IRREGULAR: Mapping[str, tuple[str, str, str]] = {
    "shrink": ("shrank", "shrunk", "shrinking"),
    "scrap": ("scrapped", "scrapped", "scrapping"),
    "withdraw": ("withdrew", "withdrawn", "withdrawing"),
    "withhold": ("withheld", "withheld", "withholding"),
}
DOUBLED = {"begin": "beginning", "win": "winning"}

_GROUPS = frozenset(
    """accord agreement alliance bloc club coalition company council framework group initiative
    organization pact partnership party program project treaty union""".split()
)
_EVENTS = frozenset("conference drill exercise meeting session summit talk talks".split())
_CURBS = frozenset("ban blockade control curb embargo order restriction sanction tariff".split())
_AIRS = frozenset("airspace building city country port region territory town water zone".split())
_TROOPS = frozenset("aircraft destroyer force missile personnel ship soldier troop".split())
_CONTESTS = frozenset("appeal battle case contract election game match race seat vote war".split())
PLACES = frozenset("airport base camp capital city country island port station".split())
# A verb that has an opposite only with these objects,
ONLY_OF: Mapping[str, frozenset[str]] = {
    "impose": _CURBS,
    "lift": _CURBS,
    "join": _GROUPS | _EVENTS,
    "enter": _AIRS,
    "launch": frozenset(
        "campaign dialogue initiative inquiry investigation mission operation plan probe program "
        "project service talk talks".split()
    ),
    "lose": _CONTESTS,
    "win": _CONTESTS,
    "deploy": _TROOPS,
    "withdraw": _TROOPS,
}
# and one that has none with these.
NEVER_OF: Mapping[str, frozenset[str]] = {
    "open": frozenset("door eye fire path way".split()),
    "close": frozenset("deal eye gap loophole ranks".split()),
    "raise": frozenset(
        """alarm awareness billion capital concern doubt fear flag fund hope issue million money
        possibility prospect question suspicion voice""".split()
    ),
    "accept": frozenset("responsibility".split()),
    "extend": frozenset("condolence deterrence family hand invitation thank welcome".split()),
    "maintain": frozenset("contact".split()),
    "reduce": frozenset("rubble".split()),
    "adopt": frozenset("child".split()),
    "kill": frozenset("bill deal plan".split()),
}
# "leave" stands for two verbs: what was left tells which.
LEFT: Mapping[str, frozenset[str]] = {"join": _GROUPS | _EVENTS, "enter": _AIRS}
# Prepositions that go with a verb and not with its opposite.
BARRED: Mapping[str, frozenset[str]] = {
    "ban": frozenset(("from",)),
    "protect": frozenset(("against", "from")),
    "defend": frozenset(("against", "from")),
    "withdraw": frozenset(("from",)),
    "buy": frozenset(("from",)),
    "purchase": frozenset(("from",)),
    "sell": frozenset(("to",)),
    "import": frozenset(("from",)),
    "export": frozenset(("to",)),
    "agree": frozenset(("to",)),
    "oppose": frozenset(("to",)),
    "open": frozenset(("to", "with", "up", "down")),
    "close": frozenset(("at", "up", "down")),
    "begin": frozenset(("as", "with", "by")),
    "start": frozenset(("as", "with", "by")),
    "end": frozenset(("as", "with", "by", "in", "up")),
    "reduce": frozenset(("to",)),
    "support": frozenset(("with",)),
    "back": frozenset(("up",)),
    "improve": frozenset(("on", "upon")),
    "grow": frozenset(("into", "out", "up")),
    "strengthen": frozenset(("with",)),
}
# What goes up and down, of what moves; smoke rises and missiles fall another way.
MEASURED = frozenset(
    """budget cost demand dollar earnings emission export gdp import income index inflation number
    output population price production profit rate revenue sale share shipment spending stock
    temperature tension wage yen yield""".split()
)
MOVING = frozenset("rise fall climb surge grow shrink".split())
GRADUAL = MOVING | frozenset("raise lower increase decrease reduce".split())
# Told behind such a verb, these give its direction away.
LEVEL = re.compile(r"\b(?:high|low)(?:est|s)?\b|\bfrom [$¥]?\d.* to [$¥]?\d")

# The text behind an adjective or a noun for which its opposite makes sense.
_TIE = r" (?:\w+ )?(?:alliance|cooperation|coordination|links|partnership|relations|ties)\b"
_MONTH = (
    r"(?: in)?(?: the| this| next| last)? (?:(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r"|\d{4}|(?:week|month|year)\b)"
)
_SERVING = (
    r" (?:aircraft|airfields?|casualties|facility|facilities|flights?|government|helicopters?"
    r"|leaders?|officials?|personnel|planes?|satellites?|ships?|trucks?|vessels?)\b"
)
_WEAPONS = r"(?:arms|attack|deterrence|forces|missiles?|strikes?|submarines?|warheads?|weapons?)"
FITS: Mapping[str, re.Pattern[str]] = {
    word: re.compile(pattern)
    for word, pattern in {
        "public": r"(?! (?:affairs|debate|health|holiday|opinion|prosecutors?|relations|safety"
        r"|servants?|support|works))",
        "private": r"(?! (?:equity|life|school|secretary))",
        "domestic": r"(?! (?:politics|product|violence))",
        "foreign": r" (?:\w+ )?(?:banks?|carmakers?|companies|firms|goods|investors?|makers"
        r"|markets?|media|workers|visitors|tourists|travelers)\b",
        "military": _SERVING,
        "civilian": _SERVING,
        "nuclear": rf" {_WEAPONS}",
        "conventional": rf" {_WEAPONS}",
        "offensive": r" [a-z]",
        "defensive": r" [a-z]",
        "high": r"(?! (?:commission|court|end|school|seas|tide|time))",
        "low": r"(?! tide)",
        "higher": r"(?! education)",
        "lower": r"(?! (?:chamber|house))",
        "large": r"(?! part)",
        "small": r"(?! (?:and medium|arms|modular))",
        "long": r"(?! (?:\w+ )?(?:since|ago|before)\b) [a-z]",
        "short": r"(?! (?:of|for|circuit|supply|notice)\b) [a-z]",
        "longer": r" [a-z]",
        "closer": _TIE,
        "early": _MONTH,
        "late": _MONTH,
        "former": r" (?!is\b|was\b|has\b|will\b|and\b)[a-z]",
        "senior": r" [a-z]",
        "permanent": r"(?! (?:members?|missions?|representatives?|secretary)\b)",
        "direct": r"(?! (?:hit|investment))",
        "likely": r" to\b",
        "unlikely": r" to\b",
        "major": r"(?! (?:league|powers?|industrialized|economies|titles?))",
        "heavy": r" (?:casualties|fighting|losses|rains?|snow|traffic|damage|weapons)\b",
        "light": r" (?:casualties|fighting|losses|rains?|snow|traffic|damage|weapons)\b",
        "open": r"(?:[,.]| until\b| on \w+day| during\b)",
        "east": r" of\b",
        "west": r" of\b",
        "north": r" of\b",
        "south": r" of\b",
        "inside": r" [\w']",
        "outside": r"(?! (?:of|help|experts?|advis\w+|investors?)\b) [\w']",
        "success": r"(?! stor)",
        "entry": r" (?:of|to|into(?! force))\b",
        "better": r"(?! (?:half|off|part|than)\b)",
        "export": r"(?!(?: of [\w ]+)? to\b)",
        "import": r"(?!(?: of [\w ]+)? from\b)",
    }.items()
}
