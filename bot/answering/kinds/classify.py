"""What kind of message somebody sent: small talk, a task, something told, or a question. Decided by rules."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum
from functools import cache

from bot.answering.kinds.words import (
    ASKING_FIRST,
    FINITE,
    LOOK_UP,
    SMALL_TALK,
    TASKS,
    TASKS_AT_END,
    TOLD,
    VOCATIVES,
)
from bot.answering.periods.questions import is_about_a_period
from bot.answering.quoting.wanted import asks_first, read_question
from memory.patterns import compile_on_use
from memory.timeline.words import fold

_LOOKED_AT = 2000
"""Characters that are read of a message: of a longer one its beginning says what kind it is."""
_SMALL = 12
"""Words that small talk has at most."""
_MANY = 6
"""Words from which a message without a question is something told, whatever its words."""
_ARITHMETIC = compile_on_use(
    r"^(?:what(?:'s| is)|how much is|wie viel ist|was ist|was ergibt|wieviel ist|cuánto es|combien font"
    r"|combien fait|quanto fa|quanto é|hoeveel is|сколько будет|calculate|compute)?\s*[\d(][\d.,\s()]*"
    r"(?:\s*(?:[-+*/x×÷^%]|plus|minus|mal|times"
    r"|divided by|durch|geteilt durch|por|fois|per|più|meno|mais|menos|plus|keer|на|плюс|минус|% of"
    r"|percent of|% von|prozent von|% de|% di|% van)\s*[\d(][\d.,\s()]*)+[%=?\s]*$",
    re.IGNORECASE,
)
_ENDS_ASKING = compile_on_use(r"[?？؟¿;]\s*[\W_]*$")
_WORD = compile_on_use(r"\w+", re.UNICODE)
_EMOJI_CODE = compile_on_use(r"(?<![\w:]):[\w+'-]{1,60}:(?::skin-tone-\d:)?(?![\w:])")
"""An emoji as Slack writes it, and custom ones everywhere: ":+1:"."""
_HANDED_OVER = compile_on_use(r"\((?:location|place|contact|poll): .{1,1900}\)", re.DOTALL)
"""What adapters make of a place, a contact or a poll: it is to be remembered, and asks for nothing."""
_ASKS_TO_KEEP = compile_on_use(
    r"^\W*(?:(?:can|could|will|would) you (?:please )?(?:remember|note|keep in mind) that\b(?! time\b| day\b)"
    r"|(?:kannst|könntest) du (?:dir )?(?:bitte )?(?:merken|notieren),? dass\b"
    r"|(?:puedes|podrías) (?:recordar|anotar|apuntar) que\b|(?:peux|pourrais)-tu (?:te souvenir|noter) que\b"
    r"|(?:puoi|potresti) (?:ricordar(?:ti|e)|annotare|segnare) che\b"
    r"|(?:você )?(?:pode|poderia) (?:lembrar|anotar) que\b"
    r"|kun je onthouden dat\b)",
    re.IGNORECASE,
)
"""What politely hands something over to be remembered, be it with a question mark."""
_PUNCTUATION = compile_on_use(r"[^\w\s'’-]|_")


class MessageKind(Enum):
    """What somebody wants: each kind is answered in its own way."""

    GREETING = "greeting"
    THANKS = "thanks"
    GOODBYE = "goodbye"
    ACKNOWLEDGEMENT = "ack"
    """That somebody has heard, or agrees, where nothing was asked: "ok", "yes", "hm"."""
    MOOD = "mood"
    ABOUT = "about"
    """About the bot itself: "what can you do?"."""
    EMPTY = "empty"
    """No words at all: emoji, punctuation."""
    TASK = "task"
    """Something to be done without memories: arithmetic, a translation, a text."""
    STATEMENT = "statement"
    """Something told, to be remembered."""
    PERIOD = "period"
    """What happened in a time, whatever the words: "what did we do yesterday?"."""
    QUESTION = "question"

    @property
    def is_small_talk(self) -> bool:
        """Whether it is neither about anything remembered nor a task."""
        return self in _SMALL_TALK


_SMALL_TALK = frozenset(
    {
        MessageKind.GREETING,
        MessageKind.THANKS,
        MessageKind.GOODBYE,
        MessageKind.ACKNOWLEDGEMENT,
        MessageKind.MOOD,
        MessageKind.ABOUT,
        MessageKind.EMPTY,
    }
)
_BY_WEIGHT = (
    MessageKind.ABOUT,
    MessageKind.MOOD,
    MessageKind.GOODBYE,
    MessageKind.THANKS,
    MessageKind.GREETING,
    MessageKind.ACKNOWLEDGEMENT,
)
"""Of small talk of several kinds the first of these is answered: "hi, how are you?"."""


@dataclass(frozen=True, slots=True)
class Classified:
    """A message's kind, and the language that its small talk is in, "" where that does not show."""

    kind: MessageKind
    language: str = ""
    asks: bool = True
    """Whether it surely wants something; what may as well be told ("dentist on Tuesday") is remembered, too."""


def classify_message(text: str, bot: str = "", now: datetime | None = None) -> Classified:
    """Return what kind of message a text is; `bot` is the bot's name, `now` what "yesterday" is relative to."""
    text = " ".join(text[:_LOOKED_AT].split())
    if _HANDED_OVER.fullmatch(text):
        return Classified(MessageKind.STATEMENT, asks=False)
    if not _WORD.search(_EMOJI_CODE.sub("", text)):
        return Classified(MessageKind.EMPTY)
    small, rest = _small_talk(text, bot)
    if small is not None and not rest:
        return small
    text = rest or text
    kind = _kind(text, now or datetime.now(UTC))
    asks = kind is not MessageKind.STATEMENT and (kind is not MessageKind.QUESTION or _asks(text))
    return Classified(kind, read_question(text).language, asks)


def is_plain_question(text: str) -> bool:
    """Say whether a text shows that it is a question: by its mark, or by the word that it begins with."""
    return bool(_ENDS_ASKING.search(text[-_LOOKED_AT:])) or asks_first(text[:_LOOKED_AT])


def _kind(text: str, now: datetime) -> MessageKind:
    if _is_told(text):
        return MessageKind.STATEMENT
    if is_about_a_period(text, now):
        return MessageKind.PERIOD
    if _is_task(text):
        return MessageKind.TASK
    return MessageKind.QUESTION if _asks(text) or not _is_sentence(text) else MessageKind.STATEMENT


def _is_sentence(text: str) -> bool:
    """Say whether a text says something; what does not is looked for: "wifi password"."""
    return _compile_finite().search(_flat(text)) is not None or len(_WORD.findall(text)) >= _MANY


def _asks(text: str) -> bool:
    return bool(_ENDS_ASKING.search(text)) or asks_first(text) or _look_up().match(_flat(text)) is not None


def _is_told(text: str) -> bool:
    if _ASKS_TO_KEEP.match(text):
        return True
    return _compile_told().match(_flat(text)) is not None and not _ENDS_ASKING.search(text)


def _is_task(text: str) -> bool:
    flat = _flat(text)
    return _ARITHMETIC.match(text.lstrip("¿¡ ")) is not None or any(pattern.match(flat) for pattern in _tasks())


def _small_talk(text: str, bot: str) -> tuple[Classified | None, str]:
    """Return the small talk that a message begins with, and what comes after it: "hi! when …" is a question.

    What stands around it (the bot's name, "everybody") is no more than that.
    """
    words = [(match[0], match.end()) for match in re.finditer(r"[\w'’-]+", text)]
    flat = [_flat(word) for word, _ in words]
    fillers = _fillers() | set(_flat(bot).split())
    found: list[tuple[MessageKind, str]] = []
    at = 0
    while at < len(flat):
        match = _phrase_at(flat, at)
        if match is not None:
            found.append((match[1], match[2]))
            at += match[0]
        elif flat[at] in fillers and (found or len(flat) - at > 1):
            at += 1
        else:
            break
    if not found or (at == len(flat) and len(flat) > _SMALL):
        return None, ""
    if at < len(flat):
        start = words[at - 1][1] if at else 0
        rest = text[start:].lstrip(" ,.!;:–-")
        is_name = len(flat) - at == 1 and rest[:1].isupper() and not _ENDS_ASKING.search(text)
        follows = text[start : start + 1] in (",", ".", "!", ";", ":") or found[0][0] is MessageKind.GREETING
        if not is_name:
            return None, rest if follows and rest else ""
    kind = min((kind for kind, _ in found), key=_BY_WEIGHT.index)
    language = next(language for each, language in found if each is kind)
    return Classified(kind, language), ""


def _phrase_at(flat: list[str], at: int) -> tuple[int, MessageKind, str] | None:
    for length in range(min(6, len(flat) - at), 0, -1):
        known = _phrases().get(" ".join(flat[at : at + length]))
        if known is not None:
            return length, *known
    return None


@cache
def _phrases() -> dict[str, tuple[MessageKind, str]]:
    phrases: dict[str, tuple[MessageKind, str]] = {}
    for language, table in SMALL_TALK.items():
        for line in table.strip().splitlines():
            kind, _, listed = line.partition(": ")
            for phrase in listed.split("|"):
                phrases.setdefault(_flat(phrase), (MessageKind(kind), language))
    return phrases


def _flat(text: str) -> str:
    """Return a text without case, accents and punctuation but for apostrophes' letters: "what's" is "whats"."""
    return " ".join(fold(_PUNCTUATION.sub(" ", text)).replace("'", "").replace("’", "").split())


@cache
def _fillers() -> frozenset[str]:
    return frozenset(_flat(VOCATIVES).split())


@cache
def _tasks() -> tuple[re.Pattern[str], ...]:
    first = _fold_table(ASKING_FIRST)
    at_start = [rf"(?:{first}\s)?(?:{first}\s)?(?:{_fold_table(table)})(?!\w)" for table in TASKS.values()]
    at_end = rf"{first}\s.*\b(?:{_fold_table(TASKS_AT_END)})(?!\w)"
    return tuple(map(re.compile, [*at_start, at_end]))


@cache
def _look_up() -> re.Pattern[str]:
    return re.compile(rf"(?:{_fold_table(ASKING_FIRST)}\s)?{_fold_table(LOOK_UP)}(?!\w)")


@cache
def _compile_told() -> re.Pattern[str]:
    return re.compile(rf"{_fold_table(TOLD)}(?!\w)")


@cache
def _compile_finite() -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){_fold_table(FINITE)}(?!\w)")


def _fold_table(pattern: str) -> str:
    """Return a table's pattern for flat texts: without accents, apostrophes, and line breaks."""
    return re.sub(r"\s*\n\s*", "", fold(pattern.strip()) if pattern.isascii() else _fold_pattern(pattern)).replace(
        "'", ""
    )


def _fold_pattern(pattern: str) -> str:
    """Fold each character for itself, so that the pattern's own signs stay."""
    return "".join(fold(each) if each.isalpha() and not each.isascii() else each for each in pattern.strip())
