"""One line under a question that tells a small model what kind of answer is wanted, and in which language."""

from __future__ import annotations

import re

from bot.answering.conclusions import asks_to_conclude
from bot.answering.quoting.question_words import Wanted
from bot.answering.quoting.wanted import Asked
from memory.patterns import compile_on_use

_HINTS: dict[Wanted, str] = {
    "date": "Answer with the date.",
    "clock": "Answer with the time.",
    "person": "Answer with who it is.",
    "place": "Answer with the place.",
    "count": "Count them.",
    "amount": "Answer with the amount.",
    "duration": "Answer with how long.",
    "truth": "Answer yes or no.",
}
_PHRASE = "Answer with a short phrase from the memories."
_ALL = "Name all that the memories tell."
_LIKELY = "Conclude: likely yes or likely no, because …"
_WHICH = "Answer with one of the two."
_MOST_LIKELY = "Conclude what is most likely, in a few words."
_YES_OR_NO = compile_on_use(
    r"^\W*(?:is|are|were|do|does|did|has|have|had|can|could|would|will|might|should|ist|sind|war|hat|haben|kann|würde"
    r"|est-ce|es|era|tiene|è|é|tem)\b",
    re.IGNORECASE,
)
_ENGLISH_WAS = compile_on_use(r"^was (?:the|a|an|it|he|she|they|there|this|that|my|our|your|\w+'s)\b", re.IGNORECASE)
"""What looks like German's "what" otherwise."""
_CHOICE = compile_on_use(r"\b(?:or|oder|ou)\s+\S+(?:\s+\S+){0,3}\s*\?\s*$", re.IGNORECASE)
_SEVERAL = compile_on_use(
    # what board games has, which of the cities did, what are her hobbies
    r"^\W*(?:in )?(?:what|which)\s+(?:(?:is|are|were)\s+)?(?:[\w'’+-]+\s+){0,3}?"
    r"(?!\w*(?:ss|us|is)\b|does\b|has\b|was\b|this\b)[\w/'’-]{2,}s\b(?<!'s)(?<!’s)"
    r"(?=\W*$|\s+(?:ha[sd]|have|d[oi]d?|does|are|were|is|was|can|could|would|will|of|that|besides|in|at|on|for|to|with)\b)"
    # what has she painted, where have they been
    r"|^\W*(?:what|where|who|whom|which)\s+(?:has|have)\s+(?!been\b|happened\b)"
    # what does he do to relax, what do the kids like
    r"|^\W*what\s+(?:does|do)\s+[\w'’ -]+?\s(?:like|love|enjoy|collect|grow|cook|bake|play|offer|do to|do for)\b"
    r"|^\W*(?:what|which|where|who)\b.*\b(?:both|in common)\b"
    r"|^\W*(?:welche|was für|wo überall|was alles|wer alles|cuáles|qué cosas|quelles|quels|quali|quais)\b",
    re.IGNORECASE,
)
_NAMED = frozenset({"thing", "place", "person"})
_LANGUAGES = {
    "de": "German", "es": "Spanish", "fr": "French", "it": "Italian", "pt": "Portuguese", "nl": "Dutch",
    "sv": "Swedish", "pl": "Polish", "ru": "Russian", "uk": "Ukrainian", "tr": "Turkish", "fi": "Finnish",
    "ar": "Arabic",
    "ja": "Japanese", "zh": "Chinese", "ko": "Korean",
}  # fmt: skip


def hint_of(asked: Asked) -> str:
    """Return what kind of answer a question wants: "Answer with the date."."""
    is_english = _ENGLISH_WAS.match(asked.text)
    language = None if is_english else _LANGUAGES.get(asked.language)
    return f"{_kind(asked)} Answer in {language}." if language else _kind(asked)


def wants_several(asked: Asked) -> bool:
    """Say whether a question wants all of several things named, or counted."""
    return asked.wanted == "count" or (asked.wanted in _NAMED and bool(_SEVERAL.match(asked.text)))


def gathers(asked: Asked) -> bool:
    """Say whether an answer is drawn from many memories: several things, or a conclusion."""
    return wants_several(asked) or asks_to_conclude(asked.text)


def _kind(asked: Asked) -> str:
    is_closed = bool(_YES_OR_NO.match(asked.text) or _ENGLISH_WAS.match(asked.text))
    if is_closed and _CHOICE.search(asked.text):
        return _WHICH
    if asks_to_conclude(asked.text):
        return _LIKELY if is_closed else _MOST_LIKELY
    if is_closed:
        return _HINTS["truth"]
    return _HINTS.get(asked.wanted, _ALL if wants_several(asked) else _PHRASE)
