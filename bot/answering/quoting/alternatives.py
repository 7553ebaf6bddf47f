"""What a question offers to choose from: "is it indoor or outdoor?"."""

from __future__ import annotations

import re

from bot.answering.quoting.wanted import Asked
from memory.search.stopwords import STOP_WORDS

_OR = {
    "en": "or", "de": "oder", "es": "o|u", "fr": "ou", "pt": "ou", "it": "o|oppure", "nl": "of", "sv": "eller",
    "da": "eller", "no": "eller", "ru": "или", "pl": "lub|czy",
}  # fmt: skip


def offers_any(asked: Asked) -> bool:
    """Say whether a question offers something to choose from."""
    return re.search(rf"\b(?:{_OR.get(asked.language, 'or')})\b", asked.text, re.IGNORECASE) is not None


def offered_in(asked: Asked) -> frozenset[str]:
    """Return the two words that a question offers, folded; none where it offers nothing, or more than words."""
    found = re.search(rf"\b(\w+)\s(?:{_OR.get(asked.language, 'or')})\s(\w+)\b", asked.text, re.IGNORECASE)
    pair = frozenset(each.casefold() for each in found.groups()) if found else frozenset[str]()
    return frozenset[str]() if pair & STOP_WORDS.get(asked.language, STOP_WORDS["en"]) else pair
