"""Whether a claim's figures and days belong to what it says of them.

`Talisman Sabre opened on July 5` has only words of its page, where July 5 is the day of
another exercise. What tells is the sentence that the claim retells: it gives another day
there. The layers that look words up in all the evidence cannot see that.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping, Sequence

from assistant.dates import MONTH_NAMES, DateMention, find_dates
from assistant.nlp import Span
from assistant.sources import Sentence
from assistant.terms import terms
from assistant.types import Finding
from assistant.verify.quantities import Quantity, counted, find_quantities

# Share of a claim's terms that a sentence has at least, for the claim to retell it.
RETOLD = 0.5
# Terms before a figure or a day that tell what it is of.
_OF = 3
# So many more of them it has than a sentence that is about something else.
_AHEAD = 2
_PERIOD = re.compile(rf"(?:(?:{'|'.join(MONTH_NAMES)}|fiscal) )?(?:19|20)\d\d(?![\d,.]\d)")


def check_binding(
    claim: str,
    dates: Sequence[DateMention],
    quantities: Sequence[Quantity],
    evidence: Sequence[Sentence],
    published: Mapping[str, dt.date | None],
) -> list[Finding]:
    """Figures and days that the evidence has of something else than the claim says.

    `quantities` and `dates` are those of `claim`; `published` is the day of each article.
    """
    spans = [(d.start, d.end) for d in dates] + [(q.start, q.end) for q in quantities]
    wanted = set(terms(blanked(claim, spans)))
    if not wanted or not evidence:
        return []
    shared = [len(wanted & set(s.terms)) for s in evidence]
    retold = max(range(len(evidence)), key=lambda i: (shared[i], -i))
    if shared[retold] < RETOLD * len(wanted):
        return []

    def elsewhere(holders: Sequence[int], start: int) -> bool:
        """Whether only sentences on something else have what the claim has at `start`."""
        before = set(terms(claim[:start])[-_OF:]) - evidence[retold].bag
        return bool(holders) and all(
            shared[retold] - shared[i] >= _AHEAD and before.isdisjoint(evidence[i].bag)
            for i in holders
        )

    found = []
    days = [find_dates(s.text, published[s.article_id]) for s in evidence]
    for mention in dates:
        holders = [i for i, own in enumerate(days) if any(d.days & mention.days for d in own)]
        rivals = {evidence[retold].text[d.start : d.end] for d in days[retold]}
        if elsewhere(holders, mention.start) and rivals:
            found.append(_finding("date", claim, mention.start, mention.end, rivals))
    figures = [
        find_quantities(blanked(s.text, [(d.start, d.end) for d in own]))
        for s, own in zip(evidence, days, strict=True)
    ]
    for period in _PERIOD.finditer(claim):
        if any(d.start <= period.start() < d.end for d in dates):
            continue
        holders = [i for i, s in enumerate(evidence) if period[0] in s.text]
        rivals = {m[0] for m in _PERIOD.finditer(evidence[retold].text)}
        if elsewhere(holders, period.start()) and rivals:
            found.append(_finding("date", claim, *period.span(), rivals))
    for quantity in quantities:
        holders = [i for i, own in enumerate(figures) if any(quantity.same_as(q) for q in own)]
        rivals = {
            evidence[retold].text[q.start : q.end].strip()
            for q in figures[retold]
            if q.unit == quantity.unit
            and (q.unit or counted(evidence[retold].text, q)[:1] == counted(claim, quantity)[:1])
        }
        if elsewhere(holders, quantity.start) and rivals:
            found.append(_finding("number", claim, quantity.start, quantity.end, rivals))
    return found


def blanked(text: str, spans: Iterable[Span]) -> str:
    """`text` with spaces over these stretches, so that offsets hold."""
    for start, end in spans:
        text = text[:start] + " " * (end - start) + text[end:]
    return text


def _finding(code: str, claim: str, start: int, end: int, rivals: set[str]) -> Finding:
    instead = next(iter(rivals)) if len(rivals) == 1 else None
    shown = claim[start:end].strip()
    given = " and ".join(sorted(rivals))
    message = f"The source gives {given} for this; {shown} belongs to something else."
    return Finding(code, "error", message, start, end, instead)
