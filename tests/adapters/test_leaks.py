"""What is said in one place can be had exactly where whoever asks could have read it: on four platforms at once.

Each place is told three secrets: in a message, by a command, and in a file. Then every place is asked for all of them
by every question and command there is, and what the bot ever showed there is compared with what it may know there.
"""

from __future__ import annotations

import asyncio
import itertools
import re
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import get_args

import httpx

from adapters.http import HttpAdapter
from adapters.http.settings import HttpSettings
from bot import Adapter, AdapterError, Attachment, Context, Plugin, command, ingests
from bot.access.api_keys import ApiKeys
from bot.access.setup import open_policy
from bot.answering.answer import Answerer
from bot.app import build_core
from bot.configuration.settings import AccessSettings
from bot.models.extractive import ExtractiveModel
from bot.pipeline.core import CoreOptions
from memory import Memory
from memory.access_records import KeyScope
from memory.embedders.hashing import HashingEmbedder
from plugins.access import AccessPlugin
from plugins.catchup.plugin import CatchupPlugin
from plugins.documents import DocumentsPlugin
from plugins.feedback import FeedbackPlugin
from plugins.memory import MemoryPlugin
from plugins.reminders.plugin import RemindersPlugin
from tests.adapters import bots, discord_bot, slack_bot, telegram_bot, whatsapp_bot
from tests.adapters.corners import Corner, DiscordCorner, SlackCorner, TelegramCorner, WhatsAppCorner
from tests.adapters.web_bot import certificates
from tests.emulators.discord import DiscordServer
from tests.emulators.patience import PATIENCE
from tests.emulators.slack import SlackServer
from tests.emulators.telegram import TelegramServer
from tests.emulators.whatsapp import WhatsAppServer

READABLE = [
    {"telegram ana"},
    {"telegram bruno"},
    {"telegram club", "telegram topic"},
    {"slack ana"},
    {"slack trip", "slack thread"},
    {"discord ana"},
    {"discord trip", "discord thread"},
    {"whatsapp ana"},
    {"whatsapp group"},
]
"""The places that the same people can read; each place is in one of these."""

PRIVATE = "discord private"
"""A private thread: whoever is in it can read its channel, and nobody else can read it."""

ASKED = "What is the safe code?"
COMMANDS = (
    f"/ask {ASKED}",
    "/memories safe code",
    "/memories",
    "/facts all",
    "/why",
    "/documents",
    "/catchup",
    "/catchup yesterday",
    "/reminders",
    "/good",
    "/broken safe code",
)
WAYS = ("said", "kept", "filed")
PLANNED = "planned"
"""A reminder is shown where it was planned, and in its person's own direct chats: nobody else need know of it."""
DONE = "That is all"


class Tools(Plugin):
    """Takes in text files, fails on request, and says when all that was asked before is done."""

    name = "tools"

    @ingests("text/plain")
    async def take(self, context: Context, attachment: Attachment) -> str:
        text = b"".join([piece async for piece in context.fetch(attachment)]).decode()
        await context.memory.add_document(attachment.name, attachment.media_type, attachment.name, [(text, "line 1")])
        return "Taken in."

    @command("broken", "fail")
    async def broken(self, context: Context, what: str) -> str:
        found = await context.memory.find(matching=what)
        raise AdapterError(f"failed over {found}")

    @command("done", "say so")
    async def done(self, _: Context, number: int) -> str:
        return f"{DONE} ({number})."


class Town:
    """Every kind of place, each with secrets of its own; `web` serves programs with keys."""

    def __init__(
        self, guest: Corner, guest_alone: Corner, corners: Iterable[Corner], web: HttpAdapter, keys: ApiKeys
    ) -> None:
        self.guest, self.guest_alone = guest, guest_alone
        self.web = web
        self.keys = keys
        self.corners = {corner.name: corner for corner in corners}
        self._numbers = itertools.count(1)
        codes = itertools.count(70_001)
        self.linked: set[str] = set()
        self.secrets = {(name, way): str(next(codes)) for name in self.corners for way in (*WAYS, PLANNED)}

    async def tell_secrets(self) -> None:
        """Let every place be told its secrets."""
        for name, corner in self.corners.items():
            said, kept, filed, planned = (self.secrets[name, way] for way in (*WAYS, PLANNED))
            await corner.says(f"The safe code of {name} is {said}.")
            await corner.says(f"{corner.call}/remember the safe code kept for {name} is {kept}")
            await corner.sends_file(f"{name}.txt", f"The safe code filed by {name} is {filed}.")
            await corner.says(f"{corner.call}/remind in 3 days: the safe code planned by {name} is {planned}")
        await asyncio.gather(*(self.settled(corner) for corner in self.corners.values()))

    async def settled(self, corner: Corner) -> None:
        """Wait until the bot has done all that was asked of it here."""
        number = next(self._numbers)
        await corner.says(f"{corner.call}/done {number}")
        async with asyncio.timeout(PATIENCE):
            while f"{DONE} ({number})" not in corner.shown():  # noqa: ASYNC110 (the emulators share no event)
                await asyncio.sleep(0.1)  # (to write out all that was ever shown takes longer than to wait)

    async def had(self, names: Collection[str]) -> dict[str, set[str]]:
        """Ask for everything in these places; return the places whose secrets were shown in each."""
        return dict(zip(names, await asyncio.gather(*(self._had(name) for name in names)), strict=True))

    async def _had(self, name: str) -> set[str]:
        corner = self.corners[name]
        numbers = await self.numbers_had(corner)
        shown = {key for key, code in self.secrets.items() if code in numbers}
        homes = {home for home, way in shown if way != PLANNED}
        hidden = {(home, way) for home in homes for way in WAYS} - shown
        assert not hidden or _lists_elsewhere(corner), f"{name} does not find {hidden}"
        own = {home for home in self.corners if not corner.call and self._are_one(home, name)}
        others = {home for home, way in shown if way == PLANNED} - homes - own
        assert not others, f"{name} shows what was planned in {others}"
        return homes

    def _are_one(self, one: str, other: str) -> bool:
        accounts = {self.corners[name].account for name in (one, other)}
        return len(accounts) == 1 or accounts <= self.linked

    async def numbers_had(self, corner: Corner, alone: Corner | None = None) -> set[str]:
        """Ask for everything here, and return all five-digit numbers shown then, also where one is `alone`."""
        before = len(corner.shown())
        await corner.says(f"{corner.call}{ASKED}")
        elsewhere = _lists_elsewhere(corner) and alone is None
        for text in COMMANDS:
            if elsewhere and text.startswith(("/memories", "/why")):  # answered in the asker's direct chat
                continue
            await corner.says(f"{corner.call}{text}")
        if not elsewhere:
            await corner.says(f"{corner.call}/forget safe code")
            await corner.says("no")
        await self.settled(corner)
        await corner.likes_last()
        shown = corner.shown()[before:] + ("" if alone is None else alone.shown())
        return set(re.findall(r"\b7\d{4}\b", shown))


def _lists_elsewhere(corner: Corner) -> bool:
    """Say whether lists that are asked for here (`/memories`, `/forget WORDS`) go to the asker's direct chat."""
    return bool(corner.call) and not isinstance(corner, SlackCorner)


def readable(*changes: set[str], names: Collection[str]) -> dict[str, set[str]]:
    """Return what each place may know."""
    known = {name: places for places in [*READABLE, *changes] for name in places}
    return {name: known["discord trip"] | {PRIVATE} if name == PRIVATE else known[name] for name in names}


@asynccontextmanager
async def town(folder: Path) -> AsyncIterator[Town]:
    """Run a bot on four platforms, with people in all kinds of places."""
    async with (
        TelegramServer.open() as telegram,
        SlackServer.open() as slack,
        DiscordServer.open() as discord,
        WhatsAppServer.open() as whatsapp,
    ):
        telegram.flood.enabled = False
        ana, bruno = telegram.user("Ana"), telegram.user("Bruno")
        club = telegram.group("Club", ana, bruno, forum=True)
        anna = slack.person("Anna")
        trip = slack.channel("trip", anna)
        annie = discord.person("Annie")
        lounge = discord.channel(discord.guild("Friends"), "trip")
        anita = whatsapp.person("Anita")
        group = whatsapp.group(anita)
        people = [f"telegram:{ana.account.id}", f"telegram:{bruno.account.id}"]
        people += [f"slack:{anna.account.id}", f"discord:{annie.account.id}", f"whatsapp:{anita.id}"]
        groups = [f"telegram:{club.id}", f"slack:{trip.id}", f"discord:{lounge.id}", f"whatsapp:{group.id}"]
        gus = telegram.user("Gus")
        guests = [f"telegram:{gus.account.id}"]
        access = AccessSettings(people=tuple(people), conversations=tuple(groups), guests=tuple(guests))
        web = HttpAdapter(HttpSettings(port=0), announce=lambda _: None)
        adapters: list[Adapter] = [
            web,
            telegram_bot.adapter_for(telegram),
            slack_bot.adapter_for(slack),
            discord_bot.adapter_for(discord),
            whatsapp_bot.adapter_for(whatsapp),
        ]
        async with (
            Memory.open(folder / "memory.db", HashingEmbedder()) as memory,
            build_core(
                memory,
                Answerer(memory, ExtractiveModel()),
                access=open_policy(access, memory.ledger),
                plugins=[
                    MemoryPlugin(MemoryPlugin.Settings(listed=100)),
                    AccessPlugin(),
                    CatchupPlugin(),
                    DocumentsPlugin(),
                    FeedbackPlugin(),
                    RemindersPlugin(),
                    Tools(),
                ],
                options=CoreOptions(grace=2),
            ) as core,
            bots.serving(core, adapters),
        ):
            await discord.connected()
            yield Town(
                TelegramCorner("guest", gus.in_group(club, "Guests")),
                TelegramCorner("guest alone", gus),
                [
                    TelegramCorner("telegram ana", ana),
                    TelegramCorner("telegram bruno", bruno),
                    TelegramCorner("telegram club", ana.in_group(club)),
                    TelegramCorner("telegram topic", ana.in_group(club, "Food")),
                    SlackCorner("slack ana", anna),
                    SlackCorner("slack trip", anna.in_channel(trip)),
                    SlackCorner(
                        "slack thread", anna.in_channel(trip).in_thread(slack.post(trip, anna.account.id, "Hi"))
                    ),
                    DiscordCorner("discord ana", annie),
                    DiscordCorner("discord trip", annie.in_channel(lounge)),
                    DiscordCorner("discord thread", annie.in_channel(await discord.thread(lounge, "food"))),
                    DiscordCorner(PRIVATE, annie.in_channel(await discord.thread(lounge, "gifts", private=True))),
                    WhatsAppCorner("whatsapp ana", anita),
                    WhatsAppCorner("whatsapp group", anita.in_group(group)),
                ],
                web,
                ApiKeys(memory.ledger),
            )


async def link(one: Corner, other: Corner, here: Town) -> None:
    before = len(one.shown())
    await one.says("/link")
    await here.settled(one)
    (code,) = set(re.findall(r"/link ((?:\w{4}-)+\w{4})", one.shown()[before:]))
    await other.says(f"/link {code}")
    await other.says("yes")
    await here.settled(other)
    here.linked |= {one.account, other.account}


async def unlink(one: Corner, here: Town) -> None:
    await one.says("/unlink")
    await here.settled(one)
    here.linked.remove(one.account)


async def test_every_secret_is_known_where_it_could_be_read_and_nowhere_else(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        names = list(here.corners)
        await here.tell_secrets()
        assert await here.had(names) == readable(names=names)
        ana, anna, annie = (here.corners[name] for name in ("telegram ana", "slack ana", "discord ana"))
        await link(ana, annie, here)
        assert await here.had(names) == readable({ana.name, annie.name}, names=names)
        await link(annie, anna, here)
        asked = ["telegram ana", "slack ana", "discord ana", "telegram bruno", "slack trip"]
        assert await here.had(asked) == readable({ana.name, anna.name, annie.name}, names=asked)
        await unlink(annie, here)
        assert await here.had(asked) == readable({ana.name, anna.name}, names=asked)
        await unlink(ana, here)
        assert await here.had(asked) == readable(names=asked)


async def test_a_guest_finds_what_the_group_can_read_and_leaves_nothing_behind(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        await here.tell_secrets()
        await here.guest.says("The safe code of the guest is 79999.")
        await here.guest.says(f"{here.guest.call}/remember the safe code of the guest is 79999")
        await here.guest.sends_file("guest.txt", "The safe code of the guest is 79999.")
        await here.settled(here.guest)
        club = {key: code for key, code in here.secrets.items() if key[0] in {"telegram club", "telegram topic"}}
        had = await here.numbers_had(here.guest, here.guest_alone)
        assert {code for (_, way), code in club.items() if way != PLANNED} <= had <= set(club.values())
        for corner in here.corners.values():
            assert "79999" not in await here.numbers_had(corner)


async def read_all(here: Town, scope: KeyScope) -> str:
    """Return all that a program with a key of this scope is ever told."""
    headers = {"Authorization": f"Bearer {await here.keys.create(scope, scope)}"}
    async with httpx.AsyncClient(
        base_url=here.web.address, headers=headers, timeout=PATIENCE, trust_env=False, verify=certificates()
    ) as program:
        places = (await program.get("/api/conversations")).json()["conversations"]
        paths = ["/api/facts?include_closed=true", "/api/documents", "/api/imports", "/api/statistics", "/metrics"]
        paths += [f"/api/conversations/{place['id']}/passages?limit=200" for place in places]
        paths += [f"/api/passages/{number}/around" for number in range(1, 200)]
        said = [(await program.get(path)).text for path in paths]
        asked = {"model": "scrubjay", "messages": [{"role": "user", "content": ASKED}]}
        said.append((await program.post("/v1/chat/completions", json=asked)).text)
        said.append((await program.post("/api/recall", json={"question": ASKED, "limit": 100})).text)
        said.append((await program.post("/api/forget/preview", json={"ids": [*range(1, 200)]})).text)
    return "\n".join(said)


async def test_a_program_learns_what_its_key_may_read_and_nothing_else(tmp_path: Path) -> None:
    async with town(tmp_path) as here:
        await here.tell_secrets()
        told = {scope: await read_all(here, scope) for scope in get_args(KeyScope)}
    codes = {code for (_, way), code in here.secrets.items() if way != PLANNED}
    assert {scope: codes & set(re.findall(r"\b7\d{4}\b", text)) for scope, text in told.items()} == {
        "own": set(),
        "key": set(),
        "all": codes,
    }
