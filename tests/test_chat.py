import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from fakes import ScriptedModel
from pydantic import BaseModel, SecretStr

from assistant.errors import AnswerError, ModelError
from assistant.llm.catalog import Catalog, Model, path, record_path
from assistant.llm.chat import Chat, ChatModel, Endpoint, open_chat
from assistant.llm.client import OUT_OF_REACH, Client
from assistant.prompts import Message
from assistant.settings import Settings
from assistant.types import Usage

KEY = "sk-very-secret"
HANGS_UP = 0  # instead of a status: the connection is closed without an answer
ASK = [Message("system", "Be brief."), Message("user", "Who met {whom}?")]


class Meeting(BaseModel):
    who: str
    count: int


def answer(content: str | None, **choice: Any) -> dict[str, Any]:
    message = {"role": "assistant", "content": content, **choice.pop("message", {})}
    return {
        "id": "1",
        "object": "chat.completion",
        "created": 1,
        "model": "m",
        "choices": [{"index": 0, "finish_reason": "stop", "message": message, **choice}],
        "usage": {
            "prompt_tokens": 1000,
            "completion_tokens": 100,
            "total_tokens": 1100,
            "prompt_tokens_details": {"cached_tokens": 400},
        },
    }


GOOD = answer('{"who": "Kishida", "count": 2}')


def called(arguments: str, **choice: Any) -> dict[str, Any]:
    function = {"name": "Meeting", "arguments": arguments}
    calls = [{"id": "1", "type": "function", "function": function}]
    return answer(None, message={"tool_calls": calls}, **choice)


def odds(**tokens: float) -> dict[str, Any]:
    top = [{"token": token, "logprob": value, "bytes": None} for token, value in tokens.items()]
    return answer("Yes", logprobs={"content": [{**top[0], "top_logprobs": top}], "refusal": None})


class Scripted(ThreadingHTTPServer):
    """Gives out a script of (status, body) and records what it is asked."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.script: list[tuple[int, Any]] = []
        self.asked: list[dict[str, Any]] = []
        self.paths: list[str] = []
        self.held = threading.Event()  # an answer of None waits for it


class _Handler(BaseHTTPRequestHandler):
    server: Scripted

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.paths.append(self.path)
        self.server.asked.append(json.loads(body))
        status, reply = self.server.script.pop(0)
        if reply is None:
            self.server.held.wait(5)
            self.close_connection = True
            return
        if status == HANGS_UP:
            self.close_connection = True
            return
        data = reply.encode() if isinstance(reply, str) else json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.send_header("Retry-After-Ms", "1")
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: object) -> None:
        pass


@contextmanager
def serving() -> Iterator[Scripted]:
    server = Scripted()
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.held.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def server() -> Iterator[Scripted]:
    with serving() as server:
        yield server


class DictCache(dict[str, dict[str, Any]]):
    """A call cache in memory."""

    def put(self, key: str, request: dict[str, Any], response: dict[str, Any], model: str) -> None:
        json.dumps(request)
        self[key] = json.loads(json.dumps(response))


Connect = Callable[..., ChatModel]


@pytest.fixture
def connect(server: Scripted) -> Iterator[Connect]:
    opened: list[ChatModel] = []

    def connect(cache: DictCache | None = None, seed: int = 7, **changes: Any) -> ChatModel:
        entry: Model = Catalog.load().default_endpoint
        endpoint = Endpoint(f"http://127.0.0.1:{server.server_port}/v1", KEY)
        model = ChatModel(entry.model_copy(update=changes), endpoint, cache=cache, seed=seed)
        opened.append(model)
        return model

    yield connect
    for model in opened:
        model.close()


def complete(chat: Chat) -> Meeting:
    return chat.complete(ASK, Meeting, max_tokens=50).value


def test_structured_answer_usage_and_cost(server: Scripted, connect: Connect) -> None:
    server.script = [(200, GOOD)]
    reply = connect().complete(ASK, Meeting, max_tokens=50)
    assert reply.value == Meeting(who="Kishida", count=2)
    usage = reply.usage
    assert (usage.prompt_tokens, usage.cached_tokens, usage.completion_tokens) == (1000, 400, 100)
    assert usage.cost == pytest.approx((600 * 0.40 + 400 * 0.10 + 100 * 1.60) / 1e6)
    assert usage.seconds > 0


def test_what_is_sent(server: Scripted, connect: Connect) -> None:
    server.script = [(200, GOOD)]
    complete(connect(seed=11))
    (body,) = server.asked
    assert body["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "Who met {whom}?"},
    ]
    assert (body["model"], body["temperature"], body["seed"]) == ("gpt-4.1-mini", 0, 11)
    assert body["max_completion_tokens"] == 50
    assert body["response_format"]["type"] == "json_schema"
    assert set(body["response_format"]["json_schema"]["schema"]["properties"]) == {"who", "count"}


def test_the_output_limit_of_the_model_is_kept(server: Scripted, connect: Connect) -> None:
    server.script = [(200, GOOD)]
    complete(connect(max_output=20))
    assert server.asked[0]["max_completion_tokens"] == 20


def test_json_mode_is_a_setting(server: Scripted, connect: Connect) -> None:
    server.script = [(200, GOOD)]
    assert complete(connect(structured_output="json_mode")).count == 2
    assert server.asked[0]["response_format"] == {"type": "json_object"}


def test_function_calling_is_a_setting(server: Scripted, connect: Connect) -> None:
    server.script = [(200, called('{"who": "Kishida", "count": 2}'))]
    assert complete(connect(structured_output="function_calling")).count == 2


@pytest.mark.parametrize("status", [429, 500, 503])
def test_passing_failures_are_repeated(status: int, server: Scripted, connect: Connect) -> None:
    server.script = [(status, {}), (status, {}), (200, GOOD)]
    assert complete(connect()).who == "Kishida"
    assert len(server.asked) == 3


REFUSED = answer(None, message={"refusal": "I will not."})
CUT_OFF = answer('{"who": "Kish', finish_reason="length")


@pytest.mark.parametrize(
    ("status", "reply", "said", "retryable", "kind"),
    [
        (429, {}, "too often", True, ModelError),
        (500, {"error": {"message": f"lost {KEY}"}}, r"status 500.*\*\*\*", True, ModelError),
        (401, {"error": {"message": f"bad key {KEY}"}}, "OPENAI_API_KEY", False, ModelError),
        (404, {"error": {"message": "no such model"}}, "has no model", False, ModelError),
        (400, {"error": {"message": "bad schema"}}, "400.*bad schema", False, ModelError),
        (200, answer('{"who": "Kish'), "another form", False, AnswerError),
        (200, answer("Prime Minister Kishida."), "another form", False, AnswerError),
        (200, answer('{"who": "Kishida", "count": "many"}'), "count", False, AnswerError),
        (200, answer('{"who": "Kishida"}'), "count", False, AnswerError),
        (200, answer(""), "cannot be read", False, AnswerError),
        (200, CUT_OFF, "cut off", False, AnswerError),
        (200, REFUSED, "refused", False, AnswerError),
        (200, answer(None, finish_reason="content_filter"), "filter", False, AnswerError),
        (200, '{"choices": [', "cannot be read", False, ModelError),
        (200, "<html>Log in</html>", "cannot be read", False, ModelError),
        (200, {"choices": []}, "cannot be read", False, ModelError),
        (200, {"hello": "there"}, "cannot be read", False, ModelError),
    ],
    ids=[
        "too-many-requests",
        "server-error",
        "wrong-key",
        "unknown-model",
        "bad-request",
        "malformed-json",
        "prose",
        "wrong-type",
        "missing-field",
        "empty",
        "cut-off",
        "refusal",
        "content-filter",
        "broken-body",
        "html",
        "no-choices",
        "another-api",
    ],
)
def test_failures_become_model_errors(
    status: int,
    reply: Any,
    said: str,
    retryable: bool,
    kind: type[ModelError],
    server: Scripted,
    connect: Connect,
) -> None:
    server.script = [(status, reply)]
    cache = DictCache()
    with pytest.raises(ModelError, match=said) as caught:
        complete(connect(cache, retries=0))
    assert type(caught.value) is kind
    assert caught.value.retryable == retryable
    assert KEY not in str(caught.value)
    assert not cache


@pytest.mark.parametrize(
    ("method", "reply", "said"),
    [
        ("json_mode", answer('{"who": "Kish'), "cannot be read"),
        ("json_mode", answer('{"who": "Kishida"}'), "count"),
        ("json_mode", CUT_OFF, "cut off"),
        ("json_mode", REFUSED, "refused"),
        ("function_calling", called('{"who": "Kish'), "cannot be read"),
        ("function_calling", called('{"who": "Kishida"}'), "count"),
        ("function_calling", called('{"who": "Kish', finish_reason="length"), "cut off"),
        ("function_calling", GOOD, "it is empty"),
    ],
)
def test_other_methods_fail_alike(
    method: str, reply: Any, said: str, server: Scripted, connect: Connect
) -> None:
    server.script = [(200, reply)]
    with pytest.raises(AnswerError, match=said):
        complete(connect(structured_output=method))


def test_retries_are_bounded(server: Scripted, connect: Connect) -> None:
    server.script = [(503, {})] * 3
    with pytest.raises(ModelError, match="503"):
        complete(connect(retries=2))
    assert len(server.asked) == 3


def test_slow_answer_times_out(server: Scripted, connect: Connect) -> None:
    server.script = [(200, None)]
    with pytest.raises(ModelError, match="within 0.05 seconds") as caught:
        complete(connect(timeout=0.05, retries=0))
    assert caught.value.retryable


def test_refused_connection(server: Scripted) -> None:
    chat = ChatModel(
        Catalog.load().default_endpoint.model_copy(update={"retries": 0}),
        Endpoint("http://127.0.0.1:9/v1", KEY),
    )
    with pytest.raises(ModelError, match="cannot be reached") as caught:
        complete(chat)
    assert caught.value.retryable
    chat.close()


def test_an_endpoint_out_of_reach_is_tried_again_only_later(server: Scripted) -> None:
    now = [0.0]
    entry = Catalog.load().default_endpoint.model_copy(update={"retries": 1})
    client = Client(
        entry, f"http://127.0.0.1:{server.server_port}/v1", KEY, 7, clock=lambda: now[0]
    )
    server.script = [(HANGS_UP, {}), (HANGS_UP, {}), (200, GOOD)]
    for now[0] in (0.0, 1.0, OUT_OF_REACH - 1):
        with pytest.raises(ModelError, match="cannot be reached") as caught:
            client.structured(ASK, Meeting, 50, {})
        assert caught.value.retryable
    with pytest.raises(ModelError, match="cannot be reached"):
        client.first_token(ASK, {})
    assert len(server.asked) == 2
    now[0] = OUT_OF_REACH + 1
    assert client.structured(ASK, Meeting, 50, {}).data["value"]["who"] == "Kishida"
    client.close()


def test_an_endpoint_that_answers_badly_is_asked_again(server: Scripted, connect: Connect) -> None:
    server.script = [(500, {}), (200, GOOD)]
    chat = connect(retries=0)
    with pytest.raises(ModelError, match="500"):
        complete(chat)
    assert complete(chat).who == "Kishida"


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (odds(Yes=-0.1, No=-3.0), 0.9478),
        (odds(**{"Yes": -1.0, " yes": -1.0, "NO": -1.0, "Maybe": -3.0}), 0.6667),
        (odds(No=-0.01), 0.0),
    ],
    ids=["plain", "variants", "only-no"],
)
def test_probability_of_yes(
    reply: Any, expected: float, server: Scripted, connect: Connect
) -> None:
    server.script = [(200, reply)]
    probability, usage = connect().probability_of_yes(ASK)
    assert probability == pytest.approx(expected, abs=1e-4)
    assert usage.prompt_tokens == 1000
    assert server.asked[0]["top_logprobs"] == 20
    assert server.asked[0]["max_completion_tokens"] == 1


@pytest.mark.parametrize(
    ("reply", "said"),
    [
        (answer("Yes"), "no probabilities"),
        (answer("Yes", logprobs={"content": [], "refusal": None}), "no probabilities"),
        (odds(Perhaps=-0.1, Yes=-5.0), "neither yes nor no"),
    ],
    ids=["absent", "empty", "something-else"],
)
def test_no_usable_probabilities(reply: Any, said: str, server: Scripted, connect: Connect) -> None:
    server.script = [(200, reply)]
    with pytest.raises(ModelError, match=said) as caught:
        connect().probability_of_yes(ASK)
    assert not caught.value.retryable


def test_a_model_without_probabilities_is_not_asked(server: Scripted, connect: Connect) -> None:
    with pytest.raises(ModelError, match="no probabilities"):
        connect(logprobs=False).probability_of_yes(ASK)
    assert server.asked == []


def test_too_long_a_prompt_is_refused_before_the_call(server: Scripted, connect: Connect) -> None:
    with pytest.raises(ModelError, match="need about .* takes 200"):
        connect(context=200).complete([Message("user", "word " * 150)], Meeting, max_tokens=50)
    assert server.asked == []


def test_cached_answer_costs_nothing(server: Scripted, connect: Connect) -> None:
    server.script = [(200, GOOD), (200, odds(Yes=-0.1, No=-3.0))]
    chat = connect(DictCache())
    first = chat.complete(ASK, Meeting, max_tokens=50)
    again = chat.complete(ASK, Meeting, max_tokens=50)
    assert again.value == first.value
    assert again.usage == Usage()
    assert chat.probability_of_yes(ASK)[0] == chat.probability_of_yes(ASK)[0]
    assert len(server.asked) == 2


class Other(BaseModel):
    who: str
    count: int
    where: str = "Tokyo"


@pytest.mark.parametrize(
    "other",
    [
        lambda connect, cache: connect(cache, seed=8).complete(ASK, Meeting, max_tokens=50),
        lambda connect, cache: connect(cache).complete(ASK[1:], Meeting, max_tokens=50),
        lambda connect, cache: connect(cache).complete(ASK, Meeting, max_tokens=51),
        lambda connect, cache: connect(cache).complete(ASK, Meeting, max_tokens=50, shared=1),
        lambda connect, cache: connect(cache).complete(ASK, Other, max_tokens=50),
        lambda connect, cache: connect(cache, name="m").complete(ASK, Meeting, max_tokens=50),
        lambda connect, cache: connect(cache, temperature=1).complete(ASK, Meeting, max_tokens=50),
    ],
    ids=["seed", "messages", "max-tokens", "shared", "schema", "model", "temperature"],
)
def test_another_question_is_not_answered_from_the_cache(
    other: Callable[[Connect, DictCache], Any], server: Scripted, connect: Connect
) -> None:
    server.script = [(200, GOOD), (200, GOOD)]
    cache = DictCache()
    connect(cache).complete(ASK, Meeting, max_tokens=50)
    other(connect, cache)
    assert len(server.asked) == 2


def test_tracing_stays_off(
    server: Scripted, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LANGSMITH_TRACING", "true")
    monkeypatch.setenv("LANGCHAIN_TRACING_V2", "true")
    monkeypatch.setenv("LANGSMITH_API_KEY", "x")
    monkeypatch.setenv("LANGSMITH_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    before = set(threading.enumerate())
    server.script = [(200, GOOD)]
    complete(connect())
    started = {thread.name for thread in set(threading.enumerate()) - before}
    assert not any("langsmith" in name.lower() or "tracing" in name.lower() for name in started)
    assert server.paths == ["/v1/chat/completions"]


def test_a_proxy_of_the_environment_is_not_used_on_loopback(
    server: Scripted, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("OPENAI_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    server.script = [(200, GOOD)]
    assert complete(connect(retries=0)).who == "Kishida"


def pulled(folder: Path, name: str) -> None:
    entry = next(model for model in Catalog.load().embedded if model.name == name)
    with path(entry, folder).open("wb") as file:
        file.truncate(entry.bytes)  # a sparse file: it takes no room
    record_path(entry, folder).write_text(entry.sha256, encoding="ascii")


SMALL = "qwen2.5-coder-0.5b-instruct-q4_k_m"
LARGE = "qwen2.5-coder-1.5b-instruct-q4_k_m"
KEYED = {"openai_api_key": SecretStr(KEY)}
BASED = {"openai_base_url": "http://127.0.0.1:9/v1"}


@pytest.mark.parametrize(
    ("model", "configured", "there", "expected"),
    [
        ("auto", {}, [], None),
        ("auto", {}, [SMALL], SMALL),
        ("auto", {}, [SMALL, LARGE], LARGE),
        ("auto", KEYED, [LARGE], "gpt-4.1-mini"),
        ("auto", BASED, [LARGE], "gpt-4.1-mini"),
        ("none", KEYED, [LARGE], None),
        (SMALL, KEYED, [SMALL, LARGE], SMALL),
        ("gpt-4.1", KEYED, [], "gpt-4.1"),
        ("llama-9", BASED, [], "llama-9"),
    ],
)
def test_open_chat_finds_the_model(
    model: str, configured: dict[str, Any], there: list[str], expected: str | None, tmp_path: Path
) -> None:
    for name in there:
        pulled(tmp_path, name)
    settings = Settings(models=tmp_path, model=model, **configured)
    chat = open_chat(settings, Catalog.load(), None)
    assert (chat.name if chat else None) == expected


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (SMALL, f"digest model pull {SMALL}"),
        ("gpt-4.1", "OPENAI_API_KEY"),
        ("llama-9", "no model llama-9"),
    ],
)
def test_open_chat_says_what_is_missing(model: str, said: str, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=said):
        open_chat(Settings(models=tmp_path, model=model), Catalog.load(), None)


def test_importing_chat_imports_no_heavy_library() -> None:
    code = (
        "import sys, assistant.llm.chat;"
        "heavy = {'langchain', 'langchain_core', 'openai', 'xllamacpp', 'tiktoken', 'httpx'};"
        "print(sorted(heavy & sys.modules.keys()))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_scripted_model_is_a_chat() -> None:
    chat: Chat = ScriptedModel([{"who": "Kishida", "count": 2}, 0.75, ModelError("down")])
    assert chat.complete(ASK, Meeting, max_tokens=9, shared=1, slot="write").value.count == 2
    assert chat.probability_of_yes(ASK)[0] == 0.75
    with pytest.raises(ModelError, match="down"):
        chat.probability_of_yes(ASK)
