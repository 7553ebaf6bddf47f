from __future__ import annotations

import asyncio

from bot.pipeline.background import BackgroundTasks, run_beside


async def test_what_is_started_is_waited_for_with_what_it_starts_itself() -> None:
    done: list[str] = []
    tasks = BackgroundTasks[None]()

    async def work(name: str) -> None:
        if name == "first":
            tasks.start(work("second"), name="second")
        done.append(name)

    tasks.start(work("first"), name="first")
    await tasks.wait()
    assert done == ["first", "second"]
    assert len(tasks) == 0


async def test_leaving_cancels_what_runs_and_waits_until_it_has_ended() -> None:
    ended: list[str] = []
    began = asyncio.Event()

    async def work() -> None:
        try:
            began.set()
            await asyncio.Event().wait()
        finally:
            await asyncio.sleep(0)
            ended.append("work")

    async with BackgroundTasks[None]() as tasks:
        tasks.start(work(), name="endless")
        await began.wait()
    assert ended == ["work"]


async def test_what_ends_within_the_grace_is_not_cancelled() -> None:
    finished: list[str] = []
    go = asyncio.Event()

    async def work() -> None:
        await go.wait()
        finished.append("work")

    tasks = BackgroundTasks[None]()
    tasks.start(work(), name="short")
    asyncio.get_running_loop().call_soon(go.set)
    await tasks.close(grace=60)
    assert finished == ["work"]


async def test_endless_work_runs_beside_a_block_and_ends_with_it() -> None:
    rounds = 0

    async def work() -> None:
        nonlocal rounds
        while True:
            rounds += 1
            await asyncio.sleep(0)

    async with run_beside(work(), name="endless"):
        while rounds < 3:  # noqa: ASYNC110 (the other task counts)
            await asyncio.sleep(0)
    after = rounds
    await asyncio.sleep(0)
    assert rounds == after
