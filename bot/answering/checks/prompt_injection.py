"""Leaves out memories that try to instruct a language model: orders, chat templates, ready-made answers.

Such a memory is still quoted where nothing else is known; beside others it answers nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.quoting.wanted import read_question, stem
from memory import Recollection
from memory.patterns import compile_on_use
from memory.search.segment import words

_READ = 4000
"""Characters of a text that are looked at."""
_TEMPLATE = compile_on_use(
    r"<\|[a-z_ ]{1,30}\|>|<(?:start|end)_of_turn>|\[/?INST\]|<</?SYS>>"
    r"|^#{2,3} ?(?:system|instruction|assistant|response)\b",
    re.IGNORECASE | re.MULTILINE,
)
_OVERRULES = compile_on_use(
    r"\b(?:ignore|disregard|forget|override|bypass|ignorier\w*|vergiss|ignora|olvida|ignorez?|oubliez?|esqueça|dimentica)"
    r"\b(?:\W+\w+){0,4}?\W+(?:instructions?|rules|prompts?|memories|guidelines|anweisungen|regeln|instrucciones|reglas"
    r"|consignes|règles|instruções|regras|istruzioni|regole)\b",
    re.IGNORECASE,
)
_ORDERS = compile_on_use(
    r"\b(?:answer|reply|respond)\b(?:\W+\w+){0,3}?\W+(?:every|all|any|each)\W+(?:\w+\W+)?questions?\b"
    r"|\bquestions?\b[^.\n]{0,80}\b(?:answer|reply|respond)\W+(?:only|always|with|exactly)\b",
    re.IGNORECASE,
)
_LABEL = compile_on_use(
    r"(?:^|[\n.?!,;{|]\s{0,9})[\"'*_]{0,3}(?:a|answer|assistant|bot|response|reply|antwort|respuesta|réponse|resposta"
    r"|risposta)[\"'*_]{0,3}\s{0,9}[:=]",
    re.IGNORECASE,
)
_ENOUGH = 0.75
"""Share of the question's words before an answer's label from which on the question itself stands there."""


def leave_out_orders(question: str, recollections: Sequence[Recollection]) -> tuple[Recollection, ...]:
    """Return what was recalled without what speaks to a language model; unchanged where nothing does."""
    return tuple(each for each in recollections if not _speaks_to_model(question, each))


def _speaks_to_model(question: str, recollection: Recollection) -> bool:
    """Say whether a memory gives orders, imitates a prompt, or lays an answer ready; in documents that is an FAQ."""
    text = recollection.passage.text[:_READ]
    if _TEMPLATE.search(text) or _OVERRULES.search(text) or _ORDERS.search(text):
        return True
    return recollection.passage.kind != "document" and _lays_ready(question, text)


def _lays_ready(question: str, text: str) -> bool:
    """Say whether a text holds the question itself and then what is labelled as its answer."""
    stems = set(read_question(question).stems)
    return any(
        len(stems & {stem(word) for word in words(text[: label.start() + 1])}) >= _ENOUGH * len(stems) > 0
        for label in _LABEL.finditer(text)
    )
