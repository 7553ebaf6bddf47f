"""Bounds the attributes of a page's tags: libraries look each one up among all before it, so many take minutes."""

from __future__ import annotations

import re

_MOST = 1000
_LONG = 4096
"""Bytes; a shorter tag has not so many."""
_QUOTED = re.compile(rb"\"[^\"]*\"|'[^']*'")
_BETWEEN = re.compile(rb"[\s/]+")


def drop_endless_attributes(page: bytes) -> bytes:
    """Return a page in which a tag with more than a thousand attributes has none."""
    parts = page.split(b">")
    for index, part in enumerate(parts):
        if len(part) > _LONG:
            before, opening, tag = part.rpartition(b"<")
            if _count(tag, in_tag=bool(opening)) > _MOST:
                parts[index] = before + opening + (_BETWEEN.split(tag, 1)[0] if opening else b"")
    return b">".join(parts)


def _count(tag: bytes, *, in_tag: bool) -> int:
    if not in_tag:  # text, most likely; or a tag in which a quoted ">" came before
        return tag.count(b"=")
    return len(_BETWEEN.split(_QUOTED.sub(b'""', tag), _MOST + 1))
