"""Questions that nobody has answered in so many words, and answers that are concluded from what was said."""

from __future__ import annotations

import re

from memory.patterns import compile_on_use

_CONCLUDES = compile_on_use(
    r"\b(?:would|might|could|likely|probably|possibly|suppose|guess|würde\w*|könnte\w*|wahrscheinlich|vermutlich|wohl"
    r"|sería|podría|probablemente|serait|pourrait|probablement|sarebbe|potrebbe|probabilmente|seria|poderia"
    r"|provavelmente|zou|misschien|waarschijnlijk|mahdollisesti|наверное|вероятно)\b",
    re.IGNORECASE,
)
_REASON = compile_on_use(
    r",?\s{1,9}(?:because|since|as (?:he|she|they|it|this|that)\b|weil|denn|da (?:er|sie|es)\b|porque|ya que|parce que"
    r"|car|perché|omdat)\b.*$|\s{0,9}[;–—]\s.*$",
    re.IGNORECASE | re.DOTALL,
)


def asks_to_conclude(question: str) -> bool:
    """Say whether a question asks what is likely, rather than what was said."""
    return bool(_CONCLUDES.search(question))


def conclusion_of(answer: str) -> str:
    """Return a conclusion without its reasons: "likely no" of "likely no, because he gets seasick"."""
    return _REASON.sub("", answer).strip() or answer
