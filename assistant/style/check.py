"""Runs the style rules over a bullet or an issue."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from assistant.style.kinds import out_of_bounds, spots
from assistant.style.rules import Acronym, Count, Dates, Link, Rule, load_rules
from assistant.style.view import IssueContext, Spot, View, views
from assistant.types import Bullet, Citation, Field, Finding, Issue, Window

_NO_CONTEXT = IssueContext()
# Kinds of rules that look at the issue around a bullet; all others see its words and links alone.
OF_THE_ISSUE = (Acronym, Dates, Link)
_USUAL_DAYS = 17  # two weeks, and the three days before the last issue


def check_bullet(
    bullet: Bullet, context: IssueContext = _NO_CONTEXT, rules: Sequence[Rule] | None = None
) -> list[Finding]:
    """Findings on the headline and then the text of a bullet, each in order of offset.

    An empty headline or text is not checked. `rules` are the house's by default.

    Raises:
        PromptError: a rule file is wrong.
    """
    rules = load_rules() if rules is None else rules
    around = [rule for rule in rules if isinstance(rule, OF_THE_ISSUE)]
    alone = tuple(rule for rule in rules if not isinstance(rule, OF_THE_ISSUE))
    findings: list[Finding] = []
    for view in views(bullet, context):
        found = [*_of_the_words(view.field, view.text, view.citations, alone), *_of(view, around)]
        findings += sorted(found, key=lambda finding: (finding.start, finding.end))
    return findings


@lru_cache(maxsize=256)  # an issue is styled anew with each of its bullets
def _of_the_words(
    field: Field, text: str, citations: tuple[Citation, ...], rules: tuple[Rule, ...]
) -> tuple[Finding, ...]:
    return tuple(_of(View(field, text, citations, _NO_CONTEXT), rules))


def _of(view: View, rules: Iterable[Rule]) -> Iterator[Finding]:
    for rule in rules:
        for spot in spots(rule, view):
            message = _fill(rule.message, spot)
            yield Finding(
                rule.code, rule.level, message, spot.start, spot.end, spot.replacement, view.field
            )


def check_issue(
    issue: Issue,
    known_urls: frozenset[str] | None = None,
    rules: Sequence[Rule] | None = None,
) -> list[tuple[int | None, Finding]]:
    """Findings on a whole issue with the index of their bullet; None: on the issue.

    `known_urls` are those of the corpus; without them no URL counts as unknown.

    Raises:
        PromptError: a rule file is wrong.
    """
    rules = load_rules() if rules is None else rules
    findings: list[tuple[int | None, Finding]] = []
    for rule in rules:
        if isinstance(rule, Count) and rule.unit == "bullets":
            number = len(issue.bullets)
            if out_of_bounds(rule, number):
                message = _fill(rule.message, Spot(0, 0, (str(number),)))
                findings.append((None, Finding(rule.code, rule.level, message, 0, 0)))
    for index, bullet in enumerate(issue.bullets):
        context = issue_context(issue, index, known_urls)
        findings += [(index, finding) for finding in check_bullet(bullet, context, rules)]
    return findings


def issue_context(
    issue: Issue, index: int, known_urls: frozenset[str] | None = None
) -> IssueContext:
    """What the rules need to know of `issue` when they check its bullet `index`.

    An issue without a window gets the usual one, 17 days up to its date.
    """
    window = issue.window or Window(issue.date - dt.timedelta(days=_USUAL_DAYS), issue.date)
    return IssueContext(
        issue.date,
        window,
        known_urls,
        "\n".join(bullet.text for bullet in issue.bullets[:index]),
        "\n".join(bullet.text for bullet in issue.bullets[index + 1 :]),
    )


def _fill(message: str, spot: Spot) -> str:
    first, *rest = message.split("%s")
    return first + "".join(shown + part for shown, part in zip(spot.shown, rest, strict=False))
