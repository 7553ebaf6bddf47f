from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import FileUnreadable, PluginError
from bot.events import Attachment
from bot.plugin import Reader
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import Piece, Progress
from bot.testing import FakeAdapter, ScriptedModel, chat
from plugins.help import HelpPlugin
from tests.bot.hosting.process.conftest import PATIENT, Make

TOOLS = '''
from typing import Annotated, Literal

from pydantic import BaseModel

from bot import Context, Plugin, Reply, command, ingests, on_message


class Tools(Plugin):
    """A bit of everything."""

    class Settings(BaseModel):
        greeting: str = "Hello"

    @command("double", "doubles a number", aliases=("twice",))
    async def double(self, context: Context, number: Annotated[int, "a whole number"], *more: int) -> str:
        return ", ".join(str(2 * each) for each in (number, *more))

    @command("paint", "paints", owner_only=True)
    async def paint(self, context: Context, colour: Literal["red", "blue"], where: str = "here") -> str:
        return f"{colour} {where}"

    @command("greet", "asks for a name")
    async def greet(self, context: Context) -> str:
        name = await context.ask("Who are you?")
        return f"{self.settings.greeting}, {name}"

    @command("count", "streams")
    async def count(self, context: Context):
        for word in ("one ", "two ", "three"):
            yield word

    @command("keep", "keeps a fact and finds it")
    async def keep(self, context: Context, text: str) -> str:
        fact = await context.memory.remember(text)
        found = await context.memory.find(matching="boat")
        assert context.memory.may_forget(found[0])
        return f"{found[0].text} by {found[0].author}, {fact.passage_id == found[0].id}"

    @command("tally", "counts here, for me and everywhere")
    async def tally(self, context: Context) -> str:
        for values in (context.store.here, context.store.mine, context.store.everywhere, self.store):
            await values.set("n", int(await values.get("n", 0)) + 1)
        return f"{await context.store.here.get('n')} {await context.store.mine.get('n')} {await self.store.get('n')}"

    @command("choose", "lets choose")
    async def choose(self, context: Context) -> str:
        return await context.choose("Which?", ["left", "right"])

    @command("known", "lists commands")
    async def known(self, context: Context) -> str:
        return " ".join(each.usage for each in context.commands) + f" {context.is_owner} {context.access.role}"

    @command("grow", "shows how far it is")
    async def grow(self, context: Context) -> str:
        async with context.growing() as show:
            show("half")
        await context.reply("in between")
        return "done"

    @on_message(r"knock")
    async def knock(self, context: Context) -> Reply:
        return Reply("Who's there?")

    @ingests("text/plain")
    async def take(self, context: Context, attachment) -> str:
        return "".join([piece.decode() async for piece in context.fetch(attachment)]).upper()
'''


async def test_commands_are_converted_checked_and_explained_as_in_the_bot(tmp_path: Path, in_process: Make) -> None:
    async with chat(tmp_path, options=PATIENT, plugins=[in_process(TOOLS), HelpPlugin()]) as ann:
        assert await ann.says("/double 4") == ["8"]
        assert await ann.says("/twice 4 5 6") == ["8, 10, 12"]
        (told,) = await ann.says("/double much")
        assert told.startswith("number: “much” won't do (Input should be a valid integer")
        assert told.endswith("Usage: `/double NUMBER [MORE…]`")
        assert await ann.says("/double") == ["number is missing. Usage: `/double NUMBER [MORE…]`"]
        assert await ann.says("/paint red over there") == ["red over there"]
        assert "won't do" in (await ann.says("/paint green"))[0]
        assert await ann.as_person("Bo").says("/paint red") == ["Only my owner may use /paint."]
        assert "number: a whole number" in (await ann.says("/help double"))[0]


async def test_a_far_plugin_asks_streams_remembers_and_keeps(tmp_path: Path, in_process: Make) -> None:
    async with chat(tmp_path, options=PATIENT, plugins=[in_process(TOOLS, settings={"greeting": "Ahoy"})]) as ann:
        assert await ann.says("/greet") == ["Who are you?"]
        assert await ann.says("Ann") == ["Ahoy, Ann"]
        assert await ann.says("/count") == ["one two three"]
        assert await ann.says("/keep the boat is blue") == ["the boat is blue by Ann, True"]
        assert await ann.says("/tally") == ["1 1 2"]
        assert await ann.in_group("Trip").says("/tally", addressed=True) == ["1 2 4"]
        assert await ann.says("/choose") == ["Which?"]
        assert await ann.says("2") == ["right"]
        assert "/double NUMBER [MORE…]" in (known := (await ann.says("/known"))[0])
        assert known.endswith("True owner")
        assert await ann.says("/grow") == ["in between", "done"]
        assert "half" in ann.adapter.growth
        assert await ann.says("knock knock") == ["Who's there?"]


async def test_a_far_plugin_takes_in_files(tmp_path: Path, in_process: Make) -> None:
    adapter = FakeAdapter(files={"ref": b"hello file"})
    async with chat(tmp_path, options=PATIENT, plugins=[in_process(TOOLS)], adapter=adapter) as ann:
        assert await ann.says("", Attachment("a.txt", "text/plain", "ref", 10)) == ["HELLO FILE"]
        assert "something went wrong" in (await ann.says("", Attachment("b.txt", "text/plain", "gone", 10)))[0]


READER = """
from pathlib import Path

from bot import Plugin, reads
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import Piece, Progress
from bot.errors import FileUnreadable, PluginError


class Lines(Plugin):
    @reads("text/x-lines", endings=(".lines",))
    async def read(self, file: IncomingFile):
        if file.size == 0:
            raise FileUnreadable(f"{file.name} is empty.")
        yield Progress(0, 2, "lines")
        for number, line in enumerate(file.path.read_text().splitlines(), 1):
            yield Piece(line, f"line {number}")
"""


async def test_a_far_plugin_reads_files(tmp_path: Path, in_process: Make) -> None:
    path = tmp_path / "a.lines"
    path.write_text("first\nsecond\n")
    file = IncomingFile(path, "a.lines", "text/x-lines", 13, str(path))
    async with in_process(READER) as plugin:
        (reader,) = (each for each in plugin.capabilities() if isinstance(each, Reader))
        assert reader.endings == (".lines",)
        items = [item async for item in reader.handler(file)]
        assert items == [Progress(0, 2, "lines"), Piece("first", "line 1"), Piece("second", "line 2")]
        with pytest.raises(FileUnreadable, match=r"a\.lines is empty\."):
            [item async for item in reader.handler(replace(file, size=0))]


JOBS = """
from datetime import timedelta

from bot import Context, JobContext, Plugin, command, every, job


class Tea(Plugin):
    @command("tea", "starts the tea")
    async def tea(self, context: Context, minutes: int = 4) -> str:
        planned = await context.later(self.ready, timedelta(minutes=minutes), {"cup": minutes})
        return f"{planned.name} for {planned.person.name}"

    @command("planned", "what is")
    async def planned(self, context: Context) -> str:
        jobs = await context.jobs.list_planned()
        return " ".join(f"{each.name}:{each.payload['cup']}" for each in jobs) + str(
            [await context.jobs.cancel(each.id) for each in jobs]
        )

    @job
    async def ready(self, context: JobContext) -> str:
        await context.reply(f"late by {context.late_by}")
        await context.store.here.set("cup", context.payload["cup"])
        found = await context.memory.find(matching="kettle")
        return f"{context.person.name}: {await context.store.here.get('cup')} {len(found)} {context.conversation.kind}"

    @every(hours=1)
    async def look(self, context: JobContext) -> None:
        await self.store.set("looked", int(await self.store.get("looked", 0)) + 1)

    @command("looked", "how often")
    async def looked(self, context: Context) -> str:
        return str(await self.store.get("looked"))
"""


async def test_jobs_of_a_far_plugin_are_planned_done_and_cancelled(tmp_path: Path, in_process: Make) -> None:
    async with chat(tmp_path, options=PATIENT, plugins=[in_process(JOBS)]) as ann:
        await ann.says("The kettle is on")
        assert await ann.says("/tea 5") == ["ready for Ann"]
        assert await ann.waits(timedelta(minutes=5)) == ["late by 0:00:00", "Ann: 5 1 direct"]
        await ann.says("/tea 9")
        assert await ann.says("/planned") == ["ready:9[True]"]
        assert await ann.waits(timedelta(minutes=9)) == []
        await ann.waits(timedelta(hours=1))
        assert await ann.says("/looked") == ["1"]


WRITER = """
from bot import Context, Plugin, command


class Writes(Plugin):
    @command("write", "writes")
    async def write(self, context: Context) -> str:
        examples = [("One long story.", "One."), ("Two long stories.", "Two.")]
        text = await self.model.write("Sum it up.", "A long story.", max_tokens=20, examples=examples)
        room = self.model.room("Sum it up.", 20)
        return f"{text} {self.model.name} {self.model.is_there} {room > 100} {self.data_dir.name}"
"""


async def test_a_far_plugin_writes_with_the_bots_model(tmp_path: Path, in_process: Make) -> None:
    model = ScriptedModel("Short.")
    async with chat(tmp_path, options=PATIENT, plugins=[in_process(WRITER)], model=model) as ann:
        assert await ann.says("/write") == [f"Short. scripted True True {tmp_path.name}"]
    texts = ["Sum it up.", "One long story.", "One.", "Two long stories.", "Two.", "A long story."]
    assert [turn.text for turn in model.prompts[0].turns] == texts


async def test_what_a_process_can_not_have_is_said_when_it_starts(in_process: Make) -> None:
    source = """
    from bot import Context, Plugin, tool
    class Far(Plugin):
        @tool("adds")
        async def add(self, context: Context, one: int) -> str:
            return "1"
    """
    with pytest.raises(PluginError, match="far uses what is not available in a separate process: Tool"):
        await in_process(source).__aenter__()
