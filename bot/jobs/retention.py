"""Forgets what is older than its conversation is to be kept."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from memory import Memory, Scope, Selection

logger = logging.getLogger(__name__)

_EVERY_SECONDS = 6 * 3600.0


async def forget_regularly(memory: Memory, days: Mapping[int, int], now: Callable[[], datetime]) -> None:
    """Forget what is too old, every few hours, without end. What goes wrong is logged, and tried again."""
    while True:
        try:
            await forget_expired(memory, days, now())
        except Exception:
            logger.exception("What is older than it is to be kept could not be forgotten; it is tried again")
        await asyncio.sleep(_EVERY_SECONDS)


async def forget_expired(memory: Memory, days: Mapping[int, int], now: datetime) -> int:
    """Forget what is older than so many `days` in its conversation, and what was made from it; return how much."""
    gone = 0
    for conversation, kept_days in days.items():
        selection = Selection(conversation_id=conversation, until=now - timedelta(days=kept_days))
        receipt = await memory.forget(Scope.of_conversation(conversation), selection)
        gone += receipt.passages
        if receipt.passages:
            await memory.ledger.audit.add(
                "retention", "forgot", f"{receipt.passages} texts of conversation {conversation}"
            )
            logger.info(
                "Forgot %s texts of conversation %s, kept for %s days", receipt.passages, conversation, kept_days
            )
    return gone
