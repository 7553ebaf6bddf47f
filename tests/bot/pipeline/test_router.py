from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot import Attachment, Context, Conversation, Message, Person, Plugin, command, ingests, on_message
from bot.pipeline.router import Handle, OtherBot, Route, Router, RunCommand, UnknownCommand
from bot.plugin import capabilities_of

ANN = Person("test", "ann", "Ann")
DIRECT = Conversation("test", "d")
GROUP = Conversation("test", "g", "Trip", "group")
PDF = Attachment("a.pdf", "application/pdf", "1")
OGG = Attachment("a.ogg", "audio/ogg; codecs=opus", "2")
ZIP = Attachment("a.zip", "application/zip", "3")


class Tools(Plugin):
    name = "tools"

    @command("forget", "…", aliases=("unlearn",))
    async def forget(self, context: Context, what: str = "") -> str:
        return f"{context}{what}"

    @on_message(r"\bdice\b", priority=1)
    async def dice(self, context: Context) -> str:
        return f"{context}"

    @on_message(kind="group", priority=9)
    async def groups(self, context: Context) -> str:
        return f"{context}"

    @on_message(addressed=True, platform="slack")
    async def slack(self, context: Context) -> str:
        return f"{context}"

    @ingests("application/pdf", "audio/*")
    async def take(self, context: Context, attachment: Attachment) -> str:
        return f"{context}{attachment}"


class Thief(Plugin):
    @command("forget", "…")
    async def forget(self, context: Context) -> str:
        return f"{context}"


def route(text: str, *files: Attachment, place: Conversation = DIRECT, addressed: bool = False) -> Route:
    now = datetime(2024, 5, 3, tzinfo=UTC)
    message = Message("1", place, ANN, text, now, addressed=addressed, attachments=files)
    return Router(capabilities_of([Tools()]), "Scrubjay").route(message)


@pytest.mark.parametrize(
    "text", ["/forget a b", "/FORGET a b", "/unlearn a b", "/forget@scrubjay  a b", "/forget\na b"]
)
def test_a_command_is_found_by_name_alias_and_bot(text: str) -> None:
    found = route(text)
    assert isinstance(found, RunCommand)
    assert (found.command.name, found.arguments, found.command.plugin) == ("forget", "a b", "tools")


def test_a_mistyped_command_is_met_with_the_nearest_one() -> None:
    assert route("/forgte 3") == UnknownCommand("forgte", "forget")
    assert route("/xyzzy") == UnknownCommand("xyzzy", None)


def test_a_command_for_another_bot_is_left_alone() -> None:
    assert route("/forget@otherbot", place=GROUP) == OtherBot()
    assert route("/weather", place=GROUP) == OtherBot()
    assert route("/weather", place=GROUP, addressed=True) == UnknownCommand("weather", None)


@pytest.mark.parametrize("text", ["/", "//", "/ forget", "/3", "/etc/passwd", "a /forget"])
def test_what_only_looks_like_a_command_is_a_message(text: str) -> None:
    assert isinstance(route(text), Handle)


def test_a_direct_chat_is_always_answered_and_a_group_only_when_addressed() -> None:
    assert handled(route("hello")).answer
    assert not handled(route("hello", place=GROUP)).answer
    assert handled(route("hello", place=GROUP, addressed=True)).answer


def test_handlers_come_by_priority_and_only_where_their_filters_fit() -> None:
    assert names(route("roll the Dice", place=GROUP)) == ["groups", "dice"]
    assert names(route("roll the dice")) == ["dice"]
    assert names(route("paradice")) == []
    slack = Conversation("slack", "d")
    assert names(route("hello", place=slack)) == ["slack"]


def test_files_go_to_the_ingester_of_their_type() -> None:
    found = handled(route("", PDF, OGG, ZIP))
    assert [file for _, file in found.files] == [PDF, OGG]
    assert found.unreadable == (ZIP,)


def test_in_a_group_a_file_that_nobody_reads_is_no_occasion_to_speak() -> None:
    assert handled(route("", ZIP, place=GROUP)).unreadable == ()


def test_the_first_plugin_keeps_a_command_that_two_claim(caplog: pytest.LogCaptureFixture) -> None:
    router = Router(capabilities_of([Tools(), Thief()]), "Scrubjay")
    assert [each.plugin for each in router.commands] == ["tools"]
    assert "Thief can't have /forget" in caplog.text


def handled(found: Route) -> Handle:
    assert isinstance(found, Handle)
    return found


def names(found: Route) -> list[str]:
    return [each.handler.__name__ for each in handled(found).handlers]
