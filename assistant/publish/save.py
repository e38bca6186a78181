"""Puts a finished text into a file, wholly or not at all."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from assistant.errors import ExportError


def save(path: Path, text: str) -> Path:
    """Write `text` as UTF-8 to `path`, making its folder; a reader sees the old file or the new.

    Raises:
        ExportError: the folder or the file cannot be written; the old file is left.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as stream:
            stream.write(text)
            stream.flush()
            os.fsync(stream.fileno())
        os.chmod(temporary, 0o644)  # mkstemp makes it readable by its owner alone
        os.replace(temporary, path)
    except (OSError, ValueError) as error:
        if temporary is not None and os.path.exists(temporary):
            os.unlink(temporary)
        reason = getattr(error, "strerror", None) or str(error)
        raise ExportError(
            f"{path} could not be written ({reason}); choose a folder that you may write to."
        ) from error
    return path
