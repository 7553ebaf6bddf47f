"""Runs the adapters side by side; one that fails is named in the log while the others go on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack

from bot.adapter import Adapter
from bot.errors import AdapterError, ScrubjayError

logger = logging.getLogger(__name__)


Failed = Callable[[Adapter, Exception], None]
"""Is told of an adapter that could not be started, or has failed, and why."""


async def enter_adapters(adapters: Sequence[Adapter], stack: AsyncExitStack, failed: Failed) -> list[Adapter]:
    """Enter adapters, to be left with the stack; return those that started. Raises AdapterError when none did."""
    entered = [adapter for adapter in adapters if await _enter(adapter, stack, failed)]
    if adapters and not entered:
        raise AdapterError("no adapter could be started; the log says why")
    return entered


async def run_adapters(
    adapters: Sequence[Adapter],
    receive: Callable[[Adapter], Awaitable[None]],
    ended: Callable[[Adapter], None],
    failed: Failed,
) -> None:
    """Let adapters `receive` until all have `ended` or this is cancelled. Raises AdapterError when all failed."""
    async with asyncio.TaskGroup() as group:
        runs = [group.create_task(_run(adapter, receive, ended, failed), name=adapter.name) for adapter in adapters]
    if not any(run.result() for run in runs):
        raise AdapterError("every adapter has failed; the log says why")


async def _enter(adapter: Adapter, stack: AsyncExitStack, failed: Failed) -> bool:
    try:
        await stack.enter_async_context(adapter)
    except ScrubjayError as error:
        failed(adapter, error)
        logger.error("The adapter %s could not be started: %s", adapter.name, error)  # noqa: TRY400 (no bug)
    except Exception as error:
        failed(adapter, error)
        logger.exception("The adapter %s could not be started", adapter.name)
    else:
        return True
    return False


async def _run(
    adapter: Adapter,
    receive: Callable[[Adapter], Awaitable[None]],
    ended: Callable[[Adapter], None],
    failed: Failed,
) -> bool:
    try:
        await receive(adapter)
    except Exception as error:  # the other platforms go on
        failed(adapter, error)
        logger.exception("The adapter %s has failed and is stopped", adapter.name)
        return False
    finally:
        ended(adapter)
    return True
