"""In which of the bot's languages something is written, told by its commonest words; None where that does not show."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache

from bot.translation.active_language import ENGLISH, LANGUAGES
from memory.search.stopwords import LANGUAGES_OF

_LOOKED_AT = 2000
_WORD = re.compile(r"(?<![\w/@])[^\W\d_]{2,}(?!\w)")
"""Neither a command nor a piece of a code; a single letter is a word of too many languages."""
_LETTERS = {
    "de": re.compile("[ßäöü]", re.IGNORECASE),
    "es": re.compile("[ñ¿¡]", re.IGNORECASE),
    "fr": re.compile("[œêèùîû]|\\b(?:qu|j|n)['’]", re.IGNORECASE),
    "it": re.compile("[èìòù]", re.IGNORECASE),
    "pt": re.compile("[ãõ]", re.IGNORECASE),
}
"""Letters that speak for a language as one of its common words does."""

_SAID_TO_BOTS = {
    "de": "bitte danke hallo erinnere erinner merke zeig sag gib gestern heute morgen kannst weißt möchte welche",
    "en": "please thanks hello remind tell show want know tomorrow today yesterday",
    "es": "gracias hola recuérdame recuerda dime quiero puedes sabes tengo mañana hoy ayer cuál cuánto",
    "fr": "merci bonjour salut rappelle dis veux peux sais demain hier aujourd'hui quel quelle combien",
    "it": "grazie ciao ricordami ricorda dimmi voglio puoi sai domani oggi ieri quale qual quanto",
    "pt": "obrigado obrigada olá lembra diz quero podes sabes amanhã hoje ontem qual quanto",
}
"""What people say to a bot above all, beside the words that are common everywhere."""


def recognize_language(text: str, spoken: str | None = None) -> str | None:
    """Return the language of a text; English stands for those that the bot does not speak.

    Where one is `spoken` already, it takes two words more of another than of it to change.
    """
    said = _WORD.findall(text[:_LOOKED_AT].casefold())
    counts: Counter[str] = Counter(code for word in set(said) for code in _common_words().get(word, ()))
    counts.update(code for code, letters in _LETTERS.items() if letters.search(text[:_LOOKED_AT]))
    if not counts:
        return None
    (best, most), *rest = counts.most_common(2)
    lead = most - (rest[0][1] if rest else 0)
    if lead < 1 or (spoken is not None and best != spoken and most - counts[spoken] < 2):
        return None
    return best if best in LANGUAGES else ENGLISH


@cache
def _common_words() -> dict[str, frozenset[str]]:
    found = {word: frozenset(codes) for word, codes in LANGUAGES_OF.items()}
    for code, words in _SAID_TO_BOTS.items():
        found |= {word: found.get(word, frozenset()) | {code} for word in words.split()}
    return found
