"""Names in a question that nothing recalled has: of what was never talked about nothing is known.

On the development conversations 1 % of the questions that have an answer name something that is not recalled.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.answering.quoting.dates import MONTH_NUMBERS
from bot.answering.quoting.wanted import read_question
from memory import Recollection
from memory.patterns import compile_on_use
from memory.search.stopwords import LANGUAGES_OF
from memory.timeline.words import fold

_WORD = compile_on_use(r"[\w'’-]+")
_POSSESSIVE = compile_on_use(r"['’]s?$")
_SHORTEST, _COMPARED = 3, 4
_LONGEST_INITIALS = 5
"""Letters of a name, at least, and those by which it is compared: "Lisboa" is "Lisbon"."""
_DAYS = frozenset({"monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "christmas", "easter"})
_CAPITALS = frozenset({"de", "ja", "zh", "ko", "ar"})
"""Languages in which a capital makes no name."""


def unknown_names(question: str, recollections: Sequence[Recollection]) -> list[str]:
    """Return the names within a question that no recollection holds, nor who said it, where, and just after what.

    Of initials none counts as unknown: a "URL" or a "PIN" is told without being called so.
    """
    held = "\n".join(text for each in recollections for text in _texts(each))
    return [name for name in names_in(question) if not (name.isupper() or holds_name(held, name))]


def names_in(question: str) -> list[str]:
    """Return the names within a question, known by their capitals, initials among them ("KL").

    None in languages where capitals make no name.
    """
    return [] if read_question(question).language in _CAPITALS else _names(question)


def holds_name(text: str, name: str) -> bool:
    """Say whether a text holds a name, in any of its forms."""
    return _beginning(name) in fold(text)


def _beginning(name: str) -> str:
    """Return the part of a name that all of its forms have: "Дима" is "Диму" in another case."""
    folded = fold(name)
    return folded[: _COMPARED if name.isascii() else min(_COMPARED, max(_SHORTEST, len(folded) - 1))]


def _names(question: str) -> list[str]:
    words = [_POSSESSIVE.sub("", word) for word in _WORD.findall(question.lstrip("¿¡ "))[1:]]
    names = [word for word in words if _is_name(word, shouted=question.isupper())]
    return [name for name in names if name.casefold() not in _DAYS and name.casefold() not in MONTH_NUMBERS]


def _is_name(word: str, *, shouted: bool) -> bool:
    """Say whether a word is a name by its capitals; "KL" is one too, "MY" is not, nor anything where all is shouted."""
    if word.isupper():
        is_short = 1 < len(word) <= _LONGEST_INITIALS and word.isalpha()
        return is_short and not shouted and word.casefold() not in LANGUAGES_OF
    return word[:1].isupper() and len(word) >= _SHORTEST


def _texts(recollection: Recollection) -> list[str]:
    passage = recollection.passage
    before = [f"{said.author} {said.text}" for said in recollection.context]
    return [passage.author, passage.text, passage.conversation.title, *before]
