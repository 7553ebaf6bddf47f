"""Knows the app's own sentences, which nobody wrote: "Tom left", "Missed voice call", in every language of the app."""

from __future__ import annotations

import re
from typing import Final

from adapters.exports.whatsapp import phrases
from adapters.exports.whatsapp.headers import clean, clean_name
from adapters.exports.whatsapp.phrase_tables import fold, system_patterns, tables

_LONGEST: Final = 300
_FIRST_SENTENCE: Final = re.compile("[\u200e\u200f]*([^\u200e\u200f.。।]{3,200})[.。।]?[ \u200e\u200f]")
"""Of two sentences the first tells: "Your security code with Tom changed. ‎Tap to learn more." """
_CALL: Final = re.compile("\u200e[^\u200e\u200f\n]{2,40}[.,،。，、] ?\u200e+[^\n]{1,60}")
"""A call as newer iPhones write it, with a mark before each half: "‎Voice call, ‎No answer", "‎Sprachanruf. ‎2 Min." """
_SHORTEST_NAME: Final = 3


def is_whatsapps_own(text: str) -> bool:
    """Tell whether `text` says what only WhatsApp says (encryption, groups): for lines whose author is in doubt."""
    return phrases.NO_NAME.search(clean(text).casefold()) is not None


def is_system_phrase(text: str) -> bool:
    """Tell whether `text` is one of the app's own sentences, or begins with one that another follows."""
    if len(text) > _LONGEST:
        return False
    if is_whatsapps_own(text) or _is_sentence(text):
        return True
    first = _FIRST_SENTENCE.match(text)
    return first is not None and _ends_there(text, first) and _is_sentence(first[1])


def is_about_author(body: str, author: str) -> bool:
    """Tell whether an iPhone's line says what its author did or had done: "Ana: ‎Ana pinned a message".

    Newer iPhones write so in every language; a mark before a body alone says little, but nobody writes of themselves
    by their full name behind one.
    """
    if len(body) > _LONGEST or "\n" in body or not body.startswith("\u200e"):
        return False
    said = clean_name(body)
    return said.startswith(f"{author} ") or (len(author) >= _SHORTEST_NAME and f" {author}" in said)


def is_call(body: str) -> bool:
    """Tell whether an iPhone's line is a call."""
    return _CALL.fullmatch(body) is not None


def _is_sentence(text: str) -> bool:
    said = fold(text)
    return said in tables().system or any(about.fullmatch(said) for about in system_patterns())


def _ends_there(text: str, first: re.Match[str]) -> bool:
    """Tell whether a sentence ends where the match does, at a stop or at a mark, and not merely at a blank."""
    return text[first.end(1)] in ".。।" or text[first.end() - 1] in "\u200e\u200f"
