from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant import prompts, resources, sources, terms
from assistant.errors import PromptError
from assistant.llm.catalog import Catalog
from assistant.prompts import Message

FOLDER = Path(__file__).parent / "data" / "prompts"


def test_markers_are_replaced_and_other_braces_kept() -> None:
    system, user = prompts.load("greet", FOLDER).render(who="Ms. Sato", where="Tokyo")
    assert system == Message("system", 'Answer with {"text": {"to": "…"}} or {{"text"}}.')
    assert user == Message("user", "Greet Ms. Sato in Tokyo, and Ms. Sato again.\n")


@pytest.mark.parametrize("value", ["{{ where }}", r"\1 \g<0>", '{"a": {"b": 1}}', ""])
def test_a_value_is_put_in_literally(value: str) -> None:
    user = prompts.load("greet", FOLDER).render(who=value, where="Tokyo")[1]
    assert user.content == f"Greet {value} in Tokyo, and {value} again.\n"


@pytest.mark.parametrize(
    ("variables", "said"),
    [({"who": "a"}, "where"), ({"who": "a", "where": "b", "when": "c"}, "when")],
    ids=["missing", "unknown"],
)
def test_variables_must_match(variables: dict[str, str], said: str) -> None:
    with pytest.raises(PromptError, match=said):
        prompts.load("greet", FOLDER).render(**variables)


GOOD = """
name: bad
version: "1"
description: d
variables: [x]
messages: [{role: user, content: "{{ x }}"}]
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (GOOD + "colour: red", "colour"),
        (GOOD.replace("version", "#"), "version"),
        (GOOD.replace("[x]", "[x, y]"), "x, y"),
        (GOOD.replace("[x]", "[]"), "none"),
        (GOOD.replace("role: user", "role: robot"), "role"),
        (GOOD.replace("role: user", "role: user, tone: warm"), "tone"),
        (GOOD.replace("name: bad", "name: good"), "good"),
        ("a: [", "YAML"),
        ("", "the file"),
    ],
    ids=[
        "extra-field",
        "missing-field",
        "unused-variable",
        "undeclared-variable",
        "unknown-role",
        "extra-in-message",
        "other-name",
        "not-yaml",
        "empty",
    ],
)
def test_a_wrong_file_is_refused(text: str, said: str, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(PromptError, match=said):
        prompts.load("bad", tmp_path)


def test_an_absent_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match=r"nothing\.yaml"):
        prompts.load("nothing", tmp_path)


READERS = {
    "verify.yaml": lambda: prompts.load("verify"),
    "models.yaml": Catalog.load,
    "quarantine.yaml": lambda: sources.quarantined("They met."),
    "glossary.yaml": terms.glossary,
}
SPOILT = {
    "missing": (None, "There is no file"),
    "folder": ("", r"cannot be read \(Is a directory\)"),
    "latin-1": ("a: café".encode("latin-1"), r"not UTF-8 text \(byte 6\); save it as UTF-8"),
    "utf-16": ("a: b".encode("utf-16"), "not UTF-8 text"),
    "null": (b"a: b\0", r"not valid YAML \(unacceptable character"),
    "not yaml": (b"a: b\nc: [d\ne: f", r"not valid YAML \(line 3: "),
    "no such day": (b"a: 2023-02-30", r"not valid YAML \("),
    "empty": (b"", "is wrong at the file"),
    "list": (b"[a, b]", "is wrong at the file"),
    "other fields": (b"a: [b]", "is wrong at "),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder of prompts; what was read of the shipped one is forgotten and read again."""
    monkeypatch.setattr(resources, "prompts", lambda: tmp_path)
    for cached in (terms.glossary, sources._marks):
        cached.cache_clear()
    yield tmp_path
    for cached in (terms.glossary, sources._marks):
        cached.cache_clear()


@pytest.mark.parametrize("spoilt", SPOILT)
@pytest.mark.parametrize("name", READERS)
def test_a_spoilt_file_is_named_in_one_line(folder: Path, name: str, spoilt: str) -> None:
    data, said = SPOILT[spoilt]
    if isinstance(data, bytes):
        (folder / name).write_bytes(data)
    elif data is not None:
        (folder / name).mkdir()
    with pytest.raises(PromptError, match=said) as caught:
        READERS[name]()
    message = str(caught.value)
    assert str(folder / name) in message
    assert message.endswith(".") and not message.endswith("..")
    assert "\n" not in message


VOUCHING = "vouching: [{itself: [a], appraisal: [b]}]\n"


@pytest.mark.parametrize(
    ("marks", "field"),
    [
        (f"instructions: [a]\n{VOUCHING}", "furniture"),
        (f"instructions: []\n{VOUCHING}furniture: [a]\n", "instructions"),
        (f"instructions: [a, '(b']\n{VOUCHING}furniture: [a]\n", r"instructions\.1"),
        ("instructions: [a]\nvouching: []\nfurniture: [a]\n", "vouching"),
        (
            "instructions: [a]\nvouching: [{itself: [a], appraisal: []}]\nfurniture: [a]\n",
            r"vouching\.0\.appraisal",
        ),
    ],
    ids=["missing", "empty", "no-pattern", "no-pair", "half-a-pair"],
)
def test_marks_that_would_bar_nothing_or_everything_are_refused(
    folder: Path, marks: str, field: str
) -> None:
    (folder / "quarantine.yaml").write_text(marks, encoding="utf-8")
    with pytest.raises(PromptError, match=f"is wrong at {field}: "):
        sources.quarantined("They met.")
