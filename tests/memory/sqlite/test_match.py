from __future__ import annotations

import sqlite3
from collections.abc import Iterator

import pytest

from memory.sqlite.database import connect
from memory.sqlite.match import expression

RARE, COMMON, ANOTHER = "volcano", "dinner", "today"


@pytest.fixture
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[sqlite3.Connection]:
    """A full-text index of a thousand texts of three words: ten have the rare one, 200 and 334 a common one."""
    connection = connect(tmp_path_factory.mktemp("match") / "index.db")
    connection.execute("CREATE VIRTUAL TABLE texts USING fts5 (words)")
    texts = [
        (
            at,
            " ".join(
                word if has else "plain" for word, has in zip((RARE, COMMON, ANOTHER), has_words(at), strict=True)
            ),
        )
        for at in range(1000)
    ]
    connection.execute("BEGIN")  # a commit for each text would wait a thousand times for the disk
    connection.executemany("INSERT INTO texts (rowid, words) VALUES (?, ?)", texts)
    connection.execute("COMMIT")
    yield connection
    connection.close()


def has_words(at: int) -> tuple[bool, bool, bool]:
    return at % 100 == 7, at % 5 == 0, at % 3 == 0


def matches(index: sqlite3.Connection, match: str) -> set[int]:
    return {row[0] for row in index.execute("SELECT rowid FROM texts WHERE texts MATCH ?", [match])}


FREQUENCIES = {COMMON: 200, ANOTHER: 334, RARE: 10}


def test_few_matches_are_all_let_in(index: sqlite3.Connection) -> None:
    found = matches(index, expression(FREQUENCIES, 1000, 544))
    assert found == {at for at in range(1000) if any(has_words(at))}


def test_of_many_those_with_the_rare_word_are_let_in(index: sqlite3.Connection) -> None:
    found = matches(index, expression(FREQUENCIES, 1000, 20))
    assert found == {at for at in range(1000) if at % 100 == 7}


def test_common_words_let_in_together_what_none_of_them_does_alone(index: sqlite3.Connection) -> None:
    found = matches(index, expression(FREQUENCIES, 1000, 150))
    assert found == {at for at in range(1000) if at % 15 == 0 or at % 100 == 7}


def test_a_single_common_word_still_finds_what_has_it(index: sqlite3.Connection) -> None:
    assert len(matches(index, expression({COMMON: 200}, 1000, 20))) == 200


def test_a_match_is_scored_by_words_that_did_not_let_it_in(index: sqlite3.Connection) -> None:
    match = expression(FREQUENCIES, 1000, 20)
    rows = index.execute("SELECT rowid FROM texts WHERE texts MATCH ? ORDER BY bm25(texts) LIMIT 3", [match]).fetchall()
    assert len(rows) == 3
    assert all(at % 3 == 0 for (at,) in rows)


def test_a_question_of_many_words_finds_the_text_that_has_them_all(index: sqlite3.Connection) -> None:
    words = {f"word{number}": 300 + number for number in range(47)} | {RARE: 10}
    index.execute("INSERT INTO texts (rowid, words) VALUES (2000, ?)", [" ".join(words)])
    assert 2000 in matches(index, expression(words, 1000, 20))
