"""What stands around the bullets of a new issue, from `prompts/masthead.yaml`."""

from __future__ import annotations

from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from assistant import resources
from assistant.errors import PromptError
from assistant.types import Masthead


class _MastheadFile(BaseModel):
    model_config = ConfigDict(extra="forbid")

    title: str = Field(min_length=1)
    image_credit: str | None = None
    boilerplate: str | None = None


def load_masthead(path: Path | None = None) -> Masthead:
    """The masthead in `path`, or the one that ships with the prompts.

    Raises:
        PromptError: the file is missing or wrong; the message names file and field.
    """
    path = path or resources.prompts() / "masthead.yaml"
    try:
        loaded = _MastheadFile.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PromptError(f"{path} could not be read: {error}") from error
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"]) or "the file"
        raise PromptError(f"{path}, {field}: {first['msg']}") from error
    credit, closing = loaded.image_credit, loaded.boilerplate
    return Masthead(
        loaded.title, credit.strip() if credit else None, closing.strip() if closing else None
    )
