"""Cuts text into the words that the full-text index sees, in scripts with and without spaces."""

from __future__ import annotations

import re
import unicodedata

# Scripts that put no spaces between words: Thai, Lao, Myanmar, Khmer, kana, CJK ideographs, their extensions.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_RUN = re.compile(f"[{_UNSPACED}]+")
_ANY = re.compile(f"[{_UNSPACED}]")
_ASCII_WORDS = {code: chr(code).lower() if chr(code).isalnum() else " " for code in range(128)}


def segment(text: str) -> str:
    """Return `text` with every run of an unspaced script as overlapping pairs of characters, set apart by spaces.

    東京駅 becomes "東京 京駅": any part of two characters or more is then found. Other text is left as it is. NUL
    bytes and lone surrogates, which SQLite can't hold, become spaces.
    """
    if text.isascii():
        return text.replace("\0", " ") if "\0" in text else text
    text = clean(text)
    return _RUN.sub(_pairs, text) if _ANY.search(text) else text


def clean(text: str) -> str:
    """Return `text` without what neither SQLite nor UTF-8 can hold: NUL bytes and lone surrogates become spaces."""
    if "\0" in text:
        text = text.replace("\0", " ")
    try:
        text.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", " ", text)
    return text


def _pairs(run: re.Match[str]) -> str:
    characters = unicodedata.normalize("NFKC", run[0])
    if len(characters) == 1:
        return f" {characters} "
    return " ".join(["", *(characters[at : at + 2] for at in range(len(characters) - 1)), ""])


def words(text: str) -> list[str]:
    """Return the words of `text` as the index cuts them, casefolded, in order, repeats kept."""
    if text.isascii():
        return text.translate(_ASCII_WORDS).split()
    spaced = "".join(
        character if character.isalnum() or unicodedata.category(character)[0] == "M" else " "
        for character in segment(text).casefold()
    )
    return spaced.split()
