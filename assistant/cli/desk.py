"""Commands for the editor's desk: ui, and who may sign in there."""

from __future__ import annotations

import getpass
from pathlib import Path
from typing import TextIO

import click

from assistant.cli.options import answer, common, workspace


@click.command()
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=7860, type=click.IntRange(1, 65535), help="Port to listen on.")
@common
def ui(host: str, port: int, home: Path | None, model: str | None, as_json: bool) -> None:
    """Open the editor's desk in the browser."""
    import ui as desk

    desk.launch(host, port, home, model)


@click.group()
def user() -> None:
    """Say who may sign in to the desk; once there is somebody, everybody has to."""


@user.command()
@click.argument("name")
@click.option(
    "--password-file",
    type=click.File(encoding="utf-8"),
    help="File with the password in its first line, `-` for standard input; by default it is "
    "asked for.",
)
@common
def add(
    name: str,
    password_file: TextIO | None,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Add a user of the desk, or give one another password."""
    from assistant.review.people import add_user

    if password_file is not None:
        password = password_file.readline().rstrip("\r\n")
    elif as_json:
        raise click.UsageError("With --json the password comes from --password-file.")
    else:
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True)
    with workspace(home, model) as work:
        add_user(work.database, name, password, getpass.getuser())
    answer({"added": name}, as_json, lambda: f"{name} can sign in now.")


COMMANDS = [ui, user]
