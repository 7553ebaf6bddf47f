"""What Slack sends, checked and sorted by Bolt, and acknowledged only when it is stored.

Both ways in end here. Bolt verifies signatures, answers Slack's own checks and leaves out the bot's own events.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Coroutine
from types import TracebackType
from typing import Any, Self

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.authorization.async_authorize import AsyncAuthorize
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient

from adapters.slack.agent_view import AgentView
from adapters.slack.api import Api, Json, TokenRefusedError
from adapters.slack.buttons import PressHandler
from adapters.slack.directory import Directory
from adapters.slack.receiver import EventReceiver
from adapters.slack.settings import BOT_TOKEN_ADVICE, SlackSettings
from adapters.slack.slash_receiver import SlashReceiver
from bot.adapter import BackgroundTasks, repair

logger = logging.getLogger(__name__)

ACKNOWLEDGE_SECONDS = 2.5
"""Slack gives three to acknowledge a slash command, the way there and back included."""
NOT_TAKEN = "Sorry, I could not take that. Please try again in a moment."
LATE = "This takes longer than usual. If no answer comes, please try again."
_ANYTHING = re.compile("")
_OVER = frozenset({"tokens_revoked", "app_uninstalled"})
_OPENED = frozenset({"app_home_opened", "assistant_thread_started"})


class BoltApp:
    """Takes requests of Slack through `app`, whose answer has the status 200 when Slack need not send one again.

    Entered, it owns what goes on after a request was answered.
    """

    def __init__(
        self,
        settings: SlackSettings,
        api: Api,
        directory: Directory,
        *,
        receiver: EventReceiver,
        slash: SlashReceiver,
        presses: PressHandler,
        view: AgentView,
    ) -> None:
        self._api = api
        self._receiver = receiver
        self._slash = slash
        self._presses = presses
        self._view = view
        self._tasks = BackgroundTasks[Any]()
        secret = settings.http.signing_secret.get_secret_value() if settings.http else ""
        self._verifier = SignatureVerifier(secret) if secret else None
        self.app = AsyncApp(
            name="scrubjay",
            client=AsyncWebClient(base_url=settings.base_url),
            signing_secret=secret,
            authorize=_Authorize(directory, settings.bot_token.get_secret_value()),
            process_before_response=True,  # so that nothing is acknowledged before it is stored
            attaching_conversation_kwargs_enabled=False,
        )
        self.app.event(_ANYTHING)(self._take_event)
        self.app.command(_ANYTHING)(self._take_command)
        self.app.action(_ANYTHING)(self._take_press)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._tasks.close()

    async def set_aside(self, raw: str, error: Exception) -> None:
        """Have a request kept that Bolt can't take."""
        await self._receiver.set_aside(raw, error)

    def is_signed(self, body: str, timestamp: str, signature: str) -> bool:
        """Say whether Slack has sent this, as Bolt checks it for what it can read."""
        return self._verifier is not None and self._verifier.is_valid(body, timestamp, signature)

    async def _take_event(self, event: Json) -> None:
        kind = event.get("type")
        if kind in _OVER:
            self._api.refuse(TokenRefusedError(f"the app was removed from its workspace; {BOT_TOKEN_ADVICE}"))
        elif kind in _OPENED:
            self._start(self._view.fill(event))
        else:
            await self._receiver.take(repair(event))

    async def _take_command(self, ack: AsyncAck, body: Json) -> None:
        """Acknowledge a slash command when it is stored. Slack never sends one again, so in the end one is told."""
        taking = self._start(self._slash.take(repair(body)))
        await asyncio.wait({taking}, timeout=ACKNOWLEDGE_SECONDS)
        if not taking.done():
            await ack(text=LATE, response_type="ephemeral")
        elif taking.exception() is not None:
            logger.error("A slash command could not be taken", exc_info=taking.exception())
            await ack(text=NOT_TAKEN, response_type="ephemeral")
        else:
            await ack()

    async def _take_press(self, ack: AsyncAck, body: Json) -> None:
        """Acknowledge a press at once: Slack never sends one again, and what becomes of it is told by the way."""
        self._start(self._press(repair(body)))
        await ack()

    async def _press(self, body: Json) -> None:
        try:
            await self._presses.take(body)
        except Exception:
            logger.exception("The press of a button could not be taken")

    def _start(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        return self._tasks.start(work, name="slack")


class _Authorize(AsyncAuthorize):
    """Tells Bolt who the bot is. Left to itself it asks Slack, and acknowledges what came in when Slack is down."""

    def __init__(self, directory: Directory, token: str) -> None:
        self._directory = directory
        self._token = token

    async def __call__(
        self,
        *,
        context: AsyncBoltContext,  # noqa: ARG002 (Bolt names it)
        enterprise_id: str | None,
        team_id: str | None,
        **_: object,
    ) -> AuthorizeResult:
        bot = self._directory.bot
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_id=bot.bot,
            bot_user_id=bot.user,
            bot_token=self._token,
        )
