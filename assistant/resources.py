"""Finds the files that ship beside the code: prompts, rules, sample corpus, eval data.

In a checkout they stand at the top of the tree; in an installed wheel under
`assistant/_data/` (see `[tool.hatch.build.targets.wheel.force-include]`).
"""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_ROOT = _PACKAGE / "_data" if (_PACKAGE / "_data").is_dir() else _PACKAGE.parent


def prompts() -> Path:
    """Folder of prompt files; `style/` below it holds the rules."""
    return _ROOT / "prompts"


def sample_corpus() -> Path:
    """Folder of the sample corpus: `articles/` and `issues/`."""
    return _ROOT / "corpus"


def eval_data() -> Path:
    """Folder of the project's own evaluation sets."""
    return _ROOT / "evals" / "data"
