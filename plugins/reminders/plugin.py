"""Reminders in a chat: asking for them, listing, cancelling and snoozing them, and being reminded."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from secrets import token_hex
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, JsonValue

from bot import (
    LOCAL,
    CommandError,
    Context,
    JobContext,
    PlannedJob,
    Plugin,
    Reply,
    buttons,
    command,
    job,
    on_message,
    tool,
    zone_of,
)
from bot.translation import gettext, gettext_noop
from plugins.reminders.calendar import Plan, TimeChoice, TimeMissing, resolve, say_moment
from plugins.reminders.fired import choose_fired, keep_fired, read_fired, sources_of
from plugins.reminders.request import ReminderRequest, find_request, read_request, read_when
from plugins.reminders.spoken_time import SpokenTime
from plugins.reminders.zones import zone_called

_PERHAPS = "remind|erinner|lembr|rec[ou]|acu[eé]rd|rappel|ricord|rammentami|提醒"
_LATE = timedelta(minutes=5)
_MOST_CHARS = 1000
_MOST_FIGURES = 6
_TIMES = gettext_noop("“tomorrow at nine”, “in two hours” or “every Monday at 8”")
_NOT_UNDERSTOOD = gettext_noop("I don't understand that time. Say for example {times}.")
_SNOOZE = gettext_noop("/snooze, /snooze 30 or /snooze tomorrow at 9 puts it off.")

_CONFIRMED = {
    (False, False): gettext_noop("I'll remind you {when}: {about} (#{number})."),
    (False, True): gettext_noop("I'll remind you {when} and then {again}: {about} (#{number})."),
    (True, False): gettext_noop("I'll remind you all {when}: {about} (#{number})."),
    (True, True): gettext_noop("I'll remind you all {when} and then {again}: {about} (#{number})."),
}
"""What is said of a reminder that is planned: whether it is for everybody, and whether it repeats."""


class ReminderSettings(BaseModel):
    """When a day is meant without a time, and how long a snooze is."""

    model_config = ConfigDict(extra="forbid")

    morning: time = time(9)
    snooze_minutes: int = Field(default=10, ge=1)


class RemindersPlugin(Plugin):
    """Reminds people of what they asked to be reminded of."""

    name = "reminders"
    Settings = ReminderSettings
    settings: ReminderSettings

    @command("remind", "remind you of something: /remind tomorrow at nine to call Ann")
    async def remind(
        self, context: Context, request: Annotated[str, "when, and of what, in English, German, Portuguese …"]
    ) -> str:
        """Plan a reminder."""
        words = request.removeprefix("me ")
        return await self._plan(context, read_request(words), everybody=False)

    @on_message(_PERHAPS, addressed=True, priority=10)
    async def heard(self, context: Context) -> str | None:
        """Plan a reminder that is asked for in plain words; a question what was said is for the memory."""
        found = find_request(context.message.text)
        if found is None:
            return None
        text, language, everybody = found
        request = read_request(text, language)
        return None if request.is_question else await self._plan(context, request, everybody=everybody)

    @tool("remind the person of something at a time that they name", trusted=True)
    async def remind_at(
        self,
        context: Context,
        when: Annotated[str, "when, in the words of the message, such as “tomorrow at nine”"],
        about: Annotated[str, "what of, in the words of the message"],
    ) -> str:
        """Plan a reminder that a language model has understood."""
        return await self._plan(context, ReminderRequest(about, _require_time(when), when), everybody=False)

    @command("reminders", "list what I will remind you of, or cancel it: /reminders cancel 3")
    async def reminders(
        self, context: Context, what: Annotated[str, "“cancel” and a number, or “cancel all”"] = ""
    ) -> str:
        """List what is planned here; in a direct chat, everywhere."""
        word, _, number = what.strip().partition(" ")
        planned = await context.jobs.list_planned()
        if word == "cancel":
            return await self._cancel(context, planned, number.strip().removeprefix("#"))
        if word:
            raise CommandError(gettext("Send /reminders, or /reminders cancel 3."))
        in_group = context.message.conversation.kind == "group"
        return "\n".join(_line(each, in_group=in_group) for each in planned) or gettext(
            "You have no reminders. /remind plans one."
        )

    @command("snooze", "put off the latest reminder: /snooze 30, /snooze tomorrow at 9")
    async def snooze(self, context: Context, until: Annotated[str, "minutes, or a time"] = "") -> str:
        """Remind of the latest thing again."""
        until, _, key = until.partition("#")
        last = choose_fired(await read_fired(context.store.here, context.message.sender), key)
        plan = await self._put_off(context, until.strip())
        zone = await self._zone(context)
        await context.later(self.ring, plan.first, last, zone=zone, drawn_from=sources_of(last))
        return gettext(
            "I'll remind you again {when}. {note}", when=_say_when(plan.first, context), note=plan.note
        ).rstrip()

    @command("timezone", "show or set the time zone of your clock: /timezone Lisbon")
    async def timezone(
        self, context: Context, name: Annotated[str, "a city, or a name such as Europe/Lisbon"] = ""
    ) -> str:
        """Keep the person's zone, for all their conversations."""
        if name:
            await context.store.mine.set("zone", zone_called(name))
        zone = await self._zone(context)
        now = context.message.sent_at.astimezone(zone_of(zone))
        where = gettext("the machine I run on") if zone == LOCAL else zone
        return gettext("Your clock is that of {where}: it is {now} there.", where=where, now=f"{now:%H:%M}")

    @job
    async def ring(self, context: JobContext) -> Reply:
        """Remind."""
        reminder = context.payload if isinstance(context.payload, dict) else {}
        about, name = str(reminder.get("about", "")), context.person.name
        key = str(reminder.get("key", ""))
        if context.memory.keeps:
            await keep_fired(context, key, reminder)
        if reminder.get("everybody"):
            text = gettext("⏰ {name} asked me to remind you all: {about}", name=name, about=about)
        elif context.conversation.kind == "group":
            text = gettext("⏰ {name}, you asked me to remind you: {about}", name=name, about=about)
        else:
            text = f"⏰ {about}"
        late = (
            f"\n({gettext('That was due on {moment}; I was offline then.', moment=say_moment(context.due))})"
            if context.late_by > _LATE
            else ""
        )
        return Reply(f"{text}{late}\n{gettext(_SNOOZE)}", choices=buttons(self._snoozes(key)))

    # planning

    def _snoozes(self, key: str) -> dict[str, str]:
        """Return what the buttons of a reminder say."""
        minutes, morning = self.settings.snooze_minutes, f"{self.settings.morning:%H:%M}"
        return {
            gettext("In {minutes} minutes", minutes=minutes): f"/snooze {minutes} #{key}",
            gettext("In an hour"): f"/snooze in 1 hour #{key}",
            gettext("Tomorrow at {time}", time=morning): f"/snooze tomorrow at {morning} #{key}",
        }

    async def _put_off(self, context: Context, until: str) -> Plan:
        if not until or (until.isdecimal() and len(until) <= _MOST_FIGURES):
            when = context.message.sent_at + timedelta(minutes=int(until or self.settings.snooze_minutes))
            return Plan(when.astimezone(zone_of(await self._zone(context))))
        spoken = read_when(until) or read_when(f"in {until}")
        if spoken is None or spoken.repeats:
            raise CommandError(gettext(_NOT_UNDERSTOOD, times=gettext(_TIMES)))
        return await self._resolve(context, spoken)

    async def _plan(self, context: Context, request: ReminderRequest, *, everybody: bool) -> str:
        when, words, about = request.when, request.words, request.about
        if when is None:
            answer = await context.ask(
                gettext("When shall I remind you? For example {times}.", times=gettext(_TIMES)), fits=_is_time
            )
            when, words = _require_time(answer), answer
        about = about or await context.ask(gettext("What shall I remind you of?"))
        if len(about) > _MOST_CHARS:
            raise CommandError(
                gettext("That is too long for a reminder: the limit is {limit} characters.", limit=_MOST_CHARS)
            )
        plan = await self._resolve(context, when)
        reminder: dict[str, JsonValue] = {
            "key": token_hex(4),
            "about": about,
            "everybody": everybody,
            "words": words if plan.repeats else "",
        }
        zone = await self._zone(context)
        planned = await context.later(self.ring, plan.first, reminder, repeats=plan.repeats, zone=zone)
        moment = _say_when(plan.first, context)
        said = {"when": moment, "again": words, "about": about, "number": planned.id}
        answer = gettext(_CONFIRMED[everybody, bool(plan.repeats)], **said)
        return f"{answer} {plan.note}".rstrip()

    async def _resolve(self, context: Context, spoken: SpokenTime) -> Plan:
        """Return the moment that is meant; what is open is asked."""
        now = context.message.sent_at.astimezone(zone_of(await self._zone(context)))
        while True:
            found = resolve(spoken, now, self.settings.morning)
            match found:
                case Plan():
                    return found
                case TimeChoice():
                    chosen = await context.choose(gettext("Which do you mean?"), list(found.options))
                    spoken = found.options[chosen]
                case TimeMissing():
                    said_time = _require_time(await context.ask(gettext("At what time?"), fits=_is_time))
                    joined = spoken.join(said_time)
                    if joined is None or not joined.has_time:
                        raise CommandError(gettext(_NOT_UNDERSTOOD, times=gettext(_TIMES)))
                    spoken = joined

    async def _cancel(self, context: Context, planned: list[PlannedJob], number: str) -> str:
        chosen = [each for each in planned if number in (str(each.id), "all")]
        mine = [each for each in chosen if context.is_owner or self._is_mine(context, each)]
        if not chosen:
            raise CommandError(gettext("There is no reminder {number}; /reminders lists them.", number=number))
        if not mine:
            raise CommandError(gettext("Only {name} or my owner can cancel that.", name=chosen[0].person.name))
        for each in mine:
            await context.jobs.cancel(each.id)
        return "\n".join(gettext("Cancelled: {about}", about=_about(each)) for each in mine)

    def _is_mine(self, context: Context, planned: PlannedJob) -> bool:
        """In a direct chat all are: its person's accounts are one."""
        return context.message.conversation.kind == "direct" or planned.person == context.message.sender

    async def _zone(self, context: Context) -> str:
        """Return the name of the person's zone."""
        return await context.store.mine.get("zone", context.jobs.zone, type=str)


def _is_time(text: str) -> bool:
    return read_when(text) is not None


def _require_time(answer: str) -> SpokenTime:
    spoken = read_when(answer)
    if spoken is None:
        raise CommandError(gettext(_NOT_UNDERSTOOD, times=gettext(_TIMES)))
    return spoken


def _about(planned: PlannedJob) -> str:
    return str(planned.payload.get("about", "")) if isinstance(planned.payload, dict) else ""


def _line(planned: PlannedJob, *, in_group: bool) -> str:
    words = planned.payload.get("words") if isinstance(planned.payload, dict) else ""
    who = gettext(", for {name}", name=planned.person.name) if in_group else ""
    again = f", {words}" if words else ""
    return f"#{planned.id} {say_moment(planned.when)}{again}{who}: {_about(planned)}"


def _say_when(moment: datetime, context: Context) -> str:
    """Say a moment: its year only where it is another, "today" and "tomorrow" beside the date."""
    now = context.message.sent_at.astimezone(moment.tzinfo)
    days = (moment.date() - now.date()).days
    said = f"{say_moment(moment)} {moment.year}" if moment.year != now.year else say_moment(moment)
    match days:
        case 0:
            return gettext("today, {moment}", moment=said)
        case 1:
            return gettext("tomorrow, {moment}", moment=said)
        case _:
            return said
