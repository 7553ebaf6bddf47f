"""The short answer to a question, found by rules in what was recalled, and the quote that it rests on.

It is what answers where there is no language model, and what answers of one are held against.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import tzinfo

from bot.answering.checks.pronouns import count_pronouns
from bot.answering.citations import defuse, spoken_on
from bot.answering.quoting import amounts, contacts, dates, persons, places
from bot.answering.quoting.offered import offered_in
from bot.answering.quoting.question_words import Wanted
from bot.answering.quoting.sentences import (
    Sentence,
    asks_something,
    holds_a_word,
    looks_ahead,
    question_before,
    rank_sentences,
    shares_a_word,
)
from bot.answering.quoting.shorten import shorten
from bot.answering.quoting.spans import best_span
from bot.answering.quoting.unknown_names import holds_name, names_in
from bot.answering.quoting.wanted import NAMED, Asked, read_question, stem
from memory import Recollection
from memory.search.segment import words

_LOOKED_AT = 12
"""Recollections that are read, at most."""
_VERY_NEAR = 0.48
"""Relevance by meaning alone, which is at most one half, from which a text in another language is believed."""
_ENOUGH, _FITS_WELL = 0.4, 0.6
"""Share of the question's words, or else the relevance, from which on the words found are told by themselves."""
_ENOUGH_OF_A_DEED = 0.65
"""The same share where it is asked who did something, or where: who lost the whistle is not who found it.

And of what is dated only by when it was told: the flights were spoken of long before they were booked.
"""
_ENOUGH_TRANSLATED = 0.25
"""The same for words in English, several of which stand for one that was asked."""
_ABOUT_AS_MUCH = 0.75
"""Share of what the best sentence holds of the question."""
_SHORT = 160
"""Characters of a text that is about one thing, so that each of its sentences is."""
_TRIED = 6
"""Sentences that may name what is asked for, before the best one is merely quoted."""
_OF_A_PERSON: frozenset[Wanted] = frozenset({"place", "count", "amount", "duration", "email", "phone", "link"})
"""What is somebody's, where the question names them."""
_SPEAKS_TO = re.compile(r"\b(?:you|i|i'm|du|ihr|tu|te|vous|tú|vosotros|você|voi|jij|jullie|ты|вы)\b", re.IGNORECASE)
"""A question to the other is about them, whatever else it holds: "where are you? I'm at the clock"."""
_TIMES: frozenset[Wanted] = frozenset({"date", "clock"})
_WORKED_OUT: frozenset[Wanted] = frozenset({"date", "clock", "amount"})
"""What rules work out more surely than a small model does. Of dates only which one in the quoted text answers: what was
booked for 12 June was not booked on that day. Of others the model's is more often right (measured)."""


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """What answers a question in a few words, and the recollection that holds it.

    `is_named` says that the words can stand alone ("3 May 2024"); else they are the telling part of the quote.
    """

    text: str
    recollection: Recollection
    is_named: bool
    wanted: Wanted = "thing"

    def contradicts(self, answer: str) -> bool:
        """Say whether an answer names another date, time, sum or person than the one that was found here."""
        if self.is_named and self.wanted == "person":
            return not set(words(answer)) & set(words(self.text))
        if not self.is_named or self.wanted not in _WORKED_OUT:
            return False
        said = _figures(answer)
        if self.wanted == "date" and not said <= _figures(self.recollection.passage.text):
            return False
        return not said <= _figures(self.text)

    def show(self, question: str, zone: tzinfo | None) -> str:
        """Return the answer as people see it: the short answer, and below it the quote, with the number 1."""
        passage = self.recollection.passage
        text = shorten(defuse(passage.text), question)
        if self.is_named:
            head = f"{passage.author}: " if passage.author else ""
            return f'{self.text}\n{head}"{text}" [1]'
        who_and_when = ", ".join(filter(None, (passage.author, spoken_on(passage.said_at, zone))))
        return f'{who_and_when}: "{text}" [1]'  # a system line has no author


def short_answer(
    question: str,
    recollections: Sequence[Recollection],
    zone: tzinfo | None = None,
    before: str = "",
    english: str = "",
) -> ShortAnswer | None:
    """Return the short answer to a question and what it rests on; None where nothing was recalled.

    `before` is what a question such as "and when?" leans on, `english` what it was found by instead of its own words.
    """
    asked = read_question(question, before, english)
    best = [each for each in recollections[:_LOOKED_AT] if _may_answer(asked, each)]
    ranked = rank_sentences(asked, best)
    named = _first_named(asked, ranked, best, zone)
    if named is not None:
        return named
    if not ranked:
        return None
    at = _reply_to_best(ranked, best) if asked.wanted != "truth" else _tells_best(asked, ranked).at
    told = [sentence for sentence in ranked if sentence.at == at]
    return ShortAnswer(best_span(asked, told), best[at], is_named=False)


def _tells_best(asked: Asked, ranked: Sequence[Sentence]) -> Sentence:
    """Return the best sentence; where that asks, one that tells about as much: "have you seen it?" says nothing.

    Of "indoor or outdoor?" it is the one that says either.
    """
    first, offered = ranked[0], offered_in(asked)
    chosen = (each for each in ranked if len(offered & set(words(each.text))) == 1 and not asks_something(each.text))
    choice = next(chosen, None)
    if choice is not None or not asks_something(first.text):
        return choice or first
    telling = (
        each for each in ranked if not asks_something(each.text) and each.overlap >= _ABOUT_AS_MUCH * first.overlap
    )
    return next(telling, first)


def _reply_to_best(ranked: Sequence[Sentence], best: Sequence[Recollection]) -> int:
    """Return where the best sentence was said; if it asks, and something recalled replies to it, where that was."""
    first = ranked[0]
    if not asks_something(first.text):
        return first.at
    asking = best[first.at].passage.id
    replies = (each.at for each in ranked if each.replies and asking in {it.id for it in best[each.at].context})
    return next(replies, first.at)


def _first_named(
    asked: Asked, ranked: Sequence[Sentence], best: Sequence[Recollection], zone: tzinfo | None
) -> ShortAnswer | None:
    """Return what the best sentence names that names what is asked for; None where a better one is rather quoted."""
    for sentence in ranked[:_TRIED] if asked.wanted in NAMED else ():
        text = _name(asked, sentence, best, zone)
        if text:
            rivals = {_name(asked, each, best, zone) for each in ranked if _is_rival(each, sentence)} - {None}
            sure = rivals <= {text} and _is_sure(asked, sentence, best[sentence.at], best)
            sure = sure and not any(_asks_for_it(each, sentence, asked) for each in ranked)
            if not sure and asked.wanted == "person" and sentence.overlap < ranked[0].overlap:
                return None
            return ShortAnswer(text, best[sentence.at], is_named=sure, wanted=asked.wanted)
    return None


def _figures(text: str) -> set[str]:
    """Return the numbers in a text, and its months whatever their language."""
    found = re.findall(r"\d+|[^\W\d_]+", text.casefold())
    months = {f"month {dates.MONTH_NUMBERS[each]}" for each in found if each in dates.MONTH_NUMBERS}
    return {each.lstrip("0") for each in found if each.isdecimal()} | months


def _may_answer(asked: Asked, recollection: Recollection) -> bool:
    """Say whether a recollection can answer at all: in its own language's words, or by its meaning alone.

    The bundled embedder knows English; what it takes for near in another language is near by chance, unless very.
    """
    if asked.language == "en" or not asked.stems or recollection.relevance >= _VERY_NEAR:
        return True
    return shares_a_word(asked, recollection) or holds_a_word(asked, question_before(asked, recollection))


def _is_rival(other: Sentence, sentence: Sentence) -> bool:
    """Say whether a sentence of the same text fits as well: of three prices none is the answer."""
    return other.at == sentence.at and other.overlap == sentence.overlap and other.text != sentence.text


def _asks_for_it(other: Sentence, sentence: Sentence, asked: Asked) -> bool:
    """Say whether a text asks for what is asked itself: "has anyone got a master key? I can't get in my room"."""
    if other.at != sentence.at or other.overlap <= sentence.overlap or not asks_something(other.text):
        return False
    return sentence.overlap == 0 or asked.wanted in ("person", "place")


def _is_of_another(asked: Asked, sentence: Sentence, source: Recollection, best: Sequence[Recollection]) -> bool:
    """Say whether a question names somebody, and a sentence is neither theirs nor names them."""
    named = [author for author in _authors(best) if set(words(author)) & set(words(asked.text))]
    if len(named) != 1:
        return False
    if source.passage.author == named[0]:
        return asked.wanted == "place" and persons.tells_of_another(sentence.text)
    text = source.passage.text
    return not set(words(named[0])) & set(words(text)) and not _tells_all_but_the_name(asked, named[0], text)


def _tells_all_but_the_name(asked: Asked, name: str, text: str) -> bool:
    """Say whether a text holds all that is asked but whose it is, and speaks of nobody: "found: one passport"."""
    rest = set(asked.stems) - {stem(part) for part in words(name)}
    return bool(rest) and rest <= {stem(word) for word in words(text)} and count_pronouns(text) == (0, 0)


def _is_sure(asked: Asked, sentence: Sentence, source: Recollection, best: Sequence[Recollection]) -> bool:
    """Say whether what a sentence names can stand alone: its text holds enough of what is asked, or fits very well."""
    if not asked.stems:
        return True
    if asked.own and not shares_a_word(replace(asked, stems=asked.own), source):
        return False
    if _lacks_a_name(asked, source, best):
        return False
    if asked.wanted in _TIMES and persons.tells_of_relation(sentence.text, asked):
        return False
    is_deed = asked.wanted in ("person", "place") and not asked.own
    names_one = is_deed or asked.wanted == "count"
    if sentence.overlap == 0 and not sentence.replies and (names_one or len(source.passage.text) > _SHORT):
        return False
    is_day_told = asked.wanted == "date" and not asked.own and not dates.names_a_time(sentence.text)
    if is_day_told and dates.looks_back(asked) and _tells_another_day(sentence, source):
        return False
    enough = _ENOUGH_OF_A_DEED if is_deed or is_day_told else _ENOUGH
    enough = _ENOUGH_TRANSLATED if asked.translated else enough
    if asked.wanted in _OF_A_PERSON and _is_of_another(asked, sentence, source, best):
        return False
    asks_of_author = bool(set(words(source.passage.author)) & set(words(asked.text)))  # "you" was who is asked about
    is_reply = (
        sentence.replies >= enough
        and not is_deed
        and not is_day_told
        and (asks_of_author or not _SPEAKS_TO.search(question_before(asked, source)))
    )
    if sentence.whole >= enough or is_reply:
        return True
    return asked.language == "en" and source.relevance >= _FITS_WELL and not is_deed and not is_day_told


def _tells_another_day(sentence: Sentence, source: Recollection) -> bool:
    """Say whether something was told of before it was: it is only planned, or "to be held on 24 June" follows."""
    text = source.passage.text
    return looks_ahead(sentence.text) or (len(text) > _SHORT and dates.names_a_time(text))


def _lacks_a_name(asked: Asked, source: Recollection, best: Sequence[Recollection]) -> bool:
    """Say whether a text lacks a name of the question that another one has: a flight to KL is not any flight."""
    writers = {part for author in _authors(best) for part in words(author)}
    names = [name for name in names_in(asked.text) if writers.isdisjoint(words(name))]
    return any(not _tells_name(source, name) and any(_tells_name(each, name) for each in best) for name in names)


def _tells_name(recollection: Recollection, name: str) -> bool:
    said = (each.text for each in (recollection.passage, *recollection.context))
    return holds_name("\n".join((recollection.passage.conversation.title, *said)), name)


def _authors(best: Sequence[Recollection]) -> list[str]:
    """Return everybody who speaks in recollections or just before them."""
    said = [passage for each in best for passage in (each.passage, *each.context)]
    return list(dict.fromkeys(passage.author for passage in said if passage.author))


def _name(asked: Asked, sentence: Sentence, best: Sequence[Recollection], zone: tzinfo | None) -> str | None:
    """Return the date, person, place or number that a sentence names for what is asked."""
    said = best[sentence.at].passage
    match asked.wanted:
        case "date":
            when = dates.when_of(sentence.text, said.said_at, zone, asked)
            if when and not dates.is_in_month_asked(when, asked.text):
                return None
            day = dates.in_language(when, asked.language) if when else ""
            clock = None if dates.looks_back(asked) else amounts.clock_of(sentence.text)
            return ", ".join(filter(None, (day, clock))) or None
        case "clock":
            return amounts.clock_of(sentence.text)
        case "person":
            is_told = not asks_something(sentence.text)  # who asks who did it is not who did it
            return persons.person_of(sentence.text, said.author, _authors(best), asked) if is_told else None
        case "place":
            return places.place_of(sentence.text, asked)
        case "count":
            return amounts.count_of(sentence.text, asked)
        case "amount":
            beside = f"{said.author} {said.text if len(said.text) <= _SHORT else sentence.text}"
            return amounts.money_of(sentence.text, asked) if amounts.is_beside(beside, asked) else None
        case "duration":
            return amounts.duration_of(sentence.text, asked)
        case "email" | "phone" | "link":
            return contacts.contact_of(sentence.text, asked.wanted)
        case _:
            return None
