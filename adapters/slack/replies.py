"""Replies while they are being written: a message that is edited, or Slack's own streams."""

from __future__ import annotations

import logging

from adapters.slack.api import RefusedError, UnreachableError
from adapters.slack.layout import STREAM_LIMIT, Part, preview_of, to_streamable
from adapters.slack.places import ChannelThread, event_id
from adapters.slack.sending import GONE, SlackSender
from bot.events import Reply

logger = logging.getLogger(__name__)


class SlackEditedReply:
    """A reply that is sent with its first words and edited while it grows (`chat.update`)."""

    def __init__(self, sender: SlackSender, place: ChannelThread, reply_to: str) -> None:
        self._sender = sender
        self._place = place
        self._reply_to = reply_to
        self._message: str | None = None

    def go_on_in(self, ts: str) -> None:
        """Let it grow on in a message that is there already."""
        self._message = ts

    async def grow(self, text: str) -> None:
        """Show the text so far, unless Slack is too busy for that."""
        part = Part(preview_of(text))
        try:
            if self._message is None:
                self._message = await self._sender.post(self._place, part, eager=True)
            else:
                await self._sender.edit(self._place, self._message, part, eager=True)
        except UnreachableError as error:
            logger.debug("A growing reply is not shown: %s", error)
        except RefusedError as error:
            if self._message is None or error.code not in GONE:
                raise  # logged where growing is paced; the whole reply is sent in any case
            self._message = None  # somebody deleted it: the rest is sent again

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        """Put the whole reply where it has grown."""
        return await self._sender.reply(self._place, reply, self._reply_to, self._message)

    async def fail(self, text: str) -> None:
        """Put this sentence there instead."""
        await self._sender.reply(self._place, Reply(text), self._reply_to, self._message)


class Streaming:
    """Whether this workspace has streams: one that knows no such method is not asked again."""

    def __init__(self) -> None:
        self.possible = True

    def note_refusal(self, error: RefusedError) -> None:
        """Note why a stream could not begin."""
        if error.code in {"unknown_method", "missing_scope", "method_deprecated", "not_allowed_token_type"}:
            logger.info("Slack has no streams here, so replies grow by edits: %s", error)
            self.possible = False


class StreamedReply:
    """A reply in a thread that grows by `chat.startStream`, `chat.appendStream` and `chat.stopStream`.

    A stream only ever gets longer, and it ends by itself when nothing comes. Where it can't be what the reply is,
    the reply goes on in the same message by edits (https://docs.slack.dev/reference/methods/chat.startStream).
    """

    def __init__(
        self,
        sender: SlackSender,
        place: ChannelThread,
        reply_to: str,
        *,
        recipient: tuple[str, str],
        streaming: Streaming,
    ) -> None:
        self._sender = sender
        self._place = place
        self._edited = SlackEditedReply(sender, place, reply_to)
        self._recipient = recipient
        self._streaming = streaming
        self._ts: str | None = None
        self._shown = ""
        self._over = not streaming.possible

    async def grow(self, text: str) -> None:
        """Show the text so far, unless Slack is too busy, or what it shows has changed since."""
        if self._over:
            await self._edited.grow(text)
            return
        whole = to_streamable(text)[:STREAM_LIMIT]
        try:
            if self._ts is None:
                await self._start(whole)
            elif whole.startswith(self._shown) and whole != self._shown:
                await self._append(whole)
        except UnreachableError as error:
            logger.debug("A growing reply is not shown: %s", error)
        except RefusedError as error:
            self._fall_back(error)
            await self._edited.grow(text)

    async def finish(self, reply: Reply) -> tuple[str, ...]:
        """Let the stream end as the whole reply, or put the reply in its place."""
        if self._ts is None or self._over or reply.choices or reply.files:
            await self._end()
            return await self._edited.finish(reply)
        whole, notes = await self._sender.lay_out_ending(reply)
        if whole.startswith(self._shown) and len(whole) <= STREAM_LIMIT and await self._stop(whole, notes):
            return (event_id(self._place.channel, self._ts),)
        if not self._over:
            await self._stop(self._shown, [])
        return await self._edited.finish(reply)

    async def fail(self, text: str) -> None:
        """Put this sentence in place of what has grown."""
        await self._end()
        await self._edited.fail(text)

    async def _end(self) -> None:
        """End the stream as it is, if there is one."""
        if self._ts is not None and not self._over:
            await self._stop(self._shown, [])

    async def _start(self, whole: str) -> None:
        user, team = self._recipient
        told = await self._sender.api.call(
            lambda client: client.chat_startStream(
                channel=self._place.channel,
                thread_ts=str(self._place.thread),
                markdown_text=whole,
                recipient_user_id=user,
                recipient_team_id=team,
            ),
            eager=True,
        )
        self._ts, self._shown = str(told["ts"]), whole
        self._edited.go_on_in(self._ts)

    async def _append(self, whole: str) -> None:
        more = whole[len(self._shown) :]
        await self._sender.api.call(
            lambda client: client.chat_appendStream(channel=self._place.channel, ts=str(self._ts), markdown_text=more),
            eager=True,
        )
        self._shown = whole

    async def _stop(self, whole: str, notes: list[dict[str, object]]) -> bool:
        """End the stream; False when Slack has ended it before, does not take its end, or can't be reached."""
        more = whole[len(self._shown) :]
        try:
            await self._sender.api.call(
                lambda client: client.chat_stopStream(
                    channel=self._place.channel, ts=str(self._ts), markdown_text=more or None, blocks=notes or None
                )
            )
        except (RefusedError, UnreachableError) as error:
            self._fall_back(error)
            return False
        self._over, self._shown = True, whole
        return True

    def _fall_back(self, error: RefusedError | UnreachableError) -> None:
        logger.info("A stream is not taken, and the reply goes on by edits: %s", error)
        self._over = True
        if self._ts is None and isinstance(error, RefusedError):
            self._streaming.note_refusal(error)
