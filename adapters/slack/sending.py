"""The way out: replies part by part, through limits and outages, into threads and messages that have grown."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from adapters.slack.api import Api, RefusedError
from adapters.slack.directory import Directory
from adapters.slack.layout import Links, Part, halve, parts_of, source_blocks, source_lines, to_streamable
from adapters.slack.places import ChannelThread, event_id
from adapters.slack.uploads import upload
from bot.errors import AdapterError
from bot.events import Reply, Source

logger = logging.getLogger(__name__)

LINK_SECONDS = 3.0
"""How long an answer may wait for the addresses of its sources."""
FINDING_FAULT = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "invalid_attachments"})
GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "streaming_state_conflict"})
TOO_LONG = frozenset({"msg_too_long", "msg_blocks_too_long"})
NO_THREADS = "restricted_action_non_threadable_channel"
"""Refuses what is written in a thread; the channel itself takes it."""
FOR_GOOD = frozenset(
    {
        "channel_not_found",
        "is_archived",
        "not_in_channel",
        "user_not_found",
        "user_disabled",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_locked",
        "restricted_action_thread_only_channel",
        "cannot_reply_to_message",
        "messages_tab_disabled",
        "cannot_dm_bot",
    }
)
"""Refusals that no later try changes (https://docs.slack.dev/reference/methods/chat.postMessage)."""


@dataclass(slots=True)
class SlackReplyProgress:
    """What of a reply is in its channel: the message that has grown, the time stamps of what is finished, the files."""

    growing: str | None = None
    sent: list[str] = field(default_factory=list)
    parts: int = 0
    with_files: bool = False


class SlackSender:
    """Sends to channels. A reply that fails half-way goes on where it stopped when it is sent again."""

    def __init__(self, api: Api, directory: Directory) -> None:
        self.api = api
        self._directory = directory
        self._unfinished: dict[tuple[ChannelThread, str | None, Reply], SlackReplyProgress] = {}

    async def reply(
        self, place: ChannelThread, reply: Reply, reply_to: str | None, growing: str | None = None
    ) -> tuple[str, ...]:
        """Send a whole reply, into the message `growing` where there is one; return its event ids.

        A channel that is gone for good gets nothing, and no ids. Raises AdapterError when trying again may help.
        """
        key = (place, reply_to, reply)
        progress = self._unfinished.setdefault(key, SlackReplyProgress())
        progress.growing = growing or progress.growing
        try:
            try:
                await self._send_all(place, reply, progress)
            except RefusedError as error:
                if error.code != NO_THREADS or place.thread is None:
                    raise
                await self._send_all(replace(place, thread=None), reply, progress)
        except RefusedError as error:
            if error.code not in FOR_GOOD:
                raise
            logger.warning("Slack refuses a reply to %s for good: %s", place.channel, error)
        del self._unfinished[key]
        return tuple(event_id(place.channel, ts) for ts in progress.sent)

    async def _send_all(self, place: ChannelThread, reply: Reply, progress: SlackReplyProgress) -> None:
        await self._send_parts(place, await self.parts(reply), progress)
        await self._send_files(place, reply, progress)

    async def parts(self, reply: Reply) -> list[Part]:
        """Lay a reply out, with the addresses of its sources."""
        return parts_of(reply, await self.links(reply.sources))

    async def lay_out_ending(self, reply: Reply) -> tuple[str, list[dict[str, object]]]:
        """Return the Markdown of a reply, and its sources as blocks that can stand under it."""
        lines = source_lines(reply.sources, await self.links(reply.sources))
        return to_streamable(reply.text).strip(), list(source_blocks(lines))

    async def links(self, sources: Sequence[Source]) -> Links:
        """Return the addresses of sources by number; Slack is asked for those of its own messages."""
        linked = [(source.n, source.link) for source in sources if source.link]
        found: dict[int, str] = dict(linked)
        try:
            async with asyncio.timeout(LINK_SECONDS):
                asked = await asyncio.gather(*(self._directory.permalink(address) for _, address in linked))
        except TimeoutError:
            return found
        return {number: address for (number, _), address in zip(linked, asked, strict=True) if address}

    async def post(self, place: ChannelThread, part: Part, *, eager: bool = False) -> str:
        """Send one message and return its time stamp. Raises AdapterError."""

        async def call(blocks: list[dict[str, object]] | None) -> str:
            told = await self.api.call(
                lambda client: client.chat_postMessage(
                    channel=place.channel,
                    text=part.text,
                    blocks=blocks,
                    thread_ts=place.thread,
                    unfurl_links=False,
                    unfurl_media=False,
                ),
                eager=eager,
            )
            return str(told["ts"])

        try:
            return await call(list(part.blocks) or None)
        except RefusedError as error:
            return await call(_drop_blocks(error, part))

    async def edit(self, place: ChannelThread, ts: str, part: Part, *, eager: bool = False) -> None:
        """Change a message that was sent. Raises AdapterError."""

        async def call(blocks: list[dict[str, object]]) -> None:
            await self.api.call(
                lambda client: client.chat_update(channel=place.channel, ts=ts, text=part.text, blocks=blocks),
                eager=eager,
            )

        try:
            await call(list(part.blocks))
        except RefusedError as error:
            await call(_drop_blocks(error, part))

    async def _send_parts(self, place: ChannelThread, parts: Sequence[Part], progress: SlackReplyProgress) -> None:
        for part in parts[progress.parts :]:
            ts = await self._finish_growing(place, part, progress)
            progress.sent += await self._post_whole(place, part) if ts is None else [ts]
            progress.parts += 1

    async def _post_whole(self, place: ChannelThread, part: Part) -> list[str]:
        """Send a message; one that Slack finds too long, whatever its documents say, goes in pieces."""
        try:
            return [await self.post(place, part)]
        except RefusedError as error:
            pieces = halve(part)
            if error.code not in TOO_LONG or len(pieces) < 2:
                raise
            logger.warning("Slack finds a message of %d characters too long, so it goes in pieces", len(part.text))
            return [ts for piece in pieces for ts in await self._post_whole(place, piece)]

    async def _send_files(self, place: ChannelThread, reply: Reply, progress: SlackReplyProgress) -> None:
        if not progress.with_files:
            refusal = await upload(self.api, reply.files, place.channel, place.thread)
            progress.with_files = True
            if refusal is not None:
                progress.sent.append(await self.post(place, Part(refusal)))

    async def _finish_growing(self, place: ChannelThread, part: Part, progress: SlackReplyProgress) -> str | None:
        """Finish the message that has grown; None when there is none, or Slack does not take its end."""
        ts = progress.growing
        if ts is None:
            return None
        try:
            await self.edit(place, ts, part)
        except RefusedError as error:
            if error.code in FOR_GOOD:
                raise
            logger.info("The message %s can't be finished and is sent again: %s", ts, error.code)
            await self._remove(place, ts)
            ts = None
        progress.growing = None
        return ts

    async def _remove(self, place: ChannelThread, ts: str) -> None:
        """Take away what has grown, as far as Slack lets: half an answer would stand above the whole one."""
        try:
            await self.api.call(lambda client: client.chat_delete(channel=place.channel, ts=ts))
        except AdapterError as error:
            logger.debug("What has grown stays where it is: %s", error)


def _drop_blocks(error: RefusedError, part: Part) -> list[dict[str, object]]:
    """Return no blocks, where it was the blocks that Slack finds fault with; else raise its refusal."""
    if error.code not in FINDING_FAULT or not part.blocks:
        raise error
    logger.warning("Slack refuses the formatting of a reply, which goes without: %s", error.code)
    return []
