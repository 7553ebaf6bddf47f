"""Text spoken by a server that speaks the OpenAI speech API; Kokoro-FastAPI, LocalAI, Speaches and OpenAI do."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Self

import httpx

from bot.configuration.settings import SpeechSettings
from bot.errors import ModelServerError
from bot.models.certificates import shared_certificates
from bot.models.openai_reply import error_message
from bot.models.server_address import check_key, check_url, hide_secrets, is_this_machine

MOST_CHARS = 4096
"""Of one text (https://platform.openai.com/docs/api-reference/audio/createSpeech)."""
_MOST_BYTES = 8_000_000
_CONNECT_SECONDS = 10.0
_OGG = b"OggS"
_MPEG = (b"ID3", b"\xff\xfb", b"\xff\xf3", b"\xff\xf2")


@dataclass(frozen=True, slots=True)
class SpeechServerSettings:
    """Where the server is, which of its models speaks with which voice, and how many seconds it may be silent."""

    base_url: str
    model: str = "tts-1"
    voice: str = "alloy"
    api_key: str | None = field(default=None, repr=False)
    timeout: float = 60.0


@dataclass(frozen=True, slots=True)
class Speech:
    """Sound: "audio/ogg", which holds Opus and can be a voice note everywhere, or "audio/mpeg"."""

    media_type: str
    data: bytes


class SpeechServer:
    """Speaks texts. Every failure is a ModelServerError that says what happened; the key is in none of them."""

    def __init__(self, settings: SpeechServerSettings) -> None:
        self._settings = settings
        self._url = check_url(settings.base_url, "speech.base_url")
        self._key = check_key(settings.api_key, "speech.api_key")
        self._shown_url = hide_secrets(self._url)
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        timeout = httpx.Timeout(settings.timeout, connect=min(_CONNECT_SECONDS, settings.timeout))
        self._client = httpx.AsyncClient(
            headers=headers,
            timeout=timeout,
            trust_env=not is_this_machine(self._url),
            verify=shared_certificates(),
        )

    async def __aenter__(self) -> Self:
        """Make ready to connect."""
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def speak(self, text: str) -> Speech:
        """Return a text, spoken. Raises ModelServerError."""
        settings = self._settings
        body = {"model": settings.model, "voice": settings.voice, "input": text, "response_format": "opus"}
        try:
            async with self._client.stream("POST", f"{self._url}/audio/speech", json=body) as response:
                data = await _read(response)
        except httpx.TimeoutException as error:
            raise ModelServerError(
                f"The speech server at {self._shown_url} was silent for {settings.timeout:g} seconds."
            ) from error
        except httpx.HTTPError as error:
            raise ModelServerError(f"No speech server answers at {self._shown_url}.") from error
        if not response.is_success:
            said = error_message(data.decode("utf-8", "replace"))
            said = said.replace(self._key, "…") if self._key else said
            raise ModelServerError(f"The speech server at {self._shown_url} answered {response.status_code}: {said}")
        return self._check(data)

    def _check(self, data: bytes) -> Speech:
        if len(data) <= _MOST_BYTES:
            if data.startswith(_OGG):
                return Speech("audio/ogg", data)
            if data.startswith(_MPEG):
                return Speech("audio/mpeg", data)
        raise ModelServerError(
            f"What the speech server at {self._shown_url} sent is no Ogg Opus and no MP3, or too much."
        )


async def _read(response: httpx.Response) -> bytes:
    """Return the body, or the beginning of one that is too long to be sent."""
    data = bytearray()
    async for piece in response.aiter_bytes():
        data += piece
        if len(data) > _MOST_BYTES:
            break
    return bytes(data)


@asynccontextmanager
async def open_speech(settings: SpeechSettings) -> AsyncIterator[SpeechServer | None]:
    """Open the server that speaks answers; None when the settings name no server."""
    if settings.base_url is None:
        yield None
        return
    key = settings.api_key.get_secret_value() if settings.api_key else None
    about = SpeechServerSettings(settings.base_url, settings.name, settings.voice, key, settings.timeout)
    async with SpeechServer(about) as server:
        yield server
