"""Commands for the editor's desk: ui."""

from __future__ import annotations

from pathlib import Path

import click

from assistant.cli.options import common


@click.command()
@click.option("--host", default="127.0.0.1", help="Address to listen on.")
@click.option("--port", default=7860, type=click.IntRange(1, 65535), help="Port to listen on.")
@common
def ui(host: str, port: int, home: Path | None, model: str | None, as_json: bool) -> None:
    """Open the editor's desk in the browser."""
    import ui as desk

    desk.launch(host, port, home, model)


COMMANDS = [ui]
