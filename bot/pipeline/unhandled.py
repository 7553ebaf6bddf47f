"""Sets aside updates that can't be handled, so that one that always fails does not block later ones."""

from __future__ import annotations

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import UTC, datetime

from bot.access.gate import AccessGate
from bot.adapter import Delivery
from bot.events import Choice, Conversation, Event, Feedback, Message, Person, UnreadableUpdate
from bot.pipeline.malformed import describe_problem, repair
from memory import Memory
from memory.delivery_records import UnhandledUpdate
from memory.errors import RecordRefused, StorageError

logger = logging.getLogger(__name__)

TRIES = 2
MOST_KEPT = 100
MOST_CHARS = 100_000
"""How much is kept of one update; what people write by hand is far shorter."""

Take = Callable[[Event], Awaitable[Delivery]]


class UnhandledUpdates:
    """Tries to take each event, and keeps what fails twice as it came, where `scrubjay unhandled` shows it.

    What fails because the database can't be written is no fault of the event: it is raised, so that the platform keeps
    the event and it is tried again.
    """

    def __init__(self, memory: Memory, gate: AccessGate) -> None:
        self._store = memory.ledger.unhandled_updates
        self._gate = gate

    async def take(self, event: Event, take: Take) -> Delivery:
        """Repair an event's texts and take it, or set it aside. Raises StorageError or OSError."""
        if isinstance(event, UnreadableUpdate):
            return await self._set_aside(event)
        try:
            event = repair(event)
        except Exception as error:  # noqa: BLE001 (a type that no adapter may deliver)
            return await self._set_aside(_unreadable(event, error), _sender(event))
        for tries in range(1, TRIES + 1):
            try:
                return await take(event)
            except RecordRefused as error:
                problem: Exception = error
            except (StorageError, OSError):
                raise
            except Exception as error:
                problem = error
                logger.exception("An event of %s failed (%d of %d tries)", event.conversation.platform, tries, TRIES)
        return await self._set_aside(_unreadable(event, problem), _sender(event))

    async def _set_aside(self, update: UnreadableUpdate, sender: Person | None = None) -> Delivery:
        place = update.conversation
        payload = update.payload[:MOST_CHARS] if await self._may_keep(place, sender) else ""
        kept = UnhandledUpdate(place.platform, place.key, payload, update.problem, datetime.now(UTC))
        await self._store.keep(kept, most=MOST_KEPT)
        logger.error(
            "An update of %s%s can't be handled and is set aside; the others go on. `scrubjay unhandled` shows it: %s",
            place.platform,
            f" in {place.key}" if place.key else "",
            update.problem,
        )
        return Delivery.SET_ASIDE

    async def _may_keep(self, place: Conversation, sender: Person | None) -> bool:
        """Say whether the words of an update may be kept: not where the memory is off, nor of who is not admitted."""
        try:
            if sender is None:
                return not await self._gate.is_paused(place)
            return await self._gate.keeps(sender, place)
        except Exception:  # noqa: BLE001 (it may be just this that can't be handled)
            return False


def _unreadable(event: Event, error: Exception) -> UnreadableUpdate:
    return UnreadableUpdate(event.conversation, json.dumps(asdict(event), default=repr), describe_problem(error))


def _sender(event: Event) -> Person | None:
    return event.sender if isinstance(event, Message | Feedback | Choice) else None
