"""What an editor may set: which rules of the house style count in the desk's drafts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.errors import ReviewError
from assistant.store.switches import switch, switched_off
from assistant.style.rules import Rule, load_rules
from assistant.types import Level, Usage
from assistant.workspace import Workspace


@dataclass(frozen=True)
class Switch:
    """A rule of the house style; `off_by` is who switched it off, None while it counts."""

    code: str
    message: str
    level: Level
    off_by: str | None


@dataclass(frozen=True)
class ModelInUse:
    """The model of the settings, None where there is none, and what drafts have cost so far.

    calibrated: whether the checker's scores are fitted to its answers.
    """

    name: str | None
    calibrated: bool
    usage: Usage


def active_rules(workspace: Workspace) -> Sequence[Rule]:
    """The rules of the house style that count."""
    off = switched_off(workspace.database)
    return [rule for rule in load_rules() if rule.code not in off]


def switches(workspace: Workspace) -> list[Switch]:
    """Every rule, the weighty ones first, then by code."""
    off = switched_off(workspace.database)
    rank = {"error": 0, "warning": 1, "suggestion": 2}
    rules = sorted(load_rules(), key=lambda rule: (rank[rule.level], rule.code))
    return [Switch(r.code, r.message, r.level, off.get(r.code)) for r in rules]


def switch_rule(workspace: Workspace, code: str, on: bool, who: str) -> list[tuple[str, str]]:
    """Let a rule count or not; returns issue and bullet of all drafts, to be checked again.

    Raises ReviewError where there is no such rule.
    """
    if code not in {rule.code for rule in load_rules()}:
        raise ReviewError("There is no such rule; open the settings again.")
    switch(workspace.database, code, on, who)
    drafts = [line.id for line in workspace.issues.index() if line.status == "draft"]
    return [(name, b.id) for name in drafts for b in workspace.issues.get(name).bullets]


def model_in_use(workspace: Workspace) -> ModelInUse:
    """Which model writes and checks, and what the issues' drafts took."""
    total = Usage()
    for issue in workspace.issues.list():
        total += issue.usage
    name = workspace.chat.name if workspace.chat else None
    return ModelInUse(name, workspace.uncalibrated is None, total)
