"""What a forgetting has removed, and what was found when its words were looked for afterwards."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Check:
    """Where forgotten words were looked for, and where they were found.

    `words` is how many words that nobody else has said were looked for, `elsewhere` how many were not, because other
    memories have them too. `left` names what still holds any of them, `encrypted` the files that can't be searched.
    """

    words: int
    elsewhere: int
    tables: int
    files: int
    bytes: int
    left: tuple[str, ...] = ()
    encrypted: tuple[str, ...] = ()

    @property
    def verified(self) -> bool | None:
        """Whether nothing is left; None where that can't be known."""
        if self.left:
            return False
        return None if self.encrypted or not self.words else True

    def __str__(self) -> str:
        """Say it in a sentence."""
        if self.left:
            return f"Not everything is gone: its words are still in {'; '.join(self.left)}."
        if not self.words:
            return "All of its words are in other memories too, so I could not check whether anything is left."
        files = f"{self.files} file{'' if self.files == 1 else 's'}"
        found = f"I looked for its words in all {self.tables} tables and in {files}: nothing is left."
        return f"{found} I can't look into {'; '.join(self.encrypted)}: encrypted." if self.encrypted else found


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a forgetting removed, as counts.

    `passages` counts all of them; `facts` and `answers` say how many of those had been drawn from others.
    """

    passages: int = 0
    vectors: int = 0
    full_text: int = 0
    facts: int = 0
    answers: int = 0
    documents: int = 0
    conversations: int = 0
    judgements: int = 0
    """What people thought of answers; no passages."""
    replies: int = 0
    """Replies that had waited to be sent."""
    jobs: int = 0
    values: int = 0
    """What plugins had kept."""
    files: int = 0
    """Files that had waited until they could be read."""
    by_text: int = 0
    """Of the passages, replies of which it is not known what they quote: they were found by their text."""
    verified: bool | None = None
    """Whether nothing was left when the words were looked for; None where they were not, or could not be."""
    checked: Check | None = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What there is to say beside the counts, a sentence each."""
        one = "1 older reply was found by its text, because it does not record what it quotes."
        several = f"{self.by_text} older replies were found by their text, because they do not record what they quote."
        older = (one if self.by_text == 1 else several,) if self.by_text else ()
        return older if self.checked is None else (*older, str(self.checked))

    def __add__(self, other: Receipt) -> Receipt:
        """Return what both have removed together; nothing of it is checked."""
        counts = (name for name in Receipt.__slots__ if name not in ("verified", "checked"))
        return Receipt(**{name: getattr(self, name) + getattr(other, name) for name in counts})
