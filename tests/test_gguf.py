from pathlib import Path

import numpy as np
import pytest

from assistant.errors import ModelError
from assistant.llm.gguf import Header, read_adapter, read_header, tokenizer_of
from tests.tiny_gguf import MARKS, WIDTH, tiny_adapter, tiny_model, vocabulary, write_gguf


def test_a_header_gives_metadata_and_where_each_tensor_lies(tmp_path: Path) -> None:
    values = np.arange(6, dtype="<f4").reshape(2, 3)
    said = {"a": "text", "b": 7, "c": 0.5, "d": ["x", "yz"], "e": [1, -2]}
    path = write_gguf(tmp_path / "m.gguf", said, {"one": values, "two": values})
    header = read_header(path)
    assert header.metadata == said
    assert {name: shape for name, (shape, _, _) in header.tensors.items()} == {
        "one": (2, 3),
        "two": (2, 3),
    }
    _, _, at = header.tensors["two"]
    assert np.fromfile(path, "<f4", 6, offset=at).tolist() == values.ravel().tolist()


@pytest.mark.parametrize("data", [b"", b"GGUF", b"GGUF\x02\0\0\0", b"PK\x03\x04 something else"])
def test_another_file_is_refused_by_name(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "m.gguf"
    path.write_bytes(data)
    with pytest.raises(ModelError, match=r"m\.gguf"):
        read_header(path)


def test_a_file_cut_short_in_its_header_is_refused(tmp_path: Path) -> None:
    path = write_gguf(tmp_path / "m.gguf", {"key": "a long value"})
    path.write_bytes(path.read_bytes()[:30])
    with pytest.raises(ModelError, match="cannot be read as a GGUF file"):
        read_header(path)


def test_an_adapter_comes_with_its_scale(tmp_path: Path) -> None:
    whole = read_adapter(tiny_adapter(tmp_path / "a.gguf", alpha=2.0))
    twice = read_adapter(tiny_adapter(tmp_path / "b.gguf", alpha=4.0))
    a, b = "blk.0.attn_q.weight.lora_a", "blk.0.attn_q.weight.lora_b"
    assert (whole[a].shape, whole[b].shape) == ((2, WIDTH), (WIDTH, 2))
    assert (twice[a] == whole[a]).all()
    assert (twice[b] == 2 * whole[b]).all()


def test_a_model_is_no_adapter(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no adapter in half precision"):
        read_adapter(tiny_model(tmp_path / "m.gguf"))


@pytest.mark.parametrize("text", ["Yes", "no 12", "日本, 2,000 “quoted”\n\n  end", ""])
def test_tokens_give_back_the_text(text: str) -> None:
    tokenizer = tokenizer_of(Header(vocabulary(), {}))
    assert tokenizer.decode(tokenizer.encode(text).ids, skip_special_tokens=False) == text


def test_merges_and_marks_are_single_tokens() -> None:
    tokenizer = tokenizer_of(Header(vocabulary(), {}))
    assert tokenizer.encode(f"{MARKS[0]}Yes{MARKS[1]}").tokens == [MARKS[0], "Yes", MARKS[1]]


def test_a_tokenizer_of_another_family_is_refused() -> None:
    other = vocabulary() | {"tokenizer.ggml.pre": "llama-bpe"}
    with pytest.raises(ModelError, match="llama-bpe"):
        tokenizer_of(Header(other, {}))
