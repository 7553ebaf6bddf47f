"""Who and what Slack's ids stand for: the bot itself, people and channels, each asked for once."""

from __future__ import annotations

import asyncio
import logging
import re
from dataclasses import dataclass
from typing import Any

from adapters.slack.api import Api, ApiCall, Json, RefusedError
from adapters.slack.places import PLATFORM
from bot.adapter import Recent
from bot.errors import AdapterError
from bot.events import Person

logger = logging.getLogger(__name__)

MOST_KNOWN = 10_000
NAME_SECONDS = 1.0
"""How long a name is waited for: Slack wants to hear within three seconds that a message has arrived."""
_LINK = re.compile(
    r"(?P<host>https?://[^/]+)/archives/(?P<channel>[A-Z0-9]+)/p(?P<seconds>\d+)(?P<micros>\d{6})(?=\?|\Z)"
)


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot as Slack knows it: `user` is who people mention, `url` the workspace's address."""

    user: str
    bot: str
    team: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Channel:
    """A channel's name, and in a direct chat the person there; both empty where the bot may not look into it."""

    name: str
    user: str | None = None


class Directory:
    """Asks Slack for names, and remembers the answers."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._bot: Bot | None = None
        self._people: Recent[str, str] = Recent(MOST_KNOWN)
        self._channels: Recent[str, Channel] = Recent(MOST_KNOWN)
        self._permalinks: Recent[str, str] = Recent(MOST_KNOWN)

    @property
    def bot(self) -> Bot:
        """The bot. Raises AdapterError before `identify` has succeeded."""
        if self._bot is None:
            raise AdapterError("Slack has not said yet who the bot is")
        return self._bot

    async def identify(self) -> Bot:
        """Ask who the bot is. Raises AdapterError."""
        told = await self._api.call(lambda client: client.auth_test(), eager=True)
        self._bot = Bot(
            user=str(told.get("user_id", "")),
            bot=str(told.get("bot_id", "")),
            team=str(told.get("team_id", "")),
            name=str(told.get("user", "")),
            url=str(told.get("url", "")).rstrip("/"),
        )
        return self._bot

    async def person(self, user: str, hint: str = "") -> Person:
        """Return a person with the name that people see; with `hint` or the id where Slack does not tell."""
        name = self._people.get(user)
        if name is None:
            told = await self._ask(lambda client: client.users_info(user=user), user)
            name = _name(told.get("user") or {})
            if name:
                self._people.keep(user, name)
        return Person(PLATFORM, user, name or hint or user)

    async def channel(self, channel: str) -> Channel:
        """Return what is known of a channel."""
        known = self._channels.get(channel)
        if known is not None:
            return known
        told = await self._ask(lambda client: client.conversations_info(channel=channel), channel)
        if "channel" not in told:
            return Channel("")
        found = _channel(told["channel"])
        self._channels.keep(channel, found)
        return found

    def link(self, channel: str, ts: str, thread: str | None = None) -> str | None:
        """Return a message's address, without asking."""
        if self._bot is None or not self._bot.url:
            return None
        inside = f"?thread_ts={thread}&cid={channel}" if thread and thread != ts else ""
        return f"{self._bot.url}/archives/{channel}/p{ts.replace('.', '')}{inside}"

    async def permalink(self, link: str) -> str | None:
        """Return the address that Slack gives for a message that `link` was made for; None where it is gone."""
        match = _LINK.match(link)
        if match is None or self._bot is None or match["host"] != self._bot.url:
            return link
        known = self._permalinks.get(link)
        if known is not None:
            return known
        ts = f"{match['seconds']}.{match['micros']}"
        try:
            told = await self._api.call(
                lambda client: client.chat_getPermalink(channel=match["channel"], message_ts=ts), eager=True
            )
        except RefusedError as error:
            return None if error.code == "message_not_found" else link
        except AdapterError:
            return link
        self._permalinks.keep(link, str(told["permalink"]))
        return str(told["permalink"])

    async def _ask(self, request: ApiCall, about: str) -> Json:
        """Ask for a name, though not for long: what is said must be stored even while its author has no name."""
        try:
            async with asyncio.timeout(NAME_SECONDS):
                return await self._api.call(request)
        except (AdapterError, TimeoutError) as error:
            logger.info("Slack does not tell the name of %s: %s", about, error or "it takes too long")
            return {}


def _name(user: Json) -> str:
    profile: dict[str, Any] = user.get("profile") or {}
    names = (profile.get("display_name"), profile.get("real_name"), user.get("real_name"), user.get("name"))
    return next((str(name).strip() for name in names if name and str(name).strip()), "")


def _channel(told: Json) -> Channel:
    user = str(told["user"]) if told.get("is_im") and told.get("user") else None
    return Channel(str(told.get("name") or ""), user)
