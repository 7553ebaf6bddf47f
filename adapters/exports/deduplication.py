"""Knows messages of an export that are remembered already because they arrived live, or came by another export.

Where the platform's own ids agree, the memory does that by itself. Elsewhere (a private Telegram chat, of which
each account counts the messages for itself; WhatsApp, which gives no ids) a message is known by what was said in
which minute.
"""

from __future__ import annotations

import re
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta

from adapters.exports.entries import to_entry
from adapters.exports.identity import fold_name
from adapters.exports.parsed import ParsedMessage
from bot.context import Histories
from memory import ConversationRecord, Passage, Scope, Selection

AT_ONCE = 50_000
MINUTE = timedelta(minutes=1)
_Key = tuple[datetime, str]
_TOLD_OTHERWISE = re.compile(
    r"\(https?://|^(?:Poll|Location|List): |\[(?:photo|video|audio|document|sticker|contact|attachment)"
)
"""What an export words in another way than a bot sees it: addresses behind links, polls, places, files."""
_LEFT_OUT = re.compile(r"\(https?://[^()\s]*\)|\[[a-z]+(?:: [^\]]*)?\]|\(\d+\)(?=\s|$)")
_WORD = re.compile(r"-?\d+\.\d+|\w+")
_SAME = {"place": "location"}


async def threads_of(store: Histories, conversation: ConversationRecord) -> frozenset[int]:
    """Return the ids of the conversations in which live messages of this one's threads are kept, and its own."""
    known = [summary.conversation for summary in await store.conversations(Scope.all())]
    prefix = f"{conversation.external_id}/"
    return frozenset({conversation.id}).union(
        each.id for each in known if each.platform == conversation.platform and each.external_id.startswith(prefix)
    )


async def match_known_ids(
    store: Histories,
    conversation: ConversationRecord,
    places: frozenset[int],
    batch: Sequence[ParsedMessage],
    event_ids: Sequence[str],
) -> list[str | None]:
    """Return the messages' ids, each replaced by that of the remembered message that it is.

    None stands for a message that is remembered in another of the `places`, a thread.
    """
    selection = Selection(
        since=_minute(min(message.sent_at for message in batch)),
        until=_minute(max(message.sent_at for message in batch)) + MINUTE,
        kinds=("message", "question", "command"),
    )
    remembered = await store.passages(Scope.of_conversation(*places), selection, limit=AT_ONCE, newest_first=False)
    by_id = {passage.event_id: passage.conversation.id for passage in remembered}
    here = set(event_ids)
    others = [passage for passage in remembered if passage.event_id not in here]
    free = _group_by_words(others, fold_name)
    alike = _group_by_words(others, _reduce)
    known = [
        event_id if event_id in by_id else _take_same(free, message) or _take_alike(alike, free, message) or event_id
        for message, event_id in zip(batch, event_ids, strict=True)
    ]
    return [None if by_id.get(each, conversation.id) != conversation.id else each for each in known]


def _group_by_words(passages: Iterable[Passage], form: Callable[[str], str]) -> dict[_Key, deque[str]]:
    """Return the ids of passages by their minute and a form of their words."""
    found: dict[_Key, deque[str]] = defaultdict(deque)
    for passage in passages:
        if passage.event_id is not None:
            found[_minute(passage.said_at), form(passage.text)].append(passage.event_id)
    return found


def _reduce(text: str) -> str:
    """Return the words of a text without what exports and bots word differently; numbers as a bot rounds them."""
    words = _WORD.findall(_LEFT_OUT.sub(" ", fold_name(text)))
    return " ".join(f"{float(word):.4f}" if "." in word else _SAME.get(word, word) for word in words)


def _take_alike(alike: dict[_Key, deque[str]], free: dict[_Key, deque[str]], message: ParsedMessage) -> str | None:
    """Return the id of a remembered message that says the same in other words: a link, a poll, a place, a caption."""
    told = to_entry(message, None, "").text
    if not _TOLD_OTHERWISE.search(told):
        return None
    minute, reduced = _minute(message.sent_at), _reduce(told)
    same = alike.get((minute, reduced)) if reduced else None
    used = {event for (at, _), events in free.items() if at == minute for event in events}
    return next((same.popleft() for _ in range(len(same or ())) if same and same[0] in used), None)


def _take_same(free: dict[_Key, deque[str]], message: ParsedMessage) -> str | None:
    """Return the id of a remembered message with these words, which stands for no other one then."""
    same = free.get((_minute(message.sent_at), fold_name(message.text))) if message.text else None
    return same.popleft() if same else None


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
