"""Links as people read them: without the tail that only the page they lead to understands."""

from __future__ import annotations

import re

_TAIL = re.compile(r"(\bhttps?://[^\s?#]{1,500})[?#]\S{12,}")


def cut_link_tails(text: str, mark: str = "") -> str:
    """Return a text whose links end before their query or fragment, if it is long; `mark` stands in its place."""
    return _TAIL.sub(rf"\1{mark}", text)
