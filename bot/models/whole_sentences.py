"""Answers that reach their token limit end with a whole sentence, not with half of one."""

from __future__ import annotations

import re

from memory.patterns import compile_on_use

_LAST_TOKENS = 48
"""From how many tokens before its limit on an answer is given out by whole sentences."""
_SHARE = 4

# What ends a sentence, with quotes, brackets and citations after it. A digit before the full stop may be half a number.
_CITATIONS = r"(?:\s*\[\d+\])*"
_CLOSE = rf"""["'”’»)\]]*{_CITATIONS}"""
_END = compile_on_use(rf"(?:[.!?…؟।]{_CLOSE}(?=\s)|[。！？]{_CLOSE}|\n)")
_WHOLE = compile_on_use(rf"(?:(?<!\d)[.!?…؟।]|[。！？]){_CLOSE}\s*")


class WholeSentences:
    """Gives an answer out as it comes, but near its limit by whole sentences, so that what is cut is never shown."""

    def __init__(self, limit: int) -> None:
        self._hold_from = limit - min(_LAST_TOKENS, limit // _SHARE)
        self._held = ""
        self._tail = ""

    def feed(self, text: str, generated: int) -> str:
        """Take text after `generated` tokens in all, and return what may be given out."""
        self._held += text
        ready = len(self._held)
        if generated > self._hold_from:
            ready = max((found.end() for found in _END.finditer(self._held)), default=0)
        out, self._held = self._held[:ready], self._held[ready:]
        self._tail = (self._tail + out)[-_LAST_TOKENS:]
        return out

    def finish(self, *, cut: bool) -> str:
        """Return the rest: all of it, or where the limit `cut` the answer only what is whole, else with an ellipsis."""
        held, self._held = self._held, ""
        if not cut or _ends_whole(held):
            return held
        if _ends_whole(self._tail):
            cited = re.match(_CITATIONS, held)
            return cited[0] if cited else ""
        return f"{held.rstrip()}…" if held.strip() else ""


def _ends_whole(text: str) -> bool:
    return text.endswith("\n") or any(found.end() == len(text) for found in _WHOLE.finditer(text))
