"""The routes below /api, as a program uses them."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest

from bot.access.terminal_history import HISTORY
from tests.adapters.web_bot import WebBot, web_bot

CHAT = "\n".join(
    f"[0{1 + n // 60}.05.24, 10:{n % 60:02}:00] {'Mara' if n % 2 else 'Ben'}: Message {n} of the trip"
    for n in range(120)
)


async def import_chat(program: httpx.AsyncClient, text: str = CHAT, **form: str) -> dict[str, object]:
    """Import a WhatsApp chat, and return the last of its progress."""
    files = {"file": ("WhatsApp Chat with Trip.txt", text.encode(), "text/plain")}
    begun = await program.post("/api/imports", files=files, data=form)
    assert begun.status_code == 202, begun.text
    events = (await program.get(f"/api/imports/running/{begun.json()['id']}/events")).text
    last: dict[str, object] = json.loads(events.strip().split("\n\n")[-1].split("data: ", 1)[1])
    return last


async def test_what_is_remembered_is_recalled(web: WebBot) -> None:
    program = await web.program()
    kept = (await program.post("/api/remember", json={"text": "The wifi password is heron-42.", "key": "wifi"})).json()
    found = (await program.post("/api/recall", json={"question": "wifi password?", "limit": 3})).json()
    (only,) = found["recollections"]
    assert (only["id"], only["text"], only["author"]) == (kept["id"], "The wifi password is heron-42.", "program")
    assert {"said_at", "conversation", "score", "relevance", "parts"} <= only.keys()
    facts = (await program.get("/api/facts")).json()["facts"]
    assert [(fact["key"], fact["passage_id"]) for fact in facts] == [("wifi", kept["id"])]


async def test_forgetting_gives_a_receipt_and_can_be_looked_at_before(web: WebBot) -> None:
    program = await web.program()
    kept = (await program.post("/api/remember", json={"text": "The wifi password is heron-42."})).json()
    preview = (await program.post("/api/forget/preview", json={"ids": [kept["id"]]})).json()
    assert [passage["text"] for passage in preview["passages"]] == ["The wifi password is heron-42."]
    receipt = (await program.post("/api/forget", json={"ids": [kept["id"]]})).json()
    assert (receipt["passages"], receipt["facts"]) == (1, 1)
    assert receipt["verified"] is True
    assert (receipt["checked"]["left"], receipt["replies"], receipt["files"]) == ([], 0, 0)
    assert receipt["checked"]["tables"] > 10
    assert (await program.get(f"/api/passages/{kept['id']}")).status_code == 404
    assert (await program.post("/api/forget", json={"ids": [kept["id"]]})).status_code == 404


async def test_every_way_to_forget_gives_the_whole_receipt_and_takes_what_was_typed(web: WebBot) -> None:
    program, history = await web.program(), web.memory.folder / HISTORY
    files = {"file": ("zugspitze4711.txt", b"The boiler is serviced by zugspitze4711 every autumn.", "text/plain")}
    await import_chat(program, "[01.05.24, 10:00:00] Ben: the hut is at zugspitze4712\n")
    (place,) = (await program.get("/api/conversations")).json()["conversations"]
    (past,) = (await program.get("/api/imports")).json()["imports"]
    read = (await program.post("/api/documents", files=files)).json()
    kept = (await program.post("/api/remember", json={"text": "The gate code is zugspitze4713."})).json()
    said = (
        "the boiler is serviced by zugspitze4711 every autumn.",
        "the hut is at zugspitze4712",
        "/remember The gate code is zugspitze4713.",
    )
    history.write_text("".join(f"\n# 2024-05-03\n+{line}\n" for line in (*said, "/help")))
    for path in (f"/api/documents/{read['document_id']}", f"/api/imports/{past['id']}", f"/api/passages/{kept['id']}"):
        receipt = (await program.delete(path)).json()
        assert (receipt["passages"], receipt["verified"], receipt["checked"]["left"]) == (1, True, []), path
    assert history.read_text() == "\n# 2024-05-03\n+/help\n"
    assert place["id"] not in [each["id"] for each in (await program.get("/api/conversations")).json()["conversations"]]


async def test_a_correction_takes_what_was_typed_too(web: WebBot) -> None:
    program, history = await web.program(), web.memory.folder / HISTORY
    kept = (await program.post("/api/remember", json={"text": "The kettle is zugspitze4711.", "key": "kettle"})).json()
    history.write_text("\n# 2024-05-03\n+/remember The kettle is zugspitze4711.\n")
    await program.patch(f"/api/passages/{kept['id']}", json={"text": "The kettle is blue."})
    assert history.read_text() == ""
    facts = (await program.get("/api/facts")).json()["facts"]
    assert [(fact["key"], fact["statement"]) for fact in facts] == [("kettle", "The kettle is blue.")]


async def test_a_text_can_be_corrected(web: WebBot) -> None:
    program = await web.program()
    kept = (await program.post("/api/remember", json={"text": "The kettle is red."})).json()
    changed = await program.patch(f"/api/passages/{kept['id']}", json={"text": "The kettle is blue."})
    assert changed.json()["text"] == "The kettle is blue."
    found = (await program.post("/api/recall", json={"question": "kettle"})).json()["recollections"]
    assert [each["text"] for each in found] == ["The kettle is blue."]


async def test_a_history_is_imported_and_read_in_both_directions(web: WebBot) -> None:
    program = await web.program()
    progress = await import_chat(program, me="Mara", timezone="Europe/Lisbon")
    assert (progress["state"], progress["stored"], progress["problem"]) == ("done", 120, None)
    (place,) = (await program.get("/api/conversations")).json()["conversations"]
    assert (place["passages"], place["people"]) == (120, 2)
    read = f"/api/conversations/{place['id']}/passages"
    page = (await program.get(read, params={"limit": 50})).json()
    texts = [passage["text"] for passage in page["passages"]]
    while page["earlier"]:
        page = (await program.get(read, params={"limit": 50, "before": page["earlier"]})).json()
        texts = [passage["text"] for passage in page["passages"]] + texts
    assert texts == [f"Message {number} of the trip" for number in range(120)]
    forth = [passage["text"] for passage in page["passages"]]
    while page["later"]:
        page = (await program.get(read, params={"limit": 50, "after": page["later"]})).json()
        forth += [passage["text"] for passage in page["passages"]]
    assert forth == texts
    found = (await program.post("/api/recall", json={"question": "Message 60 of the trip", "limit": 1})).json()
    anchor = found["recollections"][0]["id"]
    around = (await program.get(f"/api/passages/{anchor}/around", params={"before": 2, "after": 1})).json()
    assert len(around["passages"]) == 4
    assert around["passages"][2]["id"] == anchor


async def test_an_import_is_listed_and_undone_whole(web: WebBot) -> None:
    program = await web.program()
    await import_chat(program)
    again = await import_chat(program)
    assert again["reports"][0]["new"] == 0  # type: ignore[index] # a report
    (known,) = (await program.get("/api/imports")).json()["imports"]
    assert known["passages"] == 120
    receipt = (await program.delete(f"/api/imports/{known['id']}")).json()
    assert receipt["passages"] == 120
    assert (await program.get("/api/imports")).json() == {"imports": []}


async def test_a_file_that_is_no_export_is_refused_and_stores_nothing(web: WebBot) -> None:
    program = await web.program()
    progress = await import_chat(program, "\x00\x01 nothing of any kind")
    assert progress["state"] == "failed"
    assert progress["problem"]
    assert "scrubjay-import" not in str(progress["problem"])
    assert (await program.get("/api/statistics")).json()["passages"] == 0


async def test_a_document_is_read_listed_and_forgotten(web: WebBot) -> None:
    program = await web.program()
    files = {"file": ("../notes.txt", b"The zeppelin lands at noon.", "text/plain")}
    read = (await program.post("/api/documents", files=files)).json()
    assert (read["name"], read["passages"], read["known"]) == ("notes.txt", 1, False)
    assert (await program.post("/api/documents", files=files)).json()["known"]
    (known,) = (await program.get("/api/documents")).json()["documents"]
    found = (await program.post("/api/recall", json={"question": "zeppelin"})).json()["recollections"]
    assert found[0]["document_id"] == known["id"]
    assert (await program.delete(f"/api/documents/{known['id']}")).json()["documents"] == 1
    assert (await program.delete(f"/api/documents/{known['id']}")).status_code == 404


async def test_answers_can_be_judged(web: WebBot) -> None:
    program = await web.program()
    kept = (await program.post("/api/remember", json={"text": "The kettle is red."})).json()
    refused = await program.post("/api/feedback", json={"answer_id": kept["id"], "value": 1})
    assert refused.json()["detail"] == f"Passage {kept['id']} is no answer."
    assert (await program.post("/api/feedback", json={"answer_id": 999, "value": 1})).status_code == 404


async def test_lists_come_in_pages(web: WebBot) -> None:
    program = await web.program()
    for number in range(5):
        await program.post("/api/remember", json={"text": f"Fact number {number}."})
    seen: list[str] = []
    cursor: dict[str, int] = {}
    while True:
        page = (await program.get("/api/facts", params={"limit": 2, **cursor})).json()
        seen += [fact["statement"] for fact in page["facts"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == [f"Fact number {number}." for number in (4, 3, 2, 1, 0)]


@pytest.mark.parametrize("scope", ["own", "key"])
async def test_a_key_never_sees_what_another_has_stored(web: WebBot, scope: str) -> None:
    one, other = await web.program("one", "own"), await web.program("other", "key" if scope == "key" else "own")
    kept = (await one.post("/api/remember", json={"text": "The wifi password is heron-42."})).json()
    await import_chat(one)
    (place,) = [
        each for each in (await one.get("/api/conversations")).json()["conversations"] if each["passages"] == 120
    ]
    assert (await other.post("/api/recall", json={"question": "wifi password"})).json() == {"recollections": []}
    for path in ("/api/facts", "/api/conversations", "/api/documents", "/api/imports"):
        assert [value for value in (await other.get(path)).json().values() if value] == []
    assert (await other.get("/api/statistics")).json()["passages"] == 0
    for path in (f"/api/passages/{kept['id']}", f"/api/passages/{kept['id']}/around"):
        assert (await other.get(path)).status_code == 404
    assert (await other.get(f"/api/conversations/{place['id']}/passages")).status_code == 404
    assert (await other.post("/api/forget", json={"ids": [kept["id"]]})).status_code == 404
    assert (await other.patch(f"/api/passages/{kept['id']}", json={"text": "mine"})).status_code == 404
    assert (await one.get(f"/api/passages/{kept['id']}")).status_code == 200


async def test_the_scope_of_a_key_says_what_of_the_owners_it_reads(web: WebBot) -> None:
    await (await web.browser()).post("/api/remember", json={"text": "The owner's wifi password is heron-42."})
    someone = await web.program("someone", "key")
    await someone.post("/api/remember", json={"text": "Somebody's wifi password is zebra-7."})
    seen = {}
    for scope in ("own", "key", "all"):
        program = await web.program(scope, scope)
        found = (await program.post("/api/recall", json={"question": "wifi password"})).json()["recollections"]
        seen[scope] = {each["text"].split("'")[0] for each in found}
    assert seen == {"own": {"The owner"}, "key": set(), "all": {"The owner", "Somebody"}}


async def test_a_guest_of_a_revoked_key_can_not_come_back(web: WebBot) -> None:
    program = await web.program("phone")
    await program.post("/api/remember", json={"text": "The kettle is red."})
    await web.memory.ledger.api_keys.revoke("phone")
    again = await web.program("phone", "key")
    assert (await again.post("/api/recall", json={"question": "kettle"})).json() == {"recollections": []}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/recall", {}),
        ("/api/recall", {"question": ""}),
        ("/api/recall", {"question": "x", "limit": 0}),
        ("/api/recall", {"question": "x", "limt": 1}),
        ("/api/recall", {"question": "x", "since": "yesterday"}),
        ("/api/remember", {"text": "   "}),
        ("/api/forget", {"ids": []}),
        ("/api/forget", {"ids": ["one"]}),
        ("/api/feedback", {"answer_id": 1, "value": 5}),
    ],
)
async def test_a_wrong_body_is_a_problem_that_names_the_field(web: WebBot, path: str, body: dict[str, object]) -> None:
    program = await web.program()
    refused = await program.post(path, json=body)
    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    assert refused.json()["errors"]


async def test_metrics_are_shown_to_whoever_has_a_key(web: WebBot) -> None:
    program = await web.program()
    await program.post("/api/recall", json={"question": "anything"})
    shown = (await program.get("/metrics")).text
    for name in (
        "scrubjay_generated_tokens_bucket",
        "scrubjay_first_token_seconds_bucket",
        "scrubjay_model_load_seconds_bucket",
        "scrubjay_recall_seconds_count 1.0",
        "scrubjay_embedding_backlog",
        "scrubjay_queued_messages",
        'scrubjay_adapter_up{platform="http"} 1.0',
    ):
        assert name in shown
    assert (await program.get("/readyz")).text == "ok\n"


async def test_a_bug_is_told_by_a_number_alone(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with web_bot(tmp_path) as web:
        program = await web.program()

        async def broken(*_: object, **__: object) -> None:
            raise RuntimeError("secret inside")

        web.memory.facts.select = broken  # type: ignore[method-assign,assignment] # a store that fails
        refused = await program.get("/api/facts")
    assert refused.status_code == 500
    assert "secret" not in refused.text
    assert "Content-Security-Policy" in refused.headers
    assert "secret inside" in caplog.text
