"""Turns a stream of bytes into blocks of whole lines, whatever encoding a phone or an editor left them in."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO

BLOCK_BYTES = 1 << 16
"""So much at once as the processor's caches hold with all that is made of it: a megabyte takes a third longer."""
_GUESS_BYTES = 1 << 12

Note = Callable[[int, str], None]
"""Takes a line number and what to say about it."""


def guess_encoding(head: bytes) -> str:
    """Return "utf-8-sig", "utf-16-le" or "utf-16-be": by the byte order mark, else by where the zero bytes lie."""
    if head.startswith(codecs.BOM_UTF16_LE):
        return "utf-16-le"
    if head.startswith(codecs.BOM_UTF16_BE):
        return "utf-16-be"
    sample = head[:_GUESS_BYTES]
    even, odd = sample[0::2].count(0), sample[1::2].count(0)
    if odd > len(sample) // 8 and odd > 4 * even:
        return "utf-16-le"
    if even > len(sample) // 8 and even > 4 * odd:
        return "utf-16-be"
    return "utf-8-sig"


def decode_head(head: bytes) -> str:
    """Decode the first bytes of a file for a look at them; what can't be decoded is replaced."""
    return head.decode(guess_encoding(head), "replace").lstrip("\ufeff").replace("\r\n", "\n")


def text_blocks(stream: BinaryIO, note: Note, block_bytes: int = BLOCK_BYTES) -> Iterator[str]:
    """Yield the text in blocks that end with a line feed (CR LF becomes one); the last one may not.

    Bytes that are no UTF-8 are read as Windows-1252, line by line, and noted with their line number.
    """
    head = stream.read(block_bytes)
    encoding = guess_encoding(head)
    if encoding == "utf-8-sig":
        yield from _utf8_blocks(head.removeprefix(codecs.BOM_UTF8), stream, note, block_bytes)
    else:
        yield from _utf16_blocks(head[2:] if head[:2] in _UTF16_MARKS else head, stream, encoding, note, block_bytes)


_UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def _utf8_blocks(data: bytes, stream: BinaryIO, note: Note, block_bytes: int) -> Iterator[str]:
    line = 1
    rest: list[bytes] = []
    while data:
        cut = data.rfind(b"\n") + 1
        if cut:
            block = b"".join((*rest, data[:cut]))
            rest = [data[cut:]]
            yield _decode_block(block, line, note)
            line += block.count(b"\n")
        else:
            rest.append(data)
        data = stream.read(block_bytes)
    if tail := b"".join(rest):
        yield _decode_block(tail, line, note)


def _decode_block(block: bytes, line: int, note: Note) -> str:
    try:
        text = block.decode("utf-8")
    except UnicodeDecodeError:
        text = "\n".join(_decode_line(raw, line + n, note) for n, raw in enumerate(block.split(b"\n")))
    return text.replace("\r\n", "\n")


def _decode_line(raw: bytes, line: int, note: Note) -> str:
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        note(line, "is not UTF-8; it was read as Windows-1252, so accents may be wrong")
        return raw.decode("cp1252", "replace")


def _utf16_blocks(data: bytes, stream: BinaryIO, encoding: str, note: Note, block_bytes: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    rest: list[str] = []
    line = 1
    while data:
        text = decoder.decode(data)
        cut = text.rfind("\n") + 1
        if cut:
            block = "".join((*rest, text[:cut]))
            rest = [text[cut:]]
            yield _note_replaced(block, line, note)
            line += block.count("\n")
        else:
            rest.append(text)
        data = stream.read(block_bytes)
    if tail := "".join((*rest, decoder.decode(b"", final=True))):
        yield _note_replaced(tail, line, note)


def _note_replaced(block: str, line: int, note: Note) -> str:
    if "\ufffd" in block:
        before = block[: block.index("\ufffd")].count("\n")
        note(line + before, "holds characters that are no UTF-16; they were replaced")
    return block.replace("\r\n", "\n")
