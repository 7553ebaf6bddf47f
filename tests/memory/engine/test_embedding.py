from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from memory import ConversationRecord, Memory, Scope, Selection
from memory.addresses import StoreAddress
from memory.embedders import Embedder, EmbedderIdentity, Vectors
from memory.embedders.queue import EmbeddingQueue
from memory.errors import EmbedderError
from memory.sqlite.embeddings import SqliteEmbeddings
from tests.emulators.patience import PATIENCE
from tests.memory.embedders_for_tests import Named, Raising, Slow, Yielding
from tests.memory.sayings import EVERYTHING, add, at, found, found_by_words, rows, said
from tests.memory.sqlite_store import store_of

NO_VECTORS = [
    np.full(384, np.nan, np.float32),
    np.full(384, np.inf, np.float32),
    np.zeros(384, np.float32),
    np.ones(383, np.float32),
]


async def until_embedded(memory: Memory) -> None:
    async with asyncio.timeout(PATIENCE):
        while await memory.embeddings.count_pending():  # noqa: ASYNC110 (nothing tells when the background is done)
            await asyncio.sleep(0.01)


async def test_everything_that_waits_is_embedded_once_and_progress_is_told(
    memory: Memory, place: ConversationRecord
) -> None:
    await add(memory, place, *(said(str(n), n) for n in range(600)), said("/x", 0, kind="command"))
    told: list[int] = []
    assert await memory.embeddings.count_pending() == 600
    assert await memory.embeddings.embed_pending(told.append) == 600
    assert sum(told) == 600
    assert len(told) > 1
    assert await memory.embeddings.embed_pending() == 0


async def test_the_background_worker_takes_up_what_is_stored(memory: Memory, place: ConversationRecord) -> None:
    async with memory.embeddings.embed_in_background():
        for n in range(5):
            await add(memory, place, said(str(n), n))
            await until_embedded(memory)
    await add(memory, place, said("later", 9))
    assert await memory.embeddings.count_pending() == 1


@pytest.mark.parametrize("what", NO_VECTORS)
async def test_an_embedder_that_yields_no_vectors_stores_none_and_words_still_find(
    store: StoreAddress, what: Vectors
) -> None:
    async with Memory.open(store, Yielding(what)) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, said("the zeppelin lands"))
        for _ in range(2):
            with pytest.raises(EmbedderError, match="yielding"):
                await memory.embeddings.embed_pending()
        assert await memory.embeddings.count_pending() == 1
        assert await found(memory, "where is the zeppelin?") == ["the zeppelin lands"]
        assert await memory.upkeep.check() == []


async def test_an_embedder_that_raises_is_an_embedder_error_and_is_tried_again(
    store: StoreAddress, caplog: pytest.LogCaptureFixture
) -> None:
    embedder = Raising()
    async with Memory.open(store, embedder) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, said("the zeppelin lands"))
        with pytest.raises(EmbedderError, match="raising failed: out of everything"):
            await memory.embeddings.embed_pending()
        with caplog.at_level(logging.WARNING):
            assert await found(memory, "zeppelin?") == ["the zeppelin lands"]
        assert "by its words alone" in caplog.text
        embedder.fails = False
        assert await memory.embeddings.embed_pending() == 1


async def test_the_background_worker_outlives_a_failing_embedder(
    store: StoreAddress, caplog: pytest.LogCaptureFixture
) -> None:
    embedder = Raising()
    async with Memory.open(store, embedder) as memory, memory.embeddings.embed_in_background():
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, said("one"))
        async with asyncio.timeout(PATIENCE):
            while "embedding failed" not in caplog.text:  # noqa: ASYNC110 (as above)
                await asyncio.sleep(0.01)
        embedder.fails = False
        await add(memory, place, said("two", 1))  # wakes it before its pause is over
        await until_embedded(memory)


@pytest.mark.parametrize("deed", ["edit", "forget"])
async def test_a_vector_of_a_text_that_changed_while_it_was_made_is_thrown_away(store: StoreAddress, deed: str) -> None:
    embedder = Slow(0.5)
    async with Memory.open(store, embedder) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, said("old text", event_id="1"), said("beside", 9000))
        embedding = asyncio.create_task(memory.embeddings.embed_pending())
        await asyncio.to_thread(embedder.began.wait)
        if deed == "edit":
            await memory.passages.edit(place, "1", "new text")
        else:
            await memory.forget(Scope.all(), Selection(matching="old text"))
        await embedding
        assert await memory.upkeep.check() == []
        assert await memory.embeddings.count_pending() == 0
        assert ("new text" in " ".join(embedder.texts)) == (deed == "edit")


async def test_a_cancelled_embedding_gives_its_claim_back(store: StoreAddress) -> None:
    embedder = Slow(0.2)
    async with Memory.open(store, embedder) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, said("text"))
        embedding = asyncio.create_task(memory.embeddings.embed_pending())
        await asyncio.to_thread(embedder.began.wait)
        embedding.cancel()
        with pytest.raises(asyncio.CancelledError):
            await embedding
        async with asyncio.timeout(PATIENCE):
            assert await memory.embeddings.embed_pending() == 1


@pytest.mark.sqlite_only
async def test_a_batch_that_takes_longer_than_its_lease_is_not_done_twice(
    memory: Memory, place: ConversationRecord
) -> None:
    one, two = Slow(3), Slow(0)
    await add(memory, place, said("text"))
    waiting = SqliteEmbeddings(store_of(memory))
    queues = [EmbeddingQueue(waiting, embedder, 1, lease_seconds=0.2) for embedder in (one, two)]
    embedding = asyncio.create_task(queues[0].embed_pending())
    await asyncio.to_thread(one.began.wait)
    assert await queues[1].embed_pending() == 0
    assert await embedding == 1
    assert two.texts == []


# changing the model


async def test_old_vectors_serve_until_the_new_model_has_embedded_everything(path: Path) -> None:
    old, new = Named("old", 64), Named("new", 384)

    def load(identity: EmbedderIdentity) -> Embedder | None:
        return old if identity == old.identity else None

    async with Memory.open(path, old) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, *(said(f"zeppelin {n}", n * 300) for n in range(300)))
        await memory.embeddings.embed_pending()
    async with Memory.open(path, new, load=load) as memory:
        assert await memory.embeddings.count_pending() == 300
        assert len(await meanings(memory)) == 10
        assert (old.questions, new.questions) == (["zeppelins"], [])
        half_way: list[asyncio.Task[set[int]]] = []
        await memory.embeddings.embed_pending(lambda _: half_way.append(asyncio.create_task(meanings(memory))))
        await asyncio.gather(*half_way)
        assert await memory.upkeep.check() == []
        assert len(await meanings(memory)) == 10
        assert new.questions[-1:] == ["zeppelins"]
        (summary,) = await memory.conversations.summarize(Scope.all())
        assert summary.embedded == 300
    assert rows(path, "SELECT name, serving FROM embedding_models") == [("new", 1)]
    assert not rows(path, "SELECT 1 FROM sqlite_schema WHERE name GLOB 'vectors_1*' OR name GLOB 'bits_1*'")


async def test_where_the_old_model_can_t_be_loaded_words_serve_until_the_switch(store: StoreAddress) -> None:
    async with Memory.open(store, Named("old")) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, said("the zeppelin lands"))
        await memory.embeddings.embed_pending()

    def fails(identity: EmbedderIdentity) -> Embedder | None:
        raise EmbedderError(f"{identity.name} is not on this machine")

    for load in (None, lambda _: None, fails):
        async with Memory.open(store, Named("new"), load=load) as memory:
            assert await meanings(memory) == set()
            assert await found_by_words(memory, "a zeppelin") == ["the zeppelin lands"]
    async with Memory.open(store, Named("new")) as memory:
        await memory.embeddings.embed_pending()
        assert await meanings(memory) != set()


def break_off(done: int) -> None:
    raise ZeroDivisionError(done)


async def test_a_change_of_model_that_is_broken_off_goes_on_or_is_taken_back(store: StoreAddress) -> None:
    old, new = Named("old"), Named("new")
    async with Memory.open(store, old) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, *(said(f"zeppelin {n}", n * 300) for n in range(600)))
        await memory.embeddings.embed_pending()
    async with Memory.open(store, new) as memory:
        with pytest.raises(ZeroDivisionError):
            await memory.embeddings.embed_pending(break_off)
        assert 0 < await memory.embeddings.count_pending() < 600
        await add(memory, await memory.conversations.ensure("test", "1"), said("zeppelin in between", 0))
    async with Memory.open(store, old) as memory:
        assert await memory.embeddings.embed_pending() == 1, "the message in between"
        assert await memory.upkeep.check() == []
        assert len(await meanings(memory)) == 10
    async with Memory.open(store, new) as memory:
        assert await memory.embeddings.embed_pending() == 601
        assert await memory.upkeep.check() == []


async def test_what_is_stored_edited_and_forgotten_during_the_change_is_right_in_both_models(
    store: StoreAddress,
) -> None:
    old, new = Named("old"), Named("new")
    async with Memory.open(store, old) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, *(said(f"zeppelin {n}", n * 300, event_id=str(n)) for n in range(10)))
        await memory.embeddings.embed_pending()
    async with Memory.open(store, new, load=lambda _: old) as memory:
        await add(memory, place, said("zeppelin more", 9999))
        await memory.passages.edit(place, "3", "a zeppelin, edited")
        assert (await memory.forget(Scope.all(), Selection(matching="zeppelin 5"))).vectors == 1
        assert await memory.upkeep.check() == []
        await memory.embeddings.embed_pending()
        assert await memory.upkeep.check() == []
        assert (await memory.forget(Scope.all(), EVERYTHING)).vectors == 10


async def test_a_process_whose_model_another_has_replaced_takes_nothing_from_the_other(store: StoreAddress) -> None:
    old, new = Named("old"), Named("new")
    async with Memory.open(store, old) as late, Memory.open(store, new) as ahead:
        place = await late.conversations.ensure("test", "1")
        await add(late, place, said("the zeppelin lands"))
        await ahead.embeddings.embed_pending()
        assert await late.embeddings.embed_pending() == 0
        await add(late, place, said("a zeppelin starts", 500))
        assert await late.embeddings.embed_pending() == 0
        assert await ahead.embeddings.embed_pending() == 1
        assert await found_by_words(late, "some zeppelin") != []
        assert len(await late.conversations.summarize(Scope.all())) == 1
        assert len(await meanings(ahead)) == 2
        assert await late.upkeep.check() == []


async def test_a_recall_during_the_switch_is_answered(store: StoreAddress) -> None:
    """The question is embedded by the old model while its vectors are dropped."""
    old = SlowToAsk("old", 0.3)
    async with Memory.open(store, old) as memory:
        place = await memory.conversations.ensure("test", "1")
        await add(memory, place, said("the zeppelin lands"))
        await memory.embeddings.embed_pending()
    async with Memory.open(store, Named("new"), load=lambda _: old) as memory:
        asking = asyncio.create_task(found(memory, "zeppelins"))
        await asyncio.to_thread(old.began.wait)
        await memory.embeddings.embed_pending()
        assert await asking == ["the zeppelin lands"]


class SlowToAsk(Slow):
    def __init__(self, name: str, seconds: float) -> None:
        super().__init__(0, name)
        self._pause = Slow(seconds)

    def embed(self, texts: Sequence[str]) -> Vectors:
        return Named.embed(self, texts)

    def embed_query(self, text: str) -> Vectors:
        self.began.set()
        self._pause.embed([text])
        return super().embed_query(text)


async def meanings(memory: Memory) -> set[int]:
    """The passages that a question found by their meaning."""
    recalled = await memory.recall("zeppelins", Scope.all(), now=at(1))
    return {each.passage.id for each in recalled if "meaning" in each.parts}
