"""The checks that need no model, in one table: what each reads, and whether it may refute.

Exact checks refute by themselves; docs/grounding.md says how often each was right where it
fired on text of others. All others point to words where a claim is not supported.
`python -m evals.checks` measures them again.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.dates import DateMention, find_dates
from assistant.nlp import is_japanese
from assistant.types import Finding
from assistant.verify.align import field_first
from assistant.verify.days import missing_days, written_in, wrong_weekdays
from assistant.verify.evidence import Pages
from assistant.verify.figures import missing_figures, missing_years
from assistant.verify.japanese import missing_words
from assistant.verify.names import unnamed
from assistant.verify.quotations import misquoted
from assistant.verify.titles import wrong_titles


@dataclass(frozen=True)
class Compared:
    """A claim, the days it names, and the pages it is held against."""

    claim: str
    dates: Sequence[DateMention]
    pages: Pages


@dataclass(frozen=True)
class Check:
    """One check: its name, what it compares, whether it may refute a claim by itself.

    `across` says that it compares texts of different languages too.
    """

    name: str
    compares: str
    refutes: bool
    run: Callable[[Compared], list[Finding]]
    across: bool = False


CHECKS = (
    Check(
        "days",
        "days of the claim with those that the page names or was published on",
        True,
        lambda c: missing_days(c.claim, c.dates, c.pages.articles),
        across=True,
    ),
    Check(
        "weekdays",
        "weekdays of the claim with the calendar",
        True,
        lambda c: wrong_weekdays(c.claim, c.dates),
    ),
    Check(
        "figures",
        "figures, money and percentages with all of the page, worked-out ones included",
        True,
        lambda c: missing_figures(c.claim, c.dates, c.pages.text),
        across=True,
    ),
    Check(
        "quotations",
        "words in quotation marks with the page",
        True,
        lambda c: misquoted(c.claim, c.pages.text),
    ),
    Check(
        "titles",
        "ranks and offices before a name with those that the page gives that person",
        True,
        lambda c: wrong_titles(c.claim, field_first(c.pages.text)),
    ),
    Check(
        "years",
        "years of the claim with those that the page names or was published in",
        False,
        lambda c: missing_years(c.claim, c.dates, c.pages.text, written_in(c.pages.articles)),
    ),
    Check(
        "names",
        "names of the claim, in all forms of the lexicon, with the page",
        False,
        lambda c: (missing_words if is_japanese(c.claim) else unnamed)(c.claim, c.pages.text),
    ),
)


@dataclass(frozen=True)
class Findings:
    """What the checks found: what refutes a claim, and what only points to its words."""

    refuting: tuple[Finding, ...]
    pointing: tuple[Finding, ...]


def run_checks(claim: str, pages: Pages, across: bool = False) -> Findings:
    """All checks over a claim, or those that compare texts of different languages."""
    compared = Compared(claim, find_dates(claim, issued_on(pages)), pages)
    refuting: list[Finding] = []
    pointing: list[Finding] = []
    for check in CHECKS:
        if across and not check.across:
            continue
        for finding in check.run(compared):
            refutes = check.refutes and finding.level == "error"
            (refuting if refutes else pointing).append(finding)
    return Findings(tuple(refuting), tuple(pointing))


def issued_on(pages: Pages) -> dt.date | None:
    """The day by which a claim's own days are read: that of its newest page."""
    return max((a.published_on for a in pages.articles if a.published_on), default=None)
