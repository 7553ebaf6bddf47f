"""What was asked, commanded and answered in the very words of what is forgotten."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from bot.access.repeats import find_repeats
from bot.testing import Chat, chat
from memory import Passage, Scope, Selection
from plugins.memory import MemoryPlugin

SAID = "the tortoise sleeps in the cellar"


async def passages(chat: Chat, *kinds: str, text: str = "") -> list[Passage]:
    chosen = Selection(kinds=tuple(kinds))  # type: ignore[arg-type]  # each is one of the literals
    found = await chat.memory.passages.select(Scope.all(), chosen, limit=100)
    return [passage for passage in found if text in passage.text]


async def repeats(chat: Chat, forgotten: Iterable[Passage], *named: str, may_forget: bool = True) -> set[str]:
    found = await find_repeats(chat.memory, Scope.all(), [*forgotten], named, lambda _: may_forget)
    return {passage.kind for passage in found}


async def ask_about(ann: Chat) -> list[Passage]:
    """Say something, and let it be repeated by a question, an answer, a command, and another message."""
    await ann.says(SAID)
    await ann.says(f"Is it true that {SAID}?")
    await ann.says(f"/memories {SAID}")
    await ann.as_person("Bob").says(f"{SAID}, they say")
    return [each for each in await passages(ann, "message") if each.text == SAID]


async def test_questions_answers_and_commands_that_repeat_it_are_found_and_what_people_said_is_not(
    tmp_path: Path,
) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()]) as ann:
        forgotten = await ask_about(ann)
        assert await repeats(ann, forgotten) == {"question", "answer", "command"}


async def test_of_what_one_may_not_forget_only_the_bots_own_words_are_found(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()]) as ann:
        forgotten = await ask_about(ann)
        found = await find_repeats(ann.memory, Scope.all(), forgotten, (), lambda _: False)
        said = await passages(ann, "question", "answer", "command", text=SAID)
        assert {each.id for each in found} == {passage.id for passage in said if passage.author_id is None}
        assert found


async def test_several_texts_are_each_looked_for(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()]) as ann:
        await ann.says("/memories the parrot is called Kiki")
        await ann.says("/memories the boiler is in the attic")
        await ann.says("/memories the bicycle is red")
        found = await find_repeats(
            ann.memory, Scope.all(), [], ["the parrot is called Kiki", "the boiler is in the attic"], lambda _: True
        )
        commands = await passages(ann, "command", text="/memories")
        assert {each.text.removeprefix("/memories ") for each in commands if each in found} == {
            "the parrot is called Kiki",
            "the boiler is in the attic",
        }


async def test_six_characters_are_enough_to_tell_and_five_are_not_unless_they_were_named(tmp_path: Path) -> None:
    async with chat(tmp_path, plugins=[MemoryPlugin()]) as ann:
        await ann.says("Porto!")
        await ann.says("Porto")
        await ann.says("/memories Porto! and more")
        short, long = sorted(await passages(ann, "message", text="Porto"), key=lambda passage: passage.text)
        assert "command" in await repeats(ann, [long])
        assert await repeats(ann, [short]) == set()
        assert "command" in await repeats(ann, [], "Porto")
