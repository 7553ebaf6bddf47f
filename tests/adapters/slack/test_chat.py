"""Direct chats, channels and threads on Slack, from the settings to what a person sees."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot import Context, Plugin, ingests
from bot.events import Attachment
from bot.testing import ScriptedModel
from memory import Scope
from tests.adapters.bots import running, stored
from tests.adapters.slack_bot import settings_for, talking
from tests.emulators.slack import SlackServer

KEY = "The spare key to the cabin is under the blue flowerpot."
WHERE = "Where is the spare key to the cabin?"


@pytest.fixture
async def slack() -> AsyncIterator[SlackServer]:
    async with SlackServer.open() as server:
        yield server


async def test_a_person_tells_something_and_asks_for_it_later(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    async with running(settings_for(slack, tmp_path, people=[ana])):
        await ana.says("/help")
        await ana.sees("Ask me anything")
        said = await ana.says(KEY)
        await ana.sees("remember that")
        await ana.says(WHERE)
        answer = await ana.sees("under the blue flowerpot")
    assert f"[1] <{slack.permalink(ana.room, said)}|Ana, " in answer.notes
    assert "(Slack)" in answer.notes


async def test_a_stranger_is_not_answered_and_not_remembered(slack: SlackServer, tmp_path: Path) -> None:
    ana, eve = slack.person("Ana"), slack.person("Eve")
    async with running(settings_for(slack, tmp_path, people=[ana])) as app:
        await eve.says("hello?")
        await ana.says("/help")
        await ana.sees("Ask me anything")
        await eve.sees("I only talk with people my owner lets in")
        assert await stored(app.memory, "hello?") == []


async def test_a_workspace_lets_its_own_people_in_and_not_the_guests_of_a_shared_channel(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana, eve = slack.person("Ana"), slack.person("Eve")
    trip = slack.channel("trip", ana, eve)
    async with running(settings_for(slack, tmp_path, workspaces=[slack.team])) as app:
        await ana.says("/help")
        await ana.sees("Ask me anything")
        eve.in_channel(trip).writes("eve was here", user_team="T0OTHER")
        await ana.in_channel(trip).says("ana was here")
        await ana.in_channel(trip).uses("/memories")
        await ana.in_channel(trip).sees("ana was here")
        await slack.events.settled()
        assert await stored(app.memory, "was here") == ["ana was here"]


async def test_a_channel_is_remembered_and_answered_in_a_thread_when_the_bot_is_mentioned(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana, bruno = slack.person("Ana"), slack.person("Bruno")
    trip = slack.channel("trip", ana, bruno)
    async with running(settings_for(slack, tmp_path, channels=[trip])) as app:
        ana, bruno = ana.in_channel(trip), bruno.in_channel(trip)
        said = await bruno.says(KEY)
        await ana.says(WHERE)
        await ana.sees_nothing()
        asked = await ana.says(f"@jay {WHERE}")
        answer = await ana.sees("under the blue flowerpot")
        assert answer.thread_ts == asked.ts
        assert f"[1] <{slack.permalink(trip, said)}|Bruno, " in answer.notes
        assert ", trip (Slack)" in answer.notes
        thread = ana.in_thread(asked)
        thread.seen = answer.ts
        await thread.says("and what colour is the flowerpot of the spare key?")
        followed = await thread.sees("blue")
        assert followed.thread_ts == asked.ts
        thread.writes(f"<@{bruno.account.id}> is that so?")
        await thread.sees_nothing()
        assert await stored(app.memory, "is that so") == ["@Bruno is that so?"]
    assert slack.statuses == ["is thinking…"] * 2


async def test_an_answer_in_a_thread_grows_by_slacks_own_stream(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    model = ScriptedModel("Under the **blue** flowerpot, I think [1].")
    model.hold = asyncio.Event()
    async with talking(slack, tmp_path, model=model):
        ana = ana.in_channel(trip)
        await ana.says(KEY)
        await ana.says(f"@jay {WHERE}")
        growing = await ana.sees_growing("Under the **blue** flowerpot")
        assert growing.is_streaming
        model.hold.set()
        answer = await ana.sees("I think\nAna: ")
    assert answer is growing
    assert answer.was_streamed
    assert len(answer.versions) >= 2
    assert answer.notes.startswith("[1] <https://jays.slack.example/archives/")
    assert slack.calls["chat.postMessage"] == 0


async def test_an_answer_in_a_direct_chat_grows_by_edits(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    model = ScriptedModel("Under the **blue** flowerpot, I think [1].")
    model.hold = asyncio.Event()
    async with talking(slack, tmp_path, model=model):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        growing = await ana.sees("Under the *blue* flowerpot")
        model.hold.set()
        await slack.until(lambda: True if "I think\nAna: " in growing.text else None)
    assert growing.versions[0] != growing.text
    assert growing.thread_ts is None
    assert len(ana.messages) == 2


async def test_the_agent_view_offers_prompts_and_streams_in_its_chats(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    model = ScriptedModel("Under the blue flowerpot [1].")
    model.hold = asyncio.Event()
    async with talking(slack, tmp_path, model=model):
        chat = ana.opens_chat()
        await slack.until(lambda: slack.prompts.get(str(chat.thread)))
        await ana.says(KEY)
        await ana.sees("remember")
        await chat.says(WHERE)
        await chat.sees_growing("Under the blue")
        model.hold.set()
        answer = await chat.sees("Under the blue flowerpot\nAna: ")
        assert answer.was_streamed
        assert slack.titles == {str(chat.thread): WHERE}
        ana.opens_home()
        home = await slack.until(lambda: slack.homes.get(ana.account.id))
    assert "/remember TEXT" in home["blocks"][0]["text"]["text"]


async def test_threads_in_direct_chats_can_be_switched_on_and_those_in_channels_off(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    async with talking(slack, tmp_path, threads_in_direct_chats=True, threads_in_channels=False):
        said = await ana.says(KEY)
        assert (await ana.sees("remember")).thread_ts == said.ts
        await ana.in_channel(trip).says(f"@jay {KEY}")
        assert (await ana.in_channel(trip).sees("remember")).thread_ts is None


async def test_a_long_answer_comes_in_parts_that_slack_takes(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    long = "\n\n".join(f"Paragraph {number}: " + "well <b> & said. " * 60 for number in range(12))
    text = f"{long}\n\n```python\n" + "print('x')\n" * 500 + "```\n\n" + f"The end: {KEY}"
    async with talking(slack, tmp_path, model=ScriptedModel(text, text)):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        last = await ana.sees(f"The end: {KEY} [1]")
        assert "[1] <" in last.notes
        assert sum(each.shown.count("print('x')") for each in ana.messages) == 500
        assert len(ana.messages) >= 3
        await ana.in_channel(trip).says(f"{KEY}")
        await ana.in_channel(trip).says(f"@jay {WHERE}")
        await ana.in_channel(trip).sees(f"The end: {KEY} [1]")
        assert sum(each.shown.count("print('x')") for each in ana.in_channel(trip).messages) == 500


async def test_a_message_whose_words_are_changed_keeps_the_name_of_its_file(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    async with running(settings_for(slack, tmp_path, people=[ana])) as app:
        sent = await ana.sends_file("plan.bin", b"\0\1", "application/octet-stream", "the old plan")
        await ana.sees("")
        await ana.edits(sent, "the new plan")
        await slack.events.settled()
        assert await stored(app.memory, "plan.bin") == ["the new plan\n(plan.bin)"]


async def test_an_edit_or_a_deletion_on_slack_changes_the_memory(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    async with running(settings_for(slack, tmp_path, people=[ana])) as app:
        said = await ana.says(KEY)
        await ana.sees("remember")
        await ana.edits(said, "The spare key to the cabin is in the shed now.")
        await ana.says(WHERE)
        answer = await ana.sees("in the shed")
        assert "flowerpot" not in answer.shown
        ana.deletes(said)
        await slack.events.settled()
        assert await stored(app.memory, "in the shed now") == []
        asked = await ana.says("who knows the timetable of the ferry?")
        await ana.sees("")
        await ana.in_thread(asked).says("the boat leaves at nine")
        await ana.in_thread(asked).sees("remember")
        ana.deletes(asked)
        await slack.events.settled()
        assert await stored(app.memory, "timetable") == []
        assert await stored(app.memory, "the boat") == ["the boat leaves at nine"]


async def test_a_thumb_on_an_answer_is_kept_as_feedback_and_can_be_taken_back(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana = slack.person("Ana")
    async with running(settings_for(slack, tmp_path, people=[ana])) as app:
        said = await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        answer = await ana.sees("under the blue flowerpot")
        await app.core.idle()
        ana.reacts(answer, "+1::skin-tone-3")
        ana.reacts(answer, "tada")
        ana.reacts(said, "-1")
        await slack.events.settled()
        assert [each.value for each in await app.memory.judgements.select(Scope.all())] == [1]
        ana.reacts(answer, "-1")
        ana.takes_back(answer, "+1::skin-tone-3")
        await slack.events.settled()
        assert [each.value for each in await app.memory.judgements.select(Scope.all())] == [-1]
        ana.takes_back(answer, "-1")
        await slack.events.settled()
        assert await app.memory.judgements.select(Scope.all()) == []


async def test_a_reaction_in_a_thread_finds_the_answer_there(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    async with running(settings_for(slack, tmp_path, channels=[trip])) as app:
        ana = ana.in_channel(trip)
        await ana.says(KEY)
        await ana.says(f"@jay {WHERE}")
        answer = await ana.sees("under the blue flowerpot")
        await app.core.idle()
        ana.reacts(answer, "+1")
        await slack.events.settled()
        assert [each.value for each in await app.memory.judgements.select(Scope.all())] == [1]


class Notes(Plugin):
    """Takes in text files and sound, and says what it got."""

    name = "notes"

    @ingests("text/plain", "audio/*")
    async def take(self, context: Context, attachment: Attachment) -> str:
        data = b"".join([piece async for piece in context.fetch(attachment)])
        return f"{attachment.name} ({attachment.media_type}) has {len(data)} bytes"


async def test_files_are_fetched_with_the_bots_token_and_taken_in(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    async with talking(slack, tmp_path, plugins=[Notes()]):
        await ana.sends_file("packing.txt", b"tent, rope" * 200_000, "text/plain", "for the trip")
        await ana.sees("packing.txt (text/plain) has 2000000 bytes")
        await ana.sends_file(
            "voice.ogg", b"v" * 700, "audio/ogg", url_private_download="", file_access="check_file_info"
        )
        await ana.sees("(audio/ogg) has 700 bytes")
        await ana.sends_file("x.bin", b"?", "application/x-odd")
        await ana.sees("can't read x.bin")
        await ana.sends_file("gone.txt", b"?", "text/plain", mode="tombstone")
        await ana.sees_nothing()


async def test_a_file_that_is_gone_or_elsewhere_is_asked_for_and_the_token_stays_here(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana = slack.person("Ana")
    async with talking(slack, tmp_path, plugins=[Notes()]):
        slack.files.clear()
        await ana.sends_file("far.txt", b"?", "text/plain", url_private_download="http://files.evil.example/far.txt")
        await ana.sees("is not kept by Slack")
        await ana.sends_file("old.txt", b"?", "text/plain", url_private_download=slack.file_url("F0GONE"))
        await ana.sees("Slack no longer has old.txt. Please send it again.")
        slack.scopes.remove("files:read")
        await ana.sends_file("shut.txt", b"?", "text/plain")
        await ana.sees("Sorry, something went wrong")


async def test_names_links_and_forwarded_messages_are_read_as_people_see_them(
    slack: SlackServer, tmp_path: Path
) -> None:
    ana, bruno = slack.person("Ana"), slack.person("Bruno")
    trip = slack.channel("trip", ana, bruno)
    async with running(settings_for(slack, tmp_path, people=[ana])) as app:
        ana.writes(
            f"<@{bruno.account.id}> &amp; <@U0GONE|Zoe> meet in <#{trip.id}> or <#C9|pub>, see "
            "<https://maps.example/pier|the pier> and <https://tide.example>, "
            "<!here> <!subteam^S1|@crew> <!date^1392734382^{date}|18 Feb 2014> <mailto:a@b.example|a@b.example> "
            "1 &lt; 2"
        )
        await ana.sees("remember")
        ana.writes(
            "", attachments=[{"is_share": True, "author_name": "Bruno", "text": "ferry at nine", "ts": "1714770840.0"}]
        )
        await ana.sees("remember")
        (read,) = await stored(app.memory, "meet in")
        assert read == (
            "@Bruno & @Zoe meet in #trip or #pub, see the pier (https://maps.example/pier) and https://tide.example, "
            "@here @crew 18 Feb 2014 a@b.example 1 < 2"
        )
        assert await stored(app.memory, "ferry") == ["(forwarded: Bruno, 3 May 2024 21:14 UTC)\nferry at nine"]
    assert slack.calls["users.info"] == 3


async def test_what_bots_and_slack_itself_say_is_not_remembered(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    async with running(settings_for(slack, tmp_path, channels=[trip])) as app:
        ana = ana.in_channel(trip)
        ana.writes("a build has failed", subtype="bot_message", bot_id="B0OTHER")
        ana.writes("another bot here", bot_id="B0OTHER")
        ana.writes("has joined the channel", subtype="channel_join")
        await ana.says("the ferry leaves at nine")
        await slack.events.settled()
        assert await stored(app.memory, "a") == ["the ferry leaves at nine"]


async def test_a_stopped_answer_says_so(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    model = ScriptedModel("Under the blue flowerpot [1].")
    model.hold = asyncio.Event()
    async with talking(slack, tmp_path, model=model):
        await ana.says(KEY)
        await ana.sees("remember")
        await ana.says(WHERE)
        await ana.sees("Under the blue")
        await ana.uses("/stop")
        await slack.until(lambda: True if ana.messages[-1].shown == "Stopped." else None)


async def test_a_channel_whose_id_changes_keeps_its_memory_and_its_messages(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    trip = slack.channel("trip", ana)
    async with running(settings_for(slack, tmp_path, channels=[trip])) as app:
        ana = ana.in_channel(trip)
        said = await ana.says(KEY)
        await slack.events.settled()
        slack.change_id(trip)
        await slack.events.settled()
        await ana.edits(said, "The spare key to the cabin is in the shed now.")
        await slack.events.settled()
        await ana.says(f"@jay {WHERE}")
        await ana.sees("in the shed")
        assert await stored(app.memory, "flowerpot") == []


async def test_a_channel_that_is_deleted_is_forgotten_with_its_threads(slack: SlackServer, tmp_path: Path) -> None:
    ana = slack.person("Ana")
    trip, work = slack.channel("trip", ana), slack.channel("work", ana)
    async with running(settings_for(slack, tmp_path, people=[ana], channels=[trip, work])) as app:
        said = await ana.in_channel(trip).says("This was said in trip.")
        await ana.in_channel(trip).in_thread(said).says("This was said in a thread of trip.")
        await ana.in_channel(work).says("This was said in work.")
        await slack.events.settled()
        slack.delete_channel(trip)
        await slack.events.settled()
        assert await stored(app.memory, "This was said") == ["This was said in work."]
