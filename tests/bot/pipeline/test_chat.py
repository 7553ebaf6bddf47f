"""Chat scripts: what people say, and what comes back."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Self
from zoneinfo import ZoneInfo

import pytest

from bot import Attachment, CommandError, Context, Plugin, command, ingests, on_message
from bot.access.policy import AllowList
from bot.adapter import Delivery
from bot.answering.records import AnswerOptions
from bot.events import Conversation, Feedback, Message, MessageDeleted, MessageEdited, Reply
from bot.pipeline.core import Core, CoreOptions
from bot.testing import START, FakeAdapter, ScriptedModel, chat
from memory import Scope, Selection
from plugins.help import HelpPlugin
from plugins.memory import MemoryPlugin
from tests.emulators.patience import PATIENCE
from tests.loop_time import let_pass
from tests.memory.sqlite_store import store_of

HOTEL = "we booked the hotel in Lisbon for June"
WHEN = "for when is the hotel in Lisbon booked?"


class Tools(Plugin):
    """Does what goes well, and what goes wrong."""

    name = "tools"

    @command("double", "twice a number")
    async def double(self, context: Context, number: int) -> str:
        return f"{context.message.sender.name}: {2 * number}"

    @command("name", "ask back")
    async def ask_name(self, context: Context) -> str:
        first = await context.ask("First name?")
        last = await context.ask("Last name?")
        return f"Hello {first} {last}"

    @command("count", "stream")
    async def count(self, context: Context, to: int) -> AsyncIterator[str]:
        for number in range(to):
            yield f"{number} "
            await asyncio.sleep(0.005)
        assert context

    @command("crash", "fail")
    async def crash(self, context: Context) -> str:
        raise RuntimeError(f"no {context.message.event_id}")

    @command("quit", "fail badly")
    async def quit(self, context: Context) -> str:
        raise SystemExit(context.message.text)

    @command("hang", "never end")
    async def hang(self, context: Context) -> str:
        await asyncio.sleep(60)
        return context.message.text

    @command("secret", "for the owner", owner_only=True)
    async def secret(self, context: Context) -> str:
        return f"s3cret, {context.message.sender.name}"

    @command("refuse", "say no")
    async def refuse(self, context: Context) -> str:
        raise CommandError(f"Not today, {context.message.sender.name}.")

    @on_message("boom")
    async def boom(self, context: Context) -> str | None:
        raise RuntimeError(context.message.text)

    @on_message("^marco$")
    async def marco(self, context: Context) -> str | None:
        return "polo" if context.message.text == "marco" else None

    @ingests("text/plain")
    async def read(self, context: Context, attachment: Attachment) -> str:
        data = b"".join([piece async for piece in context.fetch(attachment)])
        lines = [(line, f"line {number}") for number, line in enumerate(data.decode().splitlines(), start=1)]
        await context.memory.add_document(attachment.name, attachment.media_type, str(hash(data)), lines)
        return f"I have read {attachment.name}."


async def test_a_question_is_answered_from_what_was_said_with_its_source(tmp_path: Path) -> None:
    async with chat(tmp_path, model=ScriptedModel("In June [1].")) as ann:
        await ann.says(HOTEL)
        assert await ann.says(WHEN) == [f'In June\nAnn: "{HOTEL}" [1]']
        assert [source.text for source in ann.last.sources] == [HOTEL]


async def test_the_times_of_sources_are_in_the_zone_that_is_set(tmp_path: Path) -> None:
    async with chat(tmp_path, answering=AnswerOptions(zone=ZoneInfo("Asia/Tokyo"))) as ann:
        said = ann.message(HOTEL)
        await ann.core.deliver(said)
        await ann.says(WHEN)
        (source,) = ann.last.sources
        assert source.said_at.isoformat() == "2024-05-03T21:00:00+09:00"
        assert source.said_at == said.sent_at


async def test_who_tells_something_new_hears_that_it_is_remembered(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        assert await ann.says(HOTEL) == ["I'll remember that."]
        assert await ann.says("who ate the sunflower seeds?") == ["I remember nothing about that."]


async def test_in_a_group_the_bot_remembers_all_and_answers_only_when_addressed(tmp_path: Path) -> None:
    async with chat(tmp_path) as direct:
        ann = direct.in_group("Trip")
        bob = ann.as_person("Bob")
        assert await ann.says(HOTEL) == []
        assert await bob.says("the parrot eats seeds") == []
        (answer,) = await bob.says(WHEN, addressed=True)
        assert HOTEL in answer


async def test_what_is_said_in_one_chat_does_not_surface_in_another(tmp_path: Path) -> None:
    told = "the launch code of the hotel in Lisbon is 4711"
    question = "what is the launch code of the hotel in Lisbon?"
    async with chat(tmp_path, plugins=[MemoryPlugin()]) as ann:
        group, bob = ann.in_group("Trip"), ann.as_person("Bob")
        other_group, in_thread = bob.in_group("Other"), ann.in_group("Trip", thread="1")
        everybody = {"ann": ann, "group": group, "bob": bob, "other": other_group, "thread": in_thread}
        readable = {"group", "thread"}
        for name, teller in everybody.items():
            await teller.says(f"{told} {name}", addressed=False)
        for name, asker in everybody.items():
            said = "\n".join(
                [reply for text in (question, f"/ask {question}", f"/memories {question}", "/memories", "/forget 4711")
                 for reply in await asker.says(text, addressed=True)]
            )  # fmt: skip
            heard = {other for other in everybody if f"4711 {other}" in said}
            assert heard == (readable if name in readable else {name}), name
            await asker.says("no")


async def test_a_message_that_is_delivered_again_is_answered_once(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        message = ann.message(HOTEL)
        assert await ann.core.deliver(message) is Delivery.ACCEPTED
        assert await ann.core.deliver(message) is Delivery.DUPLICATE
        await ann.core.idle()
        assert len(ann.adapter.sent) == 1


async def test_who_is_not_admitted_is_neither_stored_nor_answered(tmp_path: Path) -> None:
    async with chat(tmp_path, access=AllowList(owners=[("test", "ann")])) as direct:
        ann = direct.in_group("Trip")
        eve = ann.as_person("Eve")
        assert await ann.core.deliver(eve.message("let me in", addressed=True)) is Delivery.REFUSED
        await ann.core.idle()
        assert ann.adapter.sent == []
        assert await ann.memory.passages.select(Scope.all(), Selection(everything=True)) == []


async def test_commands_get_typed_arguments_and_say_how_they_are_used(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Tools()]) as ann:
        assert await ann.says("/double 21") == ["Ann: 42"]
        (wrong,) = await ann.says("/double many")
        assert "/double NUMBER" in wrong
        assert await ann.says("/duoble 2") == ["I have no command /duoble. Did you mean /double?"]
        assert await ann.says("/refuse") == ["Not today, Ann."]


async def test_commands_and_what_they_say_are_no_part_of_the_history(tmp_path: Path) -> None:
    model = ScriptedModel("In June [1].")
    async with chat(tmp_path, plugins=[Tools()], model=model) as ann:
        await ann.says("/double 21")
        await ann.says(HOTEL)
        await ann.says(WHEN)
        assert "42" not in "".join(turn.text for turn in model.prompts[-1].turns)
        assert "double" not in "".join(turn.text for turn in model.prompts[-1].turns)


async def test_a_plugin_that_fails_is_named_in_the_log_and_its_user_told_with_an_id(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with chat(tmp_path, plugins=[Tools()]) as ann:
        for failing in ("/crash", "/quit"):
            (told,) = await ann.says(failing)
            error_id = re.findall(r"error (\w+)", told)[0]
            assert f"Error {error_id}: the plugin tools failed" in caplog.text
        assert await ann.says("/double 2") == ["Ann: 4"]


async def test_a_handler_that_fails_does_not_keep_the_answer_away(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Tools()]) as ann:
        await ann.says(HOTEL)
        told, answer = await ann.says(f"boom, {WHEN}")
        assert "something went wrong" in told
        assert HOTEL in answer


async def test_a_handler_that_replies_ends_it(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Tools()]) as ann:
        assert await ann.says("marco") == ["polo"]


async def test_a_handler_that_takes_too_long_is_given_up(tmp_path: Path) -> None:
    options = CoreOptions(deadline=0.05)
    async with chat(tmp_path, plugins=[Tools()], options=options) as ann:
        (told,) = await ann.says("/hang")
        assert "took too long" in told


async def test_only_the_owner_may_use_the_owners_commands(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Tools()]) as ann:
        assert await ann.says("/secret") == ["s3cret, Ann"]
        assert await ann.as_person("Bob").says("/secret") == ["Only my owner may use /secret."]


async def test_a_handler_can_ask_back_while_others_are_served(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Tools()]) as direct:
        ann = direct.in_group("Trip")
        bob = ann.as_person("Bob")
        assert await ann.says("/name") == ["First name?"]
        assert await bob.says("/double 2") == ["Bob: 4"]
        assert await bob.says("Robert") == []
        assert await ann.says("Ann") == ["Last name?"]
        assert await ann.says("Other") == ["Hello Ann Other"]
        found = await ann.memory.passages.select(Scope.all(), Selection(everything=True, kinds=("message",)))
        assert [passage.text for passage in found] == ["Robert"]


class HastyPlatform(FakeAdapter):
    """A platform on which somebody answers a question before the bot is told that it was sent."""

    answer: Message | None = None
    core: Core

    async def send(self, conversation: Conversation, reply: Reply, *, reply_to: str | None = None) -> tuple[str, ...]:
        answer, self.answer = self.answer, None
        if answer is not None:
            await self.core.deliver(answer)
        return await super().send(conversation, reply, reply_to=reply_to)


async def test_an_answer_that_overtakes_the_receipt_of_its_question_counts(tmp_path: Path) -> None:
    platform = HastyPlatform()
    async with chat(tmp_path, plugins=[Tools()], adapter=platform) as direct:
        ann = direct.in_group("Trip")
        platform.core, platform.answer = ann.core, ann.message("Ann")
        assert await ann.says("/name") == ["First name?", "Last name?"]
        assert await ann.says("Other") == ["Hello Ann Other"]
        assert await ann.memory.passages.select(Scope.all(), Selection(everything=True, kinds=("message",))) == []


async def test_a_command_overtakes_a_question_that_was_not_answered(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Tools()]) as ann:
        await ann.says("/name")
        assert await ann.says("/double 2") == ["Never mind, then.", "Ann: 4"]


async def test_waiting_for_a_person_does_not_count_against_the_deadline(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with chat(tmp_path, plugins=[Tools()], options=CoreOptions(deadline=30)) as ann:
        await ann.says("/name")
        let_pass(60, monkeypatch)
        assert await ann.says("Ann") == ["Last name?"]
        assert await ann.says("Other") == ["Hello Ann Other"]


async def test_a_reply_in_pieces_grows(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Tools()]) as ann:
        assert await ann.says("/count 4") == ["0 1 2 3 "]
        assert ann.adapter.growth[0] == "0 "


async def test_stop_breaks_an_answer_off(tmp_path: Path) -> None:
    model = ScriptedModel("In June, and so on [1].")
    async with chat(tmp_path, plugins=[HelpPlugin()], model=model) as ann:
        await ann.says(HOTEL)
        model.hold = asyncio.Event()
        await ann.core.deliver(ann.message(WHEN))
        await model.held.wait()
        assert await ann.says("/stop") == []
        assert ann.adapter.failed == ["Stopped."]
        assert await ann.memory.delivery.list_waiting() == []
        assert await ann.says("/stop") == ["There is nothing to stop."]


async def test_files_are_taken_in_and_found_again_with_their_place(tmp_path: Path) -> None:
    adapter = FakeAdapter(files={"1": b"the parrot is called Kiki\nthe boiler is serviced in October"})
    note, film = Attachment("note.txt", "text/plain", "1"), Attachment("a.mkv", "video/x-matroska", "2")
    async with chat(tmp_path, plugins=[Tools()], adapter=adapter) as ann:
        assert await ann.says("", note) == ["I have read note.txt."]
        (told,) = await ann.says("", film)
        assert "can't read a.mkv" in told
        await ann.says("when is the boiler serviced?")
        assert (ann.last.sources[0].locator, ann.last.sources[0].kind) == ("line 2", "document")
        (gone,) = await ann.says("", Attachment("gone.txt", "text/plain", "9"))
        assert "something went wrong" in gone


async def test_edits_and_deletions_on_the_platform_change_the_memory(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        message = ann.message("the parrot is called Kiki")
        await ann.core.deliver(message)
        await ann.core.idle()
        edit = MessageEdited(message.conversation, message.event_id, "the parrot is called Coco")
        assert await ann.core.deliver(edit) is Delivery.ACCEPTED
        (answer,) = await ann.says("what is the parrot called?")
        assert "Coco" in answer
        assert "Kiki" not in answer
        gone = MessageDeleted(message.conversation, (message.event_id, "unknown"))
        assert await ann.core.deliver(gone) is Delivery.ACCEPTED
        found = await ann.memory.passages.select(Scope.all(), Selection(matching="Coco", kinds=("message",)))
        assert found == []
        assert await ann.core.deliver(MessageDeleted(message.conversation, ("unknown",))) is Delivery.REFUSED


async def test_forgetting_works_while_others_write_and_the_memory_embeds(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()]) as ann, ann.memory.embeddings.embed_in_background():
        bob = ann.as_person("Bob")
        await ann.says("/remember the boiler is serviced in October")
        told = [bob.message(f"message {number} about the parrot") for number in range(30)]
        async with asyncio.TaskGroup() as group:
            forgetting = group.create_task(ann.says("/forget boiler is serviced"))
            for message in told:
                group.create_task(ann.core.deliver(message))
        assert "Forgotten: " in "".join(forgetting.result())
        assert await ann.memory.facts.select(Scope.all()) == []


async def test_feedback_is_stored_beside_the_reply_and_can_be_changed(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        await ann.says(HOTEL)
        (sent,) = ann.adapter.sent
        for value in (1, -1):
            judged = Feedback(sent.conversation, ann.sender, sent.ids[0], value, START)
            assert await ann.core.deliver(judged) is Delivery.ACCEPTED
        stored = await store_of(ann.memory).read(
            """SELECT value, people.name, event_id FROM judgements JOIN passages ON passages.id = answer_id
               JOIN people ON people.id = person_id"""
        )
        assert stored == [(-1, "Ann", sent.ids[0])]


async def test_adapters_run_side_by_side_and_one_that_fails_does_not_stop_the_others(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    class Revoked(FakeAdapter):
        async def run(self, deliver: object) -> None:
            raise ConnectionError(f"token revoked {deliver is not None}")

    async with chat(tmp_path, plugins=[Tools()]) as ann:
        good = FakeAdapter()
        good.post(ann.message("/double 1"), ann.message("/double 2"))
        good.hang_up()
        await asyncio.wait_for(ann.core.serve([Revoked("other"), good]), PATIENCE)
        assert [sent.reply.text for sent in good.sent] == ["Ann: 2", "Ann: 4"]
        assert [delivery for _, delivery in good.acknowledged] == [Delivery.ACCEPTED] * 2
    assert "The adapter other has failed" in caplog.text


async def test_a_plugin_that_can_not_start_is_left_out(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Tools):
        name = "broken"

        async def __aenter__(self) -> Self:
            raise RuntimeError("no such server")

    async with chat(tmp_path, plugins=[Broken(), HelpPlugin()]) as ann:
        (told,) = await ann.says("/double 2")
        assert "no command /double" in told
    assert "The plugin broken could not be started" in caplog.text


async def test_odd_texts_are_stored_and_answered(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        for text in ("nul\0byte", "שלום עולם", "👩‍👩‍👧‍👦" * 50, "x" * 1_000_000, "\u202e reversed"):
            assert len(await ann.says(text)) == 1


async def test_nothing_is_left_running(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Tools()]) as ann:
        await ann.says("/name")
        await ann.says(HOTEL)
    with contextlib.suppress(asyncio.CancelledError):
        assert [task.get_name() for task in asyncio.all_tasks() if task is not asyncio.current_task()] == []


async def test_what_the_bot_is_asked_is_history_and_what_it_is_told_can_be_recalled(tmp_path: Path) -> None:
    async with chat(tmp_path) as ann:
        await ann.says("my sister is called Ana")
        await ann.says("what is my sister called?")
        kinds = [each.kind for each in await ann.memory.passages.select(Scope.all(), Selection(everything=True))]
        assert sorted(kinds) == ["answer", "answer", "message", "question"]
        recalled = await ann.memory.recall("what is my sister called?", Scope.all(), now=START)
        assert [each.passage.text for each in recalled] == ["my sister is called Ana"]
