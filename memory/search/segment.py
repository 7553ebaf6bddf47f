"""Cuts text into the words that the full-text index sees, in scripts with and without spaces."""

from __future__ import annotations

import re
import unicodedata

# Scripts that put no spaces between words: Thai, Lao, Myanmar, Khmer, kana, CJK ideographs, their extensions; and
# Hangul, whose words take particles: pairs of syllables find 병원 in 병원에서.
_UNSPACED = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff"
    "\uac00-\ud7a3\uf900-\ufaff\uff66-\uff9f\U00020000-\U0003ffff"
)
_EMOJI = re.compile("[\u2600-\u27bf\u2b50\u2b55\U0001f1e6-\U0001f1ff\U0001f300-\U0001f3fa\U0001f400-\U0001faff]")
_EMOJI_SHADES = re.compile("[\u200d\ufe0e\ufe0f\U0001f3fb-\U0001f3ff]")
_HAN = "\u3005\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_LONE = re.compile(f"(?<![{_HAN}])[{_HAN}](?![{_HAN}])")
_RUN = re.compile(f"[{_UNSPACED}]+")
_ANY = re.compile(f"[{_UNSPACED}]")
_KEPT_BELOW = 0x10000
"""Characters below are looked up once, which is all that most texts have; the others would take memory for good."""
_ASCII_WORDS = bytes(ord(chr(code).lower()) if chr(code).isalnum() else ord(" ") for code in range(128)).ljust(256)


class _WordCharacters(dict[int, int]):
    """For `str.translate`: what is not a letter, a figure or a mark becomes a space."""

    def __missing__(self, code: int) -> int:
        character = chr(code)
        kept = code if character.isalnum() or unicodedata.category(character)[0] == "M" else ord(" ")
        if code < _KEPT_BELOW:
            self[code] = kept
        return kept


_WORD_CHARACTERS = _WordCharacters()


def segment(text: str) -> str:
    """Return `text` with every run of an unspaced script as overlapping pairs of characters, set apart by spaces.

    東京駅 becomes "東京 京駅 駅": every part of it begins one of these, or is a sequence of them. Text beyond ASCII is
    folded, so that "Straße" and "STRASSE", "ＡＢＣ" and "abc", "ёлка" and "елка" are the same; an emoji is a word of
    its own, whatever its shade. NUL bytes and lone surrogates, which SQLite can't hold, become spaces.
    """
    if text.isascii():
        return text.replace("\0", " ") if "\0" in text else text
    text = _fold(clean(text))
    return _RUN.sub(lambda run: f"{_pairs(run)}{run[0][-1]} ", text) if _ANY.search(text) else text


def is_alike_alone(text: str) -> bool:
    """Tell whether lines of a longer text are segmented, and cut into words, as they are within it.

    Shades of emoji go where the text has an emoji, be it in another line.
    """
    return text.isascii() or _EMOJI_SHADES.search(text) is None or _EMOJI.search(text) is not None


def has_unspaced(text: str) -> bool:
    """Tell whether any of a text is in a script whose words are indexed by pairs of characters."""
    return not text.isascii() and _ANY.search(text) is not None


def is_single(word: str) -> bool:
    """Tell whether a word is one character of an unspaced script, which the index holds as the start of pairs."""
    return len(word) == 1 and _ANY.match(word) is not None


def _fold(text: str) -> str:
    """Fold width, ligatures and case as FTS5 does not, and Russian's "ё" as people do; name emoji by their code."""
    if _EMOJI.search(text):
        text = _EMOJI.sub(lambda emoji: f" emoji{ord(emoji[0]):x} ", _EMOJI_SHADES.sub("", text))
    return unicodedata.normalize("NFKC", text).casefold().replace("ё", "е")


def clean(text: str) -> str:
    """Return `text` without what neither SQLite nor UTF-8 can hold: NUL bytes and lone surrogates become spaces."""
    if "\0" in text:
        text = text.replace("\0", " ")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return re.sub("[\ud800-\udfff]", " ", text)
    return text


def clean_optional(text: str | None) -> str | None:
    """Return `text` cleaned, where there is one."""
    return None if text is None else clean(text)


def _pairs(run: re.Match[str]) -> str:
    characters = run[0]
    return " ".join(["", *(characters[at : at + 2] for at in range(len(characters) - 1)), ""])


def words(text: str) -> list[str]:
    """Return the words of `text` to search for, folded, in order, repeats kept.

    Of unspaced scripts these are the pairs and, between kana, ideographs that stand alone: 猫 in 猫はどこ.
    """
    if text.isascii():
        return split_ascii(text)
    return _RUN.sub(_split_run, _fold(clean(text)).translate(_WORD_CHARACTERS)).split()


def split_ascii(text: str) -> list[str]:
    """Return the words of an ASCII text, in small letters, in order, repeats kept: what FTS5's tokenizer stems."""
    return text.encode().translate(_ASCII_WORDS).decode().split()


def split_to_bytes(text: str) -> list[bytes]:
    """Return the same words as bytes, in two thirds of the time."""
    return text.encode().translate(_ASCII_WORDS).split()


def _split_run(run: re.Match[str]) -> str:
    alone = _LONE.findall(run[0]) if len(run[0]) > 1 else run[0]
    return f"{_pairs(run)}{' '.join(alone)} "
