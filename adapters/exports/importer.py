"""Takes a parsed chat into memory: in batches, in flat memory, and as often as you like without harm.

Every batch is one transaction and every message has an id made of its content, so an import that was stopped
goes on where it was by running it again, and a longer export of the same chat adds only what is new.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from adapters.exports.batches import Batches
from adapters.exports.entries import to_entry
from adapters.exports.identity import EventIds, conversation_identity, folded
from adapters.exports.parsed import (
    ImportWarning,  # noqa: A004 (the built-in warning of that name is of no use here)
    ParsedChat,
    ParsedMessage,
)
from adapters.exports.report import ImportReport
from adapters.exports.reunion import find_again
from memory import Conversation, Entry, Memory, Person

NAMES_IN_TITLE = 3
NAMES_IN_WARNING = 10
Progress = Callable[[int], None]
"""Told the size of each batch that is stored."""


class Importer:
    """Imports the chats of one format into the memory of one person.

    What is imported belongs to `owner`, in a conversation of its own, apart from other people's imports of the
    same chat. `me` is the name under which the owner wrote: those messages get the owner as their author.
    """

    def __init__(self, memory: Memory, owner: Person, platform: str, *, me: str | None = None) -> None:
        self._memory = memory
        self._owner = owner
        self._platform = platform
        self._me = folded(me) if me else None
        self._author_ids: dict[str, int] = {}

    async def store(
        self,
        chat: ParsedChat,
        report: ImportReport,
        *,
        title: str | None = None,
        progress: Progress | None = None,
    ) -> None:
        """Store a chat's messages, counted in `report`; `title` replaces the one that the export gives.

        Raises ImportRefused when the file turns out to be damaged: everything before that is kept, and said.
        """
        batches = Batches(chat.messages)
        if batch := await batches.next():
            conversation = await self._conversation(chat, title, batch, report)
            report.conversation = conversation.title
            event_ids = EventIds()
        while batch:
            await self._store_batch(conversation, batch, event_ids, report)
            if progress is not None:
                progress(len(batch))
            batch = await batches.next()
        report.warnings = [*chat.warnings, *self._warn_of_me(report)]
        batches.raise_if_damaged(report)

    async def _store_batch(
        self, conversation: Conversation, batch: list[ParsedMessage], event_ids: EventIds, report: ImportReport
    ) -> None:
        entries = await self._entries(batch, event_ids)
        stored = await self._memory.add(conversation, entries)
        report.count(batch)
        new = sum(outcome.new for outcome in stored)
        report.new += new
        report.duplicates += len(batch) - new

    async def _conversation(
        self, chat: ParsedChat, title: str | None, batch: list[ParsedMessage], report: ImportReport
    ) -> Conversation:
        """Return the chat's conversation: one that holds its first messages already, else the one of its name."""
        names = list(dict.fromkeys(message.author for message in batch if message.author))
        shown = title or chat.title or ", ".join(names[:NAMES_IN_TITLE]) or report.label
        known = await find_again(self._memory, self._owner.id, self._platform, batch)
        return await self._memory.conversation(
            self._platform,
            known.external_id if known else conversation_identity(chat.external_id, title or chat.title, batch),
            title=shown,
            kind=chat.kind or ("direct" if len(names) <= 2 else "group"),
            owner_id=self._owner.id,
        )

    async def _entries(self, batch: list[ParsedMessage], event_ids: EventIds) -> list[Entry]:
        for message in batch:
            if message.author and (message.author_id or message.author) not in self._author_ids:
                await self._meet(message.author, message.author_id)
        author_ids = self._author_ids
        entries = []
        for message in batch:
            author_id = author_ids[message.author_id or message.author] if message.author else None
            event_id = message.external_id or event_ids.of(message.sent_at, message.text)
            entries.append(to_entry(message, author_id, event_id))
        return entries

    async def _meet(self, name: str, account: str | None) -> None:
        """Learn who somebody is; one who is known by name only is known so to this owner alone."""
        if folded(name) == self._me:
            self._author_ids[account or name] = self._owner.id
            return
        external_id = account or f"{self._owner.id}/{folded(name)}"
        person = await self._memory.person(self._platform, external_id, name)
        self._author_ids[account or name] = person.id

    def _warn_of_me(self, report: ImportReport) -> Iterator[ImportWarning]:
        if self._me is None or any(folded(name) == self._me for name in report.people):
            return
        names = ", ".join(sorted(report.people)[:NAMES_IN_WARNING])
        yield ImportWarning(None, f"nobody here goes by the name given with --me; the people are: {names}")
