"""What an editor states about an article: YAML front matter, or options of a pasted text."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from typing import Annotated, Any

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints
from pydantic import ValidationError as Invalid

from assistant.errors import IngestError
from assistant.ingest.address import canonical_url
from assistant.ingest.text import line
from assistant.types import Access, Kind

MAX_CHARACTERS = 20_000

_FENCED = re.compile(r"\A---[ \t]*\n(.*?)^(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL | re.MULTILINE)


def _as_date(value: object) -> object:
    if isinstance(value, dt.date):
        return value
    try:
        return dt.date.fromisoformat(str(value).strip())
    except ValueError:
        raise ValueError("write the day as YYYY-MM-DD") from None


def _as_names(value: object) -> object:
    return (value,) if isinstance(value, str) else value


def _as_address(value: str) -> str:
    try:
        canonical_url(value)
    except IngestError as error:
        raise ValueError(str(error)) from None
    return value.strip()


Text = Annotated[str, BeforeValidator(lambda v: line(v) if isinstance(v, str) else v),
                 Field(min_length=1, max_length=1000)]  # fmt: skip


class FrontMatter(BaseModel):
    """Fields that may be stated; what is absent or empty is looked for in the page."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    url: Annotated[str, Field(max_length=4000), BeforeValidator(_as_address)] | None = None
    title: Text | None = None
    publisher: Text | None = None
    published_on: Annotated[dt.date, BeforeValidator(_as_date)] | None = None
    kind: Kind | None = None
    access: Access | None = None
    language: Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}$")] | None = None
    authors: Annotated[tuple[Text, ...], BeforeValidator(_as_names)] | None = None


# Accepted and left alone: a remark about the file, not about the article.
_IGNORED = {"notice"}
_EMPTY = ("", "null", "~")


def split(text: str) -> tuple[dict[str, Any], str, tuple[str, ...]]:
    """Fields, body and warnings of a text that may begin with front matter.

    Raises:
        IngestError: the front matter is not YAML, or a field has a wrong value.

    """
    found = _FENCED.match(text)
    if found is None:
        return {}, text, ()
    try:
        if len(found[1]) > MAX_CHARACTERS:
            raise IngestError(f"The front matter is longer than {MAX_CHARACTERS:,} characters.")
        # Every value as it was written: which of them are dates is for the fields to say.
        raw = yaml.load(found[1], Loader=yaml.BaseLoader)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        where = f" (line {mark.line + 2})" if mark is not None else ""
        raise IngestError(
            f"The front matter is not valid YAML{where}: put values with a colon in quotes."
        ) from error
    if raw == "":
        return {}, text[found.end() :], ()
    if not isinstance(raw, dict):
        # A document may open with a rule; only `key: value` lines are front matter.
        return {}, text, ()
    stated = {str(key): value for key, value in raw.items() if value not in _EMPTY}
    fields, warnings = validated(stated)
    return fields, text[found.end() :], warnings


def validated(raw: Mapping[str, object]) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Stated fields that have a value, checked, and a warning for each unknown key.

    Raises:
        IngestError: a field has a wrong value; the message names field and reason.

    """
    known = {k: v for k, v in raw.items() if k in FrontMatter.model_fields and v is not None}
    unknown = sorted(set(raw) - set(FrontMatter.model_fields) - _IGNORED)
    try:
        model = FrontMatter.model_validate(known)
    except Invalid as error:
        first = error.errors(include_url=False, include_input=False)[0]
        reason = first["msg"].removeprefix("Value error, ")
        raise IngestError(f"The field `{first['loc'][0]}` is wrong: {reason}.") from error
    warnings = tuple(
        f"The key `{key[:60]}` is unknown and was ignored; known are "
        f"{', '.join(FrontMatter.model_fields)}."
        for key in unknown
    )
    fields = model.model_dump(exclude_none=True)
    return fields, warnings
