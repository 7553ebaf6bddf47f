"""The sentences of a message; one that takes something back of the sentence before belongs to it."""

from __future__ import annotations

import re

_END = re.compile(
    r"(?<=[.!?…])[\"'”»“)]*\s+(?=[^a-zà-öø-ÿа-яё\s])"  # a small letter goes on with the sentence
    r"|(?<=[。！？])"
)
_SHORT_FORM = re.compile(
    r"(?:(?<!\w)(?:\w|\d\d|st|dr|mr|mrs|ms|mme|prof|nr|no|str|ca|bzw|usw|etc|evtl|tel|sr|sra|ul|ww|vs|jr))\.$",
    re.IGNORECASE,
)
"""What a full stop after it does not end: "St. Anna", "Dr. Lund", "3. Juli"."""
_TAIL = 6
_READ_CHARS = 4000
"""Characters of a text that are read: who writes more states no fact in a sentence."""
_TAKES_BACK = re.compile(
    r"\W*(?:except|but|unless|apart from|other than|only not|außer|aber|nur|bis auf|excepto|salvo|menos|pero|sauf|mais|"
    r"exceto|mas|tranne|eccetto|ma|behalve|maar|кроме|но|oprócz|ale|hariç|ama|ただし|でも|除了|但)(?!\w)",
    re.IGNORECASE,
)


def split_sentences(text: str) -> list[str]:
    """Return the sentences of a text, each on one line; of a long text those of its beginning, without the one cut."""
    found: list[str] = []
    for part in (part for line in text[:_READ_CHARS].splitlines() for part in _END.split(line)):
        sentence = " ".join(part.split())
        if not sentence:
            continue
        if found and (_SHORT_FORM.search(found[-1][-_TAIL:]) or _TAKES_BACK.match(sentence)):
            found[-1] = f"{found[-1]} {sentence}"
        else:
            found.append(sentence)
    return found if len(text) <= _READ_CHARS else found[:-1]
