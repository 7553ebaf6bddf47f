"""What the library raises, in words that say what to do."""

from __future__ import annotations

import aiohttp
import discord

from adapters.discord.settings import TOKEN_ADVICE

PORTAL = "https://discord.com/developers/applications"
TOKEN_REFUSED = f"Discord refuses the token: {TOKEN_ADVICE}, and put it into adapters.discord.token"
INTENTS_REFUSED = (
    f"Discord refuses the privileged intent that is asked for: at {PORTAL}, your application, Bot, "
    "switch on “Message Content Intent”; or set adapters.discord.message_content = false"
)

UNREACHABLE = (discord.GatewayNotFound, discord.HTTPException, discord.RateLimited, aiohttp.ClientError, OSError)
"""What a call raises when Discord refuses it or is out of reach; OSError covers time-outs."""

_UNAUTHORIZED = 401
_MEANINGS = {
    10003: "that channel is gone",
    50001: "the bot can't see that channel",
    50007: "this person takes no direct messages from the bot",
    50013: "the bot lacks a permission in that channel",
}
"""Discord's own codes (https://discord.com/developers/docs/topics/opcodes-and-status-codes#json)."""


def explain(error: BaseException) -> str:
    """Return what went wrong, never with the token in it."""
    match error:
        case discord.GatewayNotFound():
            return "the gateway can't be asked for"
        case discord.HTTPException():
            return _explain_response(error)
        case discord.RateLimited():
            return f"it wants {error.retry_after:.0f} s of rest"
        case TimeoutError():
            return "it does not answer in time"
        case discord.ConnectionClosed():
            return f"the gateway closed the connection with {error.code}"
        case _:
            return f"it is out of reach ({type(error).__name__}: {error})"


def _explain_response(error: discord.HTTPException) -> str:
    if error.status == _UNAUTHORIZED:
        return TOKEN_REFUSED
    meaning = _MEANINGS.get(error.code)
    return f"{meaning} ({error.status})" if meaning else f"it answers {error.status} {error.text}".rstrip()


def is_refusal(error: BaseException) -> bool:
    """Say whether the token is what is wrong, so that trying again does not help."""
    return isinstance(error, discord.LoginFailure) or (
        isinstance(error, discord.HTTPException) and error.status == _UNAUTHORIZED
    )


def is_for_good(error: BaseException) -> bool:
    """Say whether Discord refuses a message in a way that trying again does not change."""
    return isinstance(error, discord.HTTPException) and error.code in _MEANINGS
