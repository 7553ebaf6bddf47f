"""The phrases that WhatsApp itself writes into exports, from the app's own string tables, in every language it has.

`ios_phrases.json` and `android_phrases.json` hold them; tests/adapters/exports/whatsapp/derive_phrases.py made both.
They are compared in one form on both sides: invisible marks out, composed the same way (Hindi's letters with a dot
come in two encodings), case folded, without the full stop.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final, NamedTuple

from adapters.exports.parsed import AttachmentKind

INVISIBLE: Final = "\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
_DROPPED = {ord(mark): None for mark in INVISIBLE} | dict.fromkeys([0xA0, 0x202F, 0x2007, 0x2009], " ")
_STOPS = " .．。।۔"
_KINDS: Final[dict[str, AttachmentKind]] = {
    "image": "image", "photo": "image", "gif": "image", "product": "image", "video": "video", "audio": "audio",
    "sticker": "sticker", "contact": "contact", "document": "document",
}  # fmt: skip
_COMPOSED: Final = {unicodedata.normalize("NFD", chr(code)): chr(code) for code in range(0x958, 0x960)}
_SHORTEST_TEMPLATE = 2
_ANGLES = "<>‹›＜＞〈〉 "


class Around(NamedTuple):
    """What stands before and after a file's name that is attached, in the form in which phrases are compared."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class PhraseTables:
    """All phrases of both platforms; keys are in the form that `fold` gives."""

    omitted: dict[str, AttachmentKind]
    """Whole phrases that stand for a file that was left out."""
    words: dict[str, AttachmentKind]
    """Bare nouns with which old iPhones stood for a file; only behind a marked header."""
    deleted: frozenset[str]
    deleted_by: tuple[re.Pattern[str], ...]
    """Deletions that name an admin."""
    unavailable: frozenset[str]
    system: frozenset[str]
    system_about: tuple[str, ...]
    """System lines that name somebody or something, with {} where they do; `system_patterns` compiles them."""
    attached: frozenset[Around]
    """What stands around the name of a file that lies beside the chat."""
    bare: tuple[Around, ...]
    """Those of them that stand on a line of Android's without a bracket."""
    whole_bodies: frozenset[str]
    """Bodies, as written, that stand for a deleted message or a file, with every ending and way of composing."""
    titles: tuple[Around, ...]
    """What Android writes around a chat's name in its file's name."""


def fold(text: str) -> str:
    """Return a phrase in the form in which phrases are compared."""
    return unicodedata.normalize("NFC", text.translate(_DROPPED)).casefold().strip(_STOPS)


@cache
def tables() -> PhraseTables:
    """Return the phrases, read once."""
    ios, android = list(_load("ios_phrases.json")), list(_load("android_phrases.json"))
    every = [*ios, *android]
    deleted = _split(phrase for table in every for phrase in table["deleted"])
    system = _split(phrase for table in ios for phrase in table["system"])
    omitted: dict[str, AttachmentKind] = {fold(table["omitted"].strip(_ANGLES)): "unknown" for table in android}
    omitted |= {fold(phrase): _KINDS[kind] for table in ios for kind, phrase in table["omitted"].items()}
    return PhraseTables(
        omitted,
        {fold(phrase): _KINDS[kind] for table in ios for kind, phrase in table["words"].items()},
        deleted.whole,
        tuple(map(_pattern, deleted.about)),
        frozenset(fold(phrase) for table in every for phrase in table["unavailable"]),
        system.whole,
        system.about,
        frozenset(around(table["attached"].strip(_ANGLES)) for table in every),
        tuple(around(table["attached"]) for table in android if "(" not in table["attached"]),
        frozenset(_write_variants(table for table in every)),
        tuple(around(table["title"]) for table in android),
    )


@cache
def system_patterns() -> tuple[re.Pattern[str], ...]:
    """Return a pattern for each system line that names somebody; there are a thousand, and few chats need them."""
    return tuple(map(_pattern, tables().system_about))


def around(template: str) -> Around:
    """Return what stands before and after the {} of a phrase."""
    before, _, after = template.partition("{}")
    return Around(fold(before).rstrip(":： "), fold(after))


def _write_variants(locales: Iterable[dict[str, Any]]) -> Iterator[str]:
    for table in locales:
        phrases = [*table["deleted"], *(table["omitted"].values() if isinstance(table["omitted"], dict) else ())]
        for phrase in phrases:
            bare = phrase.rstrip(_STOPS)
            for text in (bare, unicodedata.normalize("NFC", bare), compose(bare)):
                for capital in (text, text[0].upper() + text[1:]):
                    yield from (f"{capital}{stop}" for stop in ("", ".", "。", "।", "۔"))


def compose(text: str) -> str:
    """Return Hindi as WhatsApp writes it: a letter and its dot as one character, which no normal form keeps so."""
    for pair, letter in _COMPOSED.items():
        text = text.replace(pair, letter)
    return text


class _Phrases(NamedTuple):
    whole: frozenset[str]
    about: tuple[str, ...]


def _split(phrases: Iterable[str]) -> _Phrases:
    """Part phrases that stand as they are from those in which a name is filled in."""
    folded = list(dict.fromkeys(map(fold, phrases)))
    whole = frozenset(phrase for phrase in folded if "{}" not in phrase)
    about = (phrase for phrase in folded if "{}" in phrase and len(phrase.replace("{}", "")) > _SHORTEST_TEMPLATE)
    return _Phrases(whole, tuple(about))


def _pattern(template: str) -> re.Pattern[str]:
    """Make a pattern of a phrase; a name is at most a hundred characters long and there are at most three."""
    return re.compile(re.escape(template).replace(r"\{\}", ".{1,100}"), re.DOTALL)


def _load(name: str) -> Iterator[dict[str, Any]]:
    text = files("adapters.exports.whatsapp").joinpath(name).read_text("utf-8")
    yield from json.loads(text)["locales"].values()
