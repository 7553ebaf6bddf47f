"""What `scrubjay doctor` says about a Slack app, and how to fix it."""

from __future__ import annotations

from collections.abc import Iterable

from slack_sdk.web.async_slack_response import AsyncSlackResponse

from adapters.slack.api import Api, Json, RefusedError, TokenRefusedError
from adapters.slack.settings import APPS, SlackSettings
from bot.adapter import Finding
from bot.errors import AdapterError

NAME = "slack"
SCOPES_NAME = f"{NAME} scopes"
DELIVERY = f"{NAME} delivery"
EVENTS = f"{NAME} events"
MANIFEST = "paste docs/slack-manifest.yaml under App Manifest"

NEEDED = ("app_mentions:read", "chat:write", "im:history", "users:read")
HELPFUL = {
    "assistant:write": "show that it is thinking",
    "channels:history": "remember public channels",
    "channels:read": "name public channels",
    "commands": "take slash commands",
    "files:read": "take in files",
    "files:write": "send files",
    "groups:history": "remember private channels",
    "groups:read": "name private channels",
    "im:read": "recognise its own direct chats",
    "reactions:read": "learn from thumbs",
    "reactions:write": "show with a reaction that it has seen a message",
}
"""Scopes that the bot does without, and what it can't do then."""


async def check(settings: SlackSettings) -> list[Finding]:
    """Ask Slack about tokens, rights and switches. Nothing is changed."""
    async with Api(settings) as api:
        try:
            headers: dict[str, str] = {}
            told = await api.call(lambda client: _keep_headers(client.auth_test(), headers), eager=True)
        except TokenRefusedError as error:
            return [Finding(NAME, "broken", "the bot token is refused", str(error))]
        except AdapterError as error:
            mend = "check the network, and adapters.slack.base_url if it is set"
            return [Finding(NAME, "broken", f"{settings.base_url} can't be used: {error}", mend)]
        granted = headers.get("x-oauth-scopes")
        findings = [_bot(told), _scopes(granted)]
        return [*findings, await _delivery(api, settings), _events(granted)]


async def _keep_headers(request: object, headers: dict[str, str]) -> AsyncSlackResponse:
    """Wait for an answer, and keep its headers."""
    response: AsyncSlackResponse = await request  # type: ignore[misc]  # a coroutine of the library's
    headers.update({str(name).lower(): str(value) for name, value in response.headers.items()})
    return response


def _bot(told: Json) -> Finding:
    if not told.get("bot_id"):
        mend = f"copy the token that begins with xoxb- from {APPS}, your app, OAuth & Permissions"
        return Finding(NAME, "broken", "the token is a person's, not a bot's", mend)
    return Finding(NAME, "ok", f"@{told.get('user')} in {told.get('team')} ({told.get('url')})")


def _scopes(granted: str | None) -> Finding:
    if granted is None:
        return Finding(SCOPES_NAME, "note", "Slack does not say which scopes the app has")
    has = {scope.strip() for scope in granted.split(",")}
    missing = [scope for scope in NEEDED if scope not in has]
    wanted = [f"{scope} ({use})" for scope, use in HELPFUL.items() if scope not in has]
    mend = f"{APPS}, your app, OAuth & Permissions, Bot Token Scopes: add them, then install the app again"
    if missing:
        return Finding(SCOPES_NAME, "broken", f"missing: {', '.join(missing)}", f"{mend}; or {MANIFEST}")
    if wanted:
        return Finding(SCOPES_NAME, "note", f"without these scopes it can't: {', '.join(wanted)}", mend)
    return Finding(SCOPES_NAME, "ok", "all that are of use")


async def _delivery(api: Api, settings: SlackSettings) -> Finding:
    http = settings.http
    if http is not None:
        found = f"by HTTP at {http.host}:{http.port}{http.path}, with signatures"
        return Finding(DELIVERY, "ok", f"{found}; let the app's request URLs lead there")
    try:
        await api.open_socket()
    except RefusedError as error:
        mend = f"{APPS}, your app, Socket Mode, Enable"
        return Finding(DELIVERY, "broken", f"Socket Mode: {error}", mend)
    except AdapterError as error:
        return Finding(DELIVERY, "broken", "Socket Mode can't be used", str(error))
    return Finding(DELIVERY, "ok", "by Socket Mode")


def _events(granted: str | None) -> Finding:
    """Say which events to subscribe to: Slack tells no app which ones it has, only the scopes they need."""
    has = {scope.strip() for scope in (granted or "").split(",")}
    events = {
        "app_mention": "app_mentions:read",
        "message.im": "im:history",
        "message.channels": "channels:history",
        "message.groups": "groups:history",
        "message.mpim": "mpim:history",
        "reaction_added": "reactions:read",
    }
    impossible: Iterable[str] = [event for event, scope in events.items() if granted is not None and scope not in has]
    if impossible := list(impossible):
        mend = f"add the scopes they need, then {APPS}, your app, Event Subscriptions, Subscribe to bot events"
        return Finding(EVENTS, "note", f"these can't arrive: {', '.join(impossible)}", mend)
    mend = f"if messages do not arrive: {APPS}, your app, Event Subscriptions; or {MANIFEST}"
    return Finding(EVENTS, "ok", f"the scopes allow {', '.join(events)}", mend)
