"""Whether what a sentence names answers a question by itself, or is better shown with the text around it."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from bot.answering.checks.pronouns import count_pronouns
from bot.answering.quoting import dates, persons
from bot.answering.quoting.birthdays import asks_birthday, birth_told, is_wish
from bot.answering.quoting.extraction import SHORT_TEXT
from bot.answering.quoting.question_words import Wanted
from bot.answering.quoting.sentences import (
    Sentence,
    is_negative,
    looks_ahead,
    question_before,
    shares_a_word,
    stems_in,
)
from bot.answering.quoting.unknown_names import holds_name, names_in
from bot.answering.quoting.wanted import Asked, stem
from memory import Recollection
from memory.patterns import compile_on_use
from memory.search.segment import words

_ENOUGH, _FITS_WELL = 0.4, 0.6
"""Share of the question's words, or else the relevance, from which on the words found are told by themselves."""
_ENOUGH_OF_A_DEED = 0.65
"""The same share where it is asked who did something, or where: who lost the whistle is not who found it.

And of what is dated only by when it was told: the flights were spoken of long before they were booked.
"""
_ENOUGH_TRANSLATED = 0.25
"""The same for words in English, several of which stand for one that was asked."""
_OF_A_PERSON: frozenset[Wanted] = frozenset({"place", "count", "amount", "duration", "email", "phone", "link"})
"""What is somebody's, where the question names them."""
_SPEAKS_TO = compile_on_use(r"\b(?:you|i|i'm|du|ihr|tu|te|vous|tú|vosotros|você|voi|jij|jullie|ты|вы)\b", re.IGNORECASE)
"""A question to the other is about them, whatever else it holds: "where are you? I'm at the clock"."""
_TIMES: frozenset[Wanted] = frozenset({"date", "clock"})
_SEVERAL = 3
"""Recollections that hold a word, so that it is what people talk about."""


@dataclass(frozen=True, slots=True)
class NamedAnswer:
    """A sentence that names what is asked for, the recollection that holds it, and all that was recalled."""

    asked: Asked
    sentence: Sentence
    source: Recollection
    recalled: Sequence[Recollection]

    @property
    def is_deed(self) -> bool:
        """Whether it is asked who did something, or where."""
        return self.asked.wanted in ("person", "place") and not self.asked.own

    @property
    def is_dated_by_telling(self) -> bool:
        """Whether a day is asked for, and the only one there is is that on which the sentence was said."""
        asked, text = self.asked, self.sentence.text
        is_wished = asks_birthday(asked) and is_wish(text)
        return asked.wanted == "date" and not (asked.own or is_wished or dates.names_a_time(text))


def stands_alone(named: NamedAnswer) -> bool:
    """Say whether what a sentence names can stand alone: its text holds enough of what is asked, or fits very well."""
    if asks_birthday(named.asked) and birth_told(named.sentence.text, named.source.passage, None, named.asked):
        return True
    return not named.asked.stems or (not any(doubt(named) for doubt in _DOUBTS) and _holds_enough(named))


def authors_of(recalled: Sequence[Recollection]) -> list[str]:
    """Return everybody who speaks in recollections or just before them; a file, whose author is its name, is nobody."""
    said = [passage for each in recalled for passage in (each.passage, *each.context)]
    return list(dict.fromkeys(passage.author for passage in said if passage.author and passage.kind != "document"))


def _holds_enough(named: NamedAnswer) -> bool:
    asked, sentence, source = named.asked, named.sentence, named.source
    is_strict = named.is_deed or named.is_dated_by_telling
    enough = _ENOUGH_TRANSLATED if asked.translated else _ENOUGH_OF_A_DEED if is_strict else _ENOUGH
    if sentence.whole >= enough:
        return True
    if is_strict:
        return False
    fits_by_meaning = asked.language == "en" and source.relevance >= _FITS_WELL
    return fits_by_meaning or sentence.continues >= enough or (sentence.replies >= enough and _may_reply(asked, source))


def _may_reply(asked: Asked, source: Recollection) -> bool:
    """Say whether a text may reply to the question before it as to the one that is asked: "you" was who is meant."""
    asks_of_author = bool(set(words(source.passage.author)) & set(words(asked.text)))
    return asks_of_author or not _SPEAKS_TO.search(question_before(asked, source))


def _lacks_own_words(named: NamedAnswer) -> bool:
    """Say whether a text holds only words of the question that the asked one leans on."""
    asked = named.asked
    return bool(asked.own) and not shares_a_word(replace(asked, stems=asked.own), named.source)


def _lacks_a_name(named: NamedAnswer) -> bool:
    """Say whether a text lacks a name of the question that another one has: a flight to KL is not any flight."""
    recalled = named.recalled
    writers = {part for author in authors_of(recalled) for part in words(author)}
    names = [name for name in names_in(named.asked.text) if writers.isdisjoint(words(name))]
    return any(
        not _tells_name(named.source, name) and any(_tells_name(each, name) for each in recalled) for name in names
    )


def _tells_name(recollection: Recollection, name: str) -> bool:
    said = (each.text for each in (recollection.passage, *recollection.context))
    return holds_name("\n".join((recollection.passage.conversation.title, *said)), name)


def _tells_time_of_relation(named: NamedAnswer) -> bool:
    return named.asked.wanted in _TIMES and persons.tells_of_relation(named.sentence.text, named.asked)


def _lacks_its_thing(named: NamedAnswer) -> bool:
    """Say whether a text holds at most half of what is asked, and several others hold the rest."""
    asked = named.asked
    if asked.wanted not in _TIMES:
        return False
    held = stems_in(_all_said(named.source))
    lacking = [each for each in asked.stems if each not in held]
    if len(lacking) * 2 < len(asked.stems):
        return False
    others = [stems_in(each.passage.text) for each in named.recalled]
    return any(sum(each in other for other in others) >= _SEVERAL for each in lacking)


def _all_said(recollection: Recollection) -> str:
    """Return what a recollection says, where, by whom, and what was said just before it."""
    before = (f"{each.author} {each.text}" for each in recollection.context)
    passage = recollection.passage
    return "\n".join((passage.conversation.title, passage.author, passage.text, *before))


def _denies_what_is_asked(named: NamedAnswer) -> bool:
    """Say whether a day is only that on which something was denied: "I didn't know I was getting married"."""
    return named.is_dated_by_telling and is_negative(named.sentence.text) and not is_negative(named.asked.text)


def _tells_nothing_asked(named: NamedAnswer) -> bool:
    """Say whether a sentence holds no word of the question, and may be about something else."""
    sentence = named.sentence
    if sentence.overlap != 0 or sentence.replies or sentence.continues:
        return False
    names_one = named.is_deed or named.asked.wanted == "count"
    return names_one or len(named.source.passage.text) > SHORT_TEXT


def _tells_another_day(named: NamedAnswer) -> bool:
    """Say whether something was told of before it was: it is only planned, or "to be held on 24 June" follows."""
    if not (named.is_dated_by_telling and dates.looks_back(named.asked)):
        return False
    text = named.source.passage.text
    return looks_ahead(named.sentence.text) or (len(text) > SHORT_TEXT and dates.names_a_time(text))


def _is_of_another(named: NamedAnswer) -> bool:
    """Say whether a question names somebody, and a sentence is neither theirs nor names them."""
    asked, source = named.asked, named.source
    people = [author for author in authors_of(named.recalled) if set(words(author)) & set(words(asked.text))]
    is_of_a_person = asked.wanted in _OF_A_PERSON or named.is_dated_by_telling
    if not is_of_a_person or len(people) != 1:
        return False
    if source.passage.author == people[0]:
        return asked.wanted == "place" and persons.tells_of_another(named.sentence.text)
    text = source.passage.text
    return not set(words(people[0])) & set(words(text)) and not _tells_all_but_the_name(asked, people[0], text)


def _tells_all_but_the_name(asked: Asked, name: str, text: str) -> bool:
    """Say whether a text holds all that is asked but whose it is, and speaks of nobody: "found: one passport"."""
    rest = set(asked.stems) - {stem(part) for part in words(name)}
    return bool(rest) and rest <= {stem(word) for word in words(text)} and count_pronouns(text) == (0, 0)


_DOUBTS: tuple[Callable[[NamedAnswer], bool], ...] = (
    _lacks_own_words,
    _lacks_a_name,
    _lacks_its_thing,
    _denies_what_is_asked,
    _tells_time_of_relation,
    _tells_nothing_asked,
    _tells_another_day,
    _is_of_another,
)
"""Each says whether something speaks against the sentence, however many of the question's words it holds."""
