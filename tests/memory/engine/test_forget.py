from __future__ import annotations

from pathlib import Path

import pytest

from memory import ConversationRecord, Memory, Receipt, Scope, Selection
from memory.delivery_records import UnhandledUpdate
from memory.embedders.hashing import HashingEmbedder
from memory.forgetting.removed import Forgotten
from tests.memory.plain_model import token
from tests.memory.sayings import EVERYTHING, add, at, bytes_on_disk, found, found_by_words, rows, said, texts


async def test_what_is_forgotten_is_counted_and_found_nowhere(
    memory: Memory, place: ConversationRecord, path: Path
) -> None:
    await add(memory, place, said(f"secret {token(1)}", 1), said("after", 2))
    await memory.embeddings.embed_pending()
    assert await memory.forget(Scope.all(), Selection(matching="SECRET")) == Receipt(passages=1, vectors=1, full_text=1)
    assert await found_by_words(memory, f"secret {token(1)}") == []
    assert token(1)[3:].encode() not in bytes_on_disk(path)
    assert await memory.embeddings.count_pending() == 1, "the window of what came after held it, so it is embedded anew"


async def test_forgetting_nothing_is_an_empty_receipt(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("kept"))
    assert await memory.forget(Scope.all(), Selection(matching="other")) == Receipt()
    with pytest.raises(ValueError, match="everything"):
        await memory.forget(Scope.all(), Selection())
    assert await texts(memory) == ["kept"]


async def test_what_was_drawn_from_the_forgotten_goes_too_down_to_the_last(
    memory: Memory, place: ConversationRecord
) -> None:
    (source, other) = await add(memory, place, said("the code is 1234", 1), said("nice weather", 2))
    fact = await memory.facts.add(place, said("the code: 1234", 3, drawn_from=(source,)), key="code")
    outgoing = await memory.delivery.queue_reply(place, other, "sending")
    drawn = (fact.passage_id, other)
    await memory.delivery.mark_sent(outgoing, said("It is 1234.", 4, kind="answer", drawn_from=drawn))
    receipt = await memory.forget(Scope.all(), Selection(passage_ids=(source,)))
    assert (receipt.passages, receipt.facts, receipt.answers) == (3, 1, 1)
    assert await texts(memory) == ["nice weather"]
    assert await memory.facts.select(Scope.all(), include_closed=True) == []


async def test_a_reply_that_was_not_sent_yet_goes_with_what_it_answers(
    memory: Memory, place: ConversationRecord
) -> None:
    stored = await memory.delivery.receive(place, said("what is the code?", event_id="1"), "payload")
    await memory.delivery.queue_reply(place, stored.id, "1234")
    await memory.forget(Scope.all(), Selection(passage_ids=(stored.id,)))
    assert await memory.delivery.list_unsent() == []
    assert await memory.delivery.list_waiting() == []


async def test_a_conversation_that_held_nothing_but_such_a_reply_is_counted_too(
    memory: Memory, place: ConversationRecord
) -> None:
    elsewhere = await memory.conversations.ensure("test", "elsewhere")
    (asked,) = await add(memory, place, said("what is the code?"))
    await memory.delivery.queue_reply(elsewhere, asked, "1234")
    assert (await memory.forget(Scope.all(), EVERYTHING)).conversations == 2
    assert await memory.conversations.summarize(Scope.all()) == []


async def test_the_last_passage_takes_its_document_conversation_and_author_along(memory: Memory, path: Path) -> None:
    person = await memory.people.ensure("test", "account-zq", "Zenobia Quark")
    place = await memory.conversations.ensure("test", "chat-zq", title="Quark's chat")
    await memory.documents.add(place, "quark.pdf", "application/pdf", "0", [said("page one"), said("page two")])
    await add(memory, place, said("hello", author="Zenobia Quark", author_id=person.id))
    receipt = await memory.forget(Scope.all(), Selection(kinds=("document",)))
    assert (receipt.passages, receipt.documents, receipt.conversations) == (2, 1, 0)
    receipt = await memory.forget(Scope.all(), EVERYTHING)
    assert (receipt.passages, receipt.documents, receipt.conversations) == (1, 0, 1)
    assert await memory.conversations.summarize(Scope.all()) == []
    assert await memory.people.find("test", "account-zq") is None
    disk = bytes_on_disk(path)
    assert [word for word in (b"quark", b"Quark", b"account-zq", b"chat-zq") if word in disk] == []


async def test_a_forgotten_conversation_can_be_begun_anew(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, said("old", event_id="1"))
    await memory.forget(Scope.all(), EVERYTHING)
    again = await memory.conversations.ensure("test", "1")
    (stored,) = await memory.passages.add(again, [said("new", event_id="1")])
    assert stored.new
    assert await texts(memory) == ["new"]


async def test_what_is_written_for_a_forgotten_author_is_kept_under_the_name_alone(
    memory: Memory, place: ConversationRecord
) -> None:
    person = await memory.people.ensure("test", "u1", "Mara")
    await add(memory, place, said("hello", author_id=person.id), said("stays", author="Noor"))
    await memory.forget(Scope.all(), Selection(person="Mara"))
    await add(memory, place, said("I am back", 5, author_id=person.id))
    (passage,) = await memory.passages.select(Scope.all(), Selection(person="Mara"))
    assert (passage.author, passage.author_id) == ("Mara", None)


async def test_messages_around_the_forgotten_close_ranks(memory: Memory, place: ConversationRecord) -> None:
    await add(memory, place, *(said(text, n) for n, text in enumerate(["one", "two", "three", "four zeppelins"])))
    await memory.forget(Scope.all(), Selection(matching="two"))
    best = (await memory.recall("zeppelins", Scope.all(), now=at(9)))[0]
    assert [each.text for each in best.context] == ["one", "three"]
    assert await memory.upkeep.check() == []


@pytest.mark.parametrize("share", [0.05, 0.5, 1])
async def test_forgetting_much_leaves_no_trace(path: Path, share: float) -> None:
    """Both ways: taking passages out of the indexes, and making the indexes anew from what is left."""
    async with Memory.open(path, HashingEmbedder()) as memory:
        place = await memory.conversations.ensure("test", "1")
        ids = await add(memory, place, *(said(f"talk about {token(n)}", n * 30) for n in range(4000)))
        await memory.embeddings.embed_pending()
        doomed = ids[:: round(1 / share)]
        vector = rows(path, "SELECT vector FROM vectors_1 WHERE passage_id = ?", doomed[0])[0][0]
        receipt = await memory.forget(Scope.all(), Selection(passage_ids=tuple(doomed)))
        assert (receipt.passages, receipt.vectors, receipt.full_text) == (len(doomed),) * 3
        assert await memory.upkeep.check() == []
        disk = bytes_on_disk(path)
        assert [n for n in range(0, 4000, 20) if ids[n] in doomed and token(n)[3:].encode() in disk] == []
        assert vector not in disk
        if share < 1:
            assert await found(memory, token(3999), limit=1) == [f"talk about {token(3999)}"]


async def test_a_group_is_forgotten_with_its_threads_and_a_thread_alone(memory: Memory) -> None:
    for external_id in ("7", "7/1", "7/2", "77", "8/7"):
        await add(
            memory, await memory.conversations.ensure("test", external_id, kind="group"), said(f"in {external_id}")
        )
    owner = await memory.people.ensure("test", "ann", "Ann")
    await add(memory, await memory.conversations.ensure("test", "7", owner_id=owner.id), said("imported"))
    assert (await memory.conversations.forget_group("test", "7/2")).passages == 1
    assert (await memory.conversations.forget_group("test", "7")).passages == 2
    assert (await memory.conversations.forget_group("other", "77")).passages == 0
    assert await texts(memory) == ["in 77", "in 8/7", "imported"]


async def test_what_was_asked_about_it_goes_by_its_own_words_and_what_others_asked_stays(memory: Memory) -> None:
    ann = await memory.people.ensure("test", "ann", "Ann")
    bob = await memory.people.ensure("test", "bob", "Bob")
    group = await memory.conversations.ensure("test", "g", kind="group", audience="g")
    (number, *_) = await add(
        memory,
        group,
        said("the shed opens with tulip4711", author_id=ann.id),
        said("the shed is green", 1, author_id=bob.id),
        said("/memories tulip4711", 2, kind="command", author_id=ann.id),
        said("what about the shed?", 3, kind="question", author_id=ann.id),
        said("is it tulip4711?", 4, kind="question", author_id=bob.id),
    )
    assert (await memory.forget(Scope.all(), Selection(passage_ids=(number,)))).passages == 2
    assert await texts(memory) == ["the shed is green", "what about the shed?", "is it tulip4711?"]


async def test_unhandled_updates_go_with_what_is_forgotten_of_their_conversation(
    memory: Memory,
) -> None:
    place = await memory.conversations.ensure("test", "1")
    unhandled = memory.ledger.unhandled_updates
    for conversation, payload in (("1", "tulip4711 raw"), ("1", "other"), ("2", "tulip4711 elsewhere")):
        await unhandled.keep(UnhandledUpdate("test", conversation, payload, "broken", at(0)), most=10)
    (number,) = await add(memory, place, said("the shed opens with tulip4711"))
    await memory.forget(Scope.all(), Selection(passage_ids=(number,)))
    assert [each.payload for each in await unhandled.read_all()] == ["tulip4711 elsewhere"]


async def test_a_file_that_waits_to_be_read_goes_from_the_disk_with_its_message(
    memory: Memory, place: ConversationRecord
) -> None:
    kept = memory.ledger.kept_files
    (sent, other) = await add(memory, place, said("see the plan", 1), said("see the map", 2))
    for name, number in (("plan", sent), ("map", other)):
        (kept.folder / name).mkdir(parents=True)
        (kept.folder / name / "content").write_text("tulip4711")
        await kept.keep(name, place.id, "{}", (number,))
    assert (await memory.forget(Scope.all(), Selection(passage_ids=(sent,)))).files == 1
    assert [each.name for each in kept.folder.iterdir()] == ["map"]


def test_what_two_steps_have_forgotten_is_counted_together() -> None:
    one, other = (
        Forgotten(Receipt(passages=1), ("a",), ("file a",)),
        Forgotten(Receipt(passages=2), ("b",), ("file b",)),
    )
    assert one + other == Forgotten(Receipt(passages=3), ("a", "b"), ("file a", "file b"))


async def test_what_people_thought_of_a_forgotten_answer_is_counted(memory: Memory, place: ConversationRecord) -> None:
    ann = await memory.people.ensure("test", "ann", "Ann")
    (asked, answered) = await add(
        memory, place, said("when is it?", kind="question"), said("In June.", 1, kind="answer")
    )
    await memory.judgements.keep(answered, ann.id, 1, at(2))
    receipt = await memory.forget(Scope.all(), Selection(passage_ids=(asked, answered)))
    assert (receipt.passages, receipt.judgements) == (2, 1)


async def test_what_somebody_judged_is_forgotten_and_counted_though_they_said_nothing(
    memory: Memory, place: ConversationRecord
) -> None:
    ann = await memory.people.ensure("test", "ann", "Ann")
    (answered,) = await add(memory, place, said("In June.", kind="answer"))
    await memory.judgements.keep(answered, ann.id, 1, at(2))

    receipt = await memory.forget(Scope.all(), Selection(person="Ann"))

    assert (receipt.passages, receipt.judgements) == (0, 1)


async def test_an_edited_message_without_an_id_of_its_own_is_known_by_author_and_minute(
    memory: Memory, place: ConversationRecord
) -> None:
    import_id = await memory.imports.begin(await memory.people.ensure("test", "owner", "You"), "a file")
    first = [said("the code is 4417", 1, "Tom", event_id="a"), said("thanks", 1, "Mara", event_id="b")]
    await memory.passages.add(place, first, import_id=import_id)
    await memory.forget(Scope.all(), Selection(matching="code"))
    later = [
        said("the code is 4418", 1, "tom ", event_id="c", edited_without_id=True),
        said("many thanks", 1, "Mara", event_id="d", edited_without_id=True),
        said("good night", 2, "Tom", event_id="e", edited_without_id=True),
    ]
    stored = await memory.passages.add(place, later, import_id=import_id)

    assert [each.forgotten for each in stored] == [True, False, False]
    assert await texts(memory) == ["thanks", "many thanks", "good night"]
