"""A long text cut to the part that fits a question best."""

from __future__ import annotations

import re

# Words of languages that put spaces between them; one character elsewhere (Han, kana, Hangul, Thai).
_WORD = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_LONGEST_QUOTE = 280
_SHORTEST_STEM = 4


def shorten(text: str, question: str, longest: int = _LONGEST_QUOTE) -> str:
    """Return `text` on one line, cut to the part of at most `longest` characters that fits the question best.

    Cuts fall between words and are marked with an ellipsis.
    """
    line = " ".join(text.replace("\0", " ").split())
    if len(line) <= longest:
        return line
    start = _best_start(line, _stem_words(question), longest)
    end = min(start + longest, len(line))
    if start:
        start = _after_space(line, start, end)
    if end < len(line):
        end = _before_space(line, start, end)
    return f"{'… ' if start else ''}{line[start:end].strip()}{' …' if end < len(line) else ''}"


def _best_start(line: str, wanted: frozenset[str], longest: int) -> int:
    """Return where the window begins that holds the most of the wanted words, longer ones counting for more."""
    hits = [(match.start(), stem) for match in _WORD.finditer(line) if (stem := _stem(match[0])) in wanted]
    best, best_weight = 0, 0
    for at, _ in hits:
        start = max(0, min(at - longest // 4, len(line) - longest))
        inside = {stem for place, stem in hits if start <= place < start + longest}
        weight = sum(map(len, inside))
        if weight > best_weight:
            best, best_weight = start, weight
    return best


def _stem_words(question: str) -> frozenset[str]:
    return frozenset(_stem(word) for word in _WORD.findall(question))


def _stem(word: str) -> str:
    """Return the word without case and the commonest English endings, so that "booked" finds "booking"."""
    folded = word.casefold()
    for ending in ("ing", "ed", "es", "s"):
        if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST_STEM:
            return folded.removesuffix(ending)
    return folded


def _after_space(line: str, start: int, end: int) -> int:
    space = line.find(" ", start - 1, end)
    return space + 1 if space >= 0 else start


def _before_space(line: str, start: int, end: int) -> int:
    space = line.rfind(" ", start, end + 1)
    return space if space > start else end
