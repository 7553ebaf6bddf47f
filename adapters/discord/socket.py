"""The library's socket, which sets aside an event that it can't read instead of failing with it."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import aiohttp
from discord import ConnectionClosed
from discord.gateway import DiscordWebSocket, ReconnectWebSocket, WebSocketClosure

from bot.adapter import repair_json_text

SetAside = Callable[[str, Exception], None]
"""Is told of an event that can't be read, as it came, and why. Returns at once."""
_CLOSING = (ReconnectWebSocket, ConnectionClosed, WebSocketClosure, aiohttp.ClientError, OSError)


class TolerantSocket(DiscordWebSocket):
    """Goes on behind an event that can't be read: its number counts as seen, so Discord does not send it again."""

    set_aside: SetAside | None = None

    async def received_message(self, msg: Any, /) -> None:
        """Take one frame of the gateway."""
        text = self._decompressor.decompress(msg) if isinstance(msg, bytes) else msg
        if text is None:  # the rest of it is yet to come
            return
        text = repair_json_text(text)
        try:
            await super().received_message(text)
        except _CLOSING:
            raise
        except Exception as error:
            if self.set_aside is None or not _is_event(text):
                raise
            self.set_aside(text, error)


def _is_event(text: str) -> bool:
    """Say whether a frame tells what happened; the others steer the connection, and can't be passed over."""
    try:
        frame = json.loads(text)
    except (ValueError, RecursionError):
        return True
    return not isinstance(frame, dict) or (frame.get("op", 0) == 0 and frame.get("t") not in ("READY", "RESUMED"))
