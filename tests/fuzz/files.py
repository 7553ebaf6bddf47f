"""Targets: the readers of files, which yield items that can be stored, or refuse; and what their process says."""

from __future__ import annotations

import gzip
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any

from bot.errors import FileUnreadable, PasswordNeeded
from bot.reading.child import parse_line
from bot.reading.child_protocol import read_block, read_ending, read_item, write_block, write_ending, write_item
from bot.reading.incoming import IncomingFile
from bot.reading.pieces import About, Piece, Progress
from bot.reading.splitting import split_long
from plugins.tables.reader import TableOptions, read_table
from plugins.text.options import TextOptions
from plugins.text.plugin import reader_of
from plugins.web.article import ArticleOptions, read_article
from plugins.web.unpacking import Coding, unpack
from tests.fuzz.target import Target
from tests.plugins.text.office_files import paragraph, run, word
from tests.plugins.text.office_files import table as table_of
from tests.plugins.text.old_office_files import powerpoint
from tests.plugins.text.old_office_files import word as old_word
from tests.plugins.text.test_opendocument import cell, odf
from tests.plugins.text.text_files import every_kind

_MOST_ITEMS = 200_000
_ARTICLE = b"""<html lang=en><head><title>Ferries</title><meta name=author content=Ada></head><body>
<article><h1>Ferries</h1>
<p>The ferries will leave at seven from next week on, the harbour authority said on Monday to the press.</p>
<h2>Prices</h2><ul><li>ten euros</li></ul><table><tr><th>Line<td>7:00</table><pre>a
b</pre></article></body></html>"""


def make_targets() -> Iterator[Target]:
    """Yield a target for each kind of file, for web pages, and for what a reading child sends."""
    for name, data in every_kind().items():
        file = IncomingFile(Path(name), name, "", len(data), name)
        yield Target(f"file-{name.partition('.')[2]}", _Reading(name, reader_of(file), TextOptions()), (data,))
    yield from _rich_targets()
    table = partial(_Reading, reader=read_table, options=TableOptions())
    yield Target("table-csv", table("a.csv"), (b"when,what\n2024-05-03,rent\n", b'a;b\n"x;y";2\n'))
    yield Target("table-jsonl", table("a.jsonl"), (b'{"when": "2024-05-03", "what": {"a": [1, null]}}\n',))
    yield Target("web-page", _Reading("page", read_article, ArticleOptions("https://harbour.example/")), (_ARTICLE,))
    yield Target("web-packing", _unpack, (gzip.compress(b"hello " * 90), gzip.compress(b"a") + gzip.compress(b"b")))
    lines = (
        write_item(Piece("hi", "p. 1", ("One",))),
        write_item(About("T", notes=("n",))),
        write_item(Progress(1, 2, "p")),
    )
    yield Target("child-line", _read_line, (*lines, write_block(b"hello"), write_ending("failed", "KeyError", "trace")))


def _rich_targets() -> Iterator[Target]:
    """Yield a target for each kind of Office file, with what those of `every_kind` lack."""
    hidden = run("x", "<w:vanish/>")
    body = paragraph("a", hidden, '<w:r><w:footnoteReference w:id="2"/></w:r>') + table_of(("a", "b"), ("c", "d"))
    notes = f'<w:footnote w:id="2">{paragraph("n")}</w:footnote>'
    seeds = {
        "a.docx": word(body, footnotes=notes),
        "a.odt": odf("text", "<text:h>a</text:h><text:p>b<text:s/></text:p>"),
        "a.ods": odf("spreadsheet", f"<table:table><table:table-row>{cell('1')}</table:table-row></table:table>"),
        "a.doc": old_word("a\x13 X \x14b\x15\rc\x07\x07\r", (1, 3)),
        "a.ppt": powerpoint(("a", "b", "c", False)),
    }  # fmt: skip
    for name, data in seeds.items():
        file = IncomingFile(Path(name), name, "", len(data), name)
        yield Target(f"file-rich-{name.partition('.')[2]}", _Reading(name, reader_of(file), TextOptions()), (data,))


class _Reading:
    def __init__(self, name: str, reader: Callable[[Path, Any], Iterator[Any]], options: object) -> None:
        self._read, self._options = reader, options
        self._folder = tempfile.TemporaryDirectory(prefix="scrubjay-fuzz-")
        self._path = Path(self._folder.name, name)

    def __call__(self, data: bytes) -> None:
        """Read a file to its end; each item must come through the pipe as it is."""
        self._path.write_bytes(data)
        try:
            for number, item in enumerate(self._read(self._path, self._options)):
                for part in split_long(item):
                    read_item(write_item(part))
                if number > _MOST_ITEMS:
                    raise AssertionError("no end")
        except (FileUnreadable, PasswordNeeded) as refusal:
            if "\n" in str(refusal):
                raise AssertionError(str(refusal)) from refusal


def _unpack(data: bytes) -> None:
    with tempfile.NamedTemporaryFile(prefix="scrubjay-fuzz-") as file:
        file.write(data)
        file.flush()
        for coding in ("gzip", "deflate"):
            given = 0
            try:
                for block in unpack(Path(file.name), Coding(coding, 1 << 20)):
                    given += len(block)
            except FileUnreadable:
                continue
            if given > (1 << 20) + (1 << 16):
                raise AssertionError(given)


def _read_line(line: bytes) -> None:
    for parse in (read_ending, read_item, read_block):
        with suppress(FileUnreadable):
            parse_line(line, "a", parse)
