"""Commands on models: model list, pull, path, calibrate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from rich.progress import (
    BarColumn,
    DownloadColumn,
    Progress,
    TextColumn,
    TransferSpeedColumn,
    track,
)

from assistant.cli.options import answer, common, notes, settings, workspace
from assistant.errors import AssistantError, ModelError

if TYPE_CHECKING:
    from assistant.llm.catalog import EmbeddedModel


@click.group()
def model() -> None:
    """List, fetch, find and calibrate models."""


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


@model.command()
@click.option(
    "--data",
    multiple=True,
    type=click.Path(path_type=Path, exists=True, dir_okay=False),
    help="Rows of claim, source and label, one JSON object a line; by default those that ship.",
)
@click.option("--rows", default=300, type=click.IntRange(60), help="Questions at most.")
@click.option("--yes", is_flag=True, help="Do not ask before the model is asked.")
@common
def calibrate(
    data: tuple[Path, ...],
    rows: int,
    yes: bool,
    home: Path | None,
    model: str | None,
    as_json: bool,
) -> None:
    """Fit the checker's scores to the answers of the model in use.

    Says first what it will take. Answers are kept: a run that was stopped goes on where it was.
    """
    from assistant.llm.calibration import calibration_file
    from evals.model_calibration import calibrate as fit_answers
    from evals.model_calibration import estimate, questions

    with workspace(home, model) as work:
        chat = work.chat
        if chat is None:
            raise ModelError("There is no model to calibrate. Name one with --model.")
        asked = questions(data, rows, work.embedder)
        needed = estimate(chat, asked)
        cost = f"${needed.cost:.2f}" if needed.cost else "at no price that is known here"
        notes.print(
            f"{len(asked)} questions to {chat.name}: about {needed.prompt_tokens:,} tokens read and"
            f" {needed.completion_tokens:,} written, {cost}.",
            markup=False,
        )
        if not yes:
            if as_json:
                raise AssistantError("With --json nothing is asked; agree to the cost with --yes.")
            click.confirm("Go on?", abort=True, err=True)
        fitted = fit_answers(chat, track(asked, "Asking", console=notes), work.embedder)
        file = calibration_file(chat.entry.name, work.settings.home)
        fitted.calibration.save(file)
    answer(
        {**fitted.record(), "path": str(file)},
        as_json,
        lambda: (
            f"{file}\nOn pages that it was not fitted on: ROC-AUC {fitted.roc_auc:.3f}, balanced"
            f" accuracy {fitted.balanced_accuracy:.3f} ({fitted.rows} rows)."
        ),
    )


def _embedded(name: str | None) -> EmbeddedModel:
    from assistant.llm.catalog import Catalog, EmbeddedModel

    catalog = Catalog.load()
    entry = catalog.get(name) if name else catalog.default_embedded
    if not isinstance(entry, EmbeddedModel):
        raise ModelError(f"{entry.name} runs behind an endpoint; there is nothing to pull.")
    return entry


COMMANDS = [model]
