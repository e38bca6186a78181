"""LangChain's OpenAI chat model, asked for a schema or for the first token's odds.

The only module that imports LangChain or OpenAI for chatting, and only once it is
used. Whatever fails there becomes a ModelError here; its message never holds the key.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from pydantic import BaseModel, ValidationError

from assistant.errors import AnswerError, ModelError
from assistant.llm.catalog import Model
from assistant.prompts import Message

# Seconds during which an endpoint that could not be reached is not tried again: a check
# asks once a claim, and each question would spend its repetitions anew.
OUT_OF_REACH = 60.0


@dataclass(frozen=True)
class Answer:
    """What came back, as JSON, and the tokens that the server counted.

    `prompt_tokens` includes `cached_tokens`, those it had evaluated before.
    """

    data: dict[str, Any]
    prompt_tokens: int
    cached_tokens: int
    completion_tokens: int


class Client:
    """One model at one address. Failed calls are repeated with backoff and jitter.

    Where no repetition got a connection, the calls of the next `OUT_OF_REACH` seconds
    fail at once; `clock` counts them. Raises ModelError where the address or the key
    cannot be one.
    """

    def __init__(
        self,
        model: Model,
        base_url: str,
        api_key: str,
        seed: int,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        from langchain.chat_models import init_chat_model
        from openai import DefaultHttpxClient

        host = _host(model.name, base_url)
        if not api_key.isascii():  # it could not be sent, and the call would fail obscurely
            raise ModelError("OPENAI_API_KEY holds a character that no key has. Copy it again.")
        self._model = model
        self._secret = api_key
        self._clock = clock
        self._out_of_reach_until = float("-inf")
        direct: dict[str, Any] = {}
        if host in {"127.0.0.1", "::1", "localhost"}:
            # A proxy of the environment must not stand between this machine and itself.
            direct = {"http_client": DefaultHttpxClient(trust_env=False), "openai_proxy": ""}
        self._chat: Any = init_chat_model(
            model.name,
            model_provider="openai",
            base_url=base_url,
            api_key=api_key,
            temperature=model.temperature,
            seed=seed,
            timeout=model.timeout,
            max_retries=model.retries,
            use_responses_api=False,
            **direct,
        )

    def structured(
        self,
        messages: Sequence[Message],
        schema: type[BaseModel],
        max_tokens: int,
        body: dict[str, Any],
    ) -> Answer:
        """An answer in the form of `schema`; `body` is added to the request's body.

        Raises AnswerError if the answer is cut off, refused, or of another form, another
        ModelError if the call fails or what came back is no model's answer.
        """
        chat = self._chat.with_structured_output(
            schema,
            method=self._model.structured_output,
            include_raw=True,
            max_tokens=max_tokens,
            extra_body=body,
        )
        with self._translated():
            result = chat.invoke(_pairs(messages))
            raw = result["raw"]
            if raw.response_metadata.get("finish_reason") == "length":
                raise self._cut_off()
            if raw.additional_kwargs.get("refusal"):
                raise AnswerError(f"{self._model.name} refused to answer.")
            if isinstance(result["parsing_error"], ValidationError):
                raise result["parsing_error"]
            if result["parsed"] is None:
                reason = self._safe(str(result["parsing_error"] or "it is empty"))
                raise AnswerError(self._unreadable(reason))
        return _answer({"value": result["parsed"].model_dump(mode="json")}, raw)

    def first_token(self, messages: Sequence[Message], body: dict[str, Any]) -> Answer:
        """The likeliest first tokens of an answer, as `[token, log-probability]` pairs.

        Raises ModelError if the call fails or the server gives no log-probabilities.
        """
        with self._translated():
            raw = self._chat.invoke(
                _pairs(messages), max_tokens=1, logprobs=True, top_logprobs=20, extra_body=body
            )
            content = (raw.response_metadata.get("logprobs") or {}).get("content")
            if not content:
                raise ModelError(f"{self._model.name} gives no probabilities with its answers.")
            top = [[token["token"], token["logprob"]] for token in content[0]["top_logprobs"]]
        return _answer({"top": top}, raw)

    def close(self) -> None:
        """Close the connections."""
        self._chat.root_client.close()

    def _cut_off(self) -> AnswerError:
        return AnswerError(
            f"The answer of {self._model.name} was cut off. Ask for less at once, or use another"
            " model."
        )

    def _unreadable(self, reason: str) -> str:
        return f"{self._model.name} gave an answer that cannot be read ({reason})."

    def _unreachable(self) -> ModelError:
        return ModelError(
            f"{self._model.name} cannot be reached. Check the connection and OPENAI_BASE_URL.",
            retryable=True,
        )

    @contextmanager
    def _translated(self) -> Iterator[None]:
        """Turns what LangChain and OpenAI raise into a ModelError; keeps tracing off."""
        import openai
        from langsmith import tracing_context

        name = self._model.name
        if self._clock() < self._out_of_reach_until:
            raise self._unreachable()
        try:
            with tracing_context(enabled=False):
                yield
        except openai.APITimeoutError as error:
            raise ModelError(
                f"{name} did not answer within {self._model.timeout:g} seconds. Try again, or use"
                " another model.",
                retryable=True,
            ) from error
        except openai.APIConnectionError as error:
            self._out_of_reach_until = self._clock() + OUT_OF_REACH
            raise self._unreachable() from error
        except (openai.AuthenticationError, openai.PermissionDeniedError) as error:
            raise ModelError(f"{name} refused the key. Check OPENAI_API_KEY.") from error
        except openai.NotFoundError as error:
            raise ModelError(
                f"The endpoint has no model {name}. Check OPENAI_BASE_URL, or name one of its"
                " models with --model."
            ) from error
        except openai.RateLimitError as error:
            raise ModelError(
                f"{name} is asked too often or its quota is spent. Try again later.", retryable=True
            ) from error
        except openai.APIStatusError as error:
            raise ModelError(
                f"{name} failed with status {error.status_code} ({self._safe(error.message)}).",
                retryable=error.status_code >= 500,
            ) from error
        except openai.LengthFinishReasonError as error:
            raise self._cut_off() from error
        except openai.ContentFilterFinishReasonError as error:
            raise AnswerError(f"The filter of {name} stopped the answer.") from error
        except ValidationError as error:
            problem = error.errors()[0]
            field = ".".join(map(str, problem["loc"])) or "its form"
            raise AnswerError(
                f"{name} gave an answer of another form than asked for ({field}: {problem['msg']})."
            ) from error
        except (openai.OpenAIError, ValueError, TypeError, LookupError, AttributeError) as error:
            # Not the model's words but all that came back: a log-in page, another program.
            raise ModelError(
                f"{self._unreadable(self._safe(str(error)))} Check OPENAI_BASE_URL."
            ) from error

    def _safe(self, text: str) -> str:
        return text.replace(self._secret, "***")[:300]


def _host(name: str, base_url: str) -> str | None:
    """Host of the endpoint; what is wrong with its address shows before the first call."""
    try:
        parts = urlsplit(base_url)
        _ = parts.port  # parsed only when asked for
        return parts.hostname
    except ValueError as error:
        # Retryable like any address where nothing answers: a draft stops instead of going on.
        raise ModelError(
            f"{name} cannot be reached: OPENAI_BASE_URL is no web address ({error}). Correct it.",
            retryable=True,
        ) from error


def _pairs(messages: Sequence[Message]) -> list[tuple[str, str]]:
    return [(message.role, message.content) for message in messages]


def _answer(data: dict[str, Any], raw: Any) -> Answer:
    counts = raw.usage_metadata or {}
    cached = counts.get("input_token_details", {}).get("cache_read", 0)
    return Answer(data, counts.get("input_tokens", 0), cached, counts.get("output_tokens", 0))
