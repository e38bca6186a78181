from pathlib import Path

import pytest

from assistant import prompts
from assistant.errors import PromptError
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
