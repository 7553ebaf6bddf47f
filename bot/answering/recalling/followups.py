"""Questions that lean on what was said just before: "and when?", "who paid for it?", a reply to a message."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.citations import without_numbers
from bot.answering.quoting.wanted import read_question
from memory import Passage
from memory.patterns import compile_on_use
from memory.timeline.words import fold

_GOING_ON = compile_on_use(
    r"^\W*(?:and|but|so|then|und|aber|also|dann|y|pero|entonces|et|mais|alors|donc|e|ed|ma|allora|mas|entao|en|maar|dus"
    r"|а|и|но|what about|how about|was ist mit|und was|y que|qu'en est-il|e per)\b"
)
_POINTING = compile_on_use(
    r"\b(?:he|him|his|she|her|hers|they|them|their|theirs|it|its|that|this|these|those|there|then|one|ones"
    r"|er|ihn|ihm|sein\w*|sie|ihr\w*|ihnen|das|dies\w*|dort|dafur|damit|davon|daran|darauf|dabei|denn"
    r"|el|ella|ellos|ellas|lo|la|le|les|eso|esa|ese|esto|esta|alli|ahi|su|sus"
    r"|il|elle|ils|elles|lui|leur|ca|cela|celui|celle|y|en|son|sa|ses"
    r"|lui|lei|loro|quello|quella|questo|questa|li|suo|sua"
    r"|foi|foram|fue|fueron|ele|ela|eles|elas|isso|isto|aquilo|ali|dele|dela|seu|sua"
    r"|hij|hem|zij|haar|hun|dat|die|daar|zijn"
    r"|он|его|ему|она|ее|её|они|их|это|там|тогда)\b"
)
_FEW = 1
"""Telling words up to which a question that points at something stands for nothing by itself."""
_CHAIN = 3
"""Questions before one that are looked at, each leaning on the next."""
_CHARS = 600
"""Of each text that a question leans on."""
_REPLIED_CHARS = 400
"""Of the message that a question replies to, as the model reads it."""


def leans(text: str) -> bool:
    """Say whether a question can't be understood without the one before it."""
    flat = fold(" ".join(text.split()))
    telling = _telling(text)
    if _GOING_ON.match(flat):
        return len(telling) <= _FEW + 1
    if not telling:
        return True
    return len(telling) <= _FEW and bool(_POINTING.search(flat)) and not _names_somebody(text)


def leaned_on(text: str, earlier: Sequence[Passage], replied: Passage | None = None) -> str:
    """Return what a question leans on: the message that it replies to, else the questions before it; "" if nothing.

    `earlier` is the conversation so far, oldest first.
    """
    if replied is not None:
        return _shorten(replied)
    if not leans(text):
        return ""
    asked: list[str] = []
    for passage in reversed(earlier):
        if passage.kind not in ("message", "question"):
            continue
        asked.append(_shorten(passage))
        if len(asked) == _CHAIN or not leans(passage.text):
            break
    return "\n".join(reversed(asked))


def searched_for(text: str, before: str, *, replies: bool) -> str:
    """Return what to search for: a question with what it leans on, or that alone where it tells nothing itself.

    One that replies to a message is searched for with it, for nothing that is remembered answers itself.
    """
    if not before:
        return text
    return f"{before[-_CHARS * 2 :]}\n{text}" if replies or _telling(text) else before


def with_replied(text: str, replied: Passage | None) -> str:
    """Return a question as the model reads it, with the message that it replies to."""
    if replied is None:
        return text
    said = " ".join(without_numbers(replied.text).split())[:_REPLIED_CHARS]
    return f'(In reply to {replied.author}: "{said}")\n{text}'


def _shorten(passage: Passage) -> str:
    text = without_numbers(passage.text) if passage.kind == "answer" else passage.text
    return " ".join(text.split())[:_CHARS]


def _telling(text: str) -> tuple[str, ...]:
    return read_question(text).stems


def _names_somebody(text: str) -> bool:
    """Say whether a word within the text is written as a name is."""
    return any(word[:1].isupper() and word != "I" for word in re.findall(r"[\w'’]+", text)[1:])
