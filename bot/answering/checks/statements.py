"""Which messages carry a statement that a model made of them: its words, numbers, names, who did it, and its "not"."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Sequence
from math import log

from bot.answering.checks.pronouns import count_pronouns
from bot.answering.checks.support import stems_of
from bot.answering.checks.wordings import IF as _IF
from bot.answering.checks.wordings import ORDER as _ORDER
from bot.answering.checks.wordings import find_doubt, is_joke
from bot.answering.quoting.wanted import language_of
from memory import Passage
from memory.patterns import compile_on_use
from memory.search.segment import words
from memory.search.stopwords import LANGUAGES_OF

_LEAST_SAID = 0.65
"""Share of a statement's telling words, by weight, that its messages must say."""
_MOST_CARRIERS = 3
_FEWEST_WORDS = 2
"""Telling words that a statement must share with its messages: "Kofi agrees" tells nothing."""
_ADDS = 0.2
"""Share of the statement that a further message must add to be one of them."""
_NAMED = 0.3
"""What it is worth that the statement names a message by its number, or its author by name."""
_SHORT_CHARS = 160
_LEAST_TOLD = 0.5
"""Share of a short message's telling words that a statement must tell."""
_STEM = 4
_NUMBER = compile_on_use(r"\d+(?:[.,:]\d+)*")
_NOT = compile_on_use(
    r"n't\b|(?<!\w)(?:not|no|never|none|nobody|nothing|cannot|without|nicht|kein\w*|nie|niemals|nichts|niemand|ohne|nunca|nada|nadie"
    r"|sin|pas|jamais|rien|aucun\w*|sans|não|nem|sem|non|mai|niente|nessun\w*|senza|niet|geen|nooit|не|нет|никогда|ничего|nie|bez"
    r"|değil|yok|ikke|inte|inga)(?!\w)|ない|ません|[不没未]|(?<!\w)안(?!\w)|않|없",
    re.IGNORECASE,
)
_OPENING_NO = compile_on_use(r"^\W*(?:no|nope|nein|non|não|nee|нет|nie|hayır)\s*[,.!:–-]\s*", re.IGNORECASE)
_NAME_FIRST = compile_on_use(r"\W{0,99}([^\W\d_a-zà-öø-ÿа-яё][^\W\d_]+)")
_SAYS = compile_on_use(
    r"(?<!\w)(?:say\w*|said|tell\w*|told|mention\w*|suggest\w*|thinks|sag\w*|mein\w*|schl[äa]g\w*|erzähl\w*|dit|propos\w*|pense"
    r"|zeg\w*|vertel\w*|stel\w*)(?!\w)",
    re.IGNORECASE,
)
_SAY_I = frozenset({"en", "de", "fr", "nl", "sv", "da", "no"})
"""Languages in which who tells of themselves says "I"."""
_LATIN = compile_on_use("[a-z]", re.IGNORECASE)
_CLAUSE = compile_on_use(r"[,;.!?]\s+")
_QUESTION = compile_on_use(r"[?？؟]")
_ASKS = compile_on_use(
    r"[?？؟]|(?<!\w)(?:ask\w*|wonder\w*|want\w* to know|question\w*|open|look\w* for|need\w*|frag\w*|offen|such\w*"
    r"|braucht|pregunta\w*|busca\w*|necesita\w*|demand\w*|cherch\w*|besoin|pergunt\w*|procur\w*|chied\w*|cerca\w*|vra\w*gt?|zoek\w*|спрашива\w*|ищет"
    r"|pyta\w*|soruyor)(?!\w)|聞|質問|问|물",
    re.IGNORECASE,
)


def find_carriers(statement: str, passages: Sequence[Passage], named: Collection[int] = ()) -> tuple[int, ...]:
    """Return the places in `passages` of the one to three messages that carry a statement, in their order.

    None where they do not: where a number, a name or most words are said by none of them, where it is told of somebody
    else, where only one of both says "not", where a question, an "if" or a joke would be told as the truth, or where
    much of a short message would be lost. `named` are the places that the model gave, which count for little.
    """
    people = _find_named_people(statement, passages)
    chosen = _choose(statement, passages, people, named)
    is_theirs = chosen and (not people or _tells_of(people, passages[chosen[0]]))
    if is_theirs and (_leaves_out(statement, best := passages[chosen[0]]) or _is_of_another(statement, best)):
        return ()
    stands = is_theirs and _may_stand(statement, [passages[at] for at in chosen], people)
    return tuple(sorted(chosen)) if stands else ()


def find_closest(statement: str, passages: Sequence[Passage]) -> int | None:
    """Return the place of the message that a statement was made of; None where that jokes or gives orders."""
    chosen = _choose(statement, passages, _find_named_people(statement, passages), ())
    if not chosen or is_joke(text := passages[chosen[0]].text) or find_doubt(text) == _ORDER:
        return None
    return chosen[0]


def _choose(
    statement: str, passages: Sequence[Passage], people: Collection[str], named: Collection[int]
) -> tuple[int, ...]:
    """Return the messages that say most of a statement, the best first; none where they do not say enough of it."""
    names = {stem for person in people for stem in stems_of(person)}
    lines = [stems_of(each.text) for each in passages]
    weights = _weigh(lines, stems_of(statement) - names)
    said = [{word for word in weights if _is_said(word, line)} for line in lines]
    worth = [
        _sum(each, weights) + _NAMED * ((at in named) + (passages[at].author in people)) for at, each in enumerate(said)
    ]
    chosen: list[int] = []
    covered: set[str] = set()
    for at in sorted(range(len(passages)), key=lambda it: (-worth[it], it)):
        if len(chosen) < _MOST_CARRIERS and _sum(said[at] - covered, weights) >= _ADDS:
            chosen.append(at)
            covered |= said[at]
    is_said = len(covered) >= _FEWEST_WORDS and _sum(covered, weights) >= _LEAST_SAID
    return tuple(chosen) if is_said else ()


def _leaves_out(statement: str, passage: Passage) -> bool:
    """Say whether a statement leaves out a number, or too much, of a message that is short enough to be quoted."""
    told, said = stems_of(statement), stems_of(passage.text)
    if len(passage.text) > _SHORT_CHARS or not said:
        return False
    numbers = set(_NUMBER.findall(passage.text)) - set(_NUMBER.findall(statement))
    return bool(numbers) or sum(_is_said(each, told) for each in said) < _LEAST_TOLD * len(said)


def _is_of_another(statement: str, passage: Passage) -> bool:
    """Say whether a statement lets a message's author do what the message says of something else.

    "Mila takes the cat" of Mila's "Grandma takes the cat": the clause has no "I". In languages that leave "I" out, and
    where the statement only says that its author says or asks it, nothing can be told.
    """
    names = words(passage.author)
    if not names or words(statement)[:1] != names[:1] or _SAYS.search(statement) or _ASKS.search(statement):
        return False
    if language_of(passage.text) not in _SAY_I or not _LATIN.search(passage.text):
        return False
    told = stems_of(statement)
    clause = max(_CLAUSE.split(passage.text), key=lambda each: len(stems_of(each) & told))
    return count_pronouns(clause)[0] == 0


def _tells_of(people: Collection[str], passage: Passage) -> bool:
    """Say whether a message is by one of these people, or names one."""
    return passage.author in people or any(set(words(person)) & set(words(passage.text)) for person in people)


def _may_stand(statement: str, carriers: Sequence[Passage], people: Collection[str]) -> bool:
    """Say whether messages, the best first, say a statement's numbers, and say it as it does."""
    text = " ".join(f"{each.author} {each.text}" for each in carriers)
    known = set(
        _NUMBER.findall(" ".join([text, *(f"{each.said_at:%Y %d %m} {each.said_at.day}" for each in carriers)]))
    )
    if set(_NUMBER.findall(statement)) - known:
        return False
    if not all(any(_tells_of([person], each) for each in carriers) for person in people):
        return False
    if _is_unknown(statement, text):
        return False
    best = carriers[0].text
    if bool(_NOT.search(statement)) != bool(_NOT.search(_OPENING_NO.sub("", best))) or is_joke(best):
        return False
    if find_doubt(best) == _IF and find_doubt(statement) != _IF:
        return False
    return not _QUESTION.search(best) or bool(_ASKS.search(statement))


def _is_unknown(statement: str, text: str) -> bool:
    """Say whether a statement begins with a name, or what may be one, that nobody said: "Eve sails at eight"."""
    first = _NAME_FIRST.match(statement)
    if first is None or words(first[1])[0] in LANGUAGES_OF:
        return False
    stem, said = next(iter(stems_of(first[1]))), stems_of(text)
    return not _is_said(stem, said)


def _find_named_people(statement: str, passages: Sequence[Passage]) -> set[str]:
    """Return the authors whom a statement names."""
    said = set(words(statement))
    return {each.author for each in passages if each.author and said & set(words(each.author))}


def _weigh(lines: Sequence[frozenset[str]], told: Collection[str]) -> dict[str, float]:
    """Return the share of a statement that each of its words is: the larger, the fewer messages say it."""
    spread = Counter(word for line in lines for word in line)
    weights = {word: log(1 + len(lines) / max(1, spread[word])) for word in told}
    total = sum(weights.values()) or 1.0
    return {word: weight / total for word, weight in weights.items()}


def _sum(told: Collection[str], weights: dict[str, float]) -> float:
    return sum(weights[each] for each in told)


def _is_said(word: str, said: Collection[str]) -> bool:
    return word in said or (len(word) >= _STEM and any(each.startswith(word[:_STEM]) for each in said))
