"""Regular expressions that are compiled when they are first used: most questions need few of those that a module has.

Compiling takes Python a third of a millisecond each, and `ask` imports hundreds.
"""

from __future__ import annotations

import re
from typing import cast

_METHODS = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")


class PatternOnUse:
    """Stands for a pattern that is not compiled yet."""

    def __init__(self, pattern: str, flags: int) -> None:
        self.pattern = pattern
        self.given_flags = flags

    def compiled(self) -> re.Pattern[str]:
        """Return the pattern itself. Raises re.error."""
        return re.compile(self.pattern, self.given_flags)

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        compiled = self.compiled()
        for method in _METHODS:  # found at once from now on
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)


def compile_on_use(pattern: str, flags: int = 0) -> re.Pattern[str]:
    """Return what does all that a compiled pattern does, compiled with the first call of a method.

    Functions of `re` take no such object: call its methods. Every call costs 50 ns more, so where thousands of
    messages are looked at, `re.compile` is better.
    """
    return cast("re.Pattern[str]", PatternOnUse(pattern, flags))
