"""Imports a chat's history that somebody sends to the bot as a file, in a direct chat."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import islice
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from adapters.exports.date_question import settle_order
from adapters.exports.identity import fold_name
from adapters.exports.parsed import DateOrder, ParseOptions, YearMissing
from adapters.exports.report import ImportReport, describe_news, describe_warning
from adapters.exports.run import ImportOptions, ImportOutcome, ImportRun, name_source
from adapters.exports.sources import ExportSource, RecognisedApp, find_sources, installed_formats
from adapters.exports.timestamps import from_iso
from bot import Attachment, CommandError, Context, LocalZone, Plugin, on_message
from bot.errors import ImportRefused
from bot.reading import hold_folder
from bot.translation import format_long_day, format_number, gettext, gettext_noop, ngettext

_ENDINGS = (
    *(".zip", ".json", ".jsonl", ".ndjson", ".csv", ".tsv", ".txt"),
    *(".md", ".html", ".xml", ".log", ".mbox", ".weechatlog"),
)
_CERTAIN = (".zip",)
"""Files of these kinds are of no other use here, so that it is said why one can't be imported. Others have readers."""
_NOBODY, _CANCEL = gettext_noop("Nobody of these"), gettext_noop("Don't import it")
_TYPED = {
    **dict.fromkeys(("no", "n", "cancel", "stop", "nein", "não", "non"), _CANCEL),
    **dict.fromkeys(("nobody", "none", "yes", "y", "ok", "-", "ja", "sim", "oui", "sí", "si"), _NOBODY),
}
_PEEKED = 5000
_NAMED, _WARNED = 12, 3


class HistoriesPlugin(Plugin):
    """Takes in exports of chat apps, and plain ones, for the person who sends them."""

    name = "histories"

    class Settings(BaseModel):
        """How large a file may be, in megabytes, and how long it stays ready for an answer, in seconds."""

        model_config = ConfigDict(extra="forbid")

        max_megabytes: int = Field(default=2048, ge=1)
        patience: float = Field(default=7 * 86_400, gt=0)

    settings: Settings

    @on_message(kind="direct", priority=50)
    async def take_in(self, context: Context) -> str | None:
        """Import the message's files that are exports; other plugins get the rest."""
        files = [file for file in context.message.attachments if file.name.lower().endswith(_ENDINGS)]
        said = [await self._import_file(context, file) for file in files]
        return "\n\n".join(filter(None, said)) or None

    async def _import_file(self, context: Context, attachment: Attachment) -> str | None:
        with hold_folder("scrubjay-import-") as folder:
            path = Path(folder, PurePosixPath(attachment.name.replace("\\", "/")).name or "export")
            await self._download(context, attachment, path)
            parse = ParseOptions(timezone=context.zone)
            try:
                seen = await asyncio.to_thread(_peek, path, parse)
            except YearMissing:
                parse = await self._ask_year(context, parse, attachment.name)
                seen = await asyncio.to_thread(_peek, path, parse)
            except ImportRefused as error:
                certain = attachment.name.lower().endswith(_CERTAIN) or isinstance(error, RecognisedApp)
                return gettext("Not imported: {why}", why=_hide_folder(error, path)) if certain else None
            return await self._ask_and_import(context, path, seen, parse, attachment.name)

    async def _ask_year(self, context: Context, parse: ParseOptions, name: str) -> ParseOptions:
        question = gettext(
            "The dates in {name} have no year. On which day did the chat begin? Write it as 2013-08-28.", name=name
        )
        began = from_iso(await context.ask(question, seconds=self.settings.patience), context.zone or LocalZone())
        if began is None:
            raise CommandError(gettext("That is not a day, so I imported nothing. To try again, send the file again."))
        return replace(parse, since=began)

    async def _ask_order(self, context: Context, seen: _Seen) -> DateOrder:
        """Ask which day a date means that nothing in the file settles."""
        meant = {_day(day): order for order, day in seen.open_orders.items()}
        question = gettext(
            "The dates in {title} can be read in two ways. Which day does the first of them mean?", title=seen.title
        )
        return meant[await context.choose(question, list(meant), seconds=self.settings.patience)]

    async def _download(self, context: Context, attachment: Attachment, path: Path) -> None:
        room = self.settings.max_megabytes << 20
        with path.open("wb") as file:
            async for piece in context.fetch(attachment):
                room -= len(piece)
                if room < 0:
                    limit = self.settings.max_megabytes
                    raise CommandError(
                        gettext(
                            "{name} is larger than {limit} MB; import it with `scrubjay import`.",
                            name=attachment.name,
                            limit=format_number(limit),
                        )
                    )
                await asyncio.to_thread(file.write, piece)

    async def _ask_and_import(self, context: Context, path: Path, seen: _Seen, parse: ParseOptions, name: str) -> str:
        chosen = await self._ask_who(context, seen)
        if chosen == gettext(_CANCEL):
            return gettext("I imported nothing.")
        me = next((name for name in seen.people if _label(name) == chosen), None)
        store, parse = context.memory.histories(), replace(parse, me=me)
        if len(seen.open_orders) > 1 and not await settle_order(store, store.owner.id, seen.source, parse):
            parse = replace(parse, likely_order=await self._ask_order(context, seen))
        options = ImportOptions(parse, embed=False)
        outcome = ImportOutcome()
        async with context.growing() as grow:
            told = _Growing(grow)
            past_files = store.past_files(by_owner=context.is_owner, alive=told.alive)
            run = ImportRun(store, store.owner, installed_formats(), options, told, past_files=past_files)
            await run.import_paths([str(path)], outcome, called=f"{name}, sent in a chat")
        return _summarize(outcome, path)

    async def _ask_who(self, context: Context, seen: _Seen) -> str:
        """Ask who of the chat its sender is; the file stays ready meanwhile, whatever else is said."""
        own = fold_name(context.message.sender.name)
        named = sorted(filter(None, map(_label, seen.people)), key=lambda name: fold_name(name) != own)
        question = gettext(
            "This is an export of {label}, “{title}”. Shall I remember it? It becomes part of your "
            "own memory; I don't mention it in other chats or to other people.\n"
            "Which of these are you, so that “I” means you?",
            label=seen.label,
            title=seen.title,
        )
        more = f"\n{gettext('Somebody else writes in it too: type the name.')}" if len(named) > _NAMED else ""
        options = [*dict.fromkeys(named[:_NAMED]), gettext(_NOBODY), gettext(_CANCEL)]
        typed = {word: gettext(meant) for word, meant in _TYPED.items()} | {name: name for name in named}
        return await context.choose(question + more, options, seconds=self.settings.patience, typed=typed)


class _Growing:
    """Tells the progress of an import in a reply that grows."""

    def __init__(self, grow: Callable[[str], None]) -> None:
        self._grow = grow
        self._title = ""
        self._stored = 0

    def begin_chat(self, title: str) -> None:
        """Say which chat comes next."""
        self._title = title
        self.add_stored(0)

    def add_stored(self, messages: int) -> None:
        """Say how many messages are stored."""
        self._stored += messages
        self.alive()

    def alive(self) -> None:
        """Show that it gets on."""
        self._grow(
            gettext(
                "Reading “{title}” … {number} messages so far", title=self._title, number=format_number(self._stored)
            )
        )

    def begin_embedding(self, passages: int) -> None:
        """Embedding goes on in the background and is not waited for."""

    def add_embedded(self, passages: int) -> None:
        """As above."""


class _Seen(NamedTuple):
    """What stands at the beginning of an export: the first chat's title, its people, and what its dates may mean."""

    source: ExportSource
    title: str
    people: list[str]
    open_orders: Mapping[DateOrder, date]

    @property
    def label(self) -> str:
        """The format's name for people."""
        return self.source.format.label


def _peek(path: Path, options: ParseOptions) -> _Seen:
    """Look at the beginning of the first export at a path. Raises ImportRefused, of a known app RecognisedApp."""
    with closing(find_sources(path, installed_formats())) as sources:  # type: ignore[type-var] # a generator
        source = next(sources)
        try:
            return _read_beginning(source, options)
        except YearMissing:
            raise
        except ImportRefused as error:
            raise RecognisedApp(name_source(source, error)) from error


def _read_beginning(source: ExportSource, options: ParseOptions) -> _Seen:
    with closing(source.format.open(source.path, options)) as chats:  # type: ignore[type-var] # a generator
        chat = next(iter(chats), None)
        if chat is None:
            raise CommandError(gettext("There is no message in this export."))
        authors = dict.fromkeys(message.author for message in islice(chat.messages, _PEEKED) if message.author)
        return _Seen(source, chat.title, list(authors), chat.open_orders)


def _label(name: str) -> str:
    """Return a name as it stands on a button."""
    return " ".join(name.split())


def _summarize(outcome: ImportOutcome, path: Path) -> str:
    """Return what was imported, chat by chat, and what was not."""
    lines = [line for report in outcome.reports if report.messages for line in _describe_report(report)]
    lines += [gettext("Not imported: {why}", why=_hide_folder(refusal, path)) for refusal in outcome.refusals]
    new = next((report.import_id for report in outcome.reports if report.import_id is not None), None)
    if new is not None:
        lines.append(gettext("It can be undone as a whole: import {new}.", new=new))
    return "\n".join(lines) or gettext("There is nothing in this export.")


def _describe_report(report: ImportReport) -> Sequence[str]:
    span = ""
    if report.first and report.last:
        span = gettext(", {first} to {last}", first=_day(report.first), last=_day(report.last))
    people = ngettext("{number} person", "{number} people", len(report.people))
    head = gettext(
        "**{conversation}**: {messages} messages by {people}{span}; {new} are new",
        conversation=report.conversation,
        messages=format_number(report.messages),
        people=people,
        span=span,
        new=format_number(report.new),
    )
    media = gettext(", {number} with files", number=format_number(report.attachments)) if report.attachments else ""
    warned = [f"- {describe_warning(warning)}" for warning in report.warnings[:_WARNED]]
    more = len(report.warnings) - _WARNED
    news = f" {gettext('Of the messages known before: {told}.', told=told)}" if (told := describe_news(report)) else ""
    return [
        f"{head}{media}.{news}",
        *warned,
        *([f"- {ngettext('and {number} more note', 'and {number} more notes', more)}"] if more > 0 else []),
    ]


def _day(moment: date) -> str:
    return format_long_day(moment)


def _hide_folder(error: object, path: Path) -> str:
    """Return a sentence without the folder that the file lies in for the moment."""
    return str(error).replace(str(path), path.name)
