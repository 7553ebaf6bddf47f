"""Search areas: what bounds the work of a search within a small part of a memory."""

from __future__ import annotations

from dataclasses import replace

import pytest

from memory import ConversationRecord, Memory
from memory.sqlite import lexical
from memory.sqlite.lexical import Index, SearchArea
from tests.memory.sayings import add, said
from tests.memory.sqlite_store import store_of


@pytest.mark.sqlite_only
async def test_the_first_and_last_id_of_a_scope_change_nothing_of_what_is_found(
    memory: Memory, place: ConversationRecord
) -> None:
    other = await memory.conversations.ensure("test", "2")
    ids: list[int] = []
    for n in range(60):
        await add(memory, other, said(f"the zeppelin number {n} lands elsewhere", n))
        if 10 < n < 40:
            ids += await add(memory, place, said(f"the zeppelin number {n} lands", n))
    area = SearchArea(200, 1000, condition=("p.conversation_id = ?", [place.id]))
    bounded = replace(area, bounds=(min(ids), max(ids)))
    indexes: tuple[Index, ...] = ("turn_words", "window_words")
    for index in indexes:

        async def search(area: SearchArea, index: Index = index) -> dict[int, float]:
            words = {"zeppelin": 90, "number": 90}
            return await store_of(memory).ask(lambda at: lexical.search(at, index, words, area, 100))

        assert set(await search(bounded)) == set(ids)
        assert await search(bounded) == await search(area)
