"""Prompts are files: a name, a version, the variables they need, and messages.

`{{ name }}` marks where a variable's value goes. It is put there literally and
once: no template logic, no second expansion of what a value contains, and
braces that are not a marker (literal JSON, say) stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, model_validator

from assistant import resources
from assistant.errors import PromptError

_MARKER = re.compile(r"\{\{\s*([a-z][a-z0-9_]*)\s*\}\}")


@dataclass(frozen=True)
class Message:
    """One message of a conversation with a model."""

    role: Literal["system", "user", "assistant"]
    content: str

    __pydantic_config__ = ConfigDict(extra="forbid")


class Prompt(BaseModel):
    """A prompt file; `version` changes whenever its wording does."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    version: str
    description: str
    variables: tuple[str, ...]
    messages: tuple[Message, ...]

    @model_validator(mode="after")
    def _declares_what_it_uses(self) -> Self:
        used = {name for message in self.messages for name in _MARKER.findall(message.content)}
        if used != set(self.variables):
            raise ValueError(
                f"variables declares {_listed(self.variables)}, the messages use {_listed(used)}"
            )
        return self

    def render(self, **variables: str) -> list[Message]:
        """The messages with every marker replaced by its variable's value.

        Raises PromptError where a declared variable has no value or a value has
        no declared variable.
        """
        if missing := set(self.variables) - variables.keys():
            raise PromptError(f"The prompt {self.name} needs a value for {_listed(missing)}.")
        if unknown := variables.keys() - set(self.variables):
            raise PromptError(f"The prompt {self.name} has no variable {_listed(unknown)}.")
        return [
            Message(message.role, _MARKER.sub(lambda marker: variables[marker[1]], message.content))
            for message in self.messages
        ]


def load(name: str, folder: Path | None = None) -> Prompt:
    """Reads `<name>.yaml` from `folder`, by default the shipped prompts.

    Raises PromptError if the file is absent, is not UTF-8 or not YAML, lacks or adds a
    field, or declares other variables than its messages use.
    """
    path = (folder or resources.prompts()) / f"{name}.yaml"
    prompt = resources.read_yaml(path, Prompt)
    if prompt.name != name:
        raise PromptError(f"The prompt file {path} calls itself {prompt.name}; it must be {name}.")
    return prompt


def _listed(names: Iterable[str]) -> str:
    return ", ".join(sorted(names)) or "none"
