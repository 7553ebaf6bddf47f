"""Every command in every kind of place on every platform's name, asked for what was said in every other place.

The real adapters are looked at in `tests/adapters/test_leaks.py`; here the core with all plugins is, in far more pairs.
"""

from __future__ import annotations

import itertools
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

from bot.configuration.settings import AccessSettings
from bot.events import Conversation, Person
from bot.testing import Chat, FakeAdapter, chat
from plugins.access import AccessPlugin
from plugins.catchup.plugin import CatchupPlugin
from plugins.chat import ChatPlugin
from plugins.documents import DocumentsPlugin
from plugins.facts.plugin import FactsPlugin
from plugins.feedback import FeedbackPlugin
from plugins.help import HelpPlugin
from plugins.language import LanguagePlugin
from plugins.memory import MemoryPlugin
from plugins.plugins import PluginsPlugin
from plugins.reminders.plugin import RemindersPlugin

PLATFORMS = ("test", "telegram", "slack", "discord", "whatsapp")
PEOPLE = ("ann", "bob", "eve")
PLUGINS = (
    AccessPlugin, CatchupPlugin, ChatPlugin, DocumentsPlugin, FactsPlugin, FeedbackPlugin, HelpPlugin, LanguagePlugin,
    MemoryPlugin, PluginsPlugin, RemindersPlugin,
)  # fmt: skip
ASKED = "what is the safe code?"
ARGUMENTS = ("", "safe code", "all")
UNASKED = frozenset(
    {"stop", "deny", "allow", "role", "invite", "link", "unlink", "pair", "plugin", "plugins", "memory"}
)
"""Commands that change who may ask, which would change what is compared; none of them shows memories."""


@dataclass(frozen=True)
class Place:
    """Where somebody talks; `audience` are the places whose secrets may be shown here."""

    name: str
    chat: Chat
    audience: frozenset[str]


async def ask_everything() -> tuple[int, int]:
    """Return how many replies were compared with how many secrets. Raises AssertionError for a leak."""
    people = tuple(f"{platform}:{person}" for platform in PLATFORMS for person in PEOPLE)
    with tempfile.TemporaryDirectory(prefix="scrubjay-isolation-") as folder:
        access = AccessSettings(people=people, owners=(), conversations=tuple(f"{p}:g-{p}" for p in PLATFORMS))
        async with chat(Path(folder), plugins=[plugin() for plugin in PLUGINS], access=access) as first:
            return await _ask(list(_places(first)))


async def _ask(places: list[Place]) -> tuple[int, int]:
    secrets = {place.name: str(70_001 + number) for number, place in enumerate(places)}
    for place in places:
        await place.chat.says(f"The safe code of {place.name} is {secrets[place.name]}.", addressed=True)
        await place.chat.says(f"/remember safe code of {place.name} = {secrets[place.name]}", addressed=True)
    commands = [command.name for command in places[0].chat.core.commands if command.name not in UNASKED]
    asked = [ASKED, *(f"/{name} {words}".strip() for name, words in itertools.product(commands, ARGUMENTS))]
    compared = 0
    for place in places:
        seen_own = False
        hidden = [secret for name, secret in secrets.items() if name not in place.audience]
        for text in asked:
            for said in await place.chat.says(text, addressed=True):
                compared += 1
                seen_own = seen_own or secrets[place.name] in said
                leaked = [secret for secret in hidden if secret in said]
                assert not leaked, f"{place.name} was shown {leaked} for {text!r}"
            if text.startswith("/forget"):
                await place.chat.says("no", addressed=True)  # it asks back
        assert seen_own, f"{place.name} is not shown even what was said there"
    return compared, len(secrets)


def _places(first: Chat) -> list[Place]:
    """Return direct chats, a group, an open thread and a private one on each platform."""
    found: list[Place] = []
    for platform in PLATFORMS:
        adapter = first.adapter if platform == "test" else FakeAdapter(platform)
        first.core.connect(adapter)

        def at(person: str, place: Conversation, platform: str = platform, adapter: FakeAdapter = adapter) -> Chat:
            sender = Person(platform, person, person.title())
            return replace(first, adapter=adapter, sender=sender, place=place, numbers=itertools.count(1000))

        for person in PEOPLE:
            name = f"{platform} {person}"
            found.append(Place(name, at(person, Conversation(platform, f"d-{person}")), frozenset({name})))
        group = Conversation(platform, f"g-{platform}", "Trip", "group")
        names = (f"{platform} group", f"{platform} thread")
        found.append(Place(names[0], at("ann", group), frozenset(names)))
        found.append(Place(names[1], at("bob", replace(group, thread="t1")), frozenset(names)))
        private = f"{platform} private thread"
        found.append(Place(private, at("eve", replace(group, thread="t2", private=True)), frozenset({private, *names})))
    return found
