"""Takes a request for a reminder apart: what it is about, and when."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from plugins.reminders.grammar import read_time_at
from plugins.reminders.languages import LANGUAGES
from plugins.reminders.lexer import items_of, plain
from plugins.reminders.spoken_time import SpokenTime
from plugins.reminders.vocabulary import Vocabulary

_US = re.compile(r"\b(?:us|uns|nos|nous)\b|danos\b|ricordaci|ricordarci|我们|我們|大家")
_TRAILING = " \t\n.,;:!?，。；：！？、"


@dataclass(frozen=True, slots=True)
class ReminderRequest:
    """What somebody wants to be reminded of, in their own words; `when` is None where they have not said so.

    `words` are those that say when. A question wants to hear something now, and no reminder.
    """

    about: str
    when: SpokenTime | None
    words: str = ""
    is_question: bool = False


def find_request(text: str) -> tuple[str, Vocabulary, bool] | None:
    """Return what follows "remind me" in a message, its language, and whether it is for everybody ("remind us").

    None where nobody asks to be reminded.
    """
    flat = plain(text)
    for language in LANGUAGES:
        match = re.match(rf"\s*(?:{language.trigger}){language.word_ends}[\s,:]*", flat)
        if match is not None:
            return text[match.end() :], language, _US.search(match[0]) is not None
    return _find_behind_time(text, flat)


def _find_behind_time(text: str, flat: str) -> tuple[str, Vocabulary, bool] | None:
    """Return the same where a time comes first, in a language that has it there: "明天九点提醒我…"."""
    for language in LANGUAGES:
        match = None if language.find_times is None else re.search(language.trigger, flat)
        if match is not None:
            before = _read(text[: match.start()], language)
            if before.when is not None and not before.about:
                return text[: match.start()] + text[match.end() :], language, _US.search(match[0]) is not None
    return None


def read_request(text: str, language: Vocabulary | None = None) -> ReminderRequest:
    """Take a request apart. Without a language it is read in the one that makes most of it a time."""
    text = text.strip()
    if language is not None:
        return _read(text, language)
    return max((_read(text, each) for each in LANGUAGES), key=lambda request: _length(request.when))


def read_when(text: str) -> SpokenTime | None:
    """Return a time that the whole of a text says; None where it says more, or less."""
    request = read_request(text)
    return None if request.about else request.when


def _read(text: str, language: Vocabulary) -> ReminderRequest:
    found = list(_find_times(text, language))
    edges = [spoken for spoken in found if spoken.start == 0 or _is_last(text, spoken)]
    inside = [spoken for spoken in found if spoken not in edges and spoken.is_plain]
    if not edges and not inside:
        is_question = re.match(rf"(?:{language.questions}){language.word_ends}", plain(text)) is not None
        return ReminderRequest(_about([text], language), None, is_question=is_question)
    first = edges[0] if edges else max(inside, key=_length)
    joined = first.join(edges[-1]) if len(edges) > 1 else None
    taken = [first] if joined is None else [first, edges[-1]]
    words = " ".join(text[each.start : each.end] for each in taken)
    return ReminderRequest(_about(_outside(text, taken), language), joined or first, words)


def _find_times(text: str, language: Vocabulary) -> Iterator[SpokenTime]:
    """Yield the times in a text: at each item the longest that begins there, none inside another."""
    if language.find_times is not None:
        yield from language.find_times(plain(text))
        return
    items = items_of(text.rstrip(_TRAILING), language)
    at = 0
    while at < len(items):
        spoken = read_time_at(items, at)
        if spoken is None:
            at += 1
            continue
        yield spoken
        while at < len(items) and items[at].start < spoken.end:
            at += 1


def _is_last(text: str, spoken: SpokenTime) -> bool:
    return not text[spoken.end :].strip(_TRAILING)


def _length(spoken: SpokenTime | None) -> int:
    return 0 if spoken is None else spoken.end - spoken.start


def _outside(text: str, taken: list[SpokenTime]) -> list[str]:
    """Return the pieces of a text that no time takes up."""
    pieces, at = [], 0
    for spoken in sorted(taken, key=lambda each: each.start):
        pieces.append(text[at : spoken.start])
        at = spoken.end
    return [*pieces, text[at:]]


def _about(pieces: list[str], language: Vocabulary) -> str:
    """Return what is left, without the words that lead to it ("to", "that")."""
    about = " ".join(piece.strip().strip(",;:，；：").strip() for piece in pieces if piece.strip(_TRAILING))
    lead = re.match(rf"(?:(?:{language.leads})(?![\w'-])[\s,:]*|(?:d'|qu'|dell'))+", plain(about))
    return about if lead is None else about[lead.end() :]
