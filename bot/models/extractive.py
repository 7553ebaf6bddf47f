"""The engine that needs no model: it answers with the best recollections, and says that it quotes."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from typing import Self

from bot.models import Prompt, Quote, Sampling, SpeedReport

_HEADING = "Here is what I remember:"
_NOTHING = "I don't remember anything about that."

_MOST_QUOTES = 3
_CLOSE_TO_BEST = 0.85
_LONGEST_QUOTE = 280
_ROOM = 1_000_000
_TOKENS_PER_WORD = 4 / 3

# Words of languages that put spaces between them; one character elsewhere (Han, kana, Hangul, Thai).
_WORD = re.compile(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_CITATION = re.compile(r"\[(\d+)\]")
_SHORTEST_STEM = 4


class ExtractiveModel:
    """Quotes the recollection that ranks first, and the next two where they fit nearly as well.

    Whether anything fits well enough at all is the caller's decision; whoever hands over quotes wants them
    quoted. Sampling has no meaning here. Nothing is loaded, so it may be used outside `async with`.
    """

    name = "extractive"
    context_size = _ROOM
    last_speed: SpeedReport | None = None
    follows_schemas = False

    async def __aenter__(self) -> Self:
        """Load nothing."""
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Free nothing."""

    def count(self, text: str) -> int:
        """Return an estimate: four tokens for three words."""
        return round(len(_WORD.findall(text)) * _TOKENS_PER_WORD)

    async def stream(self, prompt: Prompt, sampling: Sampling) -> AsyncIterator[str]:  # noqa: ARG002 (the protocol's)
        """Yield the heading, then one line for each quote."""
        quotes = choose_quotes(prompt.quotes)
        yield _HEADING if quotes else _NOTHING
        for quote in quotes:
            text = _CITATION.sub(r"[ \1 ]", shorten(quote.text, prompt.question))
            who_and_when = ", ".join(filter(None, (quote.author, quote.said)))  # a system line has no author
            yield f'\n{who_and_when}: "{text}" [{quote.number}]'


def choose_quotes(quotes: Iterable[Quote]) -> list[Quote]:
    """Return the quotes worth giving, best first as they were recalled: at most three, none far behind the first.

    Their numbers are their rank. `relevance` only tells whether one fits at all: the ranking knows more.
    """
    ranked = sorted(quotes, key=lambda quote: quote.number)
    return [quote for quote in ranked[:_MOST_QUOTES] if quote.relevance >= _CLOSE_TO_BEST * ranked[0].relevance]


def shorten(text: str, question: str, longest: int = _LONGEST_QUOTE) -> str:
    """Return `text` on one line, cut to the part of at most `longest` characters that fits the question best.

    Cuts fall between words and are marked with an ellipsis.
    """
    line = " ".join(text.replace("\0", " ").split())
    if len(line) <= longest:
        return line
    start = _best_start(line, _wanted(question), longest)
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


def _wanted(question: str) -> frozenset[str]:
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
