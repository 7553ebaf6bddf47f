"""What was typed in the terminal is forgotten with what it says."""

from __future__ import annotations

from pathlib import Path

from prompt_toolkit.history import FileHistory

from bot.access.terminal_history import HISTORY, forget_typed


def typed(folder: Path) -> list[str]:
    return list(FileHistory(str(folder / HISTORY)).load_history_strings())[::-1]


def test_lines_with_a_forgotten_text_go_and_the_others_stay(tmp_path: Path) -> None:
    history = FileHistory(str(tmp_path / HISTORY))
    lines = ["hello", "/remember  the code: 4711-0815", "two\nthe Code: 4711-0815\nlines", "what is new?", "+ plus"]
    for line in lines:
        history.store_string(line)
    forget_typed(tmp_path, ["the code: 4711-0815"])
    assert typed(tmp_path) == ["hello", "what is new?", "+ plus"]
    assert b"4711" not in b"".join(file.read_bytes() for file in tmp_path.iterdir())
    forget_typed(tmp_path, ["what"])
    assert typed(tmp_path) == ["hello", "what is new?", "+ plus"], "too short to tell"


def test_a_short_text_goes_where_it_is_all_that_was_typed_or_all_that_a_command_names(tmp_path: Path) -> None:
    history = FileHistory(str(tmp_path / HISTORY))
    for line in ("/forget Müll", "müll", "Müllabfuhr?", "wer bringt den Müll raus?"):
        history.store_string(line)
    forget_typed(tmp_path, ["Müll"])
    assert typed(tmp_path) == ["Müllabfuhr?", "wer bringt den Müll raus?"]


def test_each_line_of_a_forgotten_text_is_looked_for(tmp_path: Path) -> None:
    FileHistory(str(tmp_path / HISTORY)).store_string("/ask the second line")
    forget_typed(tmp_path, ["first\nThe second line"])
    assert typed(tmp_path) == []


def test_a_text_of_six_characters_is_looked_for_and_a_shorter_one_is_not(tmp_path: Path) -> None:
    history = FileHistory(str(tmp_path / HISTORY))
    for line in ("my pin is 123456", "my pin is 12345 "):
        history.store_string(line)
    forget_typed(tmp_path, ["123456", "12345"])
    assert typed(tmp_path) == ["my pin is 12345 "]


def test_a_text_of_several_short_lines_is_looked_for_as_a_whole(tmp_path: Path) -> None:
    FileHistory(str(tmp_path / HISTORY)).store_string("/remember a b c\nd e f")
    forget_typed(tmp_path, ["a b c\nd e f"])
    assert typed(tmp_path) == []


def test_the_lines_around_stay_byte_for_byte_whatever_they_hold(tmp_path: Path) -> None:
    file = tmp_path / HISTORY
    before, gone, after = (
        "\n# at\n+Küche 鍵\n".encode(),
        b"\n# at\n+the code\n",
        b"\n# at\n+caf\xe9, in an old encoding\n",
    )
    file.write_bytes(before + gone + after)
    forget_typed(tmp_path, ["the code"])
    assert file.read_bytes() == before + after


def test_only_its_owner_may_read_what_was_typed(tmp_path: Path) -> None:
    FileHistory(str(tmp_path / HISTORY)).store_string("the code")
    forget_typed(tmp_path, ["the code"])
    assert (tmp_path / HISTORY).stat().st_mode & 0o777 == 0o600


def test_where_nothing_was_typed_nothing_happens(tmp_path: Path) -> None:
    forget_typed(tmp_path, ["anything"])
    assert list(tmp_path.iterdir()) == []
