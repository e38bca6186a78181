"""Bad input at the command line: one sentence, one object, and the store stays as it was."""

import errno
import hashlib
import io
import json
import os
import re
import shutil
import sqlite3
import sys
import zipfile

import docx
import pytest
import sqlalchemy
import yaml
from reportlab.pdfgen.canvas import Canvas
from test_catalog import BYTES, Index, model, nobody_looks
from test_chat import serving

from assistant import resources
from assistant.cli import main
from assistant.errors import ModelError
from assistant.llm import pull as pulling
from assistant.store import database

FRONT = "---\nurl: https://drill.example/{0}\ntitle: {0}\npublished_on: 2023-07-20\n---\n\n"
ARTICLE = FRONT + "The U.S. and Japan opened {0} at Yokota Air Base on July 19.\n"
JAPANESE = FRONT.format("会談") + "日米両政府は十九日、東京で会談した。\n"
FRENCH = FRONT.format("Café") + "The U.S. envoy met the press at the café in Tokyo.\n"
NOWHERE = "http://127.0.0.1:9"  # nothing listens on the discard port
DRAFT = ("draft", "--date", "2023-07-28", "--bullets", "1")


def pdf(text="The allies met in Tokyo."):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.drawString(72, 700, text)
    canvas.save()
    return buffer.getvalue()


def word(unpacked=0):
    buffer = io.BytesIO()
    document = docx.Document()
    document.add_paragraph("The allies met in Tokyo.")
    document.save(buffer)
    if unpacked:
        with zipfile.ZipFile(buffer, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/media/image1.bin", bytes(unpacked))
    return buffer.getvalue()


def damaged(data, mark, size):
    """`data` with `size` bytes after `mark` overwritten."""
    start = data.index(mark) + len(mark)
    return data[:start] + b"\xa5" * size + data[start + size :]


@pytest.fixture
def run(monkeypatch, capsys, tmp_path):
    """Runs `digest … --json`; gives the exit status, the one object, and standard error."""
    monkeypatch.chdir(tmp_path)

    def digest(*words, stdin=b""):
        monkeypatch.setattr(sys, "argv", ["digest", *map(str, words), "--json"])
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(stdin)))
        capsys.readouterr()
        status = 0
        try:
            main()
        except SystemExit as stop:
            status = stop.code or 0
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return status, json.loads(out), err

    return digest


@pytest.fixture
def stored(run):
    """Digest of all that a home lists."""

    def digest(home):
        listed = [run("list", what, "--home", home)[1] for what in ("articles", "issues")]
        return hashlib.sha256(json.dumps(listed).encode()).hexdigest()

    return digest


@pytest.fixture
def home(run, tmp_path):
    """A home with one article and one issue."""
    (tmp_path / "first.md").write_text(ARTICLE.format("Keen-Edge"), encoding="utf-8")
    assert run("ingest", "first.md", "--home", "home")[0] == 0
    issue = resources.sample_corpus() / "issues" / "vol-2-13.md"
    assert run("import-issue", issue, "--home", "home")[0] == 0
    return tmp_path / "home"


def message_of(answer):
    """The sentence of a failed command's answer."""
    status, record, err = answer
    assert status == 1
    message = record["error"]["message"]
    assert message.endswith(".")
    assert message in err
    return message


BAD_FILES = {
    "empty.md": (b"", "is empty"),
    "empty.docx": (b"", "is empty"),
    "invisible.md": (b"\x01\x02\x03", "no text in this source"),
    "utf16.md": (ARTICLE.format("a").encode("utf-16-le"), "UTF-16 without a byte order mark"),
    "utf16.txt": (ARTICLE.format("a").encode("utf-16-be"), "UTF-16 without a byte order mark"),
    "shift-jis.md": (JAPANESE.encode("cp932"), r"wrong encoding \(byte \d+ .* save it as UTF-8"),
    "latin-1.md": (FRENCH.encode("latin-1"), r"wrong encoding \(byte \d+ .* save it as UTF-8"),
    "cut.pdf": (pdf()[:600], "broken and cannot be read: save it again"),
    "damaged.pdf": (damaged(pdf(), b"stream\n", 60), "broken and cannot be read: save it again"),
    "text.pdf": (b"Dear colleagues,", "not a PDF file, or a broken one: save it again"),
    "cut.docx": (word()[:9_000], "not a Word .* or a broken one: save it again"),
    "damaged.docx": (damaged(word(), b"word/document.xml", 200), "broken and cannot be read"),
    "bomb.docx": (word(unpacked=12_000_000), "unpacks to far more than a document"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_article_fails_alone(run, stored, home, tmp_path, name):
    data, reason = BAD_FILES[name]
    (tmp_path / name).write_bytes(data)
    before = stored(home)
    alone = run("ingest", name, "--home", home)
    assert message_of(alone).startswith(f"{name}: ")
    assert stored(home) == before

    (tmp_path / "good.md").write_text(ARTICLE.format("Orient-Shield"), encoding="utf-8")
    status, report, _ = run("ingest", name, "good.md", "--home", home)
    assert (status, [a["source"] for a in report["added"]]) == (0, ["good.md"])
    (failure,) = report["failed"]
    assert failure["source"] == name
    assert re.search(reason, failure["reason"])
    assert failure["reason"].endswith(".")


def test_fifty_megabytes_are_not_read(run, stored, home, tmp_path):
    before = stored(home)
    for name in ("big.txt", "big.md"):
        with (tmp_path / name).open("wb") as file:
            file.truncate(50_000_000)
        message = message_of(run("ingest", name, "--home", home))
        assert message.startswith(f"{name}: The file has 50 MB, more than the 20 MB")
    message = message_of(run("import-issue", "big.md", "--home", home))
    assert message.startswith("big.md: The file has 50 MB, more than the 1 MB of an issue")
    assert stored(home) == before


def test_a_page_of_a_pdf_that_gives_no_text_is_named(run, home, tmp_path):
    buffer = io.BytesIO()
    canvas = Canvas(buffer, invariant=1)
    canvas.drawString(72, 700, "The allies met in Tokyo.")
    canvas.showPage()
    canvas.rect(10, 10, 100, 100)
    canvas.save()
    (tmp_path / "two.pdf").write_bytes(buffer.getvalue())
    status, report, _ = run("ingest", "two.pdf", "--home", home)
    assert status == 0
    assert any("two.pdf: Page 2 has no text" in warning for warning in report["warnings"])


@pytest.mark.parametrize(
    ("pasted", "reason"),
    [
        (JAPANESE.encode("cp932"), "wrong encoding"),
        (FRENCH.encode("latin-1"), "wrong encoding"),
        (JAPANESE.encode("utf-16-le"), "wrong encoding|UTF-16"),
        (b"", "is empty"),
        (b"x" * 20_000_001, "larger than 20 MB"),
    ],
    ids=["shift-jis", "latin-1", "utf-16", "empty", "21 MB"],
)
def test_a_bad_pasted_text_fails_alone(run, stored, home, tmp_path, pasted, reason):
    before = stored(home)
    assert re.search(reason, message_of(run("ingest", "-", "--home", home, stdin=pasted)))
    assert stored(home) == before
    (tmp_path / "good.md").write_text(ARTICLE.format("Orient-Shield"), encoding="utf-8")
    status, report, _ = run("ingest", "-", "good.md", "--home", home, stdin=pasted)
    assert (status, len(report["added"]), len(report["failed"])) == (0, 1, 1)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"# Notes\n\nJust a note.\n", "no line says 'Headlines:'"),
        (b"", "no line says 'Headlines:'"),
        (b"Headlines:\n- A\n\0\nDetails:\n- A\n", "not a text file"),
        ("Headlines:\n- Café\nDetails:\n- Café\n".encode("latin-1"), "save it as UTF-8"),
        (pdf(), "not UTF-8|not a text file"),
    ],
    ids=["notes", "empty", "binary", "latin-1", "pdf"],
)
def test_what_is_no_issue_is_not_imported(run, stored, home, tmp_path, data, reason):
    (tmp_path / "bad.md").write_bytes(data)
    before = stored(home)
    issue = resources.sample_corpus() / "issues" / "vol-2-12.md"
    message = message_of(run("import-issue", issue, "bad.md", "--home", home))
    assert message.startswith("bad.md: ")
    assert re.search(reason, message)
    assert stored(home) == before


@pytest.mark.parametrize("data", [b"", b"\n \n", b"# Only a heading\n"])
@pytest.mark.parametrize("command", ["check", "cite"])
def test_a_text_without_a_sentence_is_not_checked(run, stored, home, tmp_path, command, data):
    (tmp_path / "text.md").write_bytes(data)
    before = stored(home)
    message = message_of(run(command, "text.md", "--model", "none", "--home", home))
    assert message == "text.md holds no paragraph or list item to check."
    assert stored(home) == before


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (pdf(), "not UTF-8|not a text file"),
        (word(), "not a text file"),
        (b"They met.\0\n", "not a text file"),
        ("They met.\n".encode("utf-16-le"), "UTF-16 without a byte order mark"),
        ("Café".encode("latin-1"), "save it as UTF-8"),
        (b"They met. " * 100_001, "1 MB, more than the 1 MB of an issue"),
    ],
    ids=["pdf", "word", "null", "utf-16", "latin-1", "too large"],
)
@pytest.mark.parametrize("command", ["check", "cite", "style"])
def test_what_is_no_text_is_not_checked(run, stored, home, tmp_path, command, data, reason):
    (tmp_path / "text.md").write_bytes(data)
    before = stored(home)
    where = () if command == "style" else ("--model", "none", "--home", home)
    for fix in [(), ("--fix",)] if command == "style" else [()]:
        message = message_of(run(command, "text.md", *fix, *where))
        assert message.startswith("text.md: ")
        assert re.search(reason, message)
    assert (tmp_path / "text.md").read_bytes() == data
    assert stored(home) == before


@pytest.mark.parametrize("command", ["check", "cite", "style"])
def test_a_text_with_a_byte_order_mark_is_checked(run, home, tmp_path, command):
    for encoding in ("utf-8-sig", "utf-16"):
        (tmp_path / "text.md").write_text("The U.S. and Japan met.\r\n", encoding=encoding)
        where = () if command == "style" else ("--model", "none", "--home", home)
        assert run(command, "text.md", *where)[0] == 0


@pytest.mark.parametrize("wordless", ["—", "🎌", "…", "***", "ﾟ"])
@pytest.mark.parametrize("command", ["check", "cite"])
def test_a_paragraph_without_a_word_stops_nothing(run, home, tmp_path, command, wordless):
    met = "The U.S. and Japan opened Keen-Edge at Yokota Air Base on July 19."
    (tmp_path / "text.md").write_text(f"{met}\n\n{wordless}\n\n{met}\n", encoding="utf-8")
    status, record, _ = run(command, "text.md", "--model", "none", "--home", home)
    assert status == 0
    told = [b for b in record["bullets"] if "Keen-Edge" in b["markdown"]]
    assert len(told) == 2
    if command == "cite":
        assert all("https://drill.example/Keen-Edge" in b["markdown"] for b in told)


# Models and prompts


@pytest.fixture
def server():
    """An endpoint on this machine that gives out a script of answers."""
    with serving() as server:
        yield server


@pytest.fixture
def prompts_folder(monkeypatch, tmp_path):
    """A copy of the prompts, to be spoilt; its endpoints are asked only once."""
    folder = tmp_path / "prompts"
    shutil.copytree(resources.prompts(), folder)
    catalog = yaml.safe_load((folder / "models.yaml").read_text(encoding="utf-8"))
    for entry in catalog["endpoint"]:
        entry["retries"] = 0
    (folder / "models.yaml").write_text(yaml.safe_dump(catalog), encoding="utf-8")
    monkeypatch.setattr(resources, "prompts", lambda: folder)
    return folder


def test_a_prompt_that_wants_an_unknown_variable_stops_the_draft(
    run, stored, sample_home, prompts_folder, monkeypatch
):
    file = prompts_folder / "write-bullet.yaml"
    prompt = yaml.safe_load(file.read_text(encoding="utf-8"))
    prompt["variables"].append("mood")
    prompt["messages"].append({"role": "user", "content": "In a {{ mood }} mood."})
    file.write_text(yaml.safe_dump(prompt), encoding="utf-8")
    monkeypatch.setenv("OPENAI_BASE_URL", NOWHERE)
    before = stored(sample_home)
    message = message_of(run(*DRAFT, "--home", sample_home))
    assert message == "The prompt write-bullet needs a value for mood."
    assert stored(sample_home) == before


def test_an_unknown_model_is_named_with_the_known_ones(run, stored, sample_home, tmp_path):
    (tmp_path / "text.md").write_text("The allies met.\n", encoding="utf-8")
    before = stored(sample_home)
    for words in (DRAFT, ("check", "text.md"), ("cite", "text.md")):
        message = message_of(run(*words, "--model", "nope", "--home", sample_home))
        assert message.startswith("There is no model nope in the catalog. It has: ")
    assert message_of(run("model", "pull", "nope")).startswith("There is no model nope")
    assert stored(sample_home) == before


@pytest.mark.parametrize(
    ("address", "said"),
    [
        (NOWHERE, "cannot be reached. Check the connection and OPENAI_BASE_URL"),
        ("nonsense", "cannot be reached"),
        ("http://[::1", "OPENAI_BASE_URL is no web address"),
        ("http://127.0.0.1:port/v1", "OPENAI_BASE_URL is no web address"),
        ("http://127.0.0.1:99999/v1", "OPENAI_BASE_URL is no web address"),
    ],
)
def test_an_endpoint_out_of_reach_stops_the_draft(
    run, stored, sample_home, prompts_folder, monkeypatch, address, said
):
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    before = stored(sample_home)
    assert said in message_of(run(*DRAFT, "--home", sample_home))
    assert stored(sample_home) == before


@pytest.mark.parametrize(
    ("status", "said"),
    [
        (401, "refused the key. Check OPENAI_API_KEY"),
        (403, "refused the key. Check OPENAI_API_KEY"),
        (404, "The endpoint has no model gpt-9. Check OPENAI_BASE_URL"),
        (400, "failed with status 400"),
    ],
)
def test_an_endpoint_that_refuses_stops_the_draft(
    run, stored, sample_home, prompts_folder, server, monkeypatch, status, said
):
    monkeypatch.setenv("OPENAI_BASE_URL", f"http://127.0.0.1:{server.server_port}/v1")
    server.script = [(status, {"error": {"message": "no"}})] * 50
    before = stored(sample_home)
    assert said in message_of(run(*DRAFT, "--model", "gpt-9", "--home", sample_home))
    assert len(server.asked) == 1
    assert stored(sample_home) == before


def test_a_key_that_cannot_be_sent_stops_the_draft(run, stored, sample_home, monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-ключ")
    before = stored(sample_home)
    message = message_of(run(*DRAFT, "--home", sample_home))
    assert message == "OPENAI_API_KEY holds a character that no key has. Copy it again."
    assert stored(sample_home) == before


@pytest.mark.parametrize("name", ["models.yaml", "write-bullet.yaml"])
def test_a_prompt_file_that_is_no_yaml_stops_the_draft(
    run, stored, sample_home, prompts_folder, monkeypatch, name
):
    monkeypatch.setenv("OPENAI_BASE_URL", NOWHERE)
    before = stored(sample_home)
    kept = (prompts_folder / name).read_bytes()
    (prompts_folder / name).write_bytes(b"a: [b\nc: d")
    message = message_of(run(*DRAFT, "--home", sample_home))
    assert message.startswith(f"{prompts_folder / name} is not valid YAML (line 2: ")
    (prompts_folder / name).write_bytes(kept)
    assert stored(sample_home) == before


@pytest.mark.parametrize("address", [NOWHERE, "http://[::1"])
def test_an_endpoint_out_of_reach_leaves_doubtful_claims_unchecked(
    run, stored, sample_home, prompts_folder, monkeypatch, tmp_path, address
):
    monkeypatch.setenv("OPENAI_BASE_URL", address)
    page = "https://kantocourier.example/defense/2023/07/21/space-talks-yokota-background"
    text = f"Officials [met]({page}) to hold a first set of talks about working in orbit.\n"
    (tmp_path / "text.md").write_text(text, encoding="utf-8")
    before = stored(sample_home)
    status, record, _ = run("check", "text.md", "--home", sample_home)
    assert (status, record["verdicts"]["unchecked"]) == (0, 1)
    ((claim,),) = [bullet["claims"] for bullet in record["bullets"]]
    (finding,) = [f for f in claim["findings"] if f["code"] == "model-silent"]
    assert "cannot be reached" in finding["message"]
    assert stored(sample_home) == before


def test_a_key_that_cannot_be_sent_is_named():
    from assistant.llm.catalog import Catalog
    from assistant.llm.client import Client

    with pytest.raises(ModelError, match="OPENAI_API_KEY holds a character"):
        Client(Catalog.load().default_endpoint, NOWHERE, "sk-ключ", 7)


# Disks and folders


def test_a_pull_on_a_small_disk_says_what_it_needs(run, monkeypatch, tmp_path):
    monkeypatch.setenv("DIGEST_MODELS", str(tmp_path / "models"))
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda folder: usage)
    message = message_of(run("model", "pull"))
    assert "needs 1.1 GB (0.0 GB are free). Free some space, or set DIGEST_MODELS" in message
    assert not list((tmp_path / "models").glob("*.gguf"))


@pytest.mark.parametrize(
    ("code", "said"),
    [
        (errno.ENOSPC, "too full for tiny.* Free some space"),
        (errno.EDQUOT, "too full for tiny.* Free some space"),
        (errno.EFBIG, r"\(File too large\)\. Set DIGEST_MODELS"),
        (errno.EROFS, r"\(Read-only file system\)\. Set DIGEST_MODELS"),
    ],
    ids=["full", "over quota", "too large", "read-only"],
)
def test_a_disk_that_fills_up_while_a_model_is_written(tmp_path, monkeypatch, code, said):
    def refuse(handle):
        raise OSError(code, os.strerror(code))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", refuse)  # where a kernel that writes late reports it
        with pytest.raises(ModelError, match=said):
            pulling.pull(model(), tmp_path, nobody_looks, Index())
    assert not (tmp_path / "tiny.gguf").exists()
    assert pulling.pull(model(), tmp_path, nobody_looks, Index()).read_bytes() == BYTES


def test_a_disk_too_full_for_the_folder_of_models(tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.ENOSPC, "No space left on device")

    folder = tmp_path / "new" / "models"
    monkeypatch.setattr(type(folder), "mkdir", refuse)
    with pytest.raises(ModelError, match="too full for tiny"):
        pulling.pull(model(), folder, nobody_looks, Index())


def test_a_home_that_is_read_only_is_named(run, stored, home, tmp_path, monkeypatch):
    (tmp_path / "good.md").write_text(ARTICLE.format("Orient-Shield"), encoding="utf-8")
    issue = resources.sample_corpus() / "issues" / "vol-2-12.md"
    before = stored(home)
    url = f"sqlite:///file:{home / 'digest.sqlite3'}?mode=ro&uri=true"
    with monkeypatch.context() as patch:
        patch.setattr(
            database, "create_engine", lambda _, **more: sqlalchemy.create_engine(url, **more)
        )
        for words in (("ingest", "good.md"), ("import-issue", issue)):
            message = message_of(run(*words, "--home", home))
            assert "digest.sqlite3 cannot be opened for writing; check the folder's" in message
    assert stored(home) == before


def test_a_home_that_cannot_be_made_is_named(run, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    monkeypatch.setattr(type(tmp_path), "mkdir", refuse)
    message = message_of(run("list", "articles", "--home", "new"))
    assert message == (
        "The folder new cannot be created (Read-only file system); choose another one with --home."
    )


@pytest.mark.parametrize("journal", ["delete", "wal"])
def test_the_database_of_another_program_is_left_alone(run, tmp_path, journal):
    file = tmp_path / "home" / "digest.sqlite3"
    file.parent.mkdir()
    connection = sqlite3.connect(file)
    connection.execute(f"PRAGMA journal_mode = {journal}")
    connection.execute("CREATE TABLE bookmarks (url TEXT)")
    connection.commit()
    connection.close()
    before = file.read_bytes()
    for words in (("list", "articles"), ("search", "Tokyo")):
        message = message_of(run(*words, "--home", "home"))
        assert "digest.sqlite3 belongs to another program; choose another folder" in message
    assert file.read_bytes() == before


@pytest.mark.parametrize("content", ["text", "noise", "cut off"])
def test_a_file_that_is_no_database_is_left_alone(run, home, content):
    file = home / "digest.sqlite3"
    data = {
        "text": b"Dear colleagues, " * 500,
        "noise": bytes(range(256)) * 80,
        "cut off": file.read_bytes()[:20_000],
    }[content]
    file.write_bytes(data)
    for words in (("list", "articles"), ("ingest", "first.md"), DRAFT):
        message = message_of(run(*words, "--home", home))
        assert "digest.sqlite3 is damaged or no database; restore a backup" in message
    assert file.read_bytes() == data
