"""The documents tell the truth: commands, options, make targets, links and paths exist."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from assistant.cli import digest

ROOT = Path(__file__).parents[1]
COMMANDS_MD = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
DOCS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
DOCS += [ROOT / "corpus" / "README.md", ROOT / "corpus" / "FACTS.md"]
# Options told once, at the top of docs/commands.md.
SHARED = {"home", "model", "as_json"}
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)


def commands(group: click.Group, path: tuple[str, ...] = ()) -> Iterator[tuple[str, click.Command]]:
    for name, command in group.commands.items():
        here = (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, here)
        else:
            yield " ".join(here), command


ALL = dict(commands(digest))


def section(command: str) -> str:
    """What docs/commands.md says under the heading of a command; empty if it has none."""
    heading = re.search(rf"^### `digest {re.escape(command)}(?: .*)?`$", COMMANDS_MD, re.M)
    if heading is None:
        return ""
    return re.split(r"^##+ ", COMMANDS_MD[heading.end() :], maxsplit=1, flags=re.M)[0]


def blocks(path: Path, language: str) -> str:
    found = FENCE.findall(path.read_text(encoding="utf-8"))
    return "\n".join(body for kind, body in found if kind == language)


def prose(path: Path) -> str:
    return FENCE.sub("", path.read_text(encoding="utf-8"))


def test_there_are_commands_to_document():
    assert {"ingest", "draft", "check", "export", "model pull"} <= set(ALL)


@pytest.mark.parametrize("name", ALL)
def test_every_command_has_help(name):
    assert ALL[name].help


@pytest.mark.parametrize("name", ALL)
def test_every_command_is_documented_with_its_options_and_an_example(name):
    text = section(name)
    assert text, f"docs/commands.md has no section on `digest {name}`"
    for option in ALL[name].params:
        if isinstance(option, click.Option) and option.name not in SHARED:
            assert any(f"`{o}" in text for o in option.opts), f"`digest {name}`: {option.opts[0]}"
    assert f"digest {name}" in "".join(body for kind, body in FENCE.findall(text) if kind == "sh")


def test_no_command_is_documented_that_does_not_exist():
    headings = re.findall(
        r"^### `digest ([a-z -]+?)(?: [^a-z`][^`]*| [A-Z_\[].*)?`$", COMMANDS_MD, re.M
    )
    assert sorted(headings) == sorted(ALL)


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_shell_blocks_use_existing_targets_commands_and_options(path):
    targets = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)
    for line in blocks(path, "sh").splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["make"]:
            assert words[1] in targets, line
        elif words[:1] in (["digest"], [".venv/bin/digest"]):
            check_digest(words[1:], line)
        elif words:
            assert words[0] in {"export", "."}, f"{path.name}: what does this line run? {line}"


def check_digest(words: list[str], line: str) -> None:
    command: click.Command = digest
    while isinstance(command, click.Group):
        assert words and words[0] in command.commands, line
        command, words = command.commands[words[0]], words[1:]
    known = {o for p in command.params if isinstance(p, click.Option) for o in p.opts}
    assert {word for word in words if word.startswith("--")} <= known, line


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_links_between_documents_resolve(path):
    for target in re.findall(r"\]\(([^)\s]+)\)", prose(path)):
        if not target.startswith(("http://", "https://", "#")):
            file = path.parent / target.split("#")[0]
            assert file.exists(), f"{path.name} links to {target}"


@pytest.mark.parametrize("path", DOCS, ids=lambda path: str(path.relative_to(ROOT)))
def test_paths_in_the_text_exist(path):
    endings = (".py", ".toml", ".yaml", ".json", ".jsonl", ".lock")
    for word in re.findall(r"`([\w/*-][\w./*-]*)`", prose(path)):
        if "/" in word or word.endswith(endings):
            places = (ROOT, ROOT / "assistant", path.parent)
            found = any(list(place.glob(word)) for place in places)
            assert found, f"{path.name} names {word}"


def test_the_corpus_tables_name_every_article():
    text = (ROOT / "corpus" / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([\w.-]+)` \|", text, re.M)
    assert sorted(named) == sorted(f.name for f in (ROOT / "corpus" / "articles").iterdir())


def test_the_tree_in_the_readme_is_the_tree():
    tree = blocks(ROOT / "README.md", "tree")
    top = re.findall(r"^(\S+)/ *", tree, re.M)
    assert "assistant" in top
    assert all((ROOT / name).is_dir() for name in top)
    package = {name.strip("/") for name in re.findall(r"^  (\S+)", tree, re.M)}
    folder = ROOT / "assistant"
    assert package == {p.name for p in folder.iterdir() if not p.name.startswith("_")}
