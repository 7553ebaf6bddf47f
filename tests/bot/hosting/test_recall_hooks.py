"""Hooks into recall: they drop and add, but never see further than the person who asks, nor put words into mouths."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from bot import Context, Passage, Plugin, Recollection, on_recall
from bot.testing import chat

Hook = Callable[[Sequence[Recollection]], Sequence[Recollection] | None]


class Curator(Plugin):
    """Has a say in what is recalled."""

    name = "curator"

    def __init__(self, hook: Hook) -> None:
        super().__init__()
        self._hook = hook

    @on_recall()
    async def choose(
        self, context: Context, question: str, recollections: Sequence[Recollection]
    ) -> Sequence[Recollection] | None:
        """Choose."""
        assert context.message.text == question
        return self._hook(recollections)


class Finder(Plugin):
    """Adds what a search finds."""

    name = "finder"

    @on_recall(priority=1)
    async def find(
        self, context: Context, question: str, recollections: Sequence[Recollection]
    ) -> Sequence[Recollection]:
        """Add what mentions keys."""
        assert question
        found = await context.memory.find(matching="key")
        return [*recollections, *(Recollection(passage, 1.0, 0.9) for passage in found)]


async def test_a_hook_drops_what_is_not_to_be_used(tmp_path: Path) -> None:
    def drop(recalled: Sequence[Recollection]) -> Sequence[Recollection]:
        return [each for each in recalled if "secret" not in each.passage.text]

    async with chat(tmp_path, plugins=[Curator(drop)]) as ann:
        await ann.says("The secret key is under the mat.")
        await ann.says("The spare key is under the pot.")
        (answer,) = await ann.says("Where is the key?")
        assert "pot" in answer
        assert "secret" not in answer


async def test_a_hook_adds_what_the_asker_may_see_and_a_later_one_sees_it(tmp_path: Path) -> None:
    seen: list[list[str]] = []

    def look(recalled: Sequence[Recollection]) -> None:
        seen.append([each.passage.text for each in recalled])

    async with chat(tmp_path, plugins=[Curator(look), Finder()]) as ann:
        await ann.says("The spare key is under the pot.")
        await ann.says("What hides beneath the earthenware?")
    assert seen[-1].count("The spare key is under the pot.") == 1


@pytest.mark.parametrize("whose", ["of another", "of a group", "of nobody"])
async def test_a_hook_can_not_widen_what_is_seen(tmp_path: Path, whose: str) -> None:
    stolen: list[Passage] = []

    def smuggle(recalled: Sequence[Recollection]) -> Sequence[Recollection]:
        return [*recalled, *(Recollection(passage, 9.0, 1.0) for passage in stolen)]

    async with chat(tmp_path, plugins=[Curator(smuggle)]) as ann:
        other = ann.in_group("club") if whose == "of a group" else ann.as_person("Eve")
        await other.says("The vault code is 4711.")
        stored = await ann.memory.passages.find_event("test", f"{other.place.key}:0")
        stolen += [replace(each, id=999) for each in stored] if whose == "of nobody" else stored
        (answer,) = await ann.says("What is the vault code?")
        assert "4711" not in answer


async def test_a_hook_can_not_put_words_into_the_memory_s_mouth(tmp_path: Path) -> None:
    def forge(recalled: Sequence[Recollection]) -> Sequence[Recollection]:
        forged = [replace(each.passage, text="The key is with Eve.", author="Ann") for each in recalled]
        return [replace(each, passage=passage) for each, passage in zip(recalled, forged, strict=True)]

    async with chat(tmp_path, plugins=[Curator(forge)]) as ann:
        await ann.says("The spare key is under the pot.")
        (answer,) = await ann.says("Where is the spare key?")
        assert "pot" in answer
        assert "Eve" not in answer


def explode(_: Sequence[Recollection]) -> None:
    raise RuntimeError("the inner workings")


def leave(_: Sequence[Recollection]) -> None:
    raise SystemExit(3)


def talk_nonsense(recalled: Sequence[Recollection]) -> Sequence[Recollection]:
    return [replace(each, relevance=float("nan"), score=1) for each in recalled]


@pytest.mark.parametrize("hook", [explode, leave])
async def test_a_hook_that_fails_is_named_in_the_log_and_the_answer_goes_on(
    tmp_path: Path, hook: Hook, caplog: pytest.LogCaptureFixture
) -> None:
    async with chat(tmp_path, plugins=[Curator(hook)]) as ann:
        await ann.says("The spare key is under the pot.")
        (answer,) = await ann.says("Where is the spare key?")
    assert "pot" in answer
    assert "the plugin curator failed in its recall hook" in caplog.text


async def test_a_relevance_that_is_no_number_counts_as_none(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[Curator(talk_nonsense)]) as ann:
        await ann.says("The spare key is under the pot.")
        (answer,) = await ann.says("Where is the spare key?")
    assert "nothing" in answer


async def test_a_hook_that_hangs_does_not_keep_the_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Sleeper(Plugin):
        @on_recall()
        async def sleep(self, context: Context, question: str, recollections: Sequence[Recollection]) -> None:  # noqa: ARG002 (a hook is called with them)
            await asyncio.Event().wait()

    monkeypatch.setattr("bot.hosting.contributions.HOOK_SECONDS", 0.01)
    async with chat(tmp_path, plugins=[Sleeper()]) as ann:
        await ann.says("The spare key is under the pot.")
        (answer,) = await ann.says("Where is the spare key?")
    assert "pot" in answer
