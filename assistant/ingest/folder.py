"""Which files of a folder are articles."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from assistant.ingest.reading import SUFFIXES


def article_files(folder: Path, warn: Callable[[str], None]) -> list[Path]:
    """Files below `folder` that can be read, in order of their paths.

    READMEs are passed over; hidden files, unknown kinds and links that lead out of the
    folder too, with a warning.
    """
    inside = folder.resolve()
    found: list[Path] = []
    for place, folders, names in os.walk(folder, onerror=lambda e: warn(f"{e}: left out.")):
        here = Path(place)
        for name in sorted(folders):
            if name.startswith("."):
                warn(f"{here / name}: a hidden folder, left out.")
            elif (here / name).is_symlink():
                warn(f"{here / name}: a link to a folder, not followed.")
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in sorted(names):
            path = here / name
            if name.lower().startswith("readme"):
                continue
            if name.startswith("."):
                warn(f"{path}: a hidden file, left out.")
            elif path.suffix.lower() not in SUFFIXES:
                warn(f"{path}: a file of a kind that cannot be read, left out.")
            elif not path.resolve().is_relative_to(inside):
                warn(f"{path}: a link that leads out of the folder, not followed.")
            else:
                found.append(path)
    return sorted(found)
