"""Reads the catalogues that translators write: GNU gettext's .po files, as they are.

Nothing is compiled beforehand, so what is said can't differ from what the file says. The format:
https://www.gnu.org/software/gettext/manual/html_node/PO-Files.html
"""

from __future__ import annotations

import ast
import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from gettext import GNUTranslations
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.resources.abc import Traversable

_MAGIC = 0x950412DE
_CONTEXT_ENDS, _PLURAL_FOLLOWS = "\x04", "\x00"


class CatalogueError(ValueError):
    """Raised when a line of a .po file is none; names the file and the line."""


@dataclass(slots=True)
class _Entry:
    """One message: the parts that were read so far, by keyword ("msgid", "msgstr[1]")."""

    parts: dict[str, str] = field(default_factory=dict)
    is_fuzzy: bool = False

    @property
    def key(self) -> str:
        """What the message is looked up by."""
        context, plural = self.parts.get("msgctxt"), self.parts.get("msgid_plural")
        key = self.parts["msgid"] if plural is None else f"{self.parts['msgid']}{_PLURAL_FOLLOWS}{plural}"
        return key if context is None else f"{context}{_CONTEXT_ENDS}{key}"

    @property
    def text(self) -> str:
        """What it is in the catalogue's language, its plural forms one after another; "" where one is missing."""
        forms = [text for keyword, text in self.parts.items() if keyword.startswith("msgstr")]
        return _PLURAL_FOLLOWS.join(forms) if all(forms) else ""


def read_catalogue(file: Traversable) -> GNUTranslations:
    """Return the messages of a .po file. Raises CatalogueError, and OSError when it can't be read."""
    entries = _read_entries(file.read_text("utf-8"), file.name)
    messages = {entry.key: entry.text for entry in entries if entry.text and not entry.is_fuzzy}
    return GNUTranslations(BytesIO(_compile(messages)))


def _read_entries(text: str, name: str) -> Iterator[_Entry]:
    """Yield the entries of a .po file; what its author has yet to look at is marked as fuzzy, and obsolete ones go."""
    entry, keyword = _Entry(), ""
    for number, line in enumerate(text.splitlines(), 1):
        said = line.strip()
        begins_next = said.startswith(("#", "msgctxt", "msgid ")) or not said
        if begins_next and "msgid" in entry.parts and keyword.startswith("msgstr"):
            yield entry
            entry, keyword = _Entry(), ""
        if said.startswith("#,"):
            entry.is_fuzzy = "fuzzy" in said
        if not said or said.startswith("#"):
            continue
        first, _, rest = said.partition(" ")
        if not said.startswith('"'):
            keyword, said = first, rest.strip()
        entry.parts[keyword] = entry.parts.get(keyword, "") + _unquote(said, keyword, f"{name}:{number}")
    if "msgid" in entry.parts:
        yield entry


def _unquote(quoted: str, keyword: str, where: str) -> str:
    if not keyword.startswith(("msgctxt", "msgid", "msgstr")) or not (quoted[:1] == quoted[-1:] == '"'):
        raise CatalogueError(f"{where}: this line does not belong in a catalogue")
    try:
        return str(ast.literal_eval(quoted)) if "\\" in quoted else quoted[1:-1]
    except (SyntaxError, ValueError) as error:
        raise CatalogueError(f"{where}: {quoted} is not quoted as in C") from error


def _compile(messages: dict[str, str]) -> bytes:
    """Return messages in the form that the standard library reads: GNU gettext's .mo."""
    rows = sorted((key.encode(), text.encode()) for key, text in messages.items())
    start = 28 + 16 * len(rows)
    index, data = bytearray(), bytearray()
    for value in [*(key for key, _ in rows), *(text for _, text in rows)]:
        index += struct.pack("<II", len(value), start + len(data))
        data += value + b"\0"
    head = struct.pack("<7I", _MAGIC, 0, len(rows), 28, 28 + 8 * len(rows), 0, start)
    return head + bytes(index) + bytes(data)
