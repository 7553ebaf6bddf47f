"""Whether the people that an answer to a "who" question names did it: they wrote the memory, or it names them."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.prompting.evidence import Evidence
from bot.answering.quoting.persons import is_done_by_another, relation_doing, speaks_of_self, tells_of_others
from bot.answering.quoting.sentences import holds_both, split
from bot.answering.quoting.wanted import Asked, stem
from bot.answering.recalling.everyday_words import in_english
from memory.patterns import compile_on_use
from memory.search.segment import words

_TELLS = 0.6
"""Share of what the best sentence holds of the question's words that a sentence must hold to tell of what is asked."""
_ASKS = ("?", "？", "؟")
_OPENS_WITH_NAME = compile_on_use(r"^\W{0,4}[A-ZÀ-ÞА-ЯЁ][\w'’-]{0,40}\.?\s[A-ZÀ-ÞА-ЯЁ][\w'’-]{1,40}\s[a-zà-þа-яё]")
"""A name of two words whose sentence it is: "Frau Lehmann takes the cat"."""
_AFTER_ADDRESS = (",", "!", "?")


def are_doers(answer: str, asked: Asked, evidence: Sequence[Evidence]) -> bool:
    """Say whether one whom the answer names is told of in a sentence that tells of what is asked.

    An answer that names nobody who wrote there is taken as it is.
    """
    authors = {each.passage.author for each in evidence if each.passage.author}
    said = set(words(answer))
    people = [author for author in authors if said.intersection(words(author))]
    names = {stem(part) for author in authors for part in words(author)}
    deed = stem(asked.noun) if asked.language == "en" and stem(asked.noun) in asked.stems else None
    english = () if asked.language == "en" else words(in_english(asked.text))
    telling = {*asked.stems, *map(stem, english)} - names
    if not people or not telling:
        return True
    sentences = [
        (each.passage.author, text)
        for each in evidence
        for text in split(each.passage.text, asked)
        if not text.endswith(_ASKS)
    ]
    held = [telling & {stem(word) for word in words(text)} for _, text in sentences]
    enough = _TELLS * max(map(len, held), default=0)
    told = [sentence for sentence, one in zip(sentences, held, strict=True) if len(one) >= enough]
    told = [each for each in told if holds_both(asked, each[1])] or told
    return any(
        _is_named(person, text)
        or (author == person and not _is_of_another(text, asked) and _tells_of_self(person, text, deed, authors))
        for person in people
        for author, text in told
    )


def _is_of_another(text: str, asked: Asked) -> bool:
    """Say whether a sentence tells of another's doing, be it a relation of who says it."""
    return bool(relation_doing(text, asked)) or (asked.language == "en" and is_done_by_another(text, asked))


def _tells_of_self(person: str, text: str, deed: str | None, authors: set[str]) -> bool:
    """Say whether who says a sentence tells of themselves: "I paid", or "paid it" where that `deed` is asked for."""
    if speaks_of_self(text):
        return True
    if deed is not None and deed not in {stem(word) for word in words(text)}:
        return False
    return not (
        tells_of_others(text)
        or _OPENS_WITH_NAME.match(text)
        or any(_is_named(each, text) for each in authors - {person})
    )


def _is_named(person: str, text: str) -> bool:
    """Say whether a sentence names a person other than to speak to them: "ask Mara, she knows", but not "Mara, …"."""
    parts = "|".join(map(re.escape, {person, *person.split()}))
    for match in re.finditer(rf"(?<!\w)(?:{parts})(?!\w)", text, re.IGNORECASE):
        before, after = text[: match.start()].rstrip(), text[match.end() : match.end() + 1]
        opens = not before or before.endswith((",", ".", "!", ":", "?"))
        if not (opens and (after in _AFTER_ADDRESS or (before and not after))):
            return True
    return False
