"""From Slack's events to the core's."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC
from typing import Literal

from adapters.slack.api import Api, Json
from adapters.slack.directory import Directory
from adapters.slack.files import attachments_of
from adapters.slack.message_text import mentions, read, strip_call, to_plain_text
from adapters.slack.places import PLATFORM, event_id, is_direct_channel, time_of
from adapters.slack.settings import SlackSettings
from adapters.slack.threads import Threads
from bot.errors import AdapterError
from bot.events import (
    Conversation,
    ConversationDeleted,
    ConversationMoved,
    Event,
    Feedback,
    Mention,
    Message,
    MessageDeleted,
    MessageEdited,
    with_file_names,
)

_SAID = frozenset({None, "", "file_share", "me_message", "thread_broadcast"})
"""The kinds of messages that are somebody's words; the others say who joined, what was renamed, and so on."""
_THUMBS: dict[str, Literal[-1, 1]] = {"+1": 1, "thumbsup": 1, "-1": -1, "thumbsdown": -1}


@dataclass(frozen=True, slots=True)
class SlackIncoming:
    """Understands events, with the help of Slack where they hold ids only."""

    api: Api
    directory: Directory
    threads: Threads
    settings: SlackSettings

    async def event(self, event: Json) -> Event | None:
        """Return what an event means to the core; None when nothing. Raises AdapterError where Slack must be asked."""
        match event.get("type"):
            case "message" | "app_mention":
                return await self._read_message_event(event)
            case "reaction_added" | "reaction_removed":
                return await self._read_feedback(event)
            case "channel_deleted" | "group_deleted":
                return ConversationDeleted(Conversation(PLATFORM, str(event["channel"]), kind="group"))
            case "channel_id_changed":
                return _read_move(str(event["old_channel_id"]), str(event["new_channel_id"]))
            case _:
                return None

    async def _read_message_event(self, event: Json) -> Event | None:
        match event.get("subtype"):
            case "message_changed":
                return await self._read_edit(event)
            case "message_deleted":
                return _read_deletion(event, str(event["deleted_ts"]))
            case subtype if subtype in _SAID:
                return await self._read_message(event)
            case _:
                return None

    async def _read_message(self, event: Json) -> Message | None:
        channel, ts = str(event["channel"]), str(event["ts"])
        if self._is_bots(event):
            return None
        text, called = await self._read(event)
        shared = [each for each in event.get("attachments") or () if each.get("is_share")]
        files = (*attachments_of(event), *(file for each in shared for file in attachments_of(each)))
        if not (text or files):
            return None
        addressed = await self._is_addressed(event)
        thread = _thread_of(event)
        place = await self._place(event, thread or self._thread_to_open(event, text, addressed=addressed))
        replied = await self._read_root(event, thread) if addressed and thread and place.kind == "group" else None
        if addressed and place.thread is not None:
            self.threads.join(channel, place.thread)
        return Message(
            event_id=event_id(channel, ts),
            conversation=place,
            sender=await self.directory.person(str(event["user"])),
            text=text,
            sent_at=time_of(ts),
            addressed=addressed,
            reply_to=event_id(channel, thread) if thread else None,
            attachments=files,
            link=self.directory.link(channel, ts, thread),
            mentions=called,
            forwarded=any(each.get("is_share") for each in event.get("attachments") or ()),
            replied=replied,
        )

    async def _read_root(self, event: Json, thread: str) -> Message | None:
        """Return the message that a thread began with, the first time that the bot is called into it."""
        channel = str(event["channel"])
        if self.threads.has_root(channel, thread):
            return None
        root = await self.threads.root(channel, thread)
        if root is None or root.get("subtype") not in _SAID or self._is_bots(root):
            return None
        here = {"channel": channel, "channel_type": event.get("channel_type")}
        found = await self._read_message({**root, **here, "thread_ts": None})
        if found is None:
            return None
        return replace(found, addressed=False, conversation=replace(found.conversation, thread=None))

    async def _read_edit(self, event: Json) -> Event | None:
        """Return a change of words: Slack also tells of previews that were added, and of the bot's own edits."""
        message, before = event.get("message") or {}, event.get("previous_message") or {}
        if message.get("subtype") == "tombstone":  # deleted, though its thread stays
            return _read_deletion({**event, "previous_message": before}, str(message["ts"]))
        if self._is_bots(message) or message.get("subtype") not in _SAID:
            return None
        if message.get("text") == before.get("text") and "edited" not in message:
            return None
        text, _ = await self._read(message)
        channel = str(event["channel"])
        place = Conversation(PLATFORM, channel, kind=_kind(event), thread=_thread_of(message))
        text = with_file_names(text, attachments_of(message))
        return MessageEdited(place, event_id(channel, str(message["ts"])), text) if text else None

    async def _read_feedback(self, event: Json) -> Feedback | None:
        item, value = event.get("item") or {}, _thumb(event)
        if value is None or item.get("type") != "message" or event.get("item_user") not in {self._me, None}:
            return None
        channel, ts, user = str(item["channel"]), str(item["ts"]), str(event["user"])
        if user == self._me:
            return None
        return Feedback(
            conversation=Conversation(PLATFORM, channel, kind=_kind({"channel": channel})),
            sender=await self.directory.person(user),
            message_id=event_id(channel, ts),
            value=value
            if event["type"] == "reaction_added"
            else await self._find_remaining_judgement(channel, ts, user),
            given_at=time_of(str(event["event_ts"])),
        )

    async def _find_remaining_judgement(self, channel: str, ts: str, user: str) -> Literal[-1, 0, 1]:
        """Return the judgement that is left when a thumb was taken back: there may be another one."""
        try:
            told = await self.api.call(lambda client: client.reactions_get(channel=channel, timestamp=ts), eager=True)
        except AdapterError:
            return 0
        for reaction in (told.get("message") or {}).get("reactions") or ():
            value = _thumb({"reaction": reaction["name"]})
            if value is not None and user in reaction["users"]:
                return value
        return 0

    async def _read(self, message: Json) -> tuple[str, tuple[Mention, ...]]:
        """Return what was said, without the call to the bot at its start, and who else is called in it.

        A forwarded message names its author.
        """
        text, mentioned = await read(strip_call(str(message.get("text") or ""), self._me), self.directory)
        shared = [await self._quote_shared(each) for each in message.get("attachments") or () if each.get("is_share")]
        called = tuple(mention for mention in mentioned if mention.person.id != self._me)
        return "\n".join(part for part in (text.strip(), *shared) if part), called

    async def _quote_shared(self, attachment: Json) -> str:
        author = str(attachment.get("author_name") or "somebody")
        said = ""
        if attachment.get("ts"):
            moment = time_of(str(attachment["ts"])).astimezone(UTC)
            said = f", {moment.day} {moment:%B %Y %H:%M} UTC"
        text = await to_plain_text(str(attachment.get("text") or ""), self.directory)
        return f"(forwarded: {author}{said})\n{text}".strip()

    async def _is_addressed(self, event: Json) -> bool:
        """Say whether the bot is meant: it is mentioned, or a thread it is part of goes on without calling others."""
        if _kind(event) == "direct":
            return True
        called = mentions(str(event.get("text") or ""))
        if called:
            return self._me in called
        thread = _thread_of(event)
        if thread is None:
            return False
        if event.get("parent_user_id") == self._me:
            return True
        return await self.threads.takes_part(str(event["channel"]), thread, self.directory.bot)

    def _thread_to_open(self, event: Json, text: str, *, addressed: bool) -> str | None:
        """Return the thread that a question opens: its own. Commands belong to the channel they are given in."""
        direct = _kind(event) == "direct"
        opens = self.settings.threads_in_direct_chats if direct else self.settings.threads_in_channels
        return str(event["ts"]) if addressed and opens and not text.startswith("/") else None

    async def _place(self, event: Json, thread: str | None) -> Conversation:
        channel, kind = str(event["channel"]), _kind(event)
        title = "" if kind == "direct" else (await self.directory.channel(channel)).name
        return Conversation(PLATFORM, channel, title, kind, thread, self._workspace_of(event))

    def _workspace_of(self, event: Json) -> str:
        """Return the sender's own workspace: people from elsewhere share channels, but belong to another one."""
        return str(event.get("user_team") or event.get("team") or self.directory.bot.team)

    def _is_bots(self, message: Json) -> bool:
        return bool(message.get("bot_id")) or not message.get("user") or message.get("user") in {self._me, "USLACKBOT"}

    @property
    def _me(self) -> str:
        return self.directory.bot.user


def _thread_of(message: Json) -> str | None:
    """Return the thread a message is in; the one that opened it is not in it."""
    thread = message.get("thread_ts")
    return str(thread) if thread and thread != message.get("ts") else None


def _kind(event: Json) -> Literal["direct", "group"]:
    is_direct = event.get("channel_type") == "im" or is_direct_channel(str(event.get("channel", "")))
    return "direct" if is_direct else "group"


def _read_deletion(event: Json, ts: str) -> MessageDeleted:
    channel = str(event["channel"])
    thread = _thread_of(event.get("previous_message") or {})
    place = Conversation(PLATFORM, channel, kind=_kind(event), thread=thread)
    return MessageDeleted(place, (event_id(channel, ts),))


def _read_move(old: str, new: str) -> ConversationMoved:
    """Return that a channel has another id, as when it is shared with another workspace; its messages stay the same."""
    return ConversationMoved(Conversation(PLATFORM, old, kind="group"), new, (event_id(old, ""), event_id(new, "")))


def _thumb(reaction: Json) -> Literal[-1, 1] | None:
    return _THUMBS.get(str(reaction.get("reaction", "")).split("::")[0])
