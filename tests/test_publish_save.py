import os
from pathlib import Path

import pytest

from assistant.errors import ExportError
from assistant.publish.save import save


def test_writes_utf8_and_makes_the_folder(tmp_path: Path) -> None:
    path = tmp_path / "a" / "b" / "issue.md"
    assert save(path, "¥5\n") == path
    assert path.read_bytes() == "¥5\n".encode()


def test_replaces_a_file_and_leaves_nothing_beside_it(tmp_path: Path) -> None:
    path = tmp_path / "issue.md"
    save(path, "old")
    save(path, "new")
    assert path.read_text(encoding="utf-8") == "new"
    assert list(tmp_path.iterdir()) == [path]


def test_a_write_that_fails_leaves_the_old_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "issue.md"
    save(path, "old")

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(ExportError, match="No space left"):
        save(path, "new")
    assert path.read_text(encoding="utf-8") == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_text_that_is_no_unicode_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        save(tmp_path / "issue.md", "\ud800")
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(ExportError, match="choose a folder"):
        save(tmp_path / "file" / "issue.md", "text")


def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    (tmp_path / "issue.md").mkdir()
    with pytest.raises(ExportError):
        save(tmp_path / "issue.md", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["issue.md"]
