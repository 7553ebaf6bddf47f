"""Takes a parsed chat into memory: in batches, in flat memory, and as often as you like without harm.

Every batch is one transaction and every message has an id made of its content, so an import that was stopped
goes on where it was by running it again, and a longer export of the same chat adds only what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Iterator, Sequence
from datetime import timedelta
from typing import NamedTuple

from adapters.exports.batches import Batches
from adapters.exports.chat_matching import clock_shift, find_again, find_by_words
from adapters.exports.deduplication import match_known_ids, threads_of
from adapters.exports.entries import to_entry
from adapters.exports.identity import EventIds, conversation_identity, fold_name
from adapters.exports.media import past_message
from adapters.exports.parsed import (
    ImportWarning,  # noqa: A004 (the built-in warning of that name is of no use here)
    MediaFiles,
    ParsedChat,
    ParsedMessage,
)
from adapters.exports.reconciliation import take_news, take_over_ids
from adapters.exports.report import ImportReport
from bot.context import Histories, PastFiles
from bot.errors import ImportRefused
from memory import ConversationRecord, Entry, PersonRecord, Stored

NAMES_IN_TITLE = 3
NAMES_IN_WARNING = 10
OnStored = Callable[[int], None]
"""Told the size of each batch that is stored."""


class _NewMessage(NamedTuple):
    """A message that was not known, or whose files were not, with its id and what it became."""

    message: ParsedMessage
    event_id: str
    stored: Stored


class Importer:
    """Imports the chats of one format into the memory of one person.

    What is imported belongs to `owner`, in a conversation of its own, apart from other people's imports of the
    same chat; `into` is a conversation that is there already and takes everything instead. `me` is the name under
    which the owner wrote: those messages get the owner as their author.
    """

    def __init__(
        self,
        memory: Histories,
        owner: PersonRecord,
        platform: str,
        *,
        me: str | None = None,
        into: ConversationRecord | None = None,
        import_id: int | None = None,
        past_files: PastFiles | None = None,
    ) -> None:
        self._memory = memory
        self._owner = owner
        self._platform = platform
        self._me = fold_name(me) if me else None
        self._into = into
        self._alike: ConversationRecord | None = None
        self._places: frozenset[int] = frozenset()
        self._import_id = import_id
        self._past_files = past_files
        self._author_ids: dict[str, int] = {}

    async def store(
        self,
        chat: ParsedChat,
        report: ImportReport,
        *,
        title: str | None = None,
        progress: OnStored | None = None,
    ) -> None:
        """Store a chat's messages, counted in `report`; `title` replaces the one that the export gives.

        What is there already, by its id or by its words in its minute, is not stored again.

        Raises ImportRefused when the file turns out to be damaged: everything before that is kept, and said.
        """
        if chat.own_account is not None and self._me is None:
            self._author_ids.setdefault(chat.own_account, self._owner.id)
        batches = Batches(chat.messages)
        if batch := await batches.next():
            self._alike = None
            self._places = self._places if self._into else frozenset()
            conversation = self._into or await self._conversation(chat, title, batch, report)
            report.conversation, report.conversation_id = conversation.title, conversation.id
            event_ids = EventIds()
        while batch:
            stored = await self._store_batch(conversation, batch, event_ids, report)
            if self._past_files is not None and chat.media is not None:
                await self._hand_on(stored, conversation, chat.media, report)
            if progress is not None:
                progress(len(batch))
            batch = await batches.next()
        report.warnings = [*chat.warnings, *report.warnings, *self._warn_of_me(report)]
        batches.raise_if_damaged(report)

    async def _store_batch(
        self, conversation: ConversationRecord, batch: list[ParsedMessage], event_ids: EventIds, report: ImportReport
    ) -> list[_NewMessage]:
        """Store a batch; return those of its messages that bring something new, each with its id and its passage's."""
        ids: Sequence[str | None] = [each.external_id or event_ids.of(each.sent_at, each.text) for each in batch]
        report.count(batch)
        if (same := self._into or self._alike) is not None:
            self._places = self._places or await threads_of(self._memory, same)
            ids = await match_known_ids(self._memory, same, self._places, batch, [each for each in ids if each])
        own_ids, ids = ids, await take_over_ids(self._memory, conversation, batch, ids)
        known = set(ids).difference(own_ids)
        heard = [(message, event_id) for message, event_id in zip(batch, ids, strict=True) if event_id is not None]
        entries = await self._entries(heard, conversation.platform, known)
        stored = await self._memory.add(conversation, entries, import_id=self._import_id)
        new = sum(outcome.new for outcome in stored)
        report.new += new
        report.forgotten += sum(outcome.forgotten for outcome in stored)
        report.duplicates += len(batch) - new
        await take_news(self._memory, conversation, heard, stored, report)
        with_files = await self._find_unread(conversation, heard, stored)
        return [
            _NewMessage(*said, outcome)
            for said, outcome in zip(heard, stored, strict=True)
            if outcome.new or said[1] in with_files
        ]

    async def _find_unread(
        self, conversation: ConversationRecord, heard: Sequence[tuple[ParsedMessage, str]], stored: Sequence[Stored]
    ) -> set[str]:
        """Return the known messages whose files an earlier export did not have."""
        if self._past_files is None:
            return set()
        known = [
            event_id
            for (message, event_id), outcome in zip(heard, stored, strict=True)
            if not outcome.new and not outcome.forgotten and any(not file.omitted for file in message.attachments)
        ]
        return set(known) - await self._memory.find_files(conversation, known) if known else set()

    async def _hand_on(
        self, stored: list[_NewMessage], conversation: ConversationRecord, media: MediaFiles, report: ImportReport
    ) -> None:
        """Give the files of new messages to the plugins, and count what these make of them to the import."""
        handed = False
        for message, event_id, outcome in stored:
            if self._past_files is not None and any(not file.omitted for file in message.attachments):
                past = past_message(message, event_id, outcome.id, conversation, media)
                warnings = await self._past_files.take_in(past)
                told = [ImportWarning(None, trouble) for trouble in dict.fromkeys(warnings)]
                report.warnings += [warning for warning in told if warning not in report.warnings]
                handed = True
        if handed and self._import_id is not None:
            await self._memory.imports.note_derived(self._import_id, conversation)

    async def _conversation(
        self, chat: ParsedChat, title: str | None, batch: list[ParsedMessage], report: ImportReport
    ) -> ConversationRecord:
        """Return the chat's conversation: one that holds its first messages already, else the one of its name.

        Raises ImportRefused where it holds them at other times: nothing is to be remembered twice.
        """
        names = list(dict.fromkeys(message.author for message in batch if message.author))
        shown = title or chat.title or ", ".join(names[:NAMES_IN_TITLE]) or report.label
        platform = chat.platform or self._platform
        known = await find_again(self._memory, self._owner.id, platform, batch)
        identity = conversation_identity(chat.external_id, title or chat.title, batch)
        if known is None and any(message.external_id for message in batch):
            known = await find_by_words(self._memory, self._owner.id, platform, shown, identity, batch)
            self._alike = known
        if known is None and (shift := await clock_shift(self._memory, self._owner.id, platform, batch)):
            raise ImportRefused(
                f"the messages of “{shown}” are remembered already, with clock times {_hours(shift)}: that import was "
                "read in another time zone; give the same --timezone again, or forget that import first"
            )
        return await self._memory.conversation(
            platform,
            known.external_id if known else identity,
            title=shown,
            kind=chat.kind or ("direct" if len(names) <= 2 else "group"),
            owner_id=self._owner.id,
        )

    async def _entries(
        self, heard: Sequence[tuple[ParsedMessage, str]], platform: str, known: Container[str | None]
    ) -> list[Entry]:
        for message, _ in heard:
            if message.author and (message.author_id or message.author) not in self._author_ids:
                await self._meet(message.author, message.author_id, platform)
        author_ids = self._author_ids
        return [
            to_entry(
                each,
                author_ids[each.author_id or each.author] if each.author else None,
                event_id,
                is_known=event_id in known,
            )
            for each, event_id in heard
        ]

    async def _meet(self, name: str, account: str | None, platform: str) -> None:
        """Learn who somebody is; one who is known by name only is known so to this owner alone."""
        if fold_name(name) == self._me:
            self._author_ids[account or name] = self._owner.id
            return
        external_id = account or f"{self._owner.id}/{fold_name(name)}"
        person = await self._memory.person(platform, external_id, name)
        self._author_ids[account or name] = person.id

    def _warn_of_me(self, report: ImportReport) -> Iterator[ImportWarning]:
        if self._me is None or any(fold_name(name) == self._me for name in report.people):
            return
        names = ", ".join(sorted(report.people)[:NAMES_IN_WARNING])
        yield ImportWarning(None, f"nobody in this file has the name given with --me; the people are: {names}")


def _hours(shift: timedelta) -> str:
    """Return a difference between clocks in words: "5:30 hours later"."""
    minutes = int(abs(shift).total_seconds()) // 60
    return f"{minutes // 60}:{minutes % 60:02} hours {'later' if shift > timedelta() else 'earlier'}"
