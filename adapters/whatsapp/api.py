"""Meta's Graph API as this adapter uses it: one way to call it, and what its errors mean."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any, Self
from urllib.parse import urlsplit

import httpx

from adapters.certificates import shared_certificates
from adapters.whatsapp.failures import BusyError, UnreachableError, read_refusal
from adapters.whatsapp.places import Json
from adapters.whatsapp.settings import WhatsAppSettings
from bot.errors import AdapterError

CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 60.0
CONNECT_TRIES = 4
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
_METAS = (".facebook.com", ".fbsbx.com", ".fbcdn.net", ".whatsapp.net", ".whatsapp.com")
"""Where Meta keeps files; the token goes nowhere else."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""Failures before anything reached the server; after any other one a message may have been sent."""


class GraphApi:
    """Calls the API as the bot. Enter it to connect."""

    def __init__(self, settings: WhatsAppSettings) -> None:
        self.number = settings.phone_number_id
        self._settings = settings
        self._host = urlsplit(settings.base_url).hostname or ""
        self._client: httpx.AsyncClient | None = None

    async def __aenter__(self) -> Self:
        self._client = httpx.AsyncClient(
            headers=self._authorization,
            timeout=httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS),
            trust_env=self._host not in _LOOPBACK,  # a proxy of the environment can't lead back here
            follow_redirects=False,
            verify=shared_certificates(),
        )
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._client is not None:
            await self._client.aclose()

    async def get(self, path: str, **parameters: str) -> Json:
        """Ask for something. Raises as `post` does."""
        return await self._call(lambda client: client.get(self._address(path), params=parameters))

    async def get_with_proof(self, path: str, **parameters: str) -> Json:
        """Ask for something in a way that fails when the app secret is wrong. Raises as `post` does."""
        secret, token = self._settings.app_secret.get_secret_value(), self._settings.access_token.get_secret_value()
        proof = hmac.new(secret.encode(), token.encode(), hashlib.sha256).hexdigest()
        return await self.get(path, appsecret_proof=proof, **parameters)

    async def post(self, path: str, body: Json) -> Json:
        """Have something done.

        Raises TokenRefusedError, WindowClosedError, BusyError, RefusedError or UnreachableError.
        """
        return await self._call(lambda client: client.post(self._address(path), json=body))

    async def upload(self, path: str, name: str, media_type: str, data: bytes) -> Json:
        """Hand over a file. Raises as `post` does."""
        fields = {"messaging_product": "whatsapp", "type": media_type}
        return await self._call(
            lambda client: client.post(self._address(path), data=fields, files={"file": (name, data, media_type)})
        )

    def may_fetch(self, url: str) -> bool:
        """Say whether an address is Meta's, so that the token may go there."""
        parts = urlsplit(url)
        host = parts.hostname or ""
        return host == self._host or (parts.scheme == "https" and host.endswith(_METAS))

    @asynccontextmanager
    async def download(self, url: str) -> AsyncIterator[httpx.Response]:
        """Open a file at an address of Meta's. Raises UnreachableError."""
        try:
            async with self._open.stream("GET", url) as response:
                yield response
        except httpx.HTTPError as error:
            raise UnreachableError(f"WhatsApp does not send the file: {type(error).__name__}") from None

    @property
    def _authorization(self) -> Mapping[str, str]:
        return {"Authorization": f"Bearer {self._settings.access_token.get_secret_value()}"}

    @property
    def _open(self) -> httpx.AsyncClient:
        if self._client is None:
            raise AdapterError("the connection to WhatsApp is not open")
        return self._client

    def _address(self, path: str) -> str:
        return f"{self._settings.base_url}/{path}"

    async def _call(self, request: Callable[[httpx.AsyncClient], Any]) -> Json:
        """Make a call, again only while nothing of it can have been done."""
        for number in range(1, CONNECT_TRIES + 1):
            try:
                return _read_answer(await request(self._open))
            except _NOT_SENT as error:
                if number == CONNECT_TRIES:
                    raise UnreachableError(f"WhatsApp can't be reached: {type(error).__name__}") from None
                await asyncio.sleep(self._settings.retry_seconds * 2**number)
            except httpx.HTTPError as error:
                raise UnreachableError(f"WhatsApp does not answer: {type(error).__name__}") from None
        raise AssertionError("the last try returns or raises")


def _read_answer(response: httpx.Response) -> Json:
    """Return what an answer holds. Raises what its error means."""
    try:
        told = response.json()
    except ValueError:  # UnicodeDecodeError among them
        told = None
    if response.is_success and isinstance(told, dict) and "error" not in told:
        return told
    error = told.get("error") if isinstance(told, dict) else None
    if isinstance(error, dict):
        raise read_refusal(error, response.headers.get("Retry-After"))
    if response.status_code == httpx.codes.TOO_MANY_REQUESTS:
        raise BusyError("WhatsApp is asked too much", retry_after=response.headers.get("Retry-After"))
    raise UnreachableError(f"WhatsApp answers nothing of use (status {response.status_code})")
