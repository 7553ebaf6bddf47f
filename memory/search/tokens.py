"""Cuts texts into the terms of the full-text index, by the index's own tokenizer, so that all searches find the same.

It is that of SQLite's FTS5, with Porter's stemmer, in a table in memory that is emptied after each use.
"""

from __future__ import annotations

import importlib
import threading
import weakref
from collections import Counter
from collections.abc import Sequence
from typing import Any

_TOKENIZER = "porter unicode61 remove_diacritics 2 categories ''L* N* Co M*''"


class TermCounter:
    """Counts the terms of texts. Blocking; several threads may use one, each in its turn."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._connection: Any = None

    def count(self, texts: Sequence[str]) -> list[Counter[str]]:
        """Return how often each text has each term; their sum is the text's length."""
        counts: list[Counter[str]] = [Counter() for _ in texts]
        for term, at in self._read(texts):
            counts[at][term] += 1
        return counts

    def split_all(self, texts: Sequence[str]) -> list[list[str]]:
        """Return the terms of each text, repeats kept, in no particular order."""
        terms: list[list[str]] = [[] for _ in texts]
        for term, at in self._read(texts):
            terms[at].append(term)
        return terms

    def split(self, text: str) -> list[str]:
        """Return the terms of a text in their order."""
        with self._lock:
            connection = self._open()
            connection.execute("BEGIN")
            try:
                connection.execute("INSERT INTO texts (rowid, words) VALUES (0, ?)", [text])
                return [
                    str(row[0])
                    for row in connection.execute("""SELECT ifnull(term, '') FROM terms ORDER BY "offset" """)
                ]
            finally:
                connection.execute("ROLLBACK")

    def _read(self, texts: Sequence[str]) -> list[tuple[str, int]]:
        """Return each term of each text, as often as it occurs, with the text's place."""
        with self._lock:
            connection = self._open()
            connection.execute("BEGIN")
            try:
                connection.executemany("INSERT INTO texts (rowid, words) VALUES (?, ?)", enumerate(texts))
                # A mark that stands alone and is folded away leaves an empty term, for which the table has NULL.
                rows: list[tuple[str, int]] = connection.execute("SELECT ifnull(term, ''), doc FROM terms").fetchall()
            finally:
                connection.execute("ROLLBACK")
        return rows

    def _open(self) -> Any:
        if self._connection is None:
            self._connection = _load_sqlite().connect(":memory:", isolation_level=None, check_same_thread=False)
            weakref.finalize(self, self._connection.close)  # at the end of the process at the latest
            self._connection.execute(
                f"CREATE VIRTUAL TABLE texts USING fts5 (words, content = '', tokenize = '{_TOKENIZER}')"
            )
            self._connection.execute("CREATE VIRTUAL TABLE terms USING fts5vocab (texts, instance)")
        return self._connection


def _load_sqlite() -> Any:
    """Return the library that the full-text index is in, where it is installed, so that both cut alike."""
    try:
        return importlib.import_module("pysqlite3.dbapi2")
    except ImportError:
        return importlib.import_module("sqlite3")


COUNTER = TermCounter()
"""The one of this process: its table costs some memory."""
