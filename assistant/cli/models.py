"""Commands on the model catalog: model list, pull, path."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn

from assistant.cli.options import answer, notes, settings
from assistant.errors import ModelError

if TYPE_CHECKING:
    from assistant.llm.catalog import EmbeddedModel


@click.group()
def model() -> None:
    """List, fetch and find the models of the catalog."""


_JSON = click.option("--json", "as_json", is_flag=True, help="Print exactly one JSON object.")


@model.command("list")
@_JSON
def list_(as_json: bool) -> None:
    """List the models of the catalog."""
    from assistant.llm.catalog import Catalog, EmbeddedModel, is_pulled

    folder = settings().models
    rows = [
        {
            "name": m.name,
            "licence": m.licence,
            "bytes": m.bytes if isinstance(m, EmbeddedModel) else None,
            "sha256": m.sha256 if isinstance(m, EmbeddedModel) else None,
            "pulled": isinstance(m, EmbeddedModel) and is_pulled(m, folder),
            "default": m.default,
        }
        for m in Catalog.load().models
    ]
    answer(
        {"models": rows},
        as_json,
        lambda: "\n".join(
            f"{'*' if r['default'] else ' '} {r['name']:40} {_state(r):12} {r['licence']}"
            for r in rows
        ),
    )


def _state(row: dict[str, Any]) -> str:
    if row["bytes"] is None:
        return "endpoint"
    return "pulled" if row["pulled"] else "not pulled"


@model.command()
@click.argument("name", required=False)
@_JSON
def pull(name: str | None, as_json: bool) -> None:
    """Fetch a model's weights, check them, and keep them; goes on where it stopped."""
    from assistant.llm.catalog import is_pulled, path
    from assistant.llm.pull import pull as pull_model

    entry = _embedded(name)
    folder = settings().models
    if not is_pulled(entry, folder):
        size = entry.bytes / 1e6
        notes.print(
            f"Fetching {entry.name} ({entry.licence}), {size:,.0f} MB, into {folder}", markup=False
        )
        columns = (
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
        )
        with Progress(*columns, console=notes) as bar:
            task = bar.add_task(entry.name, total=entry.bytes)
            pull_model(
                entry, folder, lambda done, total: bar.update(task, completed=done, total=total)
            )
    where = str(path(entry, folder))
    answer({"name": entry.name, "path": where}, as_json, lambda: f"{entry.name} is at {where}")


@model.command("path")
@click.argument("name")
@_JSON
def path_(name: str, as_json: bool) -> None:
    """Print where a pulled model's file is."""
    from assistant.llm.catalog import is_pulled, path

    entry, folder = _embedded(name), settings().models
    if not is_pulled(entry, folder):
        raise ModelError(
            f"The model {name} is not on this machine. Run `digest model pull {name}` first."
        )
    where: Path = path(entry, folder)
    answer({"name": name, "path": str(where)}, as_json, lambda: str(where))


def _embedded(name: str | None) -> EmbeddedModel:
    from assistant.llm.catalog import Catalog, EmbeddedModel

    catalog = Catalog.load()
    entry = catalog.get(name) if name else catalog.default_embedded
    if not isinstance(entry, EmbeddedModel):
        raise ModelError(f"{entry.name} runs behind an endpoint; there is nothing to pull.")
    return entry


COMMANDS = [model]
