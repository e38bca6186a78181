import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from assistant import resources
from assistant.errors import ModelError
from assistant.llm.catalog import Adapter, Catalog
from assistant.llm.reader import Reader
from assistant.prompts import Message
from tests.tiny_gguf import tiny_adapter, tiny_model

ENTRY = Catalog.load().default_embedded.model_copy(update={"adapters": ()})
JUDGE = Message("system", "Does it follow?")
ASKED = [JUDGE, Message("user", "They met on July 20. They met.")]
OTHER = [JUDGE, Message("user", "They left.")]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_model(tmp_path_factory.mktemp("models") / "tiny.gguf")


@pytest.fixture
def wearing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, file: Path) -> Callable[..., Reader]:
    """A reader whose slot `verify` wears an adapter."""
    monkeypatch.setattr(resources, "prompts", lambda: tmp_path)

    def make(digest: str | None = None, strength: float = 1.0, **made: object) -> Reader:
        path = tiny_adapter(tmp_path / "judge.gguf", **made)
        digest = digest or hashlib.sha256(path.read_bytes()).hexdigest()
        worn = Adapter(
            slot="verify", file="judge.gguf", sha256=digest, prompt="verify 1", strength=strength
        )
        return Reader(ENTRY.model_copy(update={"adapters": (worn,)}), file)

    return make


def top(reader: Reader, messages: list[Message], shared: int = 1, slot: str = "a") -> object:
    return reader.first_token(messages, shared, slot).data["top"]


def test_an_answer_begins_with_one_of_twenty_tokens_best_first(file: Path) -> None:
    answer = Reader(ENTRY, file).first_token(ASKED, 1, "a")
    logprobs = [logprob for _, logprob in answer.data["top"]]
    assert len(logprobs) == 20
    assert logprobs == sorted(logprobs, reverse=True)
    assert max(logprobs) < 0


def test_the_same_question_has_the_same_answer_whatever_came_before(file: Path) -> None:
    reader = Reader(ENTRY, file)
    first = top(reader, ASKED)
    top(reader, OTHER)
    top(reader, [Message("system", "Another."), OTHER[1]])
    assert top(reader, ASKED) == first
    reader.close()
    assert top(reader, ASKED) == first
    assert top(reader, OTHER) != first


def test_shared_messages_are_read_once(file: Path) -> None:
    reader = Reader(ENTRY, file)
    first, second = (reader.first_token(messages, 1, "a") for messages in (ASKED, OTHER))
    assert first.cached_tokens == 0
    assert 0 < second.cached_tokens < second.prompt_tokens < first.prompt_tokens
    assert reader.first_token(ASKED, 1, "b").cached_tokens == 0


def test_what_is_read_in_two_parts_counts_as_one(file: Path) -> None:
    reader = Reader(ENTRY, file)
    parts, whole = (reader.first_token(ASKED, shared, "a") for shared in (1, 0))
    assert whole.cached_tokens == 0
    assert whole.prompt_tokens == parts.prompt_tokens
    best = [[token for token, _ in answer.data["top"][:3]] for answer in (parts, whole)]
    assert best[0] == best[1]
    scores = zip(parts.data["top"], whole.data["top"], strict=True)
    assert all(one[1] == pytest.approx(other[1], abs=0.05) for one, other in scores)


def test_an_adapter_is_worn_by_its_own_kind_of_call_alone(
    wearing: Callable[..., Reader], file: Path
) -> None:
    reader = wearing()
    plain, bare, worn = (
        dict(r.first_token(ASKED, 1, slot).data["top"])
        for r, slot in ((Reader(ENTRY, file), "verify"), (reader, "write"), (reader, "verify"))
    )
    assert bare == pytest.approx(plain, abs=0.05)
    assert worn != pytest.approx(plain, abs=0.5)


def test_an_adapter_is_worn_as_strongly_as_the_catalog_says(
    wearing: Callable[..., Reader], file: Path
) -> None:
    def worn(strength: float, alpha: float) -> object:
        return dict(top(wearing(strength=strength, alpha=alpha), ASKED, slot="verify"))

    plain = dict(top(Reader(ENTRY, file), ASKED, slot="verify"))
    assert worn(0.0, 2.0) == pytest.approx(plain, abs=0.05)
    assert worn(0.5, 2.0) == pytest.approx(worn(1.0, 1.0), abs=0.05)
    assert worn(0.5, 2.0) != pytest.approx(worn(1.0, 2.0), abs=0.2)


def test_an_adapter_of_another_model_is_refused(wearing: Callable[..., Reader]) -> None:
    with pytest.raises(ModelError, match=r"verify is for another model: it has blk\.9"):
        top(wearing(matrix="blk.9.attn_q.weight"), ASKED)


def test_an_adapter_of_other_bytes_is_refused(
    wearing: Callable[..., Reader], tmp_path: Path
) -> None:
    reader = wearing(digest="0" * 64)
    with pytest.raises(ModelError, match="other bytes"):
        top(reader, ASKED)
    (tmp_path / "judge.gguf").unlink()
    with pytest.raises(ModelError, match=r"no file .*judge\.gguf; put it back"):
        top(reader, ASKED)


def test_a_file_that_is_no_model_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(b"not a model")
    with pytest.raises(ModelError, match=r"m\.gguf"):
        top(Reader(ENTRY, file), ASKED)
    assert capfd.readouterr() == ("", "")
