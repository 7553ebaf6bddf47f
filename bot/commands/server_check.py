"""What the doctor tells of the server that keeps the memory."""

from __future__ import annotations

from bot.configuration.findings import Finding, State
from bot.configuration.settings import Settings
from bot.translation import format_number, gettext
from memory.databases import inspect_server
from memory.errors import MemoryStoreError
from memory.server_conditions import ServerCondition


async def check_server(settings: Settings) -> list[Finding]:
    """Look at the server, a finding for each thing; what can't even be asked is told by the check "database"."""
    if settings.memory.store is None:
        return []
    try:
        conditions = await inspect_server(settings.memory.store)
    except MemoryStoreError:
        return []
    return [_finding_of(condition) for condition in conditions]


def _finding_of(condition: ServerCondition) -> Finding:
    state: State = "broken" if condition.is_broken else "note" if condition.advice else "ok"
    values = {name: _say(value) for name, value in condition.values.items()}
    found, advice = (gettext(each, **values) if each else "" for each in (condition.found, condition.advice))
    return Finding(condition.name, state, found, advice)


def _say(value: object) -> object:
    if isinstance(value, tuple):
        return ", ".join(gettext(each) for each in value)
    if isinstance(value, int | float):
        return format_number(value, decimals=1 if isinstance(value, float) else 0)
    return value
