"""The short answer to a question, found by rules in what was recalled, and the quote that it rests on.

It is what answers where there is no language model, and what answers of one are held against.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import tzinfo

from bot.answering.checks.wordings import is_hypothetical
from bot.answering.citations import defuse, spoken_on
from bot.answering.quoting import dates
from bot.answering.quoting.alternatives import offered_in
from bot.answering.quoting.amounts import clock_of
from bot.answering.quoting.birthdays import asks_birthday, birth_told, is_wish, speaks_of_birthday
from bot.answering.quoting.confidence import NamedAnswer, authors_of, stands_alone
from bot.answering.quoting.contacts import may_tell_contact
from bot.answering.quoting.extraction import Candidate, find_wanted, names_wanted
from bot.answering.quoting.question_words import Wanted
from bot.answering.quoting.sentences import (
    MOST_ASKED_BACK,
    PAIR,
    Sentence,
    asks_anywhere,
    asks_something,
    holds_a_word,
    question_before,
    rank_sentences,
    shares_a_word,
)
from bot.answering.quoting.shorten import shorten
from bot.answering.quoting.spans import best_span
from bot.answering.quoting.wanted import NAMED, Asked, read_question, stem
from bot.translation import current_language, match_language, speaking
from memory import Passage, Recollection
from memory.search.names import find_named
from memory.search.segment import words
from memory.search.stopwords import STOP_WORDS

_LOOKED_AT = 12
"""Recollections that are read, at most."""
_VERY_NEAR = 0.48
"""Relevance by meaning alone, which is at most one half, from which a text in another language is believed."""
_ABOUT_AS_MUCH = 0.75
"""Share of what the best sentence holds of the question."""
_TRIED = 6
"""Sentences that may name what is asked for, before the best one is merely quoted."""
_WORKED_OUT: frozenset[Wanted] = frozenset({"date", "clock", "amount"})
"""What rules work out more surely than a small model does. Of dates only which one in the quoted text answers: what was
booked for 12 June was not booked on that day. Of others the model's is more often right (measured)."""
_TOLD_BY_WHO_AND_WHEN: frozenset[Wanted] = frozenset({"date", "person", "truth"})
"""What a text can answer that repeats the question: by its author, its day, or by being said at all."""


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """What answers a question in a few words, and the recollection that holds it.

    `is_named` says that the words can stand alone ("3 May 2024"); else they are the telling part of the quote.
    """

    text: str
    recollection: Recollection
    is_named: bool
    wanted: Wanted = "thing"
    is_birthday: bool = False
    """Whether it is when somebody was born, of which a year alone says too little."""

    def contradicts(self, answer: str) -> bool:
        """Say whether an answer names another date, time, sum or person than the one that was found here."""
        if self.is_named and self.wanted == "person":
            return not set(words(answer)) & set(words(self.text))
        if not self.is_named or self.wanted not in _WORKED_OUT:
            return False
        said = _figures(answer)
        if self.is_birthday and said != _figures(self.text):
            return True
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
        with speaking(match_language(read_question(question).language) or current_language()):
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
    ranked = rank_sentences(asked, best, lambda sentence: _names_it(sentence, asked))
    named = _first_named(asked, ranked, best, zone)
    if named is not None:
        return named
    own = read_question(question)
    ranked = [
        each
        for each in ranked
        if _may_tell(best[each.at].passage, asked) and _adds_to(own, asked.wanted, each, best[each.at].passage)
    ]
    if not ranked:
        return None
    first = _tells_best(asked, ranked) if asked.wanted == "truth" else ranked[0]
    at = _told_by(first, ranked, best, asked)
    told = [sentence for sentence in ranked if sentence.at == at]
    return ShortAnswer(best_span(asked, told), best[at], is_named=False)


def is_of_nobody_asked(asked: Asked, found: ShortAnswer, recollections: Sequence[Recollection]) -> bool:
    """Say whether a question names somebody who wrote, and a quote is neither theirs, nor speaks of or with them."""
    people = {each.passage.author for each in recollections}.intersection(authors_of(recollections))
    named = frozenset[str]().union(*find_named(asked.text, people).values())
    said = found.recollection
    if found.is_named or not named or any(each.author in named for each in (said.passage, *said.context)):
        return False
    names = {part for person in named for part in words(person)}
    return names.isdisjoint(words(said.passage.text))


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


def _names_it(sentence: str, asked: Asked) -> bool:
    """Say whether a sentence names something of the kind that is asked for; a day may be told by its hour."""
    return names_wanted(sentence, asked) or (asked.wanted == "date" and clock_of(sentence) is not None)


def _may_tell(passage: Passage, asked: Asked) -> bool:
    """Say whether a text may tell an address or a birthday, where one is asked for."""
    return may_tell_contact(passage.text, asked.wanted) and (
        not asks_birthday(asked) or speaks_of_birthday(passage, asked)
    )


def _adds_to(asked: Asked, wanted: Wanted, sentence: Sentence, passage: Passage) -> bool:
    """Say whether a text says more than the question does: "what did you order?" is not answered by "I ordered it".

    Who said it or when may be all that is wanted; and a reply may be short. What the question leans on is no part of
    `asked`: a text may well be the one that it is about.
    """
    if wanted in _TOLD_BY_WHO_AND_WHEN:
        return True
    if sentence.replies:
        return bool(words(passage.text))
    common = STOP_WORDS.get(asked.language, STOP_WORDS["en"]) | STOP_WORDS["en"]
    return any(
        word not in common and not any(stem(word).startswith(each) for each in asked.stems)
        for word in words(passage.text)
    )


def _told_by(first: Sentence, ranked: Sequence[Sentence], best: Sequence[Recollection], asked: Asked) -> int:
    """Return where a sentence was said; if it asks, and something recalled replies to it, where that was."""
    told = first
    for _ in range(MOST_ASKED_BACK):
        asking = best[told.at].passage
        replies = [each for each in ranked if _may_reply(each, asking, best)]
        if not asks_something(told.text):
            replies = [each for each in replies if _tells_figure(each.text, asking.text, asked)]
        if not replies:
            break
        told = replies[0]
    return told.at


def _tells_figure(reply: str, asking: str, asked: Asked) -> bool:
    """Say whether a reply has the figure that is asked for, which the text before it asks for among other things."""
    wants_figure = asked.wanted in NAMED and asked.wanted not in ("person", "place")
    return wants_figure and asks_anywhere(asking) and not names_wanted(asking, asked) and any(map(str.isdigit, reply))


def _may_reply(sentence: Sentence, asking: Passage, best: Sequence[Recollection]) -> bool:
    """Say whether a text may reply to a message that asks: it follows it, and of several people's is about the same."""
    source = best[sentence.at]
    if sentence.replies:
        return asking.id in {each.id for each in source.context}
    is_next = bool(source.context) and source.context[-1].id == asking.id
    return is_next and source.passage.author != asking.author and len(authors_of(best)) <= PAIR


def _first_named(
    asked: Asked, ranked: Sequence[Sentence], best: Sequence[Recollection], zone: tzinfo | None
) -> ShortAnswer | None:
    """Return what the best sentence names that names what is asked for; None where a better one is rather quoted."""
    authors = authors_of(best)

    def find(sentence: Sentence) -> str | None:
        return find_wanted(Candidate(sentence.text, best[sentence.at].passage, authors, zone), asked)

    for sentence in _order_days(asked, ranked, best)[:_TRIED] if asked.wanted in NAMED else ():
        text = find(sentence)
        if text:
            rivals = {find(each) for each in ranked if _is_rival(each, sentence)} - {None}
            sure = rivals <= {text} and stands_alone(NamedAnswer(asked, sentence, best[sentence.at], best))
            sure = sure and not any(_asks_for_it(each, sentence, asked) for each in ranked)
            if not sure and asked.wanted == "person" and sentence.overlap < ranked[0].overlap:
                return None
            return ShortAnswer(text, best[sentence.at], sure, asked.wanted, asks_birthday(asked))
    return None


def _order_days(asked: Asked, ranked: Sequence[Sentence], best: Sequence[Recollection]) -> list[Sentence]:
    """Put a day that is settled before one that is only considered, and for a birthday what tells it, then the wishes.

    "We are looking at 18–23 January" gives way to "booked for 12 January". Where no day is asked for nothing changes.
    """
    if asks_birthday(asked):
        told = {each for each in ranked if birth_told(each.text, best[each.at].passage, None, asked)}
        return sorted(ranked, key=lambda each: (each not in told, not is_wish(each.text)))
    ordered = list(ranked)
    timed = [each for each in ordered if dates.names_a_time(each.text)] if asked.wanted == "date" else []
    if timed and is_hypothetical(timed[0].text):
        settled = (each for each in timed if each.overlap >= timed[0].overlap and not is_hypothetical(each.text))
        better = next(settled, None)
        if better is not None:
            ordered.insert(ordered.index(timed[0]), ordered.pop(ordered.index(better)))
    return ordered


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
