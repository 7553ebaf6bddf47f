"""What a chat shows: messages, replies, and their sources as cards."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from markupsafe import Markup

from adapters.http.live_replies import Update
from adapters.http.markdown import find_addresses, render_markdown, render_plain
from bot import OutFile, Source
from bot.adapter import Caller
from bot.events import Choices
from bot.translation import gettext
from memory import ConversationRecord, Passage

SHOWN = 60
"""Messages that a chat shows at first; the conversation's own page has all of them."""
_CARD_CHARS = 280


@dataclass(frozen=True, slots=True)
class SourceCard:
    """A source under an answer; `address` opens it where it was said."""

    n: int
    author: str
    said_at: datetime
    place: str
    text: str
    address: str | None


@dataclass(frozen=True, slots=True)
class ChatItem:
    """One message or reply. `answers` is the event id of the message that a reply answers."""

    who: Literal["person", "bot", "note"]
    event_id: str
    html: Markup
    text: str
    said_at: datetime | None = None
    cards: tuple[SourceCard, ...] = ()
    choices: Choices | None = None
    files: tuple[tuple[str, str], ...] = ()
    answers: str | None = None
    state: Literal["growing", "done", "failed"] = "done"
    judged: bool = False
    """Whether thumbs stand under it: it is an answer."""


async def read_items(caller: Caller, conversation: ConversationRecord) -> list[ChatItem]:
    """Return the last messages of a chat, oldest first."""
    browsing = caller.memory.browsing
    passages = await browsing.read_before(caller.scope, conversation.id, None, limit=SHOWN)
    answers = [each.id for each in passages if each.kind == "answer"]
    cited = await browsing.read_cited(caller.scope, answers) if answers else {}
    return [_item_of(each, cited.get(each.id, ())) for each in passages if each.kind != "document"]


def item_of_update(update: Update) -> ChatItem:
    """Return a reply as it stands."""
    reply = update.reply
    addresses = {each.n: address for each in reply.sources if (address := _address(each.passage_id)) is not None}
    known = find_addresses([each.text for each in reply.sources]) | {each.link for each in reply.sources if each.link}
    return ChatItem(
        who="bot",
        event_id=update.reply_id,
        html=render_markdown(reply.text, sources=addresses, known=known),
        text=reply.text,
        said_at=datetime.now().astimezone() if update.kind != "growing" else None,
        cards=tuple(map(_card_of_source, reply.sources)),
        choices=reply.choices,
        files=tuple(map(_download_of, reply.files)),
        answers=update.answers,
        state=update.kind,
        judged=update.kind == "done" and reply.choices is None,
    )


def item_of_text(event_id: str, text: str, said_at: datetime) -> ChatItem:
    """Return what the person has just said."""
    return ChatItem("person", event_id, render_plain(text), text, said_at)


def _item_of(passage: Passage, cited: Sequence[Passage]) -> ChatItem:
    event_id = passage.event_id or str(passage.id)
    if passage.kind == "fact":
        return ChatItem(
            "note",
            event_id,
            render_plain(gettext("Kept as a fact: {fact}", fact=passage.keyed_text)),
            "",
            passage.said_at,
        )
    if passage.author_id is not None:
        return ChatItem("person", event_id, render_plain(passage.text), passage.text, passage.said_at)
    addresses = {n: f"/source/{each.id}" for n, each in enumerate(cited, start=1)}
    html = render_markdown(passage.text, sources=addresses, known=_list_known_links(cited))
    cards = tuple(_card_of_passage(n, each) for n, each in enumerate(cited, start=1))
    return ChatItem(
        "bot", event_id, html, passage.text, passage.said_at, cards,
        answers=passage.reply_to, judged=passage.kind == "answer",
    )  # fmt: skip


def _list_known_links(cited: Iterable[Passage]) -> frozenset[str]:
    passages = list(cited)
    return find_addresses([each.text for each in passages]) | {each.link for each in passages if each.link}


def _card_of_source(source: Source) -> SourceCard:
    place = ", ".join(part for part in (source.locator, source.conversation) if part)
    return SourceCard(source.n, source.author, source.said_at, place, _clip(source.text), _address(source.passage_id))


def _card_of_passage(number: int, passage: Passage) -> SourceCard:
    place = ", ".join(part for part in (passage.locator, passage.conversation.title) if part)
    return SourceCard(number, passage.author, passage.said_at, place, _clip(passage.keyed_text), _address(passage.id))


def _address(passage_id: int | None) -> str | None:
    return None if passage_id is None else f"/source/{passage_id}"


def _download_of(file: OutFile) -> tuple[str, str]:
    """Return a file's name and its bytes as an address, which saves it without another request."""
    return file.name, f"data:application/octet-stream;base64,{b64encode(file.data).decode()}"


def _clip(text: str) -> str:
    return text if len(text) <= _CARD_CHARS else f"{text[:_CARD_CHARS]}…"
