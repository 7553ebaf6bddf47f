"""What a later export says of messages that are known already: edited since, deleted since, or with their files now.

The platform's ids tell which messages those are. WhatsApp gives none, and an id made of the words changes with them:
there an edited or deleted message takes the place of the one that its author said in that minute and that is missing.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterable, Sequence
from datetime import datetime, timedelta
from difflib import SequenceMatcher

from adapters.exports.entries import DELETED, to_entry
from adapters.exports.identity import fold_name
from adapters.exports.parsed import ParsedMessage
from adapters.exports.report import ImportReport
from bot.context import Histories
from memory import ConversationRecord, Passage, Scope, Selection, Stored

AT_ONCE = 50_000
MINUTE = timedelta(minutes=1)
_Group = tuple[datetime, str]


async def take_over_ids(
    memory: Histories, conversation: ConversationRecord, batch: Sequence[ParsedMessage], ids: Sequence[str | None]
) -> list[str | None]:
    """Return the messages' ids; edited and deleted ones get those of the remembered messages that they were."""
    changed = {_group(each) for each in batch if (each.edited or each.deleted) and each.external_id is None}
    if not changed:
        return list(ids)
    times = [minute for minute, _ in changed]
    selection = Selection(since=min(times), until=max(times) + MINUTE, kinds=("message", "system"))
    remembered = await memory.passages(
        Scope.of_conversation(conversation.id), selection, limit=AT_ONCE, newest_first=False
    )
    known: dict[_Group, list[str]] = defaultdict(list)
    for passage in remembered:
        if passage.event_id is not None and passage.document_id is None:
            known[_minute(passage.said_at), fold_name(passage.author)].append(passage.event_id)
    said: dict[_Group, list[int]] = defaultdict(list)
    for index, message in enumerate(batch):
        if ids[index] is not None and _group(message) in changed:
            said[_group(message)].append(index)
    taken = list(ids)
    for group, indexes in said.items():
        changed_here = {index for index in indexes if batch[index].edited or batch[index].deleted}
        for index, event_id in _align(known[group], [(index, ids[index] or "") for index in indexes], changed_here):
            if index in changed_here:
                taken[index] = event_id
    return taken


async def take_news(
    memory: Histories,
    conversation: ConversationRecord,
    heard: Sequence[tuple[ParsedMessage, str]],
    stored: Sequence[Stored],
    report: ImportReport,
) -> None:
    """Bring known messages up to date with what the export says of them, and count that in the report."""
    told = {
        outcome.id: (message, event_id)
        for (message, event_id), outcome in zip(heard, stored, strict=True)
        if not outcome.new and not outcome.forgotten and _may_tell(message)
    }
    if not told:
        return
    selection = Selection(passage_ids=tuple(told))
    for passage in await memory.passages(Scope.of_conversation(conversation.id), selection, limit=len(told)):
        message, event_id = told[passage.id]
        if message.deleted and passage.text != DELETED:
            await memory.edit(conversation, event_id, DELETED, withdrawn=True)
            report.deleted += 1
        elif text := _find_new_text(message, event_id, passage):
            await memory.edit(conversation, event_id, text)
            report.updated += 1


def _may_tell(message: ParsedMessage) -> bool:
    return message.edited or message.deleted or any(not file.omitted for file in message.attachments)


def _find_new_text(message: ParsedMessage, event_id: str, passage: Passage) -> str | None:
    """Return what a message says now; None when that is known, or when it was deleted after this export was made."""
    text = to_entry(message, None, event_id).text
    if message.deleted or passage.text == DELETED or fold_name(text) == fold_name(passage.text):
        return None
    named = [file.name for file in message.attachments if file.name and not file.omitted]
    more_files = any(name not in passage.text for name in named) and passage.text.startswith(message.text)
    return text if message.edited or more_files else None


def _align(known: Sequence[str], said: Sequence[tuple[int, str]], changed: Container[int]) -> Iterable[tuple[int, str]]:
    """Pair messages that are not known with known ones that are missing, where they stand between the same others.

    Where more are said than are known there, some were forgotten, and the `changed` ones are those that are left.
    """
    ids = [event_id for _, event_id in said]
    for what, start, end, from_, until in SequenceMatcher(None, known, ids, autojunk=False).get_opcodes():
        if what == "replace":
            indexes = [index for index, _ in said[from_:until]]
            if len(indexes) > end - start:
                indexes = [index for index in indexes if index in changed]
            yield from zip(indexes, known[start:end], strict=False)


def _group(message: ParsedMessage) -> _Group:
    return _minute(message.sent_at), fold_name(message.author or "")


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
