"""Planted changes that only a language model can tell: three that do harm, three that do none.

They concern the step in which a model writes, so the suite that should see them is
`writing`. All but one are made in the files that an editor would change.
"""

from __future__ import annotations

from contextlib import ExitStack
from pathlib import Path
from typing import Any
from unittest.mock import patch

import yaml

from assistant import resources
from assistant.errors import EvalError
from assistant.llm.catalog import Catalog
from assistant.prompts import Prompt
from assistant.settings import Settings
from evals.plantings import Planted, Planting, copied, reordered_yaml

_CATALOG = Catalog.load()
EMBEDDED = _CATALOG.default_embedded.name
_SMALLER = min(_CATALOG.embedded, key=lambda model: model.bytes).name
_LIMIT = " At most 32 words."


def _edited(file: str, old: str, new: str) -> Planting:
    """The prompts with `old` replaced in one file; EvalError where it does not stand there."""

    def plant(stack: ExitStack) -> None:
        path = copied(stack, resources.prompts(), "prompts") / file
        text = path.read_text(encoding="utf-8")
        if old not in text:
            raise EvalError(f"{file} no longer says “{old}”; mend the planted change.")
        path.write_text(text.replace(old, new), encoding="utf-8")

    return plant


def _hotter(stack: ExitStack) -> None:
    """Every embedded model sampled at a temperature of 1.5."""
    path = copied(stack, resources.prompts(), "prompts") / "models.yaml"
    catalog = yaml.safe_load(path.read_text(encoding="utf-8"))
    for model in catalog["embedded"]:
        model["temperature"] = 1.5
    path.write_text(yaml.safe_dump(catalog), encoding="utf-8")


def _renamed_variable(stack: ExitStack) -> None:
    """The prompt's `evidence` called `material`, in the file and by those who fill it in."""
    path: Path = copied(stack, resources.prompts(), "prompts") / "write-sentence.yaml"
    text = path.read_text(encoding="utf-8")
    text = text.replace("{{ evidence }}", "{{ material }}").replace(", evidence]", ", material]")
    path.write_text(text, encoding="utf-8")
    render = Prompt.render

    def renamed(prompt: Prompt, **variables: str) -> Any:
        if "material" in prompt.variables:
            variables["material"] = variables.pop("evidence")
        return render(prompt, **variables)

    stack.enter_context(patch.object(Prompt, "render", renamed))


def _nothing(stack: ExitStack) -> None:
    """Change nothing but the settings."""


def _of_the_model(name: str, plant: Planting, harmful: bool, **settings: Any) -> Planted:
    return Planted(name, "writing", plant, harmful, Settings(**{"model": EMBEDDED, **settings}))


MODEL_PLANTED = (
    _of_the_model(
        "a prompt that drops the word limit",
        _edited("write-sentence.yaml", _LIMIT, ""),
        True,
    ),
    _of_the_model("a temperature of 1.5", _hotter, True),
    _of_the_model("a smaller model", _nothing, True, model=_SMALLER),
    _of_the_model("a renamed prompt variable", _renamed_variable, False),
    _of_the_model("reordered YAML of the prompts", reordered_yaml, False),
    _of_the_model("another seed of the model", _nothing, False, seed=1234),
)
