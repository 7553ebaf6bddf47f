"""A language model behind any server that speaks the OpenAI chat-completions API.

llama-server, vLLM, Ollama and many others do: the way out to graphics cards and other machines.
"""

from __future__ import annotations

import logging
import re
from collections.abc import AsyncGenerator, AsyncIterator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import Self

import httpx

from bot.errors import ModelError, ModelServerError
from bot.models import Prompt, Sampling, SpeedReport, ToolSpec, Turn, WantedCall
from bot.models.certificates import shared_certificates
from bot.models.openai_answer import Meter, StreamedAnswer
from bot.models.openai_listing import read_names, sees_pictures
from bot.models.openai_reply import Chunk, advice_for, error_message, excerpt, read_calls, read_chunk
from bot.models.openai_request import describe_function, request_body, whole
from bot.models.openai_settings import OpenAISettings
from bot.models.server_address import check_key, check_url, hide_secrets, is_this_machine
from bot.models.sse import EventStreamParser, EventTooLongError
from memory.patterns import compile_on_use

logger = logging.getLogger(__name__)

_BYTES_PER_TOKEN = 3.5
_CONNECT_SECONDS = 10.0
_DONE = "[DONE]"
_REFUSING_TOOLS = {400, 404, 422, 500, 501}


# Models whose chat templates open their thinking, so that a server may send nothing of it but the end. What such a
# model says is shown when its thinking is over; others are known by the first answer in which they do the same.
_THINKS_UNOPENED = compile_on_use(r"\br1\b|qwq|thinking|reason|magistral", re.IGNORECASE)


class OpenAIModel:
    """A model on a server. Opening it contacts nobody, so that a bot can start before its model server.

    Every failure is a ModelServerError that says what happened and what to do; the key is in none of them.
    Closing an answer's iterator closes its connection, so the server notices that nobody waits.
    What looks like a control token in a turn is defused: servers read those as such wherever they stand.
    """

    follows_schemas = True

    def __init__(self, settings: OpenAISettings) -> None:
        self._settings = settings
        self._url = check_url(settings.base_url)
        self._key = check_key(settings.api_key)
        self._shown_url = hide_secrets(self._url)
        self._model = settings.name
        self._client: httpx.AsyncClient | None = None
        self._last_speed: SpeedReport | None = None
        self._has_tools = True
        self._closes_unopened = bool(_THINKS_UNOPENED.search(settings.name or ""))

    @property
    def name(self) -> str:
        """The model's name on the server; the server's address while that is unknown."""
        return self._model or self._shown_url

    @property
    def context_size(self) -> int:
        """How many tokens prompt and answer may have together, as set."""
        return self._settings.context_size

    @property
    def last_speed(self) -> SpeedReport | None:
        """The report of the last finished generation, None where the server counts no tokens."""
        return self._last_speed

    async def __aenter__(self) -> Self:
        """Make ready to connect."""
        settings = self._settings
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        timeout = httpx.Timeout(settings.timeout, connect=min(_CONNECT_SECONDS, settings.timeout))
        # A proxy set for the machine's way to the world has no part in talking to the machine itself.
        self._client = httpx.AsyncClient(
            headers=headers,
            timeout=timeout,
            trust_env=not is_this_machine(self._url),
            follow_redirects=False,
            verify=shared_certificates(),
        )
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Close all connections."""
        client, self._client = self._client, None
        if client:
            await client.aclose()

    def count(self, text: str) -> int:
        """Return an estimate on the safe side: a token for every 3.5 bytes, begun ones counted."""
        return int(len(text.encode("utf-8", "replace")) / _BYTES_PER_TOKEN) + 1

    async def models(self) -> tuple[str, ...]:
        """Return the names of the models that the server offers."""
        response = await self._list_models()
        try:
            return read_names(response.text)
        except ValueError as error:
            raise self._nonsense(response.headers.get("content-type", ""), response.text) from error

    async def sees_pictures(self) -> bool:
        """Say whether the model looks at pictures: as it is set, else as the server tells of it now."""
        if self._settings.pictures is not None:
            return self._settings.pictures
        if self._model is None:
            self._model = await self._first_model()
        return sees_pictures((await self._list_models()).text, self._model)

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:
        """Yield the answer in pieces; ModelServerError even after some, if the connection breaks off."""
        client = self._require_open()
        if self._model is None:
            self._model = await self._first_model()
            self._closes_unopened = bool(_THINKS_UNOPENED.search(self._model))
        meter = Meter()
        text = StreamedAnswer(sampling, hold=self._closes_unopened)
        with self._explain_errors():
            async with (
                client.stream("POST", f"{self._url}/chat/completions", json=self._body(prompt, sampling)) as response,
                aclosing(self._chunks(response)) as chunks,
            ):
                async for chunk in chunks:
                    meter.take(chunk)
                    if piece := text.feed(chunk):
                        yield piece
                    if text.stopped:
                        break
                if piece := text.finish():
                    yield piece
        self._closes_unopened = self._closes_unopened or text.closed_unopened
        self._last_speed = meter.report()

    async def choose_calls(
        self, turns: Sequence[Turn], tools: Sequence[ToolSpec], sampling: Sampling, *, must_call: bool = False
    ) -> tuple[WantedCall, ...] | None:
        """Return the calls that the model asks for by the tools API; None where the server does not know that.

        Such a server (llama-server without --jinja, a model whose template knows no tools) is not asked again.
        https://platform.openai.com/docs/guides/function-calling
        """
        if not self._has_tools:
            return None
        client = self._require_open()
        if self._model is None:
            self._model = await self._first_model()
        prompt = Prompt(tuple(turns), turns[-1].text)
        body = whole(self._body(prompt, sampling)) | {"tools": [describe_function(tool) for tool in tools]}
        if must_call:
            body["tool_choice"] = "required"
        with self._explain_errors():
            response = await client.post(f"{self._url}/chat/completions", json=body)
        if response.status_code in _REFUSING_TOOLS and "tool" in response.text.lower():
            logger.info("The model server takes no tools: %s", self._redact(error_message(response.text)))
            self._has_tools = False
            return None
        self._check_status(response.status_code, response.text)
        calls = read_calls(response.text)
        if calls is None:
            raise self._nonsense(response.headers.get("content-type", ""), response.text)
        return calls

    async def _chunks(self, response: httpx.Response) -> AsyncGenerator[Chunk]:
        content_type = response.headers.get("content-type", "")
        if response.status_code != httpx.codes.OK or "event-stream" not in content_type:
            body = (await response.aread()).decode("utf-8", "replace")
            self._check_status(response.status_code, body)
            yield self._whole_answer(content_type, body)
            return
        finished = False
        async with aclosing(_events(response)) as events:
            async for data in events:
                if data.strip() == _DONE:
                    return
                chunk = self._read(content_type, data)
                finished = finished or chunk.finished
                yield chunk
        if not finished:
            raise self._broke_off()

    def _read(self, content_type: str, data: str) -> Chunk:
        chunk = read_chunk(data)
        if chunk is None:
            raise self._nonsense(content_type, data)
        if chunk.error:
            raise ModelServerError(
                f"The model server at {self._shown_url} failed while it answered: {self._redact(chunk.error)}"
            )
        return chunk

    def _whole_answer(self, content_type: str, body: str) -> Chunk:
        chunk = self._read(content_type, body)
        if not (chunk.text or chunk.finished):
            raise self._nonsense(content_type, body)
        return chunk

    def _body(self, prompt: Prompt, sampling: Sampling) -> dict[str, object]:
        settings = self._settings
        body = request_body(self._model, prompt.turns, sampling, extra_fields=settings.extra_fields)
        return body | dict(settings.extra_body)

    async def _list_models(self) -> httpx.Response:
        with self._explain_errors():
            response = await self._require_open().get(f"{self._url}/models")
            self._check_status(response.status_code, response.text)
        return response

    async def _first_model(self) -> str:
        offered = await self.models()
        if not offered:
            raise ModelServerError(f"The model server at {self._shown_url} offers no model. Load one there.")
        return offered[0]

    def _require_open(self) -> httpx.AsyncClient:
        if self._client is None:
            raise ModelError("The model is not open: use it within `async with`.")
        return self._client

    def _check_status(self, status: int, body: str) -> None:
        """Raise what a status other than success means, with the server's own words."""
        if httpx.codes.is_success(status):
            return
        said = self._redact(error_message(body))
        raise ModelServerError(
            f"The model server at {self._shown_url} answered {status}{f' ({said})' if said else ''}. "
            f"{advice_for(status)}"
        )

    @contextmanager
    def _explain_errors(self) -> Iterator[None]:
        """Turn every failure of the connection into a ModelServerError."""
        try:
            yield
        except httpx.ConnectError as error:
            raise ModelServerError(
                f"No model server answers at {self._shown_url}. Start it, for example with "
                "`llama-server -m model.gguf`, or set model.base_url to where it is."
            ) from error
        except httpx.TimeoutException as error:
            raise ModelServerError(
                f"The model server at {self._shown_url} was silent for {self._settings.timeout:g} seconds. "
                "Look whether it is overloaded, or raise model.timeout."
            ) from error
        except EventTooLongError as error:
            raise self._nonsense("", "a line without an end") from error
        except httpx.HTTPError as error:
            raise self._broke_off() from error

    def _broke_off(self) -> ModelServerError:
        return ModelServerError(
            f"The connection to the model server at {self._shown_url} broke off before the answer was complete. "
            "Look into the server's log, then ask again."
        )

    def _nonsense(self, content_type: str, body: str) -> ModelServerError:
        kind = f" ({excerpt(content_type)})" if content_type else ""
        return ModelServerError(
            f"What answers at {self._shown_url} does not speak the OpenAI API{kind}: it sent "
            f"{self._redact(excerpt(body))!r}. Look whether model.base_url is right; it usually ends in /v1."
        )

    def _redact(self, text: str) -> str:
        return text.replace(self._key, "…") if self._key else text


async def _events(response: httpx.Response) -> AsyncGenerator[str]:
    events = EventStreamParser()
    async for received in response.aiter_bytes():
        for data in events.feed(received):
            yield data
    for data in events.finish():
        yield data
