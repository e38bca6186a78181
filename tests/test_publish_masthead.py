from pathlib import Path

import pytest

from assistant.errors import PromptError
from assistant.publish.inline import plain_line
from assistant.publish.masthead import load_masthead


def test_the_shipped_masthead() -> None:
    masthead = load_masthead()
    assert masthead.title == "US-Japan Alliance Digest"
    assert masthead.boilerplate is not None
    text, links = plain_line(masthead.boilerplate)
    assert masthead.title in text
    assert [text[link.start : link.end] for link in links] == ["the drafting assistant"]


def test_what_is_left_out_is_none(tmp_path: Path) -> None:
    path = tmp_path / "masthead.yaml"
    path.write_text("title: T\nimage_credit: ' [USAF](#) '\n", encoding="utf-8")
    masthead = load_masthead(path)
    assert (masthead.title, masthead.image_credit, masthead.boilerplate) == ("T", "[USAF](#)", None)


@pytest.mark.parametrize(
    "content, reason",
    [
        pytest.param("title: T\nvolume: 2\n", "masthead.yaml, volume", id="unknown-field"),
        pytest.param("boilerplate: x\n", "masthead.yaml, title", id="missing-field"),
        pytest.param("title: 5\n", "masthead.yaml, title", id="wrong-type"),
        pytest.param("title: [", "could not be read", id="no-yaml"),
        pytest.param("", "masthead.yaml, the file", id="empty"),
    ],
)
def test_wrong_files_are_named_with_their_field(tmp_path: Path, content: str, reason: str) -> None:
    path = tmp_path / "masthead.yaml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(PromptError) as caught:
        load_masthead(path)
    assert reason in str(caught.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="could not be read"):
        load_masthead(tmp_path / "none.yaml")
