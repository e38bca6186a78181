"""Options that every command has, the workspace they open, and the two ways to answer."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click
from rich.console import Console

from assistant.errors import AssistantError

if TYPE_CHECKING:
    from assistant.settings import Settings
    from assistant.workspace import Workspace

F = Callable[..., Any]
notes = Console(stderr=True, highlight=False)


def common(command: F) -> F:
    """Adds `--home`, `--model` and `--json` to a command."""
    command = click.option(
        "--json", "as_json", is_flag=True, help="Print exactly one JSON object."
    )(command)
    command = click.option(
        "--model", default=None, help="A model's name, `none`, or `auto` (the default)."
    )(command)
    return click.option(
        "--home",
        type=click.Path(path_type=Path),
        default=None,
        help="Folder of database and index.",
    )(command)


@contextmanager
def workspace(home: Path | None, model: str | None) -> Iterator[Workspace]:
    """The workspace that the options mean."""
    from assistant.workspace import open_workspace

    given = {k: v for k, v in {"home": home, "model": model}.items() if v is not None}
    with open_workspace(settings(**given)) as opened:
        yield opened


def settings(**given: Any) -> Settings:
    """The settings of options and environment; AssistantError names one that is no good."""
    from pydantic import ValidationError

    from assistant.settings import Settings

    try:
        return Settings(**given)
    except ValidationError as error:
        problem = error.errors()[0]
        name = "_".join(map(str, problem["loc"])).upper()
        name = name if name.startswith("OPENAI") else f"DIGEST_{name}"
        raise AssistantError(f"The setting {name} is wrong: {problem['msg']}.") from error


def answer(record: dict[str, Any], as_json: bool, text: Callable[[], str]) -> None:
    """Print `record` as JSON, or the text for a person."""
    click.echo(json.dumps(record, ensure_ascii=False, indent=2) if as_json else text())


def fail(code: str, message: str, status: int, as_json: bool, **more: Any) -> NoReturn:
    """Report a failure in the form asked for and exit."""
    if as_json:
        click.echo(
            json.dumps({"error": {"code": code, "message": message}, **more}, ensure_ascii=False)
        )
    notes.print(message, style="bold", markup=False, soft_wrap=True)
    sys.exit(status)


@contextmanager
def working(doing: str) -> Iterator[Callable[[str], None]]:
    """A spinner on standard error whose words can be changed; plain lines without a terminal."""
    if not notes.is_terminal:
        yield lambda step: notes.print(step, markup=False, soft_wrap=True)
        return
    with notes.status(doing) as status:
        yield lambda step: status.update(step.replace("[", r"\["))


DAY = click.DateTime(formats=["%Y-%m-%d"])
