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
    forget_typed(tmp_path, ["hello"])
    assert typed(tmp_path) == ["hello", "what is new?", "+ plus"], "too short to tell"


def test_each_line_of_a_forgotten_text_is_looked_for(tmp_path: Path) -> None:
    FileHistory(str(tmp_path / HISTORY)).store_string("/ask the second line")
    forget_typed(tmp_path, ["first\nThe second line"])
    assert typed(tmp_path) == []


def test_where_nothing_was_typed_nothing_happens(tmp_path: Path) -> None:
    forget_typed(tmp_path, ["anything"])
    assert list(tmp_path.iterdir()) == []
