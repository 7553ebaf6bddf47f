"""The command `import`: exported chat histories into the memory of the machine's owner."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, tzinfo
from enum import Enum
from typing import Annotated

import typer
from rich.console import Console

from adapters.exports.chat_filter import ChatSelection
from adapters.exports.dry_run import read_paths, to_record
from adapters.exports.gc_tuning import collecting_rarely
from adapters.exports.parsed import DateOrder, ParsedChat, ParsedMessage, ParseOptions
from adapters.exports.run import ImportOptions, ImportOutcome, ImportRun
from adapters.exports.show import Bars, show_refusals, show_report
from adapters.exports.sources import find_missing, installed_formats
from adapters.exports.timestamps import from_iso
from bot import zone_of
from bot.app import Settings, find_conversation, open_memory, open_past_files, owner_of
from bot.context import Histories
from bot.errors import ConfigError, ImportRefused
from bot.translation import gettext, ngettext
from memory import Scope

STOPPED = 130
"""The exit code of a program that Ctrl-C ended, by the shells' convention."""


class Order(Enum):
    """What --date-order takes."""

    DMY = "dmy"
    MDY = "mdy"
    YMD = "ymd"
    YDM = "ydm"


ORDERS: dict[Order, DateOrder] = {Order.DMY: "dmy", Order.MDY: "mdy", Order.YMD: "ymd", Order.YDM: "ydm"}

Paths = Annotated[
    list[str], typer.Argument(metavar="PATH...", help="Exports: files, folders, or patterns such as 'chats/*.zip'.")
]
Timezone = Annotated[str | None, typer.Option(help="Time zone of times that name none, such as Europe/Lisbon.")]
DateOrderOption = Annotated[Order | None, typer.Option(help="How to read 3/4/24 if the file does not show it.")]
Me = Annotated[str | None, typer.Option(metavar="NAME", help="The name you wrote under, so that “I” means you.")]
Since = Annotated[str | None, typer.Option(metavar="DATE", help="Only messages from this day on.")]
Only = Annotated[
    list[str] | None, typer.Option("--only", metavar="NAME", help="Only the chat of this name; * stands for anything.")
]
Into = Annotated[
    str | None,
    typer.Option(
        metavar="CONVERSATION", help="Add to this conversation (its id or title), without the messages it has."
    ),
]
Title = Annotated[str | None, typer.Option(help="A name for the conversation.")]
Media = Annotated[
    bool,
    typer.Option("--media/--no-media", help="Let plugins read attached files, or keep only their names."),
]
Embed = Annotated[bool, typer.Option("--embed/--no-embed", help="Embed the messages now, or later.")]
Strict = Annotated[bool, typer.Option("--strict", help="Refuse a file that has anything unclear in it.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Only read; store nothing.")]
JsonLines = Annotated[bool, typer.Option("--jsonl", help="With --dry-run: print each message as a line of JSON.")]
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON, a line per conversation.")]


def import_history(  # typer makes the options of the parameters
    context: typer.Context,
    paths: Paths,
    timezone: Timezone = None,
    date_order: DateOrderOption = None,
    me: Me = None,
    since: Since = None,
    only: Only = None,
    into: Into = None,
    title: Title = None,
    media: Media = True,  # noqa: FBT002 (as above)
    embed: Embed = True,  # noqa: FBT002 (as above)
    strict: Strict = False,  # noqa: FBT002 (as above)
    dry_run: DryRun = False,  # noqa: FBT002 (as above)
    jsonl: JsonLines = False,  # noqa: FBT002 (as above)
    as_json: Json = False,  # noqa: FBT002 (as above)
) -> None:
    """Remember exported chat histories: WhatsApp, Telegram, Messenger, Signal, SMS, ChatGPT and many others.

    Importing a file again adds nothing; a longer export of the same chat adds what is new or has changed.

    Example: scrubjay import "WhatsApp Chat with Lisbon trip.zip" --me Mara
    """
    settings: Settings = context.obj
    if jsonl and not dry_run:
        raise ConfigError(gettext("--jsonl shows what would be imported; use it together with --dry-run"))
    zone = _parse_zone(timezone, settings)
    wanted = ChatSelection(tuple(only or ()), _parse_day(since, zone))
    parse = ParseOptions(zone, ORDERS[date_order] if date_order else None, me, wanted.since)
    options = ImportOptions(parse, wanted, title, strict=strict, embed=embed, media=media)
    if dry_run:
        outcome = read_paths(paths, installed_formats(), options, _print_message if jsonl else _ignore)
    else:
        outcome = _import_showing_progress(paths, settings, options, into)
    if as_json:
        _print_reports(outcome)
    elif not jsonl:
        _show(outcome, dry_run=dry_run)
    _tell_refusals(outcome)


def _parse_zone(name: str | None, settings: Settings) -> tzinfo:
    if name is None:
        return settings.time.zone
    try:
        return zone_of(name)
    except ValueError as error:
        raise ConfigError(f"--timezone: {error}") from None


def _parse_day(text: str | None, zone: tzinfo) -> datetime | None:
    if text is None:
        return None
    moment = from_iso(text, zone)
    if moment is None:
        raise ConfigError(gettext("--since: {text} is not a date; write it as 2024-05-31", text=text))
    return moment


def _import_showing_progress(
    paths: Sequence[str], settings: Settings, options: ImportOptions, into: str | None
) -> ImportOutcome:
    missing = find_missing(paths)
    if len(missing) == len(paths):  # before the memory is opened, which takes a while
        return ImportOutcome(refusals=missing)
    outcome = ImportOutcome()
    errors = Console(stderr=True)
    try:
        with Bars(errors) as bars, collecting_rarely():
            asyncio.run(_import(paths, settings, options, into, outcome, bars))
    except KeyboardInterrupt:
        kept = sum(report.new for report in outcome.reports)
        errors.print(
            ngettext(
                "Stopped. {number} new message is stored; run the same command again to continue.",
                "Stopped. {number} new messages are stored; run the same command again to continue.",
                kept,
            )
        )
        raise typer.Exit(STOPPED) from None
    return outcome


async def _import(
    paths: Sequence[str],
    settings: Settings,
    options: ImportOptions,
    into: str | None,
    outcome: ImportOutcome,
    bars: Bars,
) -> None:
    async with open_memory(settings) as memory:
        if into is not None:
            options = replace(options, into=await find_conversation(memory, Scope.all(), into))
        owner = await owner_of(memory)
        opening = open_past_files(settings, memory, owner) if options.media else nullcontext()
        async with opening as past_files:
            run = ImportRun(Histories(memory), owner, installed_formats(), options, bars, past_files=past_files)
            await run.import_paths(paths, outcome)


def _show(outcome: ImportOutcome, *, dry_run: bool) -> None:
    console = Console()
    for report in outcome.reports:
        if report.messages:
            show_report(console, report, dry_run=dry_run)


def _tell_refusals(outcome: ImportOutcome) -> None:
    show_refusals(Console(stderr=True), outcome.refusals)
    if outcome.refusals:
        raise typer.Exit(ImportRefused.exit_code)


def _print_reports(outcome: ImportOutcome) -> None:
    for report in outcome.reports:
        _print_json(report.to_record())


def _print_message(chat: ParsedChat, platform: str, message: ParsedMessage) -> None:
    _print_json(to_record(chat, platform, message))


def _print_json(record: Mapping[str, object]) -> None:
    plain = sys.stdout.encoding.lower() != "utf-8"
    sys.stdout.write(json.dumps(record, ensure_ascii=plain) + "\n")


def _ignore(_chat: ParsedChat, _platform: str, _message: ParsedMessage) -> None:
    """Take no notice: only the report is wanted."""
