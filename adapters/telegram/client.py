"""The client library as this adapter uses it, and what its errors mean to people."""

from __future__ import annotations

from typing import Any

from telegram.error import Conflict, InvalidToken, TelegramError
from telegram.ext import ExtBot

from adapters.certificates import shared_certificates
from adapters.telegram.api_responses import TolerantRequest
from adapters.telegram.payloads import UpdatesRequest
from adapters.telegram.rate_limits import Pace
from adapters.telegram.settings import TOKEN_ADVICE, TelegramSettings

Bot = ExtBot[Any]

CONNECTIONS = 16
"""At once; more make the pool slower and Telegram no faster, which takes 30 messages a second."""
CONNECT_SECONDS = 10.0
ANSWER_SECONDS = 20.0
POOL_SECONDS = 60.0

TOKEN_REFUSED = (
    "Telegram does not accept the bot's token: it is mistyped, or was revoked. "
    f"Put the right one into adapters.telegram.token; {TOKEN_ADVICE}"
)
ANOTHER_POLLS = (
    "another program receives this bot's messages with the same token; stop the other one. "
    "If you know of none, revoke the token with @BotFather"
)
WEBHOOK_IS_SET = "a webhook was set for this bot by another program, and Telegram sends the messages there"


async def introduce(bot: Bot) -> None:
    """Learn who the bot is. Raises telegram.error.TelegramError, also where the server's answer can't be read."""
    try:
        await bot.initialize()
    except (TypeError, KeyError, ValueError, AttributeError) as error:
        raise TelegramError(f"the server's answer to getMe can't be read ({error})") from None


def make_bot(settings: TelegramSettings) -> Bot:
    """Make a client; nothing is connected yet."""
    certificates = {"verify": shared_certificates()}
    return ExtBot(
        settings.token.get_secret_value(),
        base_url=settings.api,
        base_file_url=settings.files,
        request=TolerantRequest(
            connection_pool_size=CONNECTIONS,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            pool_timeout=POOL_SECONDS,
            httpx_kwargs=certificates,
        ),
        get_updates_request=UpdatesRequest(
            connection_pool_size=2,
            connect_timeout=CONNECT_SECONDS,
            read_timeout=ANSWER_SECONDS,
            httpx_kwargs=certificates,
        ),
        rate_limiter=Pace(settings.messages_per_second, settings.group_messages_per_minute),
    )


def explain(error: TelegramError) -> str:
    """Say in words for the bot's owner what an error means."""
    if isinstance(error, InvalidToken):
        return TOKEN_REFUSED
    if isinstance(error, Conflict):
        return WEBHOOK_IS_SET if "webhook" in error.message.lower() else ANOTHER_POLLS
    return error.message or type(error).__name__
