from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from samples import article

from assistant.errors import ModelError
from assistant.llm.catalog import Catalog, is_pulled, path
from assistant.llm.chat import ChatModel
from assistant.llm.embedded import EmbeddedServer
from assistant.llm.embeddings import WordLlamaEmbedder
from assistant.prompts import Message
from assistant.settings import Settings
from assistant.verify.verifier import Verifier

ENTRY = Catalog.load().default_embedded
JUDGE = [Message("system", "You check whether a claim follows from a text. Answer yes or no.")]
WRITER = [Message("system", "You write one plain sentence from notes.")]
TEXT = "On July 26, 2023, the Ministry of Defense released its annual white paper in Tokyo. "


def question(claim: str, repeated: int = 1) -> Message:
    return Message("user", f"Text: {TEXT * repeated}\nClaim: {claim}\nDoes it follow?")


TRUE = question("The Ministry of Defense released a white paper in July 2023.")
FALSE = question("The Ministry of Finance released a budget in May 2021.", 3)
# Long enough for the order of the cells in the cache to matter.
LONG = question("The Ministry of Defense released a white paper in July 2023.", 12)


class Engine:
    """Stands for llama.cpp's server; records how prompts were sent to it."""

    listening_address = "http://127.0.0.1:9"

    def __init__(self) -> None:
        self.sent: list[tuple[int, bool, str]] = []
        self.answer: dict[str, Any] = {}

    def handle_chat_completions(self, body: dict[str, Any]) -> dict[str, Any]:
        first = body["messages"][0]["content"]
        self.sent.append((body["id_slot"], body["cache_prompt"], first))
        return self.answer


@pytest.fixture
def engine() -> Engine:
    return Engine()


@pytest.fixture
def server(engine: Engine) -> EmbeddedServer:
    two = ENTRY.model_copy(update={"slots": 2})
    return EmbeddedServer(two, Path("m.gguf"), lambda model, path, key: engine)


def prefix(text: str) -> list[Message]:
    return [Message("system", text)]


def test_shared_messages_are_evaluated_once_and_sent_before_each_call(
    server: EmbeddedServer, engine: Engine
) -> None:
    for _ in range(2):
        call = server.prepare("write", prefix("w"))
        assert (call["id_slot"], call["cache_prompt"]) == (0, True)
    assert engine.sent == [(0, False, "w"), (0, True, "w"), (0, True, "w")]


def test_other_shared_messages_are_evaluated_from_nothing(
    server: EmbeddedServer, engine: Engine
) -> None:
    server.prepare("write", prefix("w"))
    server.prepare("write", prefix("v"))
    assert engine.sent[2:] == [(0, False, "v"), (0, True, "v")]


def test_nothing_shared_is_evaluated_from_nothing(server: EmbeddedServer, engine: Engine) -> None:
    assert server.prepare("write", [])["cache_prompt"] is False
    assert engine.sent == []


def test_kinds_have_their_own_slots_and_the_longest_unused_gives_way(
    server: EmbeddedServer, engine: Engine
) -> None:
    kinds = ["write", "verify", "write", "headline", "write", "verify"]
    slots = [server.prepare(kind, prefix(kind))["id_slot"] for kind in kinds]
    assert slots == [0, 1, 0, 1, 0, 1]
    fresh = [first for _, cached, first in engine.sent if not cached]
    assert fresh == ["write", "verify", "headline", "verify"]


def test_a_refused_prefix_is_not_taken_for_held(server: EmbeddedServer, engine: Engine) -> None:
    engine.answer = {"error": {"message": "too long"}}
    with pytest.raises(ModelError, match="too long"):
        server.prepare("write", prefix("w"))
    engine.answer = {}
    server.prepare("write", prefix("w"))
    assert engine.sent[1:] == [(0, False, "w"), (0, True, "w")]


def test_close_forgets_what_the_slots_held(server: EmbeddedServer, engine: Engine) -> None:
    server.prepare("write", prefix("w"))
    server.close()
    server.prepare("write", prefix("w"))
    assert [cached for _, cached, _ in engine.sent] == [False, True, False, True]


def test_keys_are_random() -> None:
    one, other = (EmbeddedServer(ENTRY, Path("m.gguf")).api_key for _ in range(2))
    assert one != other and len(one) > 30


def test_a_file_that_is_no_model_is_named(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "m.gguf"
    file.write_bytes(b"not a model")
    with pytest.raises(ModelError, match=f"digest model pull {ENTRY.name}"):
        EmbeddedServer(ENTRY, file).base_url  # noqa: B018
    assert capfd.readouterr() == ("", "")


def real() -> ChatModel:
    models = Settings().models
    if not is_pulled(ENTRY, models):
        pytest.fail(f"{ENTRY.name} is not pulled; run `digest model pull`")
    return ChatModel(ENTRY, EmbeddedServer(ENTRY, path(ENTRY, models)))


@pytest.fixture(scope="module")
def chat() -> Iterator[ChatModel]:
    chat = real()
    yield chat
    chat.close()


def judge(chat: ChatModel, claim: Message) -> float:
    return chat.probability_of_yes([*JUDGE, claim], shared=1, slot="verify")[0]


class Sentence(BaseModel):
    """One sentence and the notes it rests on."""

    text: str
    notes: list[int]


def write(chat: ChatModel, note: str) -> Sentence:
    messages = [*WRITER, Message("user", f"Notes:\n1. {note}\nWrite JSON.")]
    return chat.complete(messages, Sentence, max_tokens=120, shared=1, slot="write").value


@pytest.mark.model
def test_answers_have_the_form_of_the_schema(
    chat: ChatModel, capfd: pytest.CaptureFixture[str]
) -> None:
    sentence = write(chat, TEXT)
    assert "white paper" in sentence.text.lower()
    assert capfd.readouterr() == ("", "")


@pytest.mark.model
def test_true_is_likelier_than_false(chat: ChatModel) -> None:
    assert judge(chat, TRUE) > 0.5 > judge(chat, FALSE)


@pytest.mark.model
def test_a_page_may_have_another_name_than_the_claim(chat: ChatModel) -> None:
    told = (
        "Blinken met with Hayashi and Park in Jakarta on July 14. The three ministers strongly "
        "condemned the missile that the Democratic People's Republic of Korea (DPRK) launched."
    )
    verifier = Verifier(WordLlamaEmbedder(), chat)
    claim = "The three ministers strongly condemned the missile that North Korea launched."
    assert verifier.check_claim(claim, [article("a", told, "T")]).status == "supported"


@pytest.mark.model
def test_answers_do_not_depend_on_what_came_before(chat: ChatModel) -> None:
    first, written = judge(chat, LONG), write(chat, TEXT)
    assert judge(chat, TRUE) == judge(chat, TRUE)  # after itself
    assert judge(chat, LONG) == first  # after other questions
    for slot in ("verify", "a", "b", "c"):
        chat.probability_of_yes([*WRITER, TRUE], shared=1, slot=slot)
    assert judge(chat, LONG) == first  # after its slot and all others changed hands
    assert write(chat, TEXT) == written
    restarted = real()  # of the reader, tests/test_reader.py shows it
    assert write(restarted, TEXT) == written
    restarted.close()


@pytest.mark.model
def test_a_second_call_finds_the_shared_messages_evaluated(chat: ChatModel) -> None:
    judge(chat, FALSE)
    usage = chat.probability_of_yes([*JUDGE, TRUE], shared=1, slot="verify")[1]
    assert 10 < usage.cached_tokens < usage.prompt_tokens
    assert usage.cost == 0


@pytest.mark.model
def test_strangers_are_refused(chat: ChatModel) -> None:
    from openai import AuthenticationError, OpenAI

    stranger = OpenAI(base_url=chat._server.base_url, api_key="guess", max_retries=0)
    with stranger, pytest.raises(AuthenticationError):
        stranger.models.list()
