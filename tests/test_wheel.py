"""An installed wheel finds everything it ships, from a folder that is not the checkout."""

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    """The wheel, built without a network and unpacked."""
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    done = subprocess.run(build, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    with zipfile.ZipFile(built) as archive:
        archive.extractall(folder / "unpacked")
    return folder / "unpacked"


def run(wheel: Path, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run Python in `folder` with the wheel's modules before all others."""
    return subprocess.run(
        [sys.executable, *words],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(wheel)},
        capture_output=True,
        text=True,
    )


def digest(wheel: Path, folder: Path, *words: str) -> dict:
    """What a `digest` command of the wheel answers."""
    start = "from assistant.cli import main; main()"
    done = run(wheel, folder, "-c", start, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def files_of(name: str) -> list[Path]:
    """Files of the checkout at or below `name`, without what Python left there."""
    found = [ROOT / name, *(ROOT / name).rglob("*")]
    return [file for file in found if file.is_file() and file.suffix != ".pyc"]


@pytest.mark.parametrize("folder", ["prompts", "corpus", "evals/data"])
def test_ships_all_data(wheel, folder):
    here = {str(file.relative_to(ROOT)) for file in files_of(folder)}
    data = wheel / "assistant" / "_data"
    there = {str(f.relative_to(data)) for f in (data / folder).rglob("*") if f.is_file()}
    assert here
    assert there == here


@pytest.mark.parametrize("folder", ["assistant", "evals", "ui.py"])
def test_ships_all_code(wheel, folder):
    data = ROOT / "evals" / "data"
    wanted = [file for file in files_of(folder) if not file.is_relative_to(data)]
    assert wanted
    missing = [name for f in wanted if not (wheel / (name := str(f.relative_to(ROOT)))).is_file()]
    assert missing == []


@pytest.mark.parametrize(
    "name",
    [
        "assistant/publish/templates/issue.html",
        "assistant/store/migrations/env.py",
        "assistant/llm/calibration.json",
    ],
)
def test_ships_what_is_read_at_run_time(wheel, name):
    assert (wheel / name).read_bytes() == (ROOT / name).read_bytes()


def test_finds_its_own_resources(wheel, tmp_path):
    code = """
import assistant.resources as r
from assistant.publish.html import to_html
from assistant.publish.read_issue import read_issue
from assistant.llm.calibration import load_calibration
file = r.sample_corpus() / "issues" / "vol-2-13.md"
assert to_html(read_issue(file.read_text(encoding="utf-8"), file.name)).count("<article") == 5
assert load_calibration().supported
print(r.__file__, r.prompts(), r.sample_corpus(), r.eval_data(), sep="\\n")
"""
    done = run(wheel, tmp_path, "-c", code)
    assert done.returncode == 0, done.stderr
    paths = [Path(line) for line in done.stdout.splitlines()]
    assert len(paths) == 4
    assert all(path.is_relative_to(wheel) and path.exists() for path in paths)


def test_style_finds_its_rules(wheel, tmp_path):
    (tmp_path / "text.md").write_text("- The U.S. spent 5 percent.\n", encoding="utf-8")
    found = digest(wheel, tmp_path, "style", "text.md")["findings"]
    assert "us-abbreviation" in {finding["code"] for finding in found}


def test_a_new_home_finds_its_migrations(wheel, tmp_path):
    assert digest(wheel, tmp_path, "list", "articles", "--home", "home") == {"articles": []}
    assert (tmp_path / "home" / "digest.sqlite3").is_file()


def test_the_catalog_is_found(wheel, tmp_path):
    assert digest(wheel, tmp_path, "model", "list")["models"]
