from __future__ import annotations

from memory import Conversation, Memory, Scope, Selection
from tests.memory.sayings import EVERYTHING, add, said


async def test_pieces_carry_their_document_and_their_place_in_it(memory: Memory, place: Conversation) -> None:
    pieces = [said("one", locator="p. 1"), said("two", locator="p. 2")]
    document = await memory.add_document(place, "plan.pdf", "application/pdf", "ab", pieces)
    assert (document.name, document.media_type, document.conversation_id) == ("plan.pdf", "application/pdf", place.id)
    passages = await memory.passages(Scope.all(), EVERYTHING, newest_first=False)
    assert [(each.kind, each.document_id, each.locator) for each in passages] == [
        ("document", document.id, "p. 1"),
        ("document", document.id, "p. 2"),
    ]


async def test_the_same_bytes_in_the_same_place_add_nothing_elsewhere_they_do(
    memory: Memory, place: Conversation
) -> None:
    first = await memory.add_document(place, "plan.pdf", "application/pdf", "ab", [said("one")])
    assert await memory.add_document(place, "copy.pdf", "application/pdf", "ab", [said("one")]) == first
    other = await memory.conversation("test", "2")
    assert (await memory.add_document(other, "plan.pdf", "application/pdf", "ab", [said("one")])).id != first.id
    assert len(await memory.passages(Scope.all(), EVERYTHING)) == 2


async def test_a_document_is_found_by_its_title(memory: Memory, place: Conversation) -> None:
    await memory.add_document(place, "zeppelin.pdf", "application/pdf", "ab", [said("how it flies")])
    (best,) = await memory.recall("what about the zeppelin?", Scope.all(), now=said("").said_at)
    assert best.passage.text == "how it flies"
    assert "words" in best.parts


async def test_a_document_forgotten_can_be_taken_in_again(memory: Memory, place: Conversation) -> None:
    await add(memory, place, said("stays"))
    first = await memory.add_document(place, "plan.pdf", "application/pdf", "ab", [said("one")])
    assert (await memory.forget(Scope.all(), Selection(kinds=("document",)))).documents == 1
    again = await memory.add_document(place, "plan.pdf", "application/pdf", "ab", [said("one")])
    assert again.id > first.id
