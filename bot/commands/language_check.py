"""Finds out whether the memory is in a language that its embedding model can read."""

from __future__ import annotations

from importlib.util import find_spec

from bot.answering.opening import open_memory
from bot.configuration.extras import install_command
from bot.configuration.findings import Finding
from bot.configuration.settings import Settings
from bot.translation import gettext
from memory import Scope, Selection
from memory.embedders.multilingual import RECOMMENDED, is_multilingual
from memory.errors import MemoryStoreError
from memory.search.languages import may_be_english

_LOOKED_AT = 300
"""Of the latest messages."""
_ENOUGH = 20
_MOSTLY = 0.5


async def check_languages(name: str, settings: Settings) -> Finding:
    """Suggest a multilingual embedder when most of the latest memories are not English, and another one is set."""
    chosen = Selection(kinds=("message", "document", "fact"))
    try:
        async with open_memory(settings) as memory:
            latest = await memory.passages.select(Scope.all(), chosen, limit=_LOOKED_AT)
    except MemoryStoreError:
        return Finding(name, "note", gettext("the memory can't be read"), gettext("repair the database first"))
    foreign = sum(not may_be_english(each.text) for each in latest)
    if len(latest) < _ENOUGH or foreign < _MOSTLY * len(latest):
        return Finding(
            name,
            "ok",
            gettext("mostly English, as far as can be told") if latest else gettext("nothing is remembered yet"),
        )
    found = gettext("{foreign} of the latest {number} memories are not in English", foreign=foreign, number=len(latest))
    if is_multilingual(settings.memory.embedder):
        return Finding(
            name, "ok", gettext("{found}; {embedder} reads them", found=found, embedder=settings.memory.embedder)
        )
    added = "" if find_spec("fastembed") else f"{install_command('embedders')}, then "
    mend = gettext(
        '{added}set embedder = "{recommended}" under [memory] to find them by their meaning too',
        added=added,
        recommended=RECOMMENDED,
    )
    return Finding(name, "note", gettext("{found}, and are found by their words alone", found=found), mend)
