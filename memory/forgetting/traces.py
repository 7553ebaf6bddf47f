"""What of forgotten texts is looked for in tables and files, and what of what is found is a trace of them."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from memory.forgetting.file_search import search_outside
from memory.forgetting.words import telling_words
from memory.search.segment import words as index_words

_WORDS = 16
"""The most words and lines that are looked for in tables and indexes."""
MOST_IN_FILES = 4
"""The most of them that are looked for in files."""
LEAST_BYTES = 6
"""A shorter word stands by chance among the random bytes of vectors."""
_LINE = 60
"""Characters of a line that are looked for."""
MOST_TEXTS = 200
"""The most texts that are looked for."""
_PHRASE = 4
"""Words in a row that nobody says by chance."""
_NO_MEMORY = frozenset({"models", "plugins", "prefixes"})
"""Folders beside the database that hold programs and models."""
_ENCRYPTED = b"age-encryption.org/v1\n"
_WORD = re.compile(r"\w+")


def choose_probes(texts: Sequence[str]) -> list[str]:
    """Return the most telling words, those with figures first and then the longest, and the beginnings of lines."""
    share = max(1, _WORDS // (2 * max(1, len(texts))))
    words = [word for text in texts for word in sorted(_words_of(text), key=_weigh)[:share]]
    lines = [line for text in texts for line in _lines_of(text)[:share]]
    half = _WORDS // 2
    return list(dict.fromkeys(sorted(words, key=_weigh)[:half] + lines[:half]))


def _words_of(text: str) -> set[str]:
    telling = telling_words([text])
    return {word for word in _WORD.findall(text) if telling & set(index_words(word))}


def _weigh(word: str) -> tuple[bool, int, str]:
    return not any(letter.isdigit() for letter in word), -len(word), word


def _lines_of(text: str) -> list[str]:
    lines = (line.strip()[:_LINE].rstrip() for line in text.splitlines())
    return [line for line in lines if len(line) >= LEAST_BYTES]


def judge(
    made: Iterable[tuple[str, str, set[str]]], elsewhere: set[str], texts: Sequence[str]
) -> tuple[set[str], set[str]]:
    """Return where something of the texts is left in what the bot has made, and the words that are the bot's own.

    A word without figures, by itself, may well be its own: "remember". Several in a row are not, nor is a whole line.
    """
    left: set[str] = set()
    own: set[str] = set()
    phrases = {phrase for text in texts for phrase in _phrases_of(text)}
    for where, text, found in made:
        rest = found - elsewhere
        folded = " ".join(_WORD.findall(text.casefold()))
        if any(_is_telling(each) for each in rest) or any(phrase in folded for phrase in phrases if rest):
            left.add(where)
        else:
            own |= rest
    return left, own


def _is_telling(probe: str) -> bool:
    return any(letter.isdigit() for letter in probe) or not _WORD.fullmatch(probe)


def _phrases_of(text: str) -> set[str]:
    words = _WORD.findall(text.casefold())
    return {" ".join(words[at : at + _PHRASE]) for at in range(len(words) - _PHRASE + 1)}


# files


def find_encrypted(files: Iterable[Path]) -> tuple[str, ...]:
    """Return which files are encrypted, so that no word is found in them. Blocking."""
    listed = list(files)
    seen = search_outside(listed, (), _ENCRYPTED)
    return tuple(sorted(str(path) for path, (_, _, begins) in zip(listed, seen, strict=True) if begins))


def search_files(files: Iterable[Path], probes: Sequence[str]) -> tuple[int, dict[Path, set[str]]]:
    """Return how many bytes files have, and which of them hold which probes. Blocking."""
    listed = list(files)
    meant: dict[bytes, set[str]] = {}
    for probe in probes:
        for form in _forms_of(probe):
            meant.setdefault(form, set()).add(probe)
    holding: dict[Path, set[str]] = {}
    total = 0
    for path, (size, found, _) in zip(listed, search_outside(listed, list(meant), _ENCRYPTED), strict=True):
        total += max(size, 0)
        if found:
            holding[path] = set().union(*(meant[each] for each in found))
    return total, holding


def _forms_of(probe: str) -> set[bytes]:
    """Return a word or a line as it stands in files: as it was said, and as JSON writes it."""
    said = {probe, probe.casefold()}
    return {form.encode() for each in said for form in (each, json.dumps(each)[1:-1], _in_json(each))}


def _in_json(text: str) -> str:
    return json.dumps(text, ensure_ascii=False)[1:-1]


def list_files(folder: Path) -> Iterator[Path]:
    """Yield the files of the data folder that can hold what was said. Blocking."""
    for place, folders, names in os.walk(folder):
        if Path(place) == folder:
            folders[:] = [name for name in folders if name not in _NO_MEMORY]
        yield from (Path(place, name) for name in names if Path(place, name).is_file())
