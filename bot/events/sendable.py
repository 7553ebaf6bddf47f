"""What of a text can be sent at all."""

from __future__ import annotations

from memory.patterns import compile_on_use

_UNSENDABLE = compile_on_use(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


def drop_unsendable(text: str) -> str:
    """Drop what is not text: control characters, and halves of characters, which can't be encoded."""
    return _UNSENDABLE.sub("", text.replace("\r\n", "\n"))
