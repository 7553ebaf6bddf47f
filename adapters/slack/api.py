"""Slack's Web API as this adapter uses it: one way to call it, and what its errors mean."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, Self
from urllib.parse import urlsplit

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry.builtin_async_handlers import AsyncRateLimitErrorRetryHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.settings import APP_TOKEN_ADVICE, BOT_TOKEN_ADVICE, SlackSettings
from bot.errors import AdapterError

Json = dict[str, Any]
ApiCall = Callable[[AsyncWebClient], Awaitable[AsyncSlackResponse]]

REFUSING_TOKENS = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "app_uninstalled"}
)
BUSY = frozenset({"ratelimited", "rate_limited"})
PASSING = frozenset(
    {"fatal_error", "internal_error", "service_unavailable", "request_timeout", "team_added_to_org", *BUSY}
)
"""Errors that may be gone when a call is made again (https://docs.slack.dev/reference/methods/chat.postMessage)."""

RATE_LIMIT_TRIES = 10
CONNECT_TRIES = 4
CONNECT_SECONDS = 10.0
CALL_SECONDS = 30.0
_NOT_FOUND = 404
_LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})

logger = logging.getLogger(__name__)

# The library would log what is said, and the addresses of connections, which are as good as a token.
_library_log = logging.getLogger(f"{__name__}.library")
_library_log.setLevel(logging.INFO)


class TokenRefusedError(AdapterError):
    """Raised when Slack no longer accepts a token: the adapter has to stop."""


class RefusedError(AdapterError):
    """Raised when Slack says no to a call; `code` is its own word for why, such as "channel_not_found"."""

    def __init__(self, code: str, needed: str = "") -> None:
        super().__init__(f"Slack says {code}" + (f": the app needs the scope {needed}" if needed else ""))
        self.code = code


class UnreachableError(AdapterError):
    """Raised when Slack is down, out of reach, or too busy: trying again may help."""


class Api:
    """Calls Slack's Web API as the bot. Enter it to connect; `refused` is set when a token is found to be revoked."""

    def __init__(self, settings: SlackSettings) -> None:
        self.host = urlsplit(settings.base_url).hostname or ""
        self.refused: TokenRefusedError | None = None
        self.on_refused = asyncio.Event()
        self._settings = settings
        self._patient = self._client([AsyncRateLimitErrorRetryHandler(max_retry_count=RATE_LIMIT_TRIES)])
        self._eager = self._client([])
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        timeout = aiohttp.ClientTimeout(total=CALL_SECONDS, connect=CONNECT_SECONDS)
        self._session = aiohttp.ClientSession(timeout=timeout)
        self._patient.session = self._eager.session = self._session
        return self

    async def __aexit__(self, *exc: object) -> None:
        if self._session is not None:
            await self._session.close()

    @property
    def session(self) -> aiohttp.ClientSession:
        """The connections; for anything but a call of a method."""
        if self._session is None:
            raise AdapterError("the connection to Slack is not open")
        return self._session

    async def call(self, request: ApiCall, *, eager: bool = False) -> Json:
        """Call a method, as in `call(lambda client: client.auth_test())`, and return what it says.

        A call that is `eager` does not wait when Slack is busy. Raises TokenRefusedError, RefusedError or
        UnreachableError.
        """
        try:
            return await self._call(request, eager=eager)
        except TokenRefusedError as error:
            self.refuse(error)
            raise

    def refuse(self, error: TokenRefusedError) -> None:
        """Note that the bot's token is of no use any more."""
        self.refused = error
        self.on_refused.set()

    async def open_socket(self) -> str:
        """Return the address of a new Socket Mode connection. Raises as `call`."""
        token = self._settings.app_token
        if token is None:
            raise TokenRefusedError(f"Socket Mode needs adapters.slack.app_token: {APP_TOKEN_ADVICE}")
        try:
            opened = await self._call(
                lambda client: client.apps_connections_open(app_token=token.get_secret_value()), eager=True
            )
        except TokenRefusedError:
            raise TokenRefusedError(f"Slack does not accept adapters.slack.app_token: {APP_TOKEN_ADVICE}") from None
        except RefusedError as error:
            if error.code in {"not_allowed_token_type", "missing_scope", "no_permission"}:
                raise TokenRefusedError(f"adapters.slack.app_token can't be used: {APP_TOKEN_ADVICE}") from None
            raise
        return str(opened["url"])

    async def post_back(self, url: str, body: Json) -> bool:
        """Post an answer to the address that came with a command or a press; False when it is not taken.

        What is sealed from others goes to no address but Slack's.
        """
        parts = urlsplit(url)
        host = parts.hostname or ""
        if host != self.host and not (parts.scheme == "https" and host.endswith(".slack.com")):
            return False
        try:
            async with self.session.post(url, json=body, allow_redirects=False) as response:
                taken = response.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            logger.warning("An answer is not taken by the address that Slack gave: %s", type(error).__name__)
            return False
        if not taken:
            logger.warning("An answer is not taken by the address that Slack gave: it says %d", response.status)
        return taken

    async def _call(self, request: ApiCall, *, eager: bool) -> Json:
        client = self._eager if eager else self._patient
        for number in range(CONNECT_TRIES):
            try:
                return _data(await request(client))
            except SlackApiError as error:
                raise self._to_error(error) from None
            except aiohttp.ClientConnectorError as error:  # nothing was sent, so nothing can be done twice
                if eager or number + 1 == CONNECT_TRIES:
                    raise UnreachableError(f"Slack can't be reached: {error.strerror}") from None
                await asyncio.sleep(self._settings.retry_seconds * 2**number)
            except (aiohttp.ClientError, TimeoutError, OSError, SlackClientError) as error:
                raise UnreachableError(f"Slack does not answer: {type(error).__name__}") from None
        raise UnreachableError("Slack can't be reached")

    def _to_error(self, error: SlackApiError) -> AdapterError:
        data = _data(error.response) if isinstance(error.response, AsyncSlackResponse) else {}
        code = str(data.get("error", ""))
        if code in REFUSING_TOKENS:
            return TokenRefusedError(
                f"Slack does not accept adapters.slack.bot_token ({code}): it is mistyped, or was revoked; "
                f"{BOT_TOKEN_ADVICE}"
            )
        if isinstance(error.response, AsyncSlackResponse) and error.response.status_code == _NOT_FOUND:
            return RefusedError("unknown_method")
        if not code or code in PASSING:
            return UnreachableError(f"Slack does not take a call: {code or 'it answers nothing of use'}")
        return RefusedError(code, str(data.get("needed", "")))

    def _client(self, handlers: list[Any]) -> AsyncWebClient:
        client = AsyncWebClient(
            token=self._settings.bot_token.get_secret_value(),
            base_url=self._settings.base_url,
            retry_handlers=handlers,
            logger=_library_log,
        )
        if self.host in _LOOPBACK:
            client.proxy = None  # a proxy of the environment can't lead back here
        return client


def _data(response: AsyncSlackResponse) -> Json:
    return dict(response.data) if isinstance(response.data, dict) else {}
