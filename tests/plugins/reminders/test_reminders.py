"""Reminders as chat scripts with a clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.answering.records import AnswerOptions
from bot.configuration.loader import make_plugin
from bot.configuration.settings import AccessSettings
from bot.errors import ConfigError
from bot.events import MessageEdited
from bot.testing import PLATFORM, Chat, FakeAdapter, Sent, chat
from plugins.reminders import RemindersPlugin

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BERLIN = AnswerOptions(zone=ZoneInfo("Europe/Berlin"))  # 3 May 2024, a Friday, 14:00 there when the first message comes


def firsts(replies: list[str]) -> list[str]:
    return [reply.partition("\n")[0] for reply in replies]


async def test_a_reminder_asked_for_in_plain_words_comes_on_time(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        assert await ann.says("remind me tomorrow at nine to call Mum") == [
            "I'll remind you tomorrow, Saturday 4 May, 09:00: call Mum (#1)."
        ]
        assert await ann.waits_until(datetime(2024, 5, 4, 6, 59, tzinfo=UTC)) == []
        assert await ann.waits_until(datetime(2024, 5, 4, 7, 0, tzinfo=UTC)) == [
            "⏰ call Mum\n/snooze, /snooze 30 or /snooze tomorrow at 9 puts it off."
        ]
        assert await ann.waits(7 * DAY) == []


async def test_the_command_understands_each_language(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        for number, words in enumerate(
            (
                "/remind tomorrow at nine to call Mum",
                "/remind me to call Mum tomorrow at nine",
                "/remind morgen um neun an Mama",
                "/remind amanhã às nove de ligar",
                "/remind mañana a las nueve llamar",
                "/remind demain à neuf heures d'appeler",
                "/remind domani alle nove di chiamare",
                "/remind 明天早上九点给妈妈打电话",
            ),
            1,
        ):
            (reply,) = await ann.says(words)
            assert "4" in reply, words
            assert "09:00" in reply, words
            assert f"(#{number})" in reply, words


async def test_which_of_several_times_is_meant_is_asked(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        (which,) = await ann.says("remind me on Sunday at 5pm or 6pm to call Ann")
        assert which.startswith("Which do you mean?")
        assert await ann.says("2") == ["I'll remind you Sunday 5 May, 18:00: call Ann (#1)."]


async def test_what_is_missing_is_asked_for(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        assert firsts(await ann.says("remind me"))[0].startswith("When shall I remind you? For example")
        assert await ann.says("at nine") == ["What shall I remind you of?"]
        (which,) = await ann.says("call Mum")
        assert which.startswith("Which do you mean?")
        assert await ann.says("2") == ["I'll remind you tomorrow, Saturday 4 May, 09:00: call Mum (#1)."]
        assert await ann.says("remind me today to sleep") == ["At what time?"]
        assert await ann.says("at 23:00") == ["I'll remind you today, Friday 3 May, 23:00: sleep (#2)."]
        assert await ann.says("remind me to eat") != []
        assert await ann.says("some time soon") == [
            "I don't understand that time. Say for example “tomorrow at nine”, “in two hours” or “every Monday at 8”."
        ]
        assert len((await ann.says("/reminders"))[0].splitlines()) == 2


async def test_what_is_past_is_refused(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        assert await ann.says("remind me yesterday at 9 to rest") == [
            "Thursday 2 May 2024, 09:00 is past. When shall I remind you?"
        ]
        assert await ann.says("/reminders") == ["You have no reminders. /remind plans one."]


async def test_a_question_what_was_said_is_answered_from_the_memory(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        await ann.says("the wifi password at home is parrot")
        (answer,) = await ann.says("remind me what the wifi password at home is")
        assert "parrot" in answer


async def test_reminders_are_listed_and_cancelled(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        await ann.says("remind me every Monday at 8 to water the plants")
        await ann.says("remind me in two hours to stretch")
        assert await ann.says("/reminders") == [
            "#2 Friday 3 May, 16:01: stretch\n#1 Monday 6 May, 08:00, every Monday at 8: water the plants"
        ]
        assert await ann.says("/reminders cancel 2") == ["Cancelled: stretch"]
        assert await ann.says("/reminders cancel 2") == ["There is no reminder 2; /reminders lists them."]
        assert await ann.waits(3 * HOUR) == []
        assert await ann.says("/reminders cancel all") == ["Cancelled: water the plants"]
        assert await ann.says("/reminders") == ["You have no reminders. /remind plans one."]
        assert await ann.says("/reminders soon") == ["Send /reminders, or /reminders cancel 3."]


async def test_a_repeated_reminder_keeps_its_clock_time_when_the_clocks_change(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        ann.clock.set(datetime(2024, 10, 25, 12, 0, tzinfo=UTC))
        (reply,) = await ann.says("remind me every day at 8am to run")
        assert reply == "I'll remind you tomorrow, Saturday 26 October, 08:00 and then every day at 8am: run (#1)."
        assert firsts(await ann.waits_until(datetime(2024, 10, 26, 6, 0, tzinfo=UTC))) == ["⏰ run"]
        assert firsts(await ann.waits_until(datetime(2024, 10, 27, 6, 59, tzinfo=UTC))) == []
        assert firsts(await ann.waits_until(datetime(2024, 10, 27, 7, 0, tzinfo=UTC))) == ["⏰ run"]
        assert firsts(await ann.waits_until(datetime(2024, 10, 28, 7, 0, tzinfo=UTC))) == ["⏰ run"]


async def test_each_person_has_a_time_zone_of_their_own_everywhere(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        assert await ann.says("/timezone") == ["Your clock is that of Europe/Berlin: it is 14:00 there."]
        assert await ann.says("/timezone lisbon") == ["Your clock is that of Europe/Lisbon: it is 13:01 there."]
        group = ann.in_group("trip")
        assert await group.says("remind me tomorrow at 9 to go", addressed=True) == [
            "I'll remind you tomorrow, Saturday 4 May, 09:00: go (#1)."
        ]
        assert await group.waits_until(datetime(2024, 5, 4, 7, 59, tzinfo=UTC)) == []
        assert firsts(await group.waits_until(datetime(2024, 5, 4, 8, 0, tzinfo=UTC))) == [
            "⏰ Ann, you asked me to remind you: go"
        ]
        (berlin,) = await ann.as_person("Ben").says("/timezone")
        assert berlin.startswith("Your clock is that of Europe/Berlin")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Atlantis", "I don't know which time zone “Atlantis” is. Use a name such as Europe/Lisbon"),
        ("york", "Did you mean America/New_York?"),
        ("America/Argentina", "Did you mean America/Argentina/Buenos_Aires"),
    ],
)
async def test_an_unknown_zone_is_refused_with_what_may_be_meant(tmp_path: Path, name: str, said: str) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        (reply,) = await ann.says(f"/timezone {name}")
        assert said in reply
        assert await ann.says("/timezone new york") != [reply]


async def test_a_reminder_is_put_off(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        assert await ann.says("/snooze") == ["There is no reminder to put off here."]
        await ann.says("remind me in 30 minutes to stretch")
        assert firsts(await ann.waits(30 * MINUTE)) == ["⏰ stretch"]
        assert await ann.says("/snooze") == ["I'll remind you again today, Friday 3 May, 14:42."]
        assert firsts(await ann.waits(10 * MINUTE)) == ["⏰ stretch"]
        assert await ann.says("/snooze 45") == ["I'll remind you again today, Friday 3 May, 15:28."]
        assert firsts(await ann.waits(45 * MINUTE)) == ["⏰ stretch"]
        assert await ann.says("/snooze 2 hours") == ["I'll remind you again today, Friday 3 May, 17:29."]
        assert await ann.says("/snooze tomorrow at 9") == ["I'll remind you again tomorrow, Saturday 4 May, 09:00."]
        assert await ann.says("/snooze 10 #nonsense") == ["There is no reminder to put off here."]
        for wrong in ("/snooze 99999999999999999999", "/snooze every day"):
            assert firsts(await ann.says(wrong))[0].startswith("I don't understand that time."), wrong
        assert await ann.says("/snooze whenever") == [
            "I don't understand that time. Say for example “tomorrow at nine”, “in two hours” or “every Monday at 8”."
        ]


async def test_a_reminder_is_put_off_with_its_own_button_also_after_a_restart(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        await ann.says("remind me in 10 minutes to stretch")
        await ann.says("remind me in 20 minutes to drink")
        await ann.waits(10 * MINUTE)
        stretch = ann.last
        await ann.waits(10 * MINUTE)
        assert ann.last.choices is not None
        assert ann.last.choices.options == ("In 10 minutes", "In an hour", "Tomorrow at 09:00")
        assert await ann.presses("In an hour") == ["I'll remind you again today, Friday 3 May, 15:21."]
    adapter = FakeAdapter()
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN, adapter=adapter, first_minute=30) as ann:
        adapter.sent.append(Sent(ann.place, stretch, None, ("earlier",)))  # it is still on the screen
        assert await ann.presses("In 10 minutes") == ["I'll remind you again today, Friday 3 May, 14:39."]
        assert firsts(await ann.waits(10 * MINUTE)) == ["⏰ stretch"]
        assert firsts(await ann.waits(HOUR)) == ["⏰ drink"]


async def test_putting_off_a_repeated_reminder_leaves_its_repetition(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        await ann.says("remind me every day at 8pm to write")
        await ann.waits_until(datetime(2024, 5, 3, 18, 0, tzinfo=UTC))
        await ann.says("/snooze 30")
        assert firsts(await ann.waits(HOUR)) == ["⏰ write"]
        assert firsts(await ann.waits(HOUR)) == []
        assert firsts(await ann.waits_until(datetime(2024, 5, 4, 18, 0, tzinfo=UTC))) == ["⏰ write"]


async def test_in_a_group_it_says_who_and_others_can_not_cancel(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        group = ann.in_group("trip")
        ben, cleo = group.as_person("Ben"), group.as_person("Cleo")
        assert await ben.says("remind me in an hour to pack") == []  # said to the others
        await ben.says("remind me in an hour to pack", addressed=True)
        assert await cleo.says("remind us in two hours to leave", addressed=True) == [
            "I'll remind you all today, Friday 3 May, 16:02: leave (#2)."
        ]
        assert await cleo.says("/reminders") == [
            "#1 Friday 3 May, 15:01, for Ben: pack\n#2 Friday 3 May, 16:02, for Cleo: leave"
        ]
        assert await cleo.says("/reminders cancel 1") == ["Only Ben or my owner can cancel that."]
        assert firsts(await group.waits(2 * HOUR)) == [
            "⏰ Ben, you asked me to remind you: pack",
            "⏰ Cleo asked me to remind you all: leave",
        ]
        await ben.says("remind me in an hour to pack again", addressed=True)
        assert await group.says("/reminders cancel 3") == ["Cancelled: pack again"]  # Ann is the owner


async def test_a_reminder_that_fell_due_while_the_bot_was_down_says_so(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        await ann.says("remind me in an hour to stretch")
    adapter = FakeAdapter()
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN, adapter=adapter, first_minute=1440):
        (sent,) = adapter.sent
        assert sent.reply.text.startswith(
            "⏰ stretch\n(That was due on Friday 3 May, 15:00; I was offline then.)\n/snooze"
        )


async def test_where_nothing_is_kept_nothing_is_planned(tmp_path: Path) -> None:
    access = AccessSettings(owners=[f"{PLATFORM}:ann"], guests=[f"{PLATFORM}:ben"])
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN, access=access) as ann:
        ben: Chat = ann.as_person("Ben")
        (refused,) = await ben.says("remind me tomorrow at nine to call Mum")
        assert "I keep nothing of what you say here" in refused


async def test_a_text_without_end_is_refused(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        (refused,) = await ann.says(f"remind me tomorrow to {'x' * 1001}")
        assert refused == "That is too long for a reminder: the limit is 1000 characters."


async def test_the_settings_say_when_a_day_begins_and_how_long_a_snooze_is(tmp_path: Path) -> None:
    plugin = make_plugin(RemindersPlugin, "reminders", {"morning": "07:30", "snooze_minutes": 3})
    async with chat(tmp_path, plugins=[plugin], answering=BERLIN) as ann:
        assert await ann.says("remind me tomorrow to run") == [
            "I'll remind you tomorrow, Saturday 4 May, 07:30: run (#1)."
        ]
        await ann.waits(DAY)
        (said,) = await ann.says("/snooze")
        assert said.endswith("14:04.")
    with pytest.raises(ConfigError, match="snooze_minutes"):
        make_plugin(RemindersPlugin, "reminders", {"snooze_minutes": 0})


async def test_a_reminder_goes_with_the_words_that_an_edit_takes_out_and_its_sender_is_told(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[RemindersPlugin()], answering=BERLIN) as ann:
        asked = ann.message("remind me tomorow at nine to call Mum about the boat")
        await ann.core.deliver(replace(asked, text="remind me tomorrow at nine to call Mum about the boat"))
        await ann.core.idle()
        mended = "remind me tomorrow at nine, please, to call Mum about the boat"
        await ann.core.deliver(MessageEdited(ann.place, asked.event_id, mended))
        assert len(await ann.says("/reminders")) == 1
        assert "boat" in ann.last.text
        await ann.core.deliver(MessageEdited(ann.place, asked.event_id, "remind me tomorrow at nine to call Mum"))
        assert ann.last.text.startswith("You have changed that message, so I dropped what I had planned")
        assert await ann.says("/reminders") == ["You have no reminders. /remind plans one."]
