"""Jobs, as chat scripts with a clock: what is planned, when it is done, and what becomes of it when something fails."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot import CommandError, Context, JobContext, Plugin, command, cron, every, job
from bot.answering.answer import Answerer
from bot.answering.records import AnswerOptions
from bot.app import build_core
from bot.configuration.settings import AccessSettings
from bot.errors import PluginError
from bot.jobs.run import BACKOFF
from bot.models.extractive import ExtractiveModel
from bot.pipeline.core import Core
from bot.testing import PLATFORM, START, Chat, Everybody, FakeAdapter, chat
from memory import Memory, Scope, Selection
from memory.access_records import Grant
from memory.embedders.hashing import HashingEmbedder
from memory.plugin_records import MAX_JOBS, MAX_PAYLOAD
from tests.emulators.patience import PATIENCE
from tests.memory.sqlite_store import store_of

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
BERLIN = AnswerOptions(zone=ZoneInfo("Europe/Berlin"))


class Bell(Plugin):
    """Rings when it is told to."""

    name = "bell"

    def __init__(self) -> None:
        super().__init__()
        self.failing = 0
        self.rung: list[str] = []

    @command("ring", "ring in some minutes")
    async def plan(self, context: Context, minutes: int, text: str = "ding") -> str:
        planned = await context.later(self.ring, timedelta(minutes=minutes), text)
        return f"planned {planned.id}"

    @command("daily", "ring each day")
    async def plan_daily(self, context: Context, hours: int = 24) -> str:
        await context.later(self.ring, timedelta(hours=hours), "daily", repeats=timedelta(hours=hours))
        return "planned"

    @command("cron", "ring as an expression says")
    async def plan_cron(self, context: Context, expression: str) -> str:
        try:
            planned = await context.later(self.ring, MINUTE, "cron", repeats=expression)
        except PluginError as error:
            return str(error)
        return f"{planned.when:%H:%M} {planned.repeats} {planned.zone}"

    @command("planned", "what is planned")
    async def planned(self, context: Context) -> str:
        return (
            ", ".join(f"{each.payload} by {each.person.name}" for each in await context.jobs.list_planned())
            or "nothing"
        )

    @command("cancel", "cancel")
    async def cancel(self, context: Context, number: int) -> str:
        return str(await context.jobs.cancel(number))

    @command("wrong", "plan what can't be")
    async def plan_wrongly(self, context: Context, what: str) -> str:
        try:
            match what:
                case "method":
                    await context.later(self.planned, MINUTE)
                case "naive":
                    await context.later(self.ring, START.replace(tzinfo=None))
                case "payload":
                    await context.later(self.ring, MINUTE, object())  # type: ignore[arg-type]  # the point of it
                case "long":
                    await context.later(self.ring, MINUTE, "x" * MAX_PAYLOAD)
                case "zone":
                    await context.later(self.ring, MINUTE, zone="Mars/Base")
                case "often":
                    await context.later(self.ring, MINUTE, repeats=timedelta())
        except PluginError as error:
            return str(error)
        return "planned"

    @job
    async def ring(self, context: JobContext) -> str:
        self.rung.append(str(context.payload))
        if context.payload == "sorry":
            raise CommandError("I would rather not")
        if self.failing:
            self.failing -= 1
            await context.reply("this must not be seen")
            raise RuntimeError("broken clapper")
        late = f", {context.late_by} late" if context.late_by > MINUTE else ""
        return f"{context.person.name}: {context.payload}{late}"

    @job
    async def recall(self, context: JobContext) -> str:
        return "; ".join(found.passage.text for found in await context.memory.recall("wifi password"))

    @command("recall", "recall in a minute")
    async def plan_recall(self, context: Context) -> None:
        await context.later(self.recall, MINUTE)


class Ticker(Plugin):
    """Counts by itself."""

    name = "ticker"

    def __init__(self) -> None:
        super().__init__()
        self.ticks: list[datetime] = []
        self.days: list[datetime] = []
        self.said = ""

    @every(minutes=5)
    async def tick(self, context: JobContext) -> None:
        self.ticks.append(context.due)

    @cron("30 2 * * *", zone="Europe/Berlin")
    async def morning(self, context: JobContext) -> None:
        self.days.append(context.now)
        try:
            await context.reply("nobody hears this")
        except PluginError as error:
            self.said = str(error)


async def test_a_job_is_done_when_it_is_due_and_once(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Bell()]) as ann:
        assert await ann.says("/ring 10 tea") == ["planned 1"]
        assert await ann.waits(9 * MINUTE) == []
        assert await ann.waits(MINUTE) == ["Ann: tea"]
        assert await ann.waits(DAY) == []
        assert await ann.says("/planned") == ["nothing"]


async def test_what_fell_due_while_the_bot_was_down_is_done_once_at_the_next_start(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Bell()]) as ann:
        await ann.says("/ring 10 tea")
        await ann.says("/daily")
        await ann.says("/ring 10000 later")
    adapter = FakeAdapter()
    async with chat(tmp_path, plugins=[Bell()], adapter=adapter, first_minute=3 * 24 * 60) as ann:
        said = [sent.reply.text for sent in adapter.sent]
        assert said == ["Ann: tea, 2 days, 23:49:00 late", "Ann: daily, 1 day, 23:58:00 late"]  # once for two days
        assert await ann.waits(2 * MINUTE) == ["Ann: daily"]  # at its regular time again
        assert await ann.says("/planned") == ["daily by Ann, later by Ann"]


async def test_a_job_keeps_its_clock_time_when_the_clocks_change(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Bell()], answering=BERLIN) as ann:
        ann.clock.set(datetime(2024, 3, 29, 8, 59, tzinfo=UTC))
        await ann.says("/daily")  # at ten in the morning, an hour ahead of UTC
        assert await ann.waits_until(datetime(2024, 3, 30, 9, 0, tzinfo=UTC)) == ["Ann: daily"]
        assert await ann.waits_until(datetime(2024, 3, 31, 7, 59, tzinfo=UTC)) == []
        assert await ann.waits_until(datetime(2024, 3, 31, 8, 0, tzinfo=UTC)) == ["Ann: daily"]  # two hours ahead now


async def test_what_is_due_in_one_conversation_goes_out_in_order_and_holds_up_no_other(tmp_path: Path) -> None:
    class Patient(Bell):
        """Does not end the first job of a group until one of another conversation is done."""

        other_is_done = asyncio.Event()

        @job
        async def ring(self, context: JobContext) -> str:
            said = str(context.payload)
            self.rung.append(f"{said} begins")
            if said == "first":
                await self.other_is_done.wait()
                for _ in range(20):  # time in which the second could begin, were it not its turn to come
                    await context.memory.find(everything=True)
            if said == "other":
                self.other_is_done.set()
            self.rung.append(f"{said} ends")
            return said

    bell = Patient()
    async with chat(tmp_path, plugins=[bell]) as ann:
        group = ann.in_group("trip")
        for text in ("first", "second", "third"):
            await group.says(f"/ring 10 {text}")
        await ann.says("/ring 10 other")
        assert await group.waits(HOUR) == ["first", "second", "third"]
    in_group = [each for each in bell.rung if not each.startswith("other")]
    assert in_group == [f"{text} {what}" for text in ("first", "second", "third") for what in ("begins", "ends")]


async def test_a_cron_expression_goes_by_the_clocks_of_the_settings(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Bell()], answering=BERLIN) as ann:
        assert await ann.says("/cron 0 9 * * MON") == ["14:01 0 9 * * MON Europe/Berlin"]
        assert await ann.waits(MINUTE) == ["Ann: cron"]
        assert await ann.waits_until(datetime(2024, 5, 6, 6, 59, tzinfo=UTC)) == []
        assert await ann.waits_until(datetime(2024, 5, 6, 7, 0, tzinfo=UTC)) == ["Ann: cron"]


async def test_what_a_plugin_declares_is_done_at_its_times_also_after_a_restart(tmp_path: Path) -> None:
    ticker = Ticker()
    async with chat(tmp_path, plugins=[ticker]) as ann:
        await ann.waits(4 * MINUTE)
        assert ticker.ticks == []
        await ann.waits(MINUTE)
        await ann.waits(5 * MINUTE)
        assert [tick - START for tick in ticker.ticks] == [4 * MINUTE, 9 * MINUTE]
    again = Ticker()
    async with chat(tmp_path, plugins=[again], first_minute=60) as ann:
        assert [tick - START for tick in again.ticks] == [14 * MINUTE]  # once for all that were missed
        await ann.waits(MINUTE)
        assert [tick - START for tick in again.ticks] == [14 * MINUTE]
        await ann.waits_until(datetime(2024, 5, 4, 0, 29, tzinfo=UTC))
        assert again.days == []
        await ann.waits_until(datetime(2024, 5, 4, 0, 31, tzinfo=UTC))
        assert [str(day) for day in again.days] == ["2024-05-04 02:31:00+02:00"]
        assert again.said == "morning of ticker was planned by nobody: plan one with context.later"


async def test_a_declared_job_whose_schedule_changes_takes_the_new_one_and_one_that_is_gone_goes(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path, plugins=[Ticker()]):
        pass

    class Slower(Ticker):
        @every(hours=1)
        async def tick(self, context: JobContext) -> None:
            self.ticks.append(context.due)

        async def morning(self, context: JobContext) -> None:
            raise AssertionError(context)

    slower = Slower()
    async with chat(tmp_path, plugins=[slower], first_minute=10) as ann:
        await ann.waits(59 * MINUTE)
        assert slower.ticks == []
        await ann.waits(DAY)
        assert len(slower.ticks) == 1
        rows = await store_of(ann.memory).read("SELECT name, repeats FROM jobs")
        assert rows == [("tick", "every 3600 seconds")]


async def test_a_failed_job_is_tried_again_and_says_nothing_of_the_failed_try(tmp_path: Path) -> None:
    bell = Bell()
    bell.failing = 1
    async with chat(tmp_path, plugins=[bell]) as ann:
        await ann.says("/ring 1 tea")
        assert await ann.waits(MINUTE) == []
        assert await ann.waits(BACKOFF[0]) == ["Ann: tea"]
        assert bell.rung == ["tea", "tea"]


async def test_a_job_that_fails_each_time_is_given_up_and_its_person_is_told(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    bell = Bell()
    bell.failing = 10
    async with chat(tmp_path, plugins=[bell]) as ann:
        await ann.says("/ring 1 tea")
        for wait in (MINUTE, *BACKOFF[:-1]):
            assert await ann.waits(wait) == []
        told, *_ = await ann.waits(BACKOFF[-1])
        assert told.startswith("Sorry, I could not do what was planned here: bell failed 3 times (error ")
        assert await ann.waits(DAY) == []
    assert "the job ring of the plugin bell failed" in caplog.text


async def test_a_job_says_itself_what_can_not_be_done_and_is_not_tried_again(tmp_path: Path) -> None:
    bell = Bell()
    async with chat(tmp_path, plugins=[bell]) as ann:
        await ann.says("/ring 1 sorry")
        assert await ann.waits(MINUTE) == ["I would rather not"]
        await ann.waits(DAY)
        assert bell.rung == ["sorry"]


async def test_in_a_group_everybody_sees_what_is_planned_there_and_in_a_direct_chat_ones_own(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Bell()]) as ann:
        ben, group = ann.as_person("Ben"), ann.in_group("trip")
        await group.says("/ring 10 bus")
        await group.as_person("Ben").says("/ring 20 boat")
        await ann.says("/ring 30 secret")
        assert await group.says("/planned") == ["bus by Ann, boat by Ben"]
        assert await ann.says("/planned") == ["bus by Ann, secret by Ann"]
        assert await ben.says("/planned") == ["boat by Ben"]
        assert await ben.says("/cancel 3") == ["False"]
        assert await group.says("/cancel 3") == ["False"]
        assert await ann.says("/cancel 3") == ["True"]
        assert await group.waits(HOUR) == ["Ann: bus, 0:58:00 late", "Ben: boat, 0:47:00 late"]


async def test_a_job_recalls_only_what_its_person_may_see_where_it_was_planned(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Bell()]) as ann:
        group = ann.in_group("trip")
        await ann.says("the wifi password at home is parrot")
        await group.says("the wifi password of the hotel is heron")
        await group.says("/recall")
        assert await group.waits(MINUTE) == ["the wifi password of the hotel is heron"]
        await ann.says("/recall")
        assert await ann.waits(MINUTE) == ["the wifi password at home is parrot"]


async def test_jobs_are_forgotten_with_their_conversation(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Bell()]) as ann:
        await ann.says("/ring 10 tea")
        await ann.memory.forget(Scope.all(), Selection(everything=True))
        assert await store_of(ann.memory).read("SELECT * FROM jobs") == []
        assert await ann.waits(HOUR) == []


async def test_a_job_is_forgotten_with_the_message_that_planned_it(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Bell()]) as ann:
        await ann.says("/ring 10 tea")
        await ann.says("/ring 20 cake")
        await ann.memory.forget(Scope.all(), Selection(matching="tea"))
        assert await ann.waits(HOUR) == ["Ann: cake, 0:40:00 late"]


async def test_a_bot_that_serves_does_what_is_planned_by_itself(tmp_path: Path) -> None:
    """With the machine's own clock: what is planned wakes the scheduler, which would else sleep for a minute."""

    class Soon(Bell):
        @command("soon", "ring at once")
        async def plan_soon(self, context: Context) -> None:
            await context.later(self.ring, timedelta(milliseconds=20), "ding")

    adapter = FakeAdapter()
    async with chat(tmp_path) as ann, Memory.open(tmp_path / "other.db", HashingEmbedder()) as memory:
        answerer = Answerer(memory, ExtractiveModel(), None)
        async with build_core(memory, answerer, access=Everybody(ann.sender), plugins=[Soon()]) as core:
            serving = asyncio.create_task(core.serve([adapter]))
            adapter.post(ann.message("/soon"))
            async with asyncio.timeout(PATIENCE):
                while not adapter.sent:  # noqa: ASYNC110 (another task sends)
                    await asyncio.sleep(0.005)
            adapter.hang_up()
            await serving
    assert [sent.reply.text for sent in adapter.sent] == ["Ann: ding"]


async def test_nothing_is_planned_where_nothing_is_kept(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Bell()], access=AccessSettings(owners=[f"{PLATFORM}:ann"])) as ann:
        await ann.says("/ring 10 tea")
        await ann.memory.ledger.pauses.start(PLATFORM, ann.place.id, "ann")
        (refused,) = await ann.says("/ring 1 more")
        assert "I keep nothing of what you say here" in refused
        assert await ann.waits(10 * MINUTE) == ["Ann: tea"]  # it was planned before, and leaves no trace now
        replies = await ann.memory.passages.select(Scope.all(), Selection(matching="Ann: tea", kinds=("command",)))
        assert replies == []


async def test_a_job_of_somebody_who_was_sent_away_is_dropped(tmp_path: Path) -> None:
    access = AccessSettings(owners=[f"{PLATFORM}:ann"], people=[f"{PLATFORM}:ben"])
    bell = Bell()
    async with chat(tmp_path, plugins=[bell], access=access) as ann:
        ben = ann.as_person("Ben")
        await ben.says("/ring 10 tea")
        await ann.memory.ledger.grants.keep(Grant(PLATFORM, "person", "ben", "denied", "Ben"))
        assert await ben.waits(HOUR) == []
        assert bell.rung == []


@pytest.mark.parametrize(
    ("what", "said"),
    [
        ("method", "bell can't plan planned: it must be marked with @job"),
        ("naive", "a time needs its zone"),
        ("payload", "can't be written as JSON"),
        ("long", f"at most {MAX_PAYLOAD} can be kept"),
        ("zone", 'no time zone is called "Mars/Base"'),
        ("often", "a second is the least"),
    ],
)
async def test_what_can_not_be_planned_is_refused_with_its_reason(tmp_path: Path, what: str, said: str) -> None:
    async with chat(tmp_path, plugins=[Bell()]) as ann:
        (refused,) = await ann.says(f"/wrong {what}")
        assert said in refused
        assert await ann.says("/planned") == ["nothing"]


@pytest.mark.parametrize("expression", ["soon", "61 * * * *", "0 0 30 2 *"])
async def test_an_expression_that_never_comes_is_refused(tmp_path: Path, expression: str) -> None:
    async with chat(tmp_path, plugins=[Bell()]) as ann:
        (refused,) = await ann.says(f"/cron {expression}")
        assert f'"{expression}"' in refused


def test_a_schedule_that_is_none_fails_where_it_is_declared() -> None:
    with pytest.raises(PluginError, match="a second is the least"):
        every(seconds=0.1)
    with pytest.raises(PluginError, match="not a cron expression"):
        cron("daily")
    with pytest.raises(PluginError, match="no time zone"):
        cron("0 9 * * *", zone="Mars/Base")


async def test_a_plugin_plans_only_so_much_in_one_conversation(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Bell()]) as ann:
        await ann.says("/ring 10 tea")

        async def fill(connection: object) -> None:
            await connection.execute(  # type: ignore[attr-defined]  # the store's own connection
                """WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < ?)
                   INSERT INTO jobs (plugin, name, conversation_id, payload, due_at)
                   SELECT plugin, name, conversation_id, payload, due_at + 1000000000000 FROM jobs, n""",
                [MAX_JOBS],
            )

        await store_of(ann.memory).write(fill)
        (refused,) = await ann.says("/ring 20 more")
        assert "error" in refused
        assert await ann.in_group("trip").says("/ring 20 more") != []


async def test_a_job_waits_for_its_platform_and_its_plugin(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Bell()]) as ann:
        await ann.says("/ring 10 tea")
    async with chat(tmp_path, plugins=[Ticker()], first_minute=20) as ann:
        assert ann.adapter.sent == []
    other = FakeAdapter("elsewhere")
    async with chat(tmp_path, plugins=[Bell()], adapter=other, first_minute=30):
        assert other.sent == []
    async with chat(tmp_path, plugins=[Bell()], first_minute=40) as ann:
        assert [sent.reply.text for sent in ann.adapter.sent] == ["Ann: tea, 0:29:00 late"]


async def test_two_processes_do_each_job_once(tmp_path: Path) -> None:
    bells = [Bell(), Bell()]
    async with chat(tmp_path, plugins=[bells[0]]) as ann, _beside(tmp_path, bells[1], ann) as other:
        for number in range(20):
            await ann.says(f"/ring {40 - number} {number}")
        ann.clock.forward(HOUR)
        await asyncio.gather(ann.core.idle(), other.idle())
        assert sorted(bells[0].rung + bells[1].rung) == sorted(map(str, range(20)))


@asynccontextmanager
async def _beside(folder: Path, bell: Bell, ann: Chat) -> AsyncIterator[Core]:
    """Open a second bot on the same database."""
    async with Memory.open(folder / "memory.db", HashingEmbedder()) as memory:
        answerer, access = Answerer(memory, ExtractiveModel(), None), Everybody(ann.sender)
        async with build_core(memory, answerer, access=access, plugins=[bell], now=ann.clock) as core:
            core.connect(FakeAdapter())
            yield core
