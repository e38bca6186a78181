"""The refusal to let an issue leave, with its reasons."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from assistant.errors import ExportError
from assistant.types import Finding


@dataclass(frozen=True)
class Blocker:
    """One reason why an issue may not leave; `bullet` counts from 1."""

    bullet: int
    finding: Finding


class Blocked(ExportError):
    """The issue may not leave yet; `blocking` says why."""

    def __init__(self, blocking: Sequence[Blocker]) -> None:
        one = len(blocking) == 1
        super().__init__(
            f"{len(blocking)} finding{'' if one else 's'} block{'s' if one else ''} the export; "
            "mend them, or give a reason to override that."
        )
        self.blocking = tuple(blocking)

    def rows(self) -> list[dict[str, Any]]:
        """The blocking findings as JSON, each with the number of its bullet."""
        return [{"bullet": b.bullet, **asdict(b.finding)} for b in self.blocking]
