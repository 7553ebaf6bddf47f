from __future__ import annotations

from pathlib import Path

from tests.bot.commands.conftest import Cli

CHAT = "03/05/2024, 21:12 - Jonas: hotel?\n13/05/2024, 21:14 - Mara: booked the hotel\n"


def import_chat(cli: Cli, *options: str) -> Path:
    path = cli.home / "WhatsApp Chat with Lisbon trip.txt"
    path.write_text(CHAT, encoding="utf-8")
    cli.run("import", str(path), *options)
    return path


def test_conversations_are_listed_with_their_source_people_span_and_counts(cli: Cli) -> None:
    import_chat(cli)
    (record,) = cli.run("conversations", "--json").json

    assert record | {"first": "", "last": ""} == {
        "id": 1, "title": "Lisbon trip", "source": "whatsapp", "kind": "direct", "people": 2, "messages": 2,
        "passages": 2, "embedded": 2, "first": "", "last": "", "imports": [1],
    }  # fmt: skip
    listed = cli.run("conversations").out
    assert "whatsapp" in listed
    assert "forget --import ID" in listed


def test_an_empty_memory_says_how_to_begin(cli: Cli) -> None:
    assert "scrubjay import FILE" in cli.run("conversations").out
    assert cli.run("conversations", "--json").json == []


def test_an_import_is_forgotten_whole_with_a_receipt(cli: Cli) -> None:
    import_chat(cli)
    receipt = cli.run("forget", "--import", "1", "--yes", "--json").json

    assert (receipt["passages"], receipt["vectors"], receipt["conversations"]) == (2, 2, 1)
    assert cli.run("conversations", "--json").json == []
    assert "Nothing was forgotten" in cli.run("forget", "--import", "1", "--yes", code=1).out


def test_choosing_chats_and_days(cli: Cli) -> None:
    import_chat(cli, "--since", "2024-05-10", "--only", "lisbon*")

    assert [each["messages"] for each in cli.run("conversations", "--json").json] == [1]
    assert "write it as 2024-05-31" in cli.fails("import", "x.txt", "--since", "yesterday", code=2)


def test_an_import_goes_into_a_conversation_that_is_there(cli: Cli) -> None:
    import_chat(cli)
    other = cli.home / "more.jsonl"
    other.write_text('{"author": "Tom", "sent_at": "2024-05-20", "text": "and the ferry?"}\n', encoding="utf-8")
    cli.run("import", str(other), "--into", "Lisbon trip")

    assert [each["messages"] for each in cli.run("conversations", "--json").json] == [3]
    assert "no conversation is called" in cli.fails("import", str(other), "--into", "Work", code=1)


def test_statistics_are_shown_or_written_as_a_page(cli: Cli) -> None:
    import_chat(cli)
    target = cli.home / "trip.html"
    cli.run("stats", "Lisbon trip", "--html", str(target))

    assert "By weekday" in cli.run("stats", "1").out
    assert "<title>Lisbon trip in numbers</title>" in target.read_text("utf-8")
    assert "no conversation is called" in cli.fails("stats", "Work", code=1)
    assert "is a folder" in cli.fails("stats", "1", "--html", str(cli.home), code=1)


def test_a_history_that_is_not_there_is_told_before_the_memory_is_opened(cli: Cli) -> None:
    ran = cli.run("import", "MISSING.txt", "chats/*.zip", code=4)
    assert "MISSING.txt: there is no such file" in ran.err
    assert "no file fits this pattern" in ran.err
    assert not list(cli.data.glob("memory.db*"))


def test_a_history_that_is_there_is_taken_in_beside_one_that_is_not(cli: Cli) -> None:
    import_chat(cli)
    ran = cli.run("import", "MISSING.txt", "WhatsApp Chat with Lisbon trip.txt", code=4)
    assert "2 known already" in ran.out
    assert "MISSING.txt: there is no such file" in ran.err
