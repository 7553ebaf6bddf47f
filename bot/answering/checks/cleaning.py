"""The answer in what a model wrote: without the prompt's own words, JSON around it, loops and numbers of citations."""

from __future__ import annotations

import json
import re

from bot.answering.citations import without_numbers
from bot.answering.prompting.examples import NOTHING
from memory.patterns import compile_on_use

_LABEL = compile_on_use(
    r"^\W*(?:answer|short answer|a|antwort|respuesta|réponse|risposta|resposta)\s*:\s*", re.IGNORECASE
)
_PROMPTS_OWN = compile_on_use(r"^[ \t]{0,9}(?:Memories|Question|Today)\s{0,9}:", re.MULTILINE)
_NOTHING = compile_on_use(
    rf"^\W*(?:{NOTHING}|none|unknown|n/a|not (?:mentioned|known|told|specified|provided)|no information"
    r"|(?:i|we) (?:don't|do not) (?:know|remember|recall)|(?:i|we) (?:remember|know|recall) nothing"
    r"|nichts|nada|rien|niente|niets|ничего|ничто|なし|没有|无)\b",
    re.IGNORECASE,
)
_LOOP = compile_on_use(r"(?P<said>\b\w.{2,80}?)(?:[\s,;.]+(?P=said)){2,}", re.DOTALL)
_LONG = 400
_LONGEST_LIST = 2000
_LIST_BREAK = compile_on_use(r"\s{0,9}[,;]\s{0,9}")
_AROUND = "`* \t\n"
_QUOTED = compile_on_use(r"^([\"'“«„])([^\"'“”«»„]*)[\"'”»“]$")


def answer_in(text: str, question: str) -> str:
    """Return the answer in what a model wrote; on one line, but for a long one; "" where there is none."""
    text = _PROMPTS_OWN.split(_from_json(text), maxsplit=1)[0]
    unrepeated = text if "```" in text else _LOOP.sub(r"\g<said>", text)  # code may well repeat itself
    if is_long(unrepeated):
        return without_numbers(unrepeated)
    line = _LABEL.sub("", " ".join(without_numbers(unrepeated).split()))
    line = _without_repeats(line).strip(_AROUND)
    line = line.rstrip(".") if line.count(".") == 1 else line
    line = _QUOTED.sub(r"\2", line)
    return "" if _fold(line) == _fold(question) or not re.search(r"\w", line) else line


def names_again(text: str) -> bool:
    """Say whether a list that is being written has just named what it named before: a small model goes on for ever.

    It is asked after each token, and so looks no further back than short answers are long.
    """
    *named, _ = _LIST_BREAK.split(text[-_LONGEST_LIST:])
    return len(named) > 1 and _fold(named[-1]) in map(_fold, named[:-1])


def is_long(text: str) -> bool:
    """Say whether a text is more than an answer in a few words: paragraphs, a list over lines, code."""
    return len(text) > _LONG


def abstains(answer: str) -> bool:
    """Say whether an answer says that the memories hold none."""
    return bool(_NOTHING.match(answer))


def _from_json(text: str) -> str:
    """Return the one text in a JSON object that a model wrote instead of an answer; other texts as they are."""
    if not re.match(r"\s*(?:```\w*\s*)?(?:\{|\[\s*[\"{])", text):
        return text
    begins = min(at for at in (text.find("{"), text.find("[")) if at >= 0)
    try:
        value = json.loads(text[begins : max(text.rfind("}"), text.rfind("]")) + 1])
    except ValueError:
        return ""
    if isinstance(value, dict):
        value = value.get("answer", next(iter(value.values()), ""))
    values = value if isinstance(value, list) else [value]
    return ", ".join(str(each) for each in values if isinstance(each, str | int | float))


def _without_repeats(line: str) -> str:
    """Return a list without what it names a second time."""
    parts = _LIST_BREAK.split(line)
    if len(parts) < 3:
        return line
    kept = {_fold(part): part for part in reversed(parts)}
    return line if len(kept) == len(parts) else ", ".join(part for part in parts if kept.pop(_fold(part), None))


def _fold(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
