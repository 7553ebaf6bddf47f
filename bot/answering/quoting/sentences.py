"""Which sentence of what was recalled answers the question: by its words, who said it, and what it names."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import log

from bot.answering.quoting.dates import looks_back
from bot.answering.quoting.wanted import NAMED, Asked, asks_first, read_question, stem
from memory import Recollection
from memory.patterns import compile_on_use
from memory.search.segment import words

SENTENCE_BREAK = compile_on_use(r"(?<=[.!?؟…。！？])(?<!\b\d\.)(?<!\b\d\d\.)[\"')\]]*\s+(?=\S)|\n+|(?<=[。！？])")
"""Where a sentence ends; "21. Juni" is one."""
_LOOKED_AT = 6000
"""Characters of a passage that are read; of a longer one, those around the question's words."""
_RANK, _OVERLAP, _WHOLE, _SPEAKER, _OTHER, _ASKS, _AHEAD = 3.0, 0.35, 0.3, 0.35, 0.45, 0.6, 0.6
_QUESTION = compile_on_use(
    r"[?？؟]$|^(?:\w+[.,:] |(?:and|but|so|hey|hi|ok|okay|well|oh|also|btw|wait|then|lol|omg|und|aber|y|pero|et|mais"
    r"|e|ma|mas|en|maar) )?(?:who|what|when|where|why|how|which|is|are|was|does|do|did|has|have|can|could|will|shall"
    r"|wer|was|wann|wo|wie|warum|hat|habt|ist|kann|qui|quand|où|quién|cuándo|dónde|quem|onde|chi|dove)\s"
    r"(?:anyone|anybody|someone|you|we|i|he|she|they|it|the|your|my|jemand|ihr|du|wir|\w+)\b"
    r"|^(?:\w{2,20}(?:st du|t ihr)|(?:kann|ha|bi|wei|mein|will|soll|muss)ste)\b",
    re.IGNORECASE,
)
_DENIES = 0.25
_OWN = 3.0
"""How much more a question's own words count than those of the question that it leans on."""
_BOTH = 0.8
"""What a sentence gains that holds words both of a question and of what it leans on: "hotel: paid"."""
_SAYS_LITTLE, _LITTLE = 0.5, 3
"""What an interjection loses that holds none of the question's words, and how many words it has at most."""
_NOTICE = 0.6
"""What a line loses that nobody said: an app's "messages are end-to-end encrypted"."""
_NEGATED = compile_on_use(
    r"\b(?:no|not|never|nobody|nothing|none|kein\w*|nicht|nie|niemand|nunca|nadie|ningun\w*|pas|jamais|aucun\w*|non|mai|nessun\w*"
    r"|não|ninguém|nenhum\w*|geen|niet|нет|не)\b|n['’]t\b",
    re.IGNORECASE,
)
_NEAR = 3
"""Words after a "not", within which it denies them."""
_WILL = compile_on_use(
    r"\b(?:I'll|we'll|will|going to|gonna|promise|plan (?:is )?to|planning to|werde|werden|voy a|vamos a|vais|vou)\b",
    re.IGNORECASE,
)


_KEPT = 0.5
"""What somebody asked to have remembered goes before what was said in passing, where both fit."""
_LEANS = 6
"""Words of a question, at most, that asks about the message before it."""
_REPLIES, _REPLIES_IN_GROUP = 1.6, 0.8
"""What a message gains that follows a question of the same words: "what genre is it?", "drama and romance!".

Among more than two people the next message is often about something else.
"""
_CONTINUES = 1.2
"""What a figure gains whose author said the question's words just before it, where they do not stand beside it."""
_JUST_BEFORE = timedelta(minutes=5)
_WORKED_OUT = NAMED - {"person"}
MOST_ASKED_BACK = 2
"""How often a reply may be a question itself, and is followed to its own: "want my room?", "how much is it?", "700"."""
PAIR = 2
"""How many write in a chat where each message is to the other one."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of a recollection, by the recollection's place among all, and how well it fits the question."""

    at: int
    text: str
    score: float
    overlap: float
    whole: float
    """Shares of the question's words, by weight, that the sentence and the whole text hold."""
    replies: float
    """Share of them that a question holds to which the text may reply."""
    continues: float = 0.0
    """Share of them that its author said just before a sentence that has the figure asked for, and itself has none."""


def rank_sentences(
    asked: Asked, recollections: Sequence[Recollection], names_it: Callable[[str], bool] = bool
) -> list[Sentence]:
    """Return the sentences of recollections, the one that fits the question best first.

    `names_it` says whether a sentence names something of the kind that is asked for.
    """
    if not recollections:
        return []
    authors = frozenset(each.passage.author for each in recollections)
    named = {author for author in authors if author and set(words(author)) & set(words(asked.text))}
    names = {stem(part) for author in authors for part in words(author)}
    telling = [each for each in asked.stems if each not in names] or list(asked.stems)
    weights = _weights(telling, recollections)
    weights.update({each: _OWN * weights[each] for each in asked.own if each in weights})
    best = max(each.score for each in recollections) or 1.0
    replying = _REPLIES if len(authors) <= PAIR else _REPLIES_IN_GROUP
    past, asserts = looks_back(asked), not _NEGATED.search(asked.text)
    found = []
    for at, each in enumerate(recollections):
        said_by = each.passage.author
        whole = _overlap(each.passage.text[:_LOOKED_AT], weights)
        replies = _overlap(question_before(asked, each), weights)
        said_before = _overlap(said_just_before(each), weights) if asked.wanted in _WORKED_OUT else 0.0
        by = (_SPEAKER if said_by in named else -_OTHER) if named and said_by in authors else 0.0
        for sentence in split(each.passage.text, asked):
            overlap = _overlap(sentence, weights)
            misses = _SAYS_LITTLE * (overlap == 0 and len(words(sentence)) < _LITTLE)
            misses += _DENIES * (asserts and bool(_NEGATED.search(sentence)))
            misses += _NOTICE * (each.passage.kind == "message" and not said_by)
            misses += _ASKS * asks_something(sentence) + _AHEAD * (past and bool(_WILL.search(sentence)))
            by_both = _BOTH * holds_both(asked, sentence) + _KEPT * (each.passage.kind == "fact") + replying * replies
            score = _RANK * each.score / best + _OVERLAP * overlap + _WHOLE * whole + by + by_both - misses
            continues = said_before * (1 - whole) if said_before and names_it(sentence) else 0.0
            score += _CONTINUES * continues
            found.append(Sentence(at, sentence, score, overlap, whole, replies, continues))
    return sorted(found, key=lambda sentence: -sentence.score)


def question_before(asked: Asked, recollection: Recollection) -> str:
    """Return the question that somebody else asked just before, to which this message may reply; "" if none.

    They may have said one thing more ("what does the bell say", "I'm downstairs"). A question that asks for the same
    ("when was that?") comes with the message that it is about.
    """
    before = recollection.context[-1] if recollection.context else None
    if before is None or before.author == recollection.passage.author:
        return ""
    asks = _questions_in(before.text)
    if not asks:
        earlier = recollection.context[-2] if len(recollection.context) > 1 else None
        asks = _questions_in(earlier.text) if earlier is not None and earlier.author == before.author else []
        return asks[-1] if asks else ""
    leans = len(recollection.context) > 1 and len(words(asks[-1])) < _LEANS
    if leans and asked.wanted in NAMED and read_question(asks[-1]).wanted == asked.wanted:
        return f"{recollection.context[-2].text[:_LOOKED_AT]} {asks[-1]}"
    return asks[-1]


def said_just_before(recollection: Recollection) -> str:
    """Return what the author said in the minutes before: "I checked the class", "it's at 7pm"; "" if nothing."""
    passage, said = recollection.passage, list[str]()
    for each in reversed(recollection.context):
        if each.author != passage.author or passage.said_at - each.said_at > _JUST_BEFORE:
            break
        said.append(each.text[:_LOOKED_AT])
    return "\n".join(said)


def _questions_in(text: str) -> list[str]:
    return [each for each in SENTENCE_BREAK.split(text[-_LOOKED_AT:]) if asks_something(each)]


def asks_anywhere(text: str) -> bool:
    """Say whether one of a text's sentences asks something."""
    return bool(_questions_in(text))


def asks_something(sentence: str) -> bool:
    """Say whether a sentence asks rather than tells, be it without a question mark."""
    return bool(_QUESTION.search(sentence.strip())) or (len(words(sentence)) < _LEANS and asks_first(sentence))


def is_negative(text: str) -> bool:
    """Say whether a text, be it a question, says "not" of something."""
    return bool(_NEGATED.search(text))


def denies(text: str) -> bool:
    """Say whether a text tells, rather than asks, that something is not so."""
    return is_negative(text) and not text.rstrip().endswith(("?", "？", "؟"))


def denies_that(text: str, stems: Collection[str]) -> bool:
    """Say whether a text says of one of some words that it is not so: "I don't recommend driving" of driving."""
    reach = (match.end() for match in _NEGATED.finditer(text))
    return any({stem(word) for word in words(text[at : at + 40])[:_NEAR]}.intersection(stems) for at in reach)


def looks_ahead(text: str) -> bool:
    """Say whether a text speaks of what somebody will do."""
    return bool(_WILL.search(text))


def holds_both(asked: Asked, sentence: str) -> bool:
    """Say whether a sentence holds words of a question and of the one that it leans on."""
    held = stems_in(sentence)
    return bool(held.intersection(asked.own)) and bool(held.intersection(asked.stems) - set(asked.own))


def shares_a_word(asked: Asked, recollection: Recollection) -> bool:
    """Say whether a recollection, with who said it, holds one of the question's telling words."""
    return holds_a_word(asked, f"{recollection.passage.author} {recollection.passage.text[:_LOOKED_AT]}")


def holds_a_word(asked: Asked, text: str) -> bool:
    """Say whether a text holds one of the question's telling words, in scripts with endings as a beginning."""
    held = stems_in(text)
    return any(
        each in held or (not each.isascii() and any(word.startswith(each) for word in held)) for each in asked.stems
    )


def split(text: str, asked: Asked) -> list[str]:
    """Return a text's sentences; of a very long text those in the stretch that holds the question's words."""
    if len(text) > _LOOKED_AT:
        text = _stretch(text, asked)
    return [sentence.strip() for sentence in SENTENCE_BREAK.split(text) if sentence.strip()]


def _stretch(text: str, asked: Asked) -> str:
    hits = [match.start() for match in re.finditer(r"\w+", text) if stem(match[0]) in asked.stems]
    if not hits:
        return text[:_LOOKED_AT]
    half = _LOOKED_AT // 2
    seen = {
        hit: len({text[other : other + 5].casefold() for other in hits if abs(other - hit) < half})
        for hit in hits[:500]
    }
    start = max(0, max(seen, key=lambda hit: seen[hit]) - half)
    return text[start : start + _LOOKED_AT]


def _weights(stems: Collection[str], recollections: Sequence[Recollection]) -> dict[str, float]:
    """Return what each of the question's words counts for: one that most recollections hold tells little."""
    spread = Counter(each for one in recollections for each in stems_in(one.passage.text[:_LOOKED_AT]) & set(stems))
    return {each: 0.3 + log(1 + len(recollections) / (1 + spread[each])) for each in stems}


def _overlap(text: str, weights: dict[str, float]) -> float:
    total = sum(weights.values())
    held = stems_in(text)
    return sum(weight for each, weight in weights.items() if each in held) / total if total else 0.0


def stems_in(text: str) -> set[str]:
    """Return the stems of a text's words."""
    return {stem(word) for word in words(text)}
