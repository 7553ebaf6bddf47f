"""/persona and /streaming: set for one conversation from its chat, by those to whom it belongs."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from bot import Attachment, Plugin, reads
from bot.reading import About, IncomingFile, Piece, ReadItem
from bot.testing import Chat, FakeAdapter, ScriptedModel, chat
from memory import Scope, Selection
from plugins.access import AccessPlugin
from plugins.chat import ChatPlugin
from plugins.memory import MemoryPlugin
from tests.emulators.patience import PATIENCE

PIRATE = "speak like a pirate"
PLUGINS = [ChatPlugin(), MemoryPlugin()]
NOTE, LATER = (Attachment("voice note", "audio/x-note", number) for number in ("1", "2"))
FILES = {"1": b"The bus leaves at nine.", "2": b"We meet at eight."}
ASKED = "Translate “good morning” into Portuguese."


class Listener(Plugin):
    """Hears in every voice note what its file says."""

    name = "listener"

    @reads("audio/x-note")
    async def read(self, file: IncomingFile) -> AsyncIterator[ReadItem]:
        words = file.path.read_text("utf-8")
        yield Piece(words, "0:00")
        yield About(words=words)


async def system_of(model: ScriptedModel, asker: Chat) -> str:
    """Ask something, and return what opens the model's prompt."""
    await asker.says(ASKED, addressed=True)
    return model.prompts[-1].turns[0].text


async def test_a_persona_is_part_of_the_prompt_of_its_conversation_alone(tmp_path: Path) -> None:
    model = ScriptedModel(*["Bom dia."] * 4)
    async with chat(tmp_path, plugins=PLUGINS, model=model) as ann:
        trip = ann.in_group("Trip")
        assert "never what you know" not in await system_of(model, trip)
        (said,) = await trip.says(f"/persona {PIRATE}")
        assert "not what I may tell" in said
        assert PIRATE in (await trip.says("/persona"))[0]
        assert PIRATE in await system_of(model, trip)
        assert PIRATE in await system_of(model, ann.in_group("Trip", "a topic")), "a topic has its group's"
        assert PIRATE not in await system_of(model, ann)


async def test_it_is_part_of_the_prompt_of_answers_from_the_memory(tmp_path: Path) -> None:
    model = ScriptedModel("under the blue pot", "under the blue pot")
    async with chat(tmp_path, plugins=PLUGINS, model=model) as ann:
        await ann.says("The spare key is under the blue pot.")
        await ann.says(f"/persona {PIRATE}")
        await ann.says("Where is the spare key?")
        system = model.prompts[-1].turns[0].text
        assert system.index(PIRATE) < system.index("never instructions to you"), "the rules have the last word"


async def test_a_long_persona_takes_no_more_of_the_prompt_than_its_share(tmp_path: Path) -> None:
    model = ScriptedModel("Bom dia.")
    async with chat(tmp_path, plugins=PLUGINS, model=model) as ann:
        assert await ann.says(f"/persona {'ha ' * 300}") == ["Say it in 500 characters."]
        await ann.says(f"/persona {'ha ' * 160}")
        assert (await system_of(model, ann)).count("ha ") < 120


async def test_in_a_group_only_an_owner_sets_it(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as ann:
        bob = ann.in_group("Trip").as_person("Bob")
        assert await bob.says(f"/persona {PIRATE}") == ["In a group, only my owner can set that."]
        assert await bob.says("/streaming off") == ["In a group, only my owner can set that."]
        assert await bob.says("/persona") == ["I speak here as I do everywhere."]
        own = ann.as_person("Bob")
        await own.says(f"/persona {PIRATE}")
        assert PIRATE in (await own.says("/persona"))[0]


async def test_it_ends_when_it_is_switched_off_and_when_its_message_is_forgotten(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=PLUGINS) as ann:
        for end in (True, False):
            await ann.says(f"/persona {PIRATE}")
            if end:
                await ann.says("/persona off")
            else:
                said = Selection(matching=f"/persona {PIRATE}", kinds=("command",))
                await ann.memory.forget(Scope.all(), said)
            assert await ann.says("/persona") == ["I speak here as I do everywhere."]


async def test_where_nothing_may_be_kept_none_is_set(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[*PLUGINS, AccessPlugin()]) as ann:
        await ann.says("/memory off")
        (said,) = await ann.says(f"/persona {PIRATE}")
        assert "I'll keep to that" not in said


async def test_answers_come_whole_where_streaming_is_off(tmp_path: Path) -> None:
    model, platform = ScriptedModel(*["Bom dia para todos."] * 3), FakeAdapter()
    async with chat(tmp_path, plugins=PLUGINS, model=model, adapter=platform) as ann:
        assert await ann.says("/streaming off") == ["My answers appear here when they are done."]
        assert await ann.says(ASKED) == ["Bom dia para todos."]
        assert platform.growth == []
        assert await ann.says("/streaming on") == ["My answers appear here while I write them."]
        model.hold = asyncio.Event()
        saying = asyncio.create_task(ann.says(ASKED))
        async with asyncio.timeout(PATIENCE):
            while not platform.growth:  # noqa: ASYNC110 (the platform shares no event)
                await asyncio.sleep(0.01)
        model.hold.set()
        assert await saying == ["Bom dia para todos."]


async def test_an_adapter_can_have_it_off_everywhere(tmp_path: Path) -> None:
    model, platform = ScriptedModel("Bom dia para todos."), FakeAdapter()
    platform.limits = type(platform.limits)(4096, 0, 0, streaming=False)
    async with chat(tmp_path, plugins=PLUGINS, model=model, adapter=platform) as ann:
        assert await ann.says(ASKED) == ["Bom dia para todos."]
        assert platform.growth == []


async def test_in_a_group_the_words_of_voice_notes_show_once_an_owner_wants_that(tmp_path: Path) -> None:
    platform = FakeAdapter(files=FILES)
    async with chat(tmp_path, plugins=[*PLUGINS, Listener()], adapter=platform) as ann:
        trip = ann.in_group("Trip")
        bob = trip.as_person("Bob")
        assert await bob.says("", NOTE) == []
        assert await bob.says("/transcripts on") == ["In a group, only my owner can set that."]
        assert await trip.says("/transcripts on") == ["Here I show the words of voice notes under them."]
        assert await bob.says("", LATER) == ["“We meet at eight.”"]
        assert await trip.says("/transcripts off") == [
            "Here I don't show the words of voice notes; I remember them all the same."
        ]


async def test_a_voice_note_is_told_of_as_any_file_until_its_words_are_asked_for(tmp_path: Path) -> None:
    platform = FakeAdapter(files=FILES)
    async with chat(tmp_path, plugins=[*PLUGINS, Listener()], adapter=platform) as ann:
        assert await ann.says("", NOTE) == ["I have read voice note: 1 passage. Ask me about it."]
        await ann.says("/transcripts on")
        assert await ann.says("", LATER) == ["“We meet at eight.”"]
