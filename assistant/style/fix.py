"""Makes the replacements that findings propose, and keeps every offset right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from assistant.style.check import check_bullet
from assistant.style.rules import Dates, Numeral, Repeated, Rule, Substitution, load_rules
from assistant.style.view import IssueContext
from assistant.types import Bullet, Claim, Field, Finding

# Each round may open the way for another rule ("two billion dollars" becomes "2 billion
# dollars", then "$2 billion"); rules that undo each other must not run for ever.
_ROUNDS = 8


@dataclass(frozen=True)
class _Edits:
    """Replacements in one field, in order, none overlapping another."""

    field: Field
    findings: tuple[Finding, ...]

    def text(self, text: str) -> str:
        for edit in reversed(self.findings):
            text = text[: edit.start] + (edit.replacement or "") + text[edit.end :]
        return text

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where a stretch of the old text stands in the new one."""
        return self._move(start, to_end=False), self._move(end, to_end=True)

    def _move(self, offset: int, *, to_end: bool) -> int:
        moved = offset
        for edit in self.findings:
            length = len(edit.replacement or "")
            if edit.end <= offset:
                moved += length - (edit.end - edit.start)
            elif edit.start < offset:  # inside what is replaced: to its nearer edge
                moved += edit.start - offset + (length if to_end else 0)
        return moved


def apply(bullet: Bullet, findings: Iterable[Finding]) -> Bullet:
    """The bullet with the findings' replacements made.

    Of overlapping ones the first is made. Links, claims and the bullet's own findings
    move along; a claim whose words change becomes stale; a replacement that would
    leave a link without words is not made. The findings must be of this very bullet.
    """
    wanted = list(findings)
    headline = _edits(bullet, "headline", wanted)
    text = _edits(bullet, "text", wanted)
    made = set(headline.findings) | set(text.findings)
    new = replace(bullet, headline=headline.text(bullet.headline), text=text.text(bullet.text))
    citations = []
    for citation in bullet.citations:
        start, end = text.span(citation.start, citation.end)
        citations.append(replace(citation, start=start, end=end))
    kept = []
    for finding in bullet.findings:
        if finding not in made:
            edits = headline if finding.field == "headline" else text
            start, end = edits.span(finding.start, finding.end)
            kept.append(replace(finding, start=start, end=end))
    claims = [_claim(c, new, headline if c.field == "headline" else text) for c in bullet.claims]
    return replace(new, citations=tuple(citations), claims=tuple(claims), findings=tuple(kept))


def fix(bullet: Bullet, context: IssueContext | None = None) -> Bullet:
    """Check and apply until nothing is left to replace, so that fixing twice is fixing once."""
    rules = _rules(Substitution, Numeral, Repeated, Dates)
    for _ in range(_ROUNDS):
        fixed = apply(bullet, check_bullet(bullet, context or IssueContext(), rules))
        if fixed == bullet:
            break
        bullet = fixed
    return bullet


def apply_substitutions(text: str) -> str:
    """`text` with the house's words and figures in place of others, outside quotations.

    Needs no issue and no parse: `U.S.` becomes `US`, `23rd of July` becomes `July 23`.
    """
    rules = _rules(Substitution, Numeral)
    for _ in range(_ROUNDS):
        bullet = Bullet("", text)
        fixed = apply(bullet, check_bullet(bullet, rules=rules)).text
        if fixed == text:
            break
        text = fixed
    return text


def _rules(*kinds: type[Rule]) -> list[Rule]:
    return [rule for rule in load_rules() if isinstance(rule, kinds)]


def _edits(bullet: Bullet, field: Field, findings: Sequence[Finding]) -> _Edits:
    mending = [f for f in findings if f.field == field and f.replacement is not None]
    chosen: list[Finding] = []
    for finding in sorted(mending, key=lambda f: (f.start, -f.end)):
        empties = not finding.replacement and any(
            field == "text" and finding.start <= c.start and c.end <= finding.end
            for c in bullet.citations
        )
        if not empties and (not chosen or chosen[-1].end <= finding.start):
            chosen.append(finding)
    return _Edits(field, tuple(chosen))


def _claim(claim: Claim, bullet: Bullet, edits: _Edits) -> Claim:
    start, end = edits.span(claim.start, claim.end)
    field = bullet.headline if claim.field == "headline" else bullet.text
    text = field[start:end]
    stale = claim.stale or text != claim.text
    return replace(claim, text=text, start=start, end=end, stale=stale)
