"""What another program has put into a Word document as a file of its own: a page in HTML, or a mail with one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.policy import default
from typing import Final

from plugins.text.encoding import decode
from plugins.text.markup import Block, blocks, drop_hidden, parse

_PACKED: Final = re.compile(rb"(?:MIME-Version|Content-Type|From|Date|Subject):", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w.:-]{1,40})""", re.IGNORECASE)
_PEEKED: Final = 4096


def read_chunk(data: bytes) -> Iterator[Block] | None:
    """Return the blocks of a page; None for a file of another kind."""
    if _PACKED.match(data.lstrip()):
        message = message_from_bytes(data.lstrip(), policy=default)
        page = message.get_body(("html",))
        payload = page.get_payload(decode=True) if page is not None else None
        charset = page.get_content_charset() if page is not None else None
        return _read_page(payload, charset) if isinstance(payload, bytes) else None
    declared = _CHARSET.search(data[:_PEEKED])
    shown = data[:_PEEKED].lstrip(b"\xef\xbb\xbf \t\r\n")
    return _read_page(data, declared[1].decode("ascii") if declared else None) if shown.startswith(b"<") else None


def _read_page(data: bytes, charset: str | None) -> Iterator[Block]:
    root = parse(decode(data, charset))
    if root is None:
        return
    drop_hidden(root)
    yield from blocks(root)
