"""Commands that need no model and no desk do not wait for the libraries of either."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = ("langchain", "langchain_core", "langchain_openai", "openai", "gradio", "chromadb")
COMMANDS = {
    "help": ["--help"],
    "list": ["list", "articles", "--home", "HOME"],
    "style": ["style", "text.md"],
    "stories": ["stories", "--home", "HOME"],
    "draft": ["draft", "--date", "2023-07-28", "--model", "none", "--home", "HOME"],
    "check": ["check", "text.md", "--model", "none", "--home", "HOME"],
}
# One process for all: what each command adds is seen after it.
PROGRAM = """
import contextlib, io, json, sys
from assistant.cli import main
heavy, commands = json.loads(sys.argv[1])
loaded = {}
for name, words in commands.items():
    sys.argv = ["digest", *words]
    status = 0
    with contextlib.redirect_stdout(io.StringIO()):
        try:
            main()
        except SystemExit as stop:
            status = stop.code or 0
    loaded[name] = [status, [m for m in heavy if m in sys.modules]]
print(json.dumps(loaded))
"""


@pytest.fixture(scope="module")
def loaded(sample, tmp_path_factory):
    """Exit status of each command, and the heavy modules there were after it."""
    import shutil

    folder = tmp_path_factory.mktemp("startup")
    shutil.copytree(sample.home, folder / "home")
    (folder / "text.md").write_text("The US and Japan met.\n", encoding="utf-8")
    commands = {
        name: [str(folder / "home") if word == "HOME" else word for word in words]
        for name, words in COMMANDS.items()
    }
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, json.dumps([HEAVY, commands])],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.parametrize("name", COMMANDS)
def test_no_heavy_library_is_imported(loaded, name):
    status, modules = loaded[name]
    assert status == 0
    assert modules == []


def test_the_names_are_those_of_modules():
    """A library that was renamed would never be found in `sys.modules`."""
    from importlib.util import find_spec

    assert all(find_spec(name) for name in HEAVY)
