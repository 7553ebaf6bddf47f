"""Forgetting as every way to it does it: a chat's command, a page, a program, and the command line."""

from __future__ import annotations

import asyncio
from collections.abc import Collection

from bot.access.repeats import FORGET_AT_ONCE
from bot.access.terminal_history import forget_all_typed, forget_typed
from memory import Memory, Receipt, Scope, Selection


async def forget_everywhere(
    memory: Memory, scope: Scope, selection: Selection, *, by: str, named: Collection[str] = (), where: str = ""
) -> Receipt:
    """Remove what fits a selection, with what was typed of it in the terminal; look for its words; note who forgot it.

    `named` are texts by which it was chosen. The audit holds `by`, `where`, and how much went, without a word of it.
    """
    if selection.everything:
        await asyncio.to_thread(forget_all_typed, memory.folder)
    else:
        doomed = await memory.passages.select(scope, selection, limit=FORGET_AT_ONCE)
        said = [*(passage.text for passage in doomed), *named]
        await asyncio.to_thread(forget_typed, memory.folder, said)
    receipt = await memory.forget(scope, selection, verify=True)
    await memory.ledger.audit.add(by, "forgot", f"{receipt.passages} texts{where}")
    return receipt
