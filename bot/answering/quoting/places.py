"""Where something is: the phrase of a sentence that names a place."""

from __future__ import annotations

import re

from bot.answering.quoting.wanted import Asked, language_of, stem
from memory.patterns import compile_on_use
from memory.search.segment import words

_PREPOSITIONS = {
    "en": "in|at|to|from|near|under|behind|inside|outside|on|by|next to|between|beside|above|below|around|into|off"
    "|across from|in front of|on top of",
    "de": "im|in|bei|beim|auf|am|an|unter|neben|hinter|nach|zu|zum|zur|aus|vor|über|zwischen|gegenüber|vom",
    "es": "en|a|al|de|del|bajo|sobre|detrás de|debajo de|junto a|cerca de|dentro de|encima de|con",
    "fr": "dans|à|au|aux|chez|sous|sur|près de|en|derrière|devant|à côté de|avec",
    "it": "in|a|al|allo|alla|da|dal|dalla|sotto|su|sul|sulla|nel|nello|nella|nei|dietro|vicino a|accanto a|con",
    "pt": "em|no|na|nos|nas|ao|à|sob|sobre|perto de|atrás de|debaixo de|dentro de|com",
    "nl": "in|bij|op|aan|onder|naast|achter|naar|uit|te|tegenover|met",
    "ru": "в|во|на|у|под|за|около|возле|из|от|рядом с",
    "pl": "w|we|na|u|pod|za|obok|przy|do|z",
    "uk": "в|у|на|під|за|біля|до|з",
}
_END = compile_on_use(
    r"[,;:.!?()\[\]\n–—]|\s(?:with|for|by|mit|für|con|para|avec|pour|com|per|and|but|so|because|which|who|that|when|while|where|if|for|it|i|we|is|are|was|were|has|had"
    r"|und|aber|weil|wenn|liegt|ist|pero|porque|mais|parce|ma|perché|mas|y|et|e)\s",
    re.IGNORECASE,
)
_NO_PLACE = compile_on_use(
    r"^(?:the list\b|record\b|this (?:group|chat|time|trip|week|month|year)|time$|january|february|march|april|may|june"
    r"|july|august|september|october|november|december|monday|tuesday|wednesday"
    r"|thursday|friday|saturday|sunday|the (?:morning|evening|afternoon|end|last|past|future|same|way|weekend)"
    r"|(?:next|last) |\d|me\b|you\b|him\b|them\b|her$|it\b|us\b|time|least|all|my own|general|fact|love|case|touch"
    r"|advance|be\b|do\b|get\b|see\b"
    r"|(?:mir|dir|ihm|ihnen|uns|euch|mich|dich|ihn|mij|hem|hen|jou|ons|mí|ti|él|ella|nosotros|ellos|moi|toi|lui|elle|nous"
    r"|vous|eux|elles|lei|noi|voi|loro|mim|ele|nós)\b|(?:ihr|haar)(?=\s+(?:ist|war|kann|kan|kun|is|was|wil|mag|moet)\b|$)"
    r"|(?:de|het) (?:planning|agenda|lijst|hoogte|moment)\b|tijd\b"
    r"|(?:der|dem|die|den) (?:liste|plan|programm|tagesordnung)\b|(?:le|el|il) program\w+|la list[ae]\b"
    r"|have\b|help\b|make\b|go\b|hear\b|know\b|keep\b|take\b|nine|noon|night|first|order)",
    re.IGNORECASE,
)
_AFTER_TO = compile_on_use(r"(?:the|my|our|your|his|her|their|a|an)\s|[A-ZÀ-Þ]")
"""What "to" leads to where it is no verb."""
_LONGEST = 60


_NAMED = compile_on_use(
    r"(?<!^)(?<![.!?] )(?<!\w)[A-ZÀ-ÖØ-Þ][\w'’-]+(?:\s(?:de|da|do|dos|di|del|von|van|la|le)?\s?[A-ZÀ-ÖØ-Þ][\w'’-]+)+"
)
"""A name of several words that stands by itself: "Rua da Rosa"."""


def place_of(sentence: str, asked: Asked) -> str | None:
    """Return the phrase that names a place: "in the blue folder"; the one next to the question's words."""
    found = list(_phrases(sentence, asked))
    if not found:
        others = (each[0] for each in _NAMED.finditer(sentence) if not _is_what_is_asked(each[0], asked))
        return next(others, None)
    hits = [at for word in words(sentence) if stem(word) in asked.stems and (at := sentence.casefold().find(word)) >= 0]
    return min(found, key=lambda each: (_distance(each[0], hits), each[0]))[1]


def _phrases(sentence: str, asked: Asked) -> list[tuple[int, str]]:
    """Return the places in a sentence with where they stand, those out of the question's own words left out."""
    told_in = language_of(sentence)
    languages = dict.fromkeys((told_in,) if asked.translated else (told_in, asked.language))
    prepositions = "|".join(_PREPOSITIONS.get(each, _PREPOSITIONS["en"]) for each in languages)
    pattern = re.compile(rf"(?<!\w)({prepositions}|in|at)\s+(?=\w)", re.IGNORECASE)
    found = []
    for match in pattern.finditer(sentence):
        rest = sentence[match.end() : match.end() + _LONGEST]
        end = _END.search(rest)
        phrase = rest[: end.start()] if end else rest
        if not phrase.strip() or _NO_PLACE.match(phrase) or (match[1] == "to" and not _AFTER_TO.match(phrase)):
            continue
        named = list(words(phrase))
        if named and all(stem(word) in asked.stems for word in named):
            continue
        found.append((match.start(), f"{match[1]} {phrase.strip()}"))
    return found


def _is_what_is_asked(name: str, asked: Asked) -> bool:
    """Say whether a name holds words of the question: "Class Play" is what is asked about, not where it is."""
    return any(stem(word) in asked.stems for word in words(name))


def _distance(at: int, hits: list[int]) -> int:
    """Return how far a phrase stands behind the nearest of the question's words; one before them counts double."""
    return min((at - hit if at > hit else 2 * (hit - at) for hit in hits), default=0)
