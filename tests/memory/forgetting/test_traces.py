"""What of forgotten texts is looked for, what counts as a trace of them, and how files are searched."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from memory.forgetting.traces import choose_probes, find_encrypted, judge, list_files, search_files

MEBIBYTE = 1 << 20
TOLD = "the shed opens with a brass key"


# what is looked for


def test_of_a_long_text_the_words_with_figures_come_first_and_then_the_longest() -> None:
    words = ["apple", "breads", "cheeses", "daffodil", "elephants", "foundation", "gentlewoman", "harbourmaster"]
    probes = choose_probes([" ".join([*words, "zz17"])])
    assert probes[0] == "zz17"
    assert probes[1:8] == [word for word in reversed(words) if word != "apple"]
    assert "apple" not in probes


def test_of_several_texts_each_gives_its_best_words_and_the_best_of_them_come_first() -> None:
    long = "gardening elephants"
    probes = choose_probes([*["apple tree"] * 3, long, "flat 12b", *[f"text{number}" for number in range(3)]])
    # Eight texts share eight words: one from each.
    assert {"gardening", "elephants"} & set(probes) == {"elephants"}
    assert probes[0] in {"12b", "text0"}
    assert probes.index("12b") < probes.index("elephants") < probes.index("apple")


def test_a_text_among_two_gives_four_words() -> None:
    first = "elephants foundation gentlewoman harbourmaster daffodil"
    probes = choose_probes([first, "breads"])
    assert set(first.split()) - set(probes) == {"daffodil"}


def test_one_text_may_give_eight_lines_and_no_more() -> None:
    lines = [f"at {number} - we" for number in range(20)]
    probes = choose_probes(["\n".join(lines)])
    assert [probe for probe in probes if " " in probe] == lines[:8]


def test_of_very_many_texts_eight_words_and_eight_lines_are_looked_for() -> None:
    assert len(choose_probes([f"the elephant {number}" for number in range(50)])) == 16


def test_a_line_is_looked_for_by_its_first_sixty_characters_without_a_blank_at_the_end() -> None:
    beginning = "xx " + "x" * 56
    assert beginning in choose_probes([f"  {beginning} and more"])
    assert choose_probes(["we go."]) == ["we go."]
    assert choose_probes(["we go"]) == []


# what is a trace


def test_a_single_word_that_the_bot_has_made_is_its_own() -> None:
    left, own = judge([("a reply", "ask for a brass plate", {"brass"}), ("a job", "shed", {"shed"})], set(), [TOLD])
    assert (left, own) == (set(), {"brass", "shed"})


def test_four_words_in_a_row_are_a_trace_and_the_words_said_elsewhere_are_none() -> None:
    made = [("a reply", "It says: the SHED opens, with", {"shed"})]
    assert judge(made, set(), [TOLD]) == ({"a reply"}, set())
    assert judge(made, {"shed"}, [TOLD]) == (set(), set())
    assert judge([("a reply", "it opens with a key", {"opens"})], set(), [TOLD]) == (set(), {"opens"})


def test_the_last_four_words_of_a_text_are_a_trace() -> None:
    assert judge([("a reply", "come with a brass key", {"brass"})], set(), [TOLD])[0] == {"a reply"}


def test_the_last_three_words_of_a_text_are_no_trace() -> None:
    assert judge([("a reply", "find a brass key", {"brass"})], set(), [TOLD])[0] == set()


@pytest.mark.parametrize("probe", ["zugspitze4711", "the shed opens"])
def test_a_word_with_a_figure_and_a_whole_line_are_traces(probe: str) -> None:
    assert judge([("a reply", "something", {probe})], set(), [TOLD]) == ({"a reply"}, set())


# files


def test_all_files_are_searched_and_their_bytes_are_counted(tmp_path: Path) -> None:
    one, two, gone = (tmp_path / name for name in ("one", "two", "gone"))
    one.write_text("brass")
    two.write_text("a BRASS key, and Zugspitze")
    size, holding = search_files([one, gone, two], ["BRASS", "Zugspitze", "absent"])
    assert size == 31
    assert holding == {one: {"BRASS"}, two: {"BRASS", "Zugspitze"}}


def test_a_probe_is_found_where_two_pieces_of_a_file_meet_and_not_where_it_is_broken(tmp_path: Path) -> None:
    file = tmp_path / "large"
    for start in (MEBIBYTE - 5, MEBIBYTE - 1):
        content = bytearray(2 * MEBIBYTE + 3)
        content[start : start + 6] = b"needle"
        file.write_bytes(content)
        assert search_files([file], ["needle"]) == (len(content), {file: {"needle"}})
    content = bytearray(2 * MEBIBYTE + 3)
    content[MEBIBYTE - 4 : MEBIBYTE + 3] = b"nee-dle"
    file.write_bytes(content)
    assert search_files([file], ["needle"]) == (len(content), {})


@pytest.mark.parametrize("said", ['the "red" door', "Zürich\\Süd", "東京の鍵です"])
def test_what_was_said_is_found_as_json_writes_it(tmp_path: Path, said: str) -> None:
    for name, ascii_alone in (("plain", False), ("escaped", True)):
        (tmp_path / name).write_text(json.dumps({"text": said}, ensure_ascii=ascii_alone), "utf-8")
    _, holding = search_files(sorted(tmp_path.iterdir()), [said])
    assert holding == {tmp_path / "plain": {said}, tmp_path / "escaped": {said}}


def test_a_file_of_age_is_told_to_be_encrypted(tmp_path: Path) -> None:
    (tmp_path / "a.db.age").write_bytes(b"age-encryption.org/v1\n-> X25519 0000")
    (tmp_path / "age.txt").write_text("age-encryption.org/v1 is a format")
    found = find_encrypted([*sorted(tmp_path.iterdir()), tmp_path / "gone"])
    assert found == (str(tmp_path / "a.db.age"),)


def test_without_probes_files_are_only_counted(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"brass")
    assert search_files([file], []) == (5, {})


def test_models_and_plugins_beside_the_database_are_left_out_but_not_such_folders_deeper_down(tmp_path: Path) -> None:
    for name in ("memory.db", "models/model.gguf", "plugins/dice.py", "prefixes/p", "kept/note", "kept/models/note"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    found = {str(path.relative_to(tmp_path)) for path in list_files(tmp_path)}
    assert found == {"memory.db", "kept/note", "kept/models/note"}


LOCKED = """
import fcntl, sys
with open(sys.argv[1], "rb+") as file:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="locks of POSIX")
def test_searching_a_file_leaves_the_locks_that_this_process_holds_on_it(tmp_path: Path) -> None:
    """Closing a file lets go of all of them, and another process would take a database for unused."""
    import fcntl  # noqa: PLC0415 (not on Windows)

    path = tmp_path / "memory.db-shm"
    path.write_bytes(b"zugspitze")
    with path.open("rb+") as held:
        fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        assert search_files([path], ["zugspitze"]) == (9, {path: {"zugspitze"}})
        assert find_encrypted([path]) == ()
        tried = subprocess.run([sys.executable, "-c", LOCKED, str(path)], check=False, capture_output=True)  # noqa: S603 (our own)
        assert b"BlockingIOError" in tried.stderr
