"""What a reader has left out of a file, counted, and said in a sentence."""

from __future__ import annotations

from collections import Counter
from typing import Final, Literal

from bot.translation import gettext, ngettext, ngettext_noop

Kind = Literal[
    "attached file", "attached mail", "chart", "damaged event", "embedded file", "formula without a stored result",
    "hidden column", "hidden or deleted text", "hidden row", "hidden shape", "hidden sheet", "hidden slide",
    "hidden text", "included file", "invitation", "picture", "raw block", "text beside the slide", "tracked deletion",
]  # fmt: skip
"""What can be left out, in the singular."""
_SAID: Final[dict[Kind, tuple[str, str]]] = {
    "attached file": ngettext_noop("{number} attached file", "{number} attached files"),
    "attached mail": ngettext_noop("{number} attached mail", "{number} attached mails"),
    "chart": ngettext_noop("{number} chart", "{number} charts"),
    "damaged event": ngettext_noop("{number} damaged event", "{number} damaged events"),
    "embedded file": ngettext_noop("{number} embedded file", "{number} embedded files"),
    "formula without a stored result": ngettext_noop(
        "{number} formula without a stored result", "{number} formulas without a stored result"
    ),
    "hidden column": ngettext_noop("{number} hidden column", "{number} hidden columns"),
    "hidden or deleted text": ngettext_noop("{number} hidden or deleted text", "{number} hidden or deleted texts"),
    "hidden row": ngettext_noop("{number} hidden row", "{number} hidden rows"),
    "hidden shape": ngettext_noop("{number} hidden shape", "{number} hidden shapes"),
    "hidden sheet": ngettext_noop("{number} hidden sheet", "{number} hidden sheets"),
    "hidden slide": ngettext_noop("{number} hidden slide", "{number} hidden slides"),
    "hidden text": ngettext_noop("{number} hidden text", "{number} hidden texts"),
    "included file": ngettext_noop("{number} included file", "{number} included files"),
    "invitation": ngettext_noop("{number} invitation", "{number} invitations"),
    "picture": ngettext_noop("{number} picture", "{number} pictures"),
    "raw block": ngettext_noop("{number} raw block", "{number} raw blocks"),
    "text beside the slide": ngettext_noop("{number} text beside the slide", "{number} texts beside the slide"),
    "tracked deletion": ngettext_noop("{number} tracked deletion", "{number} tracked deletions"),
}


class LeftOut:
    """Counts what was left out, by kind."""

    def __init__(self) -> None:
        self._counts: Counter[Kind] = Counter()

    def add(self, what: Kind, count: int = 1) -> None:
        """Count some more of a kind."""
        self._counts[what] += count

    def take(self, other: LeftOut) -> None:
        """Count what another has counted, too."""
        self._counts.update(other._counts)

    def notes(self) -> tuple[str, ...]:
        """Return the sentence, "3 charts and 1 picture were left out."; nothing when all was read."""
        parts = [ngettext(*_SAID[what], count) for what, count in self._counts.items() if count]
        if not parts:
            return ()
        listed = parts[0]
        if len(parts) > 1:
            listed = gettext("{first} and {last}", first=", ".join(parts[:-1]), last=parts[-1])
        return (ngettext("{things} was left out.", "{things} were left out.", self._counts.total(), things=listed),)
