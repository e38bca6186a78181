import json
import logging
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import numpy as np
import pytest
from openai import OpenAI

from assistant.errors import ModelError
from assistant.llm.embeddings import OpenAIEmbedder, WordLlamaEmbedder, open_embedder
from assistant.settings import Settings

SMALL = "text-embedding-3-small"


@pytest.fixture(scope="module")
def wordllama():
    return WordLlamaEmbedder()


def test_wordllama_gives_unit_vectors_without_a_download(wordllama):
    vectors = wordllama.embed(
        ["The destroyer sailed.", "A warship left port.", "Rice prices rose."]
    )
    assert (vectors.shape, vectors.dtype) == ((3, wordllama.dimensions), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 1], abs=1e-5)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2]


def test_wordllama_takes_any_text(wordllama):
    vectors = wordllama.embed(["", "共同訓練", "x" * 20_000])
    assert np.isfinite(vectors).all()
    assert wordllama.embed([]).shape == (0, wordllama.dimensions)


def test_loading_wordllama_leaves_logging_alone():
    root = logging.getLogger()
    before = root.level, root.handlers[:]
    WordLlamaEmbedder().embed(["text"])
    assert (root.level, root.handlers) == before


@pytest.fixture
def endpoint():
    """A server that embeds text i of a request as (i + 1) on axis 0, answering in reverse."""
    asked = []

    class Handler(BaseHTTPRequestHandler):
        status, dimensions = 200, 1536

        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            asked.append(body)
            rows = [
                {"index": i, "embedding": [i + 1.0, 1.0] + [0.0] * (self.dimensions - 2)}
                for i in range(len(body["input"]))
            ]
            answer = {"data": rows[::-1], "model": body["model"], "object": "list"}
            content = json.dumps(answer).encode()
            self.send_response(self.status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    client = OpenAI(
        api_key="key", base_url=f"http://127.0.0.1:{server.server_port}/v1", max_retries=0
    )
    yield OpenAIEmbedder(SMALL, client), Handler, asked
    client.close()
    server.shutdown()
    thread.join()
    server.server_close()


def test_an_endpoint_gives_unit_vectors_in_the_order_of_the_texts(endpoint):
    embedder, _, asked = endpoint
    vectors = embedder.embed(["one", "two"])
    assert asked[0]["model"] == SMALL
    assert (vectors.shape, vectors.dtype) == ((2, 1536), np.float32)
    assert vectors[:, :2] == pytest.approx(np.array([[1, 1], [2, 1]]) / [[2**0.5], [5**0.5]])


def test_many_texts_are_asked_for_in_batches(endpoint):
    embedder, _, asked = endpoint
    assert embedder.embed(["text"] * 300).shape == (300, 1536)
    assert [len(body["input"]) for body in asked] == [256, 44]
    assert embedder.embed([]).shape == (0, 1536)
    assert len(asked) == 2


@pytest.mark.parametrize(("status", "retryable"), [(401, False), (429, True), (503, True)])
def test_a_refusal_is_an_error_for_the_editor(endpoint, status, retryable):
    embedder, handler, _ = endpoint
    handler.status = status
    with pytest.raises(ModelError, match="OPENAI_API_KEY") as caught:
        embedder.embed(["one"])
    assert caught.value.retryable is retryable


def test_an_unreachable_endpoint_may_be_tried_again():
    nowhere = OpenAI(api_key="key", base_url="http://127.0.0.1:9/v1", max_retries=0)
    with pytest.raises(ModelError, match="did not answer") as caught:
        OpenAIEmbedder(SMALL, nowhere).embed(["one"])
    assert caught.value.retryable
    nowhere.close()


def test_vectors_of_another_length_are_refused(endpoint):
    embedder, handler, _ = endpoint
    handler.dimensions = 384
    with pytest.raises(ModelError, match=r"shape \(1, 384\)"):
        embedder.embed(["one"])


def test_an_embedder_is_opened_by_name(monkeypatch):
    settings = Settings(openai_api_key="key", openai_base_url="http://127.0.0.1:9/v1")
    assert open_embedder("wordllama", settings).name == "wordllama"
    assert open_embedder(SMALL, settings).dimensions == 1536
    with pytest.raises(ModelError, match=r"'word2vec'.*wordllama"):
        open_embedder("word2vec", settings)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    with pytest.raises(ModelError, match="OPENAI_API_KEY"):
        open_embedder(SMALL, Settings())


def test_a_text_of_megabytes_is_embedded_by_its_beginning():
    words = "the allies met in Tokyo " * 400
    vectors = WordLlamaEmbedder().embed([words[:8000], words * 300])
    assert np.allclose(vectors[0], vectors[1])
