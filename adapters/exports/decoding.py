"""Turns a stream of bytes into blocks of whole lines, whatever encoding a phone or an editor left them in."""

from __future__ import annotations

import codecs
from collections.abc import Callable, Iterator
from typing import BinaryIO

from bot.errors import ImportRefused
from bot.reading import detect_legacy, detect_utf

BLOCK_BYTES = 1 << 16
"""So much at once as the processor's caches hold with all that is made of it: a megabyte takes a third longer."""

LONGEST_LINE = 8 << 20
"""In bytes or characters; no app writes a longer one, and one without end would fill the memory."""

Note = Callable[[int, str], None]
"""Takes a line number and what to say about it."""
_NAMES = {"cp1252": "Windows-1252", "cp1250": "Windows-1250", "cp1251": "Windows-1251"}


def decode_head(head: bytes, *, keep_crlf: bool = False) -> str:
    """Decode the first bytes of a file for a look at them; what can't be decoded is replaced."""
    text = head.decode(detect_utf(head) or "utf-8", "replace").lstrip("\ufeff")
    return text if keep_crlf else text.replace("\r\n", "\n")


def text_blocks(
    stream: BinaryIO, note: Note, block_bytes: int = BLOCK_BYTES, *, keep_crlf: bool = False
) -> Iterator[str]:
    """Yield the text in blocks that end with a line feed; the last one may not.

    CR LF becomes one, unless `keep_crlf` is set.

    Lines that are not UTF-8 are read in the older encoding that is likeliest, and noted with their number. Raises
    ImportRefused for a line without end.
    """
    head = stream.read(block_bytes)
    encoding = detect_utf(head)
    if encoding is None or encoding == "utf-8-sig":
        blocks = _utf8_blocks(head.removeprefix(codecs.BOM_UTF8), stream, note, block_bytes)
    else:
        blocks = _wide_blocks(head, stream, encoding, note, block_bytes)
    yield from blocks if keep_crlf else (block.replace("\r\n", "\n") for block in blocks)


def _utf8_blocks(data: bytes, stream: BinaryIO, note: Note, block_bytes: int) -> Iterator[str]:
    decoder = _LineDecoder(note)
    rest: list[bytes] = []
    size = 0
    while data:
        cut = data.rfind(b"\n") + 1
        if cut:
            yield decoder.decode(b"".join((*rest, data[:cut])))
            rest, size = [data[cut:]], len(data) - cut
        else:
            rest.append(data)
            size = _add(size, len(data))
        data = stream.read(block_bytes)
    if tail := b"".join(rest):
        yield decoder.decode(tail)


class _LineDecoder:
    """Decodes blocks of whole lines as UTF-8, and the lines that are not in one older encoding for the whole text.

    An editor that saved a chat in the system's own encoding did so for all of it, yet lines in ASCII alone look like
    UTF-8; a chat to which lines were pasted has both.
    """

    def __init__(self, note: Note) -> None:
        self._note = note
        self._line = 1
        self._legacy: str | None = None

    def decode(self, block: bytes) -> str:
        try:
            text = block.decode("utf-8")
        except UnicodeDecodeError:
            text = self._decode_lines(block)
        self._line += block.count(b"\n")
        return text

    def _decode_lines(self, block: bytes) -> str:
        lines = block.split(b"\n")
        broken = [number for number, line in enumerate(lines) if not _is_utf8(line)]
        if self._legacy is None:
            self._legacy = detect_legacy(b"\n".join(lines[number] for number in broken))
        for number in broken:
            said = f"is not UTF-8; it was read as {_NAMES.get(self._legacy, self._legacy)}, so accents may be wrong"
            self._note(self._line + number, said)
        encodings = dict.fromkeys(broken, self._legacy)
        return "\n".join(line.decode(encodings.get(number, "utf-8"), "replace") for number, line in enumerate(lines))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _wide_blocks(data: bytes, stream: BinaryIO, encoding: str, note: Note, block_bytes: int) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(encoding)("replace")
    rest: list[str] = []
    line, size = 1, 0
    while data:
        text = decoder.decode(data)
        cut = text.rfind("\n") + 1
        if cut:
            block = "".join((*rest, text[:cut]))
            rest, size = [text[cut:]], len(text) - cut
            yield _note_replaced(block, line, note)
            line += block.count("\n")
        else:
            rest.append(text)
            size = _add(size, len(text))
        data = stream.read(block_bytes)
    if tail := "".join((*rest, decoder.decode(b"", final=True))):
        yield _note_replaced(tail, line, note)


def _add(size: int, more: int) -> int:
    """Return the size of a line that goes on. Raises ImportRefused where it has no end."""
    if size + more > LONGEST_LINE:
        raise ImportRefused(f"holds a single line of more than {LONGEST_LINE >> 20} million characters")
    return size + more


def _note_replaced(block: str, line: int, note: Note) -> str:
    if "\ufffd" in block:
        before = block[: block.index("\ufffd")].count("\n")
        note(line + before, "holds characters that are not valid; they were replaced")
    return block
