"""What a message of Claude's export shows: its words, the documents that it made, and pasted texts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from adapters.exports.json_stream import as_list, as_map, as_text

Record = dict[str, object]
_NOT_SHOWN: Final = re.compile(r"\n?(?:```\n)?This block is not supported on your current device yet\.(?:\n```)?\n?")
"""What the export writes for the use of a tool."""
_MAKES: Final = frozenset({"create", "rewrite", ""})
"""Commands that write a document whole; the others change a part of one."""


def words_of(message: Record) -> str:
    """Return what was said, the documents made with it below; of thoughts and tools nothing."""
    parts = [as_map(part) for part in as_list(message.get("content"))]
    said = [as_text(part.get("text")) for part in parts if as_text(part.get("type")) == "text"]
    words = "\n".join(filter(None, said)).strip() or as_text(message.get("text")).strip()
    shown = re.sub(r"\n{3,}", "\n\n", _NOT_SHOWN.sub("\n\n", words)).strip()
    documents = (_document_of(part) for part in parts if as_text(part.get("type")) == "tool_use")
    return "\n\n".join(filter(None, [shown, *documents]))


def read_pasted_texts(message: Record) -> Iterator[str]:
    """Yield the words of attached texts, which are all that the export keeps of them, each under its name."""
    for file in map(as_map, as_list(message.get("attachments"))):
        if content := as_text(file.get("extracted_content")).strip():
            yield _below(as_text(file.get("file_name")), content)


def _document_of(use: Record) -> str:
    """Return the document that a tool wrote: what people see in a page beside the conversation, or as a file."""
    given = as_map(use.get("input"))
    name = as_text(use.get("name"))
    if name == "artifacts" and as_text(given.get("command")) in _MAKES:
        return _below(as_text(given.get("title")), as_text(given.get("content")).strip())
    if name == "create_file":
        return _below(as_text(given.get("path")).rpartition("/")[2], as_text(given.get("file_text")).strip())
    return ""


def _below(name: str, text: str) -> str:
    return f"{name}:\n{text}" if name and text else text
