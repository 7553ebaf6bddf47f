"""Albums: what somebody sent as one, and a platform delivers in several messages, is handled as one."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from bot.pipeline.lru_cache import Recent
from bot.pipeline.received import Received

_HANDLED_KNOWN = 10_000


@dataclass(slots=True)
class _Album:
    """The parts that are here, and when the last one came, by the event loop's clock."""

    parts: list[Received] = field(default_factory=list)
    last: float = 0.0


class Albums:
    """Gathers the parts of each album. No platform says which is the last, so it is complete after some quiet.

    Each part is stored when it is delivered, and waits in the inbox until the album is handled; so nothing is lost
    should the bot end meanwhile.
    """

    def __init__(self, quiet_seconds: float) -> None:
        self._quiet_seconds = quiet_seconds
        self._open: dict[tuple[str, str], _Album] = {}
        self._handled: Recent[tuple[str, str], None] = Recent(_HANDLED_KNOWN)

    def add(self, part: Received) -> None:
        """Take note of a part that is about to wait for its turn."""
        album = self._open.setdefault(_key(part), _Album())
        if all(each.message.event_id != part.message.event_id for each in album.parts):
            album.parts.append(part)
        album.last = asyncio.get_running_loop().time()

    async def collect(self, part: Received) -> Received | None:
        """Wait until an album is complete, and return it as one message; None where that was done with another part."""
        if self._handled.knows(_event(part)):
            return None
        key = _key(part)
        if key not in self._open:  # it waited in the store
            self.add(part)
        album = self._open[key]
        while (left := album.last + self._quiet_seconds - asyncio.get_running_loop().time()) > 0:  # noqa: ASYNC110 (how long the quiet lasts is what matters)
            await asyncio.sleep(left)
        del self._open[key]
        for each in album.parts:
            self._handled.keep(_event(each), None)
        return _join(album.parts)


def _key(part: Received) -> tuple[str, str]:
    return part.lane, str(part.message.album)


def _event(part: Received) -> tuple[str, str]:
    return part.lane, part.message.event_id


def _join(parts: Sequence[Received]) -> Received:
    """Return the parts as one message, which is that with the words; replies and forgetting know the others by it."""
    lead = next((each for each in parts if each.message.text), parts[0])
    messages = [each.message for each in parts]
    whole = replace(
        lead.message,
        text="\n".join(each.text for each in messages if each.text),
        addressed=any(each.addressed for each in messages),
        attachments=tuple(file for each in messages for file in each.attachments),
        reply_to=next((each.reply_to for each in messages if each.reply_to), None),
        replied=next((each.replied for each in messages if each.replied), None),
    )
    others = frozenset(each.passage_id for each in parts if each.passage_id not in (None, lead.passage_id))
    return replace(lead, message=whole, others=frozenset(other for other in others if other is not None))
