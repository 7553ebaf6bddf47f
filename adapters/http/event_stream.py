"""A response of server-sent events whose source ends with it, however the connection ends."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator

from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send


class EventStreamResponse(StreamingResponse):
    """Sends events as they come. A reader that is gone ends what makes them, at once."""

    media_type = "text/event-stream"

    def __init__(self, events: AsyncGenerator[str]) -> None:
        super().__init__(events, headers={"X-Accel-Buffering": "no"})
        self._events = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002 (the base's)
        """Send the response.

        The base's way to end it is put off for as long as each turn of the loop brings something new to send.
        """
        sending = asyncio.create_task(self.stream_response(send), name="event-stream")
        listening = asyncio.create_task(self.listen_for_disconnect(receive), name="event-stream-reader")
        try:
            await asyncio.wait([sending, listening], return_when=asyncio.FIRST_COMPLETED)
        finally:
            sending.cancel()
            listening.cancel()
            await asyncio.wait([sending, listening])
            await self._events.aclose()
        if not sending.cancelled():
            sending.result()
