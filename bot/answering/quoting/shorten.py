"""A long text cut to the parts that fit a question best.

A long message is often a list: a plan day by day, an advertisement, the rules of a house. What answers is one line of
it ("Rent: $900"), far from the line that holds the question's words, so the best lines are taken wherever they stand.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from math import log

from bot.answering.quoting.extraction import names_wanted
from bot.answering.quoting.sentences import SENTENCE_BREAK, stems_in
from bot.answering.quoting.wanted import Asked, read_question, stem
from memory.patterns import compile_on_use
from memory.search.links import cut_link_tails

# Words of languages that put spaces between them; one character elsewhere (Han, kana, Hangul, Thai).
_WORD = compile_on_use(
    r"[\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]+"
)
_LONGEST_QUOTE = 280
_LOOKED_AT = 20_000
"""Characters of a text that are read, around the question's words where it has more."""
_LONGEST_WORD = 8
"""Letters of a word that count: a long word tells more than a short one, up to here."""
_NAMED = 0.7
"""What a part that names the kind of thing asked for, a sum or a day, gains: as much as most of the rarest word."""
_PIECES = 3
"""Stretches of a text that are shown, at most; more read like a riddle."""
_MOST_HITS = 500
"""Places of the question's words that are tried in a long stretch."""
_GAP = " … "


@dataclass(frozen=True, slots=True)
class _Part:
    text: str
    score: float


def shorten(text: str, question: str, longest: int = _LONGEST_QUOTE) -> str:
    """Return `text` on one line, cut to the parts of together at most `longest` characters that fit the question best.

    Parts are sentences and lines, and stay in order. Of a longer sentence a stretch is taken, between words. What is
    left out is marked with an ellipsis.
    """
    line = " ".join(text.replace("\0", " ").split())
    if len(line) <= longest:
        return line
    asked = read_question(question)
    text = text.replace("\0", " ")
    if asked.wanted != "link":
        text = cut_link_tails(text, "…")
    parts = _judge(_split(text, question, longest), asked)
    return _join(parts, _choose(parts, longest))


def _split(text: str, question: str, longest: int) -> list[str]:
    """Return a text's sentences and lines; those that are too long are cut to their best stretch."""
    near = text if len(text) <= _LOOKED_AT else _stretch(text, question, _LOOKED_AT)
    parts = (" ".join(part.split()) for part in SENTENCE_BREAK.split(near))
    return [part if len(part) <= longest else _stretch(part, question, longest) for part in parts if part]


def _judge(parts: Sequence[str], asked: Asked) -> list[_Part]:
    """Return the parts with how well each fits: by the question's words, rare ones more, and by what it names."""
    held = [stems_in(part).intersection(asked.stems) for part in parts]
    spread = Counter(each for stems in held for each in stems)
    weights = {each: min(len(each), _LONGEST_WORD) * log(1 + len(parts) / count) for each, count in spread.items()}
    named = _NAMED * max(weights.values(), default=1.0)
    return [
        _Part(part, sum(weights[each] for each in stems) + named * names_wanted(part, asked))
        for part, stems in zip(parts, held, strict=True)
    ]


def _choose(parts: Sequence[_Part], longest: int) -> list[int]:
    """Return which parts are shown, in order: the best, then what stands after and before them while there is room."""
    best_first = sorted(range(len(parts)), key=lambda at: (-parts[at].score, at))
    chosen = {best_first[0]}
    room = longest - len(parts[best_first[0]].text)
    for at in best_first[1:]:
        size = len(parts[at].text) + len(_GAP)
        if parts[at].score > 0 and size <= room and _count_pieces(chosen | {at}) <= _PIECES:
            chosen.add(at)
            room -= size
    while (beside := _next_beside(chosen, parts, room)) is not None:
        chosen.add(beside)
        room -= len(parts[beside].text) + 1
    return sorted(chosen)


def _next_beside(chosen: set[int], parts: Sequence[_Part], room: int) -> int | None:
    """Return the first part beside those chosen that there is room for: one that goes on before one that leads in."""
    beside = [each + 1 for each in sorted(chosen)] + [each - 1 for each in sorted(chosen)]
    free = (at for at in beside if at not in chosen and 0 <= at < len(parts))
    return next((at for at in free if len(parts[at].text) < room), None)


def _count_pieces(chosen: set[int]) -> int:
    """Return how many stretches parts make that stand side by side."""
    return sum(at - 1 not in chosen for at in chosen)


def _join(parts: Sequence[_Part], chosen: Sequence[int]) -> str:
    """Return the chosen parts as one line, with an ellipsis wherever something is left out."""
    pieces = ["… "] if chosen[0] > 0 else []
    for place, at in enumerate(chosen):
        if place:
            pieces.append(" " if chosen[place - 1] + 1 == at else _GAP)
        pieces.append(parts[at].text)
    if chosen[-1] < len(parts) - 1:
        pieces.append(" …")
    return "".join(pieces).replace("… …", "…")


def _stretch(text: str, question: str, longest: int) -> str:
    """Return the stretch of at most `longest` characters that holds most of the question's words, cut between words."""
    start = _best_start(text, question, longest)
    end = min(start + longest, len(text))
    if start:
        start = _after_space(text, start, end)
    if end < len(text):
        end = _before_space(text, start, end)
    return f"{'… ' if start else ''}{text[start:end].strip()}{' …' if end < len(text) else ''}"


def _best_start(text: str, question: str, longest: int) -> int:
    """Return where the window begins that holds the most of the question's words, longer ones counting for more."""
    wanted = {stem(word) for word in _WORD.findall(question)}
    hits = [(match.start(), held) for match in _WORD.finditer(text) if (held := stem(match[0])) in wanted]
    best, best_weight = 0, 0
    for at, _ in hits[:_MOST_HITS]:
        start = max(0, min(at - longest // 4, len(text) - longest))
        inside = {held for place, held in hits if start <= place < start + longest}
        weight = sum(map(len, inside))
        if weight > best_weight:
            best, best_weight = start, weight
    return best


def _after_space(text: str, start: int, end: int) -> int:
    space = text.find(" ", start - 1, end)
    return space + 1 if space >= 0 else start


def _before_space(text: str, start: int, end: int) -> int:
    space = text.rfind(" ", start, end + 1)
    return space if space > start else end
