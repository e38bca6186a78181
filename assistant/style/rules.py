"""Style rules as data: one YAML file a rule, its name the finding's code.

The kinds `existence`, `substitution` and `capitalization` and their keys are those
of Vale (vale.sh); the others are this house's own. Every file has examples that the
rule must and must not match, and they are its tests.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Annotated, ClassVar, Literal

import yaml
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    field_validator,
    model_validator,
)

from assistant import resources
from assistant.errors import PromptError
from assistant.types import Level

Scope = Literal["headline", "text", "anchor", "issue"]
Unit = Literal["characters", "words", "sentences", "links", "words per link", "bullets"]
Regex = re.Pattern[str]


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _is_expression(pattern: str) -> str:
    try:
        re.compile(f"(?:{pattern})")
    except re.error as error:
        raise ValueError(f"{pattern!r} is no regular expression: {error}") from None
    return pattern


Expression = Annotated[str, AfterValidator(_is_expression)]


class Examples(BaseModel):
    """What a rule must match and must let pass, as Markdown of the rule's first scope.

    `date` is the issue's; `known` are the URLs that the corpus holds; `fixed` maps a
    text to what the rule's replacements make of it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    match: tuple[str, ...] = Field(min_length=1)
    passes: tuple[str, ...] = Field(min_length=1, alias="pass")
    fixed: dict[str, str] = {}
    date: dt.date = dt.date(2023, 7, 28)
    known: tuple[str, ...] = ()


class _Rule(BaseModel):
    """What all rules have.

    `%s` in `message` stands for what was found; where the rule has a house form, the
    first `%s` stands for that and the second for what was found, as in Vale.
    """

    shows: ClassVar[int] = 1

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$")
    message: str = Field(min_length=1)
    level: Level
    scope: Annotated[tuple[Scope, ...], BeforeValidator(_as_list), Field(min_length=1)]
    examples: Examples

    def __hash__(self) -> int:
        """By the code, which is one of its kind among rules; the fields hold dicts."""
        return hash(self.code)

    @field_validator("message")
    @classmethod
    def _fillable(cls, message: str) -> str:
        if message.count("%s") > cls.shows:
            raise ValueError(f"at most {cls.shows} of %s can be filled")
        return message


class _Pattern(_Rule):
    """A rule that looks for words; `exceptions` are patterns whose matches are let pass."""

    ignorecase: bool = False
    nonword: bool = False
    exceptions: tuple[Expression, ...] = ()

    def compiled(self, pattern: str) -> Regex:
        """`pattern` with this rule's flags, as whole words unless `nonword`."""
        whole = pattern if self.nonword else rf"(?<!\w)(?:{pattern})(?!\w)"
        return re.compile(whole, re.IGNORECASE if self.ignorecase else 0)

    @cached_property
    def allowed(self) -> tuple[Regex, ...]:
        """The exceptions, compiled."""
        return tuple(re.compile(pattern) for pattern in self.exceptions)


class Existence(_Pattern):
    """Something that should not be there: any of `tokens` (regular expressions)."""

    extends: Literal["existence"]
    tokens: tuple[Expression, ...] = Field(min_length=1)

    @cached_property
    def regex(self) -> Regex:
        """All tokens as one expression."""
        return self.compiled("|".join(f"(?:{token})" for token in self.tokens))


class Substitution(_Pattern):
    r"""Words that have a house form: `swap` maps an expression to it (`\1` is a group)."""

    shows: ClassVar[int] = 2

    extends: Literal["substitution"]
    swap: dict[Expression, str] = Field(min_length=1)

    @cached_property
    def regexes(self) -> tuple[tuple[Regex, str], ...]:
        """Each expression with its house form."""
        return tuple((self.compiled(found), wanted) for found, wanted in self.swap.items())

    @model_validator(mode="after")
    def _groups_exist(self) -> Substitution:
        for regex, wanted in self.regexes:
            if any(int(group) > regex.groups for group in re.findall(r"\\(\d+)", wanted)):
                raise ValueError(f"{wanted!r} names a group that its expression lacks")
        return self


class Numeral(_Pattern):
    """A number in words that should stand in figures, from `min` to `max`.

    `before` is an expression that must follow it, such as that of a unit.
    """

    shows: ClassVar[int] = 2

    extends: Literal["numeral"]
    min: int = Field(ge=1)
    max: int | None = None
    before: Expression = ""

    @cached_property
    def following(self) -> Regex:
        """What must follow, compiled."""
        return re.compile(self.before)


class Repeated(_Pattern):
    r"""The same match for a second time; `replacement` may use its groups."""

    shows: ClassVar[int] = 2

    extends: Literal["repeated"]
    pattern: Expression
    replacement: str

    @cached_property
    def regex(self) -> Regex:
        """The pattern, compiled."""
        return self.compiled(self.pattern)


class Capitalization(_Rule):
    """A headline in title case: at least `threshold` of its words are capitalized."""

    extends: Literal["capitalization"]
    match: Literal["$sentence"]
    threshold: float = Field(gt=0, le=1)


class Count(_Rule):
    """Fewer than `min` or more than `max` of something."""

    extends: Literal["count"]
    unit: Unit
    min: int | None = None
    max: int | None = None

    @model_validator(mode="after")
    def _bounded(self) -> Count:
        if self.min is None and self.max is None:
            raise ValueError("give min, max or both")
        return self


class Acronym(_Rule):
    """An acronym that is never introduced, or is introduced and never used again."""

    extends: Literal["acronym"]
    problem: Literal["not introduced", "not used again"]


class Dates(_Rule):
    """A day with the issue's own year, or a day outside the issue's window."""

    shows: ClassVar[int] = 2

    extends: Literal["date"]
    problem: Literal["issue year", "outside window"]


class Link(_Rule):
    """A link to a page that is not in the corpus, or that the bullet links twice."""

    extends: Literal["link"]
    problem: Literal["unknown", "duplicate"]


class Grammar(_Rule):
    """What only a parse can tell: an anchor's word class, or a headline's tense."""

    extends: Literal["grammar"]
    problem: Literal["clause", "not an event", "past tense"]


Rule = (
    Existence
    | Substitution
    | Numeral
    | Repeated
    | Capitalization
    | Count
    | Acronym
    | Dates
    | Link
    | Grammar
)
_ADAPTER: TypeAdapter[Rule] = TypeAdapter(Annotated[Rule, Field(discriminator="extends")])


def load_rules(folder: Path | None = None) -> tuple[Rule, ...]:
    """All rules of a folder, by file name; without `folder`, the house's own.

    Raises:
        PromptError: a file is unreadable or wrong; the message has file, field, reason.
    """
    return _load(folder or resources.prompts() / "style")


@lru_cache(maxsize=8)
def _load(folder: Path) -> tuple[Rule, ...]:
    paths = sorted(folder.glob("*.yml"))
    if not paths:
        raise PromptError(f"{folder} holds no style rules (*.yml).")
    return tuple(load_rule(path) for path in paths)


def load_rule(path: Path) -> Rule:
    """One rule file.

    Raises:
        PromptError: the file is unreadable or wrong; the message has file, field, reason.
    """
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise PromptError(f"{path.name} could not be read: {error}") from error
    if not isinstance(data, dict) or "code" in data:
        raise PromptError(f"{path.name}: a rule is a mapping, and its code is the file's name.")
    try:
        return _ADAPTER.validate_python({**data, "code": path.stem})
    except ValidationError as error:
        first = error.errors()[0]
        field = ".".join(str(part) for part in first["loc"] if part != data.get("extends"))
        raise PromptError(f"{path.name}, {field or 'extends'}: {first['msg']}") from error


@lru_cache(maxsize=8)
def words(name: str) -> frozenset[str]:
    """The entries of `prompts/style/words/<name>.txt`, one a line, `#` opens a comment."""
    path = resources.prompts() / "style" / "words" / f"{name}.txt"
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise PromptError(f"{path} could not be read: {error}") from error
    entries = (line.partition("#")[0].strip() for line in lines)
    return frozenset(entry for entry in entries if entry)
