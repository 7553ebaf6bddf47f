from __future__ import annotations

import pytest

from memory import ConversationRecord, DocumentChange, Memory, Scope, Selection
from memory.document_records import Upload
from tests.memory.sayings import EVERYTHING, add, said
from tests.memory.sqlite_store import store_of


async def test_pieces_carry_their_document_and_their_place_in_it(memory: Memory, place: ConversationRecord) -> None:
    pieces = [said("one", locator="p. 1"), said("two", locator="p. 2")]
    document = await memory.documents.add(place, "plan.pdf", "application/pdf", "ab", pieces)
    assert (document.name, document.media_type, document.conversation_id) == ("plan.pdf", "application/pdf", place.id)
    passages = await memory.passages.select(Scope.all(), EVERYTHING, newest_first=False)
    assert [(each.kind, each.document_id, each.locator) for each in passages] == [
        ("document", document.id, "p. 1"),
        ("document", document.id, "p. 2"),
    ]


async def test_the_same_bytes_in_the_same_place_add_nothing_elsewhere_they_do(
    memory: Memory, place: ConversationRecord
) -> None:
    first = await memory.documents.add(place, "plan.pdf", "application/pdf", "ab", [said("one")])
    assert await memory.documents.add(place, "copy.pdf", "application/pdf", "ab", [said("one")]) == first
    other = await memory.conversations.ensure("test", "2")
    assert (await memory.documents.add(other, "plan.pdf", "application/pdf", "ab", [said("one")])).id != first.id
    assert len(await memory.passages.select(Scope.all(), EVERYTHING)) == 2


async def test_a_document_is_found_by_its_title(memory: Memory, place: ConversationRecord) -> None:
    await memory.documents.add(place, "zeppelin.pdf", "application/pdf", "ab", [said("how it flies")])
    (best,) = await memory.recall("what about the zeppelin?", Scope.all(), now=said("").said_at)
    assert best.passage.text == "how it flies"
    assert "words" in best.parts


async def test_a_document_forgotten_can_be_taken_in_again(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("stays"))
    first = await memory.documents.add(place, "plan.pdf", "application/pdf", "ab", [said("one")])
    assert (await memory.forget(Scope.all(), Selection(kinds=("document",)))).documents == 1
    again = await memory.documents.add(place, "plan.pdf", "application/pdf", "ab", [said("one")])
    assert again.id > first.id


async def put(
    memory: Memory, place: ConversationRecord, sha: str, *texts: str, source: str = "/plan.txt"
) -> DocumentChange:
    entries = [said(text, locator=f"line {number}") for number, text in enumerate(texts, 1)]
    return await memory.documents.put(place, Upload(source.rpartition("/")[2], "text/plain", sha, source), entries)


def counts(change: DocumentChange) -> tuple[int, int, int]:
    return change.added, change.kept, change.removed


async def test_a_changed_document_keeps_what_it_still_says_with_its_vectors(
    memory: Memory, place: ConversationRecord
) -> None:
    await put(memory, place, "1", "alpha", "beta", "gamma")
    await memory.embeddings.embed_pending()
    before = {each.text: each for each in await memory.passages.select(Scope.all(), EVERYTHING)}
    change = await put(memory, place, "2", "news", "alpha", "gamma")
    assert counts(change) == (1, 2, 1)
    assert await memory.embeddings.count_pending() == 1
    after = {each.text: each for each in await memory.passages.select(Scope.all(), EVERYTHING)}
    assert set(after) == {"news", "alpha", "gamma"}
    assert after["alpha"].id == before["alpha"].id
    assert [after[text].locator for text in ("news", "alpha", "gamma")] == ["line 1", "line 2", "line 3"]
    assert await memory.upkeep.check() == []


@pytest.mark.sqlite_only
async def test_pieces_of_a_changed_document_stand_in_its_new_order(memory: Memory, place: ConversationRecord) -> None:
    await put(memory, place, "1", "alpha", "beta", "gamma")
    await put(memory, place, "2", "gamma", "delta", "alpha")
    rows = await store_of(memory).read("SELECT text, previous_id, session_id, id FROM passages", [])
    by_id = {row[3]: row[0] for row in rows}
    assert {row[0]: by_id.get(row[1]) for row in rows} == {"gamma": None, "delta": "gamma", "alpha": "delta"}
    assert {by_id[row[2]] for row in rows} == {"gamma"}


async def test_a_repeated_text_is_kept_as_often_as_it_still_stands_there(
    memory: Memory, place: ConversationRecord
) -> None:
    await put(memory, place, "1", "same", "same", "same")
    assert counts(await put(memory, place, "2", "same", "same")) == (0, 2, 1)
    assert counts(await put(memory, place, "3", "same", "same", "same", "same")) == (2, 2, 0)


async def test_unchanged_bytes_of_the_same_source_change_nothing_unless_asked_for(
    memory: Memory, place: ConversationRecord
) -> None:
    first = await put(memory, place, "1", "alpha")
    assert await put(memory, place, "1", "read otherwise") == DocumentChange(first.document, kept=1)
    upload = Upload("plan.txt", "text/plain", "1", "/plan.txt")
    assert counts(await memory.documents.put(place, upload, [said("read otherwise")], again=True)) == (1, 0, 1)


async def test_the_same_bytes_elsewhere_are_told_as_the_document_that_has_them(
    memory: Memory, place: ConversationRecord
) -> None:
    first = await put(memory, place, "1", "alpha")
    other = await put(memory, place, "2", "beta", source="/other.txt")
    change = await put(memory, place, "1", "alpha", source="/other.txt")
    assert change == DocumentChange(first.document, kept=1, removed=1)
    assert [each.document for each in await memory.documents.summarize(Scope.all())] == [first.document]
    assert await memory.documents.find(place, source="/other.txt") is None
    assert other.document.id != first.document.id


async def test_a_replaced_piece_takes_what_was_drawn_from_it_along(memory: Memory, place: ConversationRecord) -> None:
    await put(memory, place, "1", "the code is 1234", "stays")
    passages = {each.text: each.id for each in await memory.passages.select(Scope.all(), EVERYTHING)}
    await memory.facts.add(place, said("code: 1234", drawn_from=(passages["the code is 1234"],)))
    await put(memory, place, "2", "the code is 9999", "stays")
    texts = {each.text for each in await memory.passages.select(Scope.all(), EVERYTHING)}
    assert texts == {"the code is 9999", "stays"}


async def test_a_document_renamed_keeps_its_pieces_and_is_found_by_its_new_name(
    memory: Memory, place: ConversationRecord
) -> None:
    change = await put(memory, place, "1", "how it flies")
    await memory.embeddings.embed_pending()
    (before,) = await memory.passages.select(Scope.all(), EVERYTHING)
    await memory.documents.rename(change.document.id, "zeppelin.txt", "/zeppelin.txt")
    (best,) = await memory.recall("what about the zeppelin?", Scope.all(), now=said("").said_at)
    assert (best.passage.id, best.passage.author) == (before.id, "zeppelin.txt")
    assert await memory.upkeep.check() == []
    await memory.embeddings.embed_pending()
    await memory.documents.rename(change.document.id, "zeppelin.txt", "/moved/zeppelin.txt")
    assert await memory.embeddings.count_pending() == 0


async def test_documents_are_listed_within_the_scope_the_latest_first(
    memory: Memory, place: ConversationRecord
) -> None:
    other = await memory.conversations.ensure("test", "2")
    one = await put(memory, place, "1", "a", "b")
    two = await put(memory, other, "2", "c")
    listed = await memory.documents.summarize(Scope.all())
    assert [(each.document, each.conversation, each.passages) for each in listed] == [
        (two.document, other, 1),
        (one.document, place, 2),
    ]
    assert [each.document for each in await memory.documents.summarize(Scope.of_conversation(place.id))] == [
        one.document
    ]
    assert await memory.documents.summarize(Scope()) == []


async def test_forgetting_a_document_leaves_nothing_of_it(memory: Memory, place: ConversationRecord) -> None:
    one = await put(memory, place, "1", "alpha", "beta")
    await put(memory, place, "2", "gamma", source="/other.txt")
    await memory.embeddings.embed_pending()
    receipt = await memory.forget(Scope.all(), Selection(document_ids=(one.document.id,)))
    assert (receipt.passages, receipt.vectors, receipt.documents) == (2, 2, 1)
    assert [each.text for each in await memory.passages.select(Scope.all(), EVERYTHING)] == ["gamma"]
    assert await memory.upkeep.check() == []


async def test_forgetting_one_piece_embeds_no_other_anew(memory: Memory, place: ConversationRecord) -> None:
    await put(memory, place, "1", "alpha", "beta", "gamma")
    await memory.embeddings.embed_pending()
    passages = {each.text: each.id for each in await memory.passages.select(Scope.all(), EVERYTHING)}
    await memory.forget(Scope.all(), Selection(passage_ids=(passages["beta"],)))
    assert await memory.embeddings.count_pending() == 0
    assert await memory.upkeep.check() == []


async def test_the_documents_of_a_folder_are_those_whose_sources_begin_with_it(
    memory: Memory, place: ConversationRecord
) -> None:
    for number, source in enumerate(("/a_b/one.txt", "/a_b/deep/two.txt", "/axb/three.txt", "/a_bc.txt")):
        await put(memory, place, str(number), f"text {number}", source=source)
    await memory.documents.add(place, "sent.txt", "text/plain", "x", [said("four")])
    other = await memory.conversations.ensure("test", "2")
    await put(memory, other, "9", "elsewhere", source="/a_b/five.txt")
    found = await memory.documents.find_by_source(place, "/a_b/")
    assert [each.source for each in found] == ["/a_b/deep/two.txt", "/a_b/one.txt"]
