"""Answers to "who writes the most?" and "how many messages did Ann write in May?": counted, not recalled."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.answering.quoting.dates import in_language, window_label
from bot.answering.quoting.wanted import read_question
from bot.answering.records import Answer, AnswerOptions, Question, Stopwatch
from bot.answering.results import answer_in_own_words
from memory import AuthorCount, Memory, TimeWindow
from memory.patterns import compile_on_use
from memory.search.names import find_named
from memory.search.segment import words
from memory.search.stopwords import STOP_WORDS
from memory.timeline.expressions import question_window

_MOST_LISTED = 10
_LOOKED_AT = 200
_HOW_MANY = compile_on_use(
    r"^\W{0,3}(?:(?:so|and|und|y|et|e|en|ok|okay) )?(?:how many (?:whats?app |chat |text )?(?:messages|texts|msgs)"
    r"|wie ?viele (?:nachrichten|mitteilungen)|cu[aá]ntos mensajes|combien de messages|quanti messaggi"
    r"|quantas mensagens|hoeveel berichten)\b",
    re.IGNORECASE,
)
_WHO_MOST = compile_on_use(
    r"^\W{0,3}(?:who (?:writes?|wrote|sends?|sent|texts?|texted|posts?|posted|talks?|talked|has (?:written|sent))"
    r" (?:the )?most(?: messages| texts)?"
    r"|wer (?:schreibt|schrieb|hat|schickt)(?P<german>(?: [\w.]+){0,4}) (?:am meisten|die meisten nachrichten)"
    r"|qui[eé]n (?:escribe|escribi[oó]|manda|mand[oó]|env[ií]a|envi[oó]|ha (?:escrito|mandado|enviado)) m[aá]s"
    r"(?: mensajes)?|qui (?:écrit|a écrit|envoie|a envoyé) le plus(?: de messages)?"
    r"|chi (?:scrive|ha scritto|manda|ha mandato) (?:di più|più messaggi)"
    r"|quem (?:escreve|escreveu|manda|mandou|envia|enviou) mais(?: mensagens)?"
    r"|wie (?:schrijft|schreef|stuurt|stuurde|heeft)(?P<dutch>(?: [\w.]+){0,4}) (?:het meeste?|de meeste berichten))\b",
    re.IGNORECASE,
)
_WORDS_BESIDE = """
    write writes wrote written send sends sent post posted exchange exchanged total altogether chat group all ever far
    geschrieben schreiben schreibt schrieb geschickt gesendet insgesamt gruppe bisher gibt hier so
    escribe escribió escribieron escrito mandó mandado envió enviado grupo hay
    écrit écrite écrits envoyé groupe tout scritto scrive mandato inviato totale gruppo
    escreveu mandou enviou geschreven schreef schrijft gestuurd stuurde totaal groep er zijn"""
_BESIDE = frozenset(_WORDS_BESIDE.split())
"""Words that such a question may hold besides names, times and small words; with any other it is about something."""
_WORDS_OF_ONE = """
    i me my you your he him she ich mich du sie ihr yo tú tu él ella je moi il elle io lui eu você ik"""
_OF_ONE = frozenset(_WORDS_OF_ONE.split())
"""Who wrote, said without a name."""
_MESSAGES = {
    "en": ("message", "messages"),
    "de": ("Nachricht", "Nachrichten"),
    "es": ("mensaje", "mensajes"),
    "fr": ("message", "messages"),
    "it": ("messaggio", "messaggi"),
    "pt": ("mensagem", "mensagens"),
    "nl": ("bericht", "berichten"),
}


@dataclass(frozen=True, slots=True)
class _CountAsked:
    """What is to be counted: whose messages, of everybody where nobody is named, and of which time."""

    people: frozenset[str]
    window: TimeWindow | None


class MessageCounter:
    """Counts messages for questions about how much was written."""

    def __init__(self, memory: Memory, options: AnswerOptions) -> None:
        self._memory = memory
        self._options = options

    async def tell(self, question: Question, clock: Stopwatch) -> Answer | None:
        """Tell who wrote how much; None where the question is about something else. Raises MemoryStoreError."""
        text = " ".join(question.text[:_LOOKED_AT].split())
        most = _WHO_MOST.match(text)
        found = most or _HOW_MANY.match(text)
        if found is None:
            return None
        everybody = await self._memory.browsing.count_authors(question.scope)
        zone = self._options.zone
        now = question.now if zone is None else question.now.astimezone(zone)
        asked = _read(text, found, now, [each.author for each in everybody])
        if asked is None:
            return None
        counts = everybody
        if asked.window is not None:
            start, end = asked.window.start, asked.window.end
            counts = await self._memory.browsing.count_authors(question.scope, since=start, until=end)
        clock.recalled = clock.elapsed()
        chosen = [each for each in counts if not asked.people or each.author in asked.people]
        answer = answer_in_own_words(question, _say(chosen, asked, text, now, most=most is not None), clock)
        # It goes with whom it names, at the latest with the last of their messages.
        named = [each for each in everybody if each.author in asked.people] or chosen[: _MOST_LISTED + 1]
        return replace(answer, drawn_from=tuple(sorted(each.newest for each in named)))


def _read(text: str, found: re.Match[str], now: datetime, authors: Sequence[str]) -> _CountAsked | None:
    """Return what a question wants counted; None where more than names, times and verbs of writing is left of it.

    `found` is its beginning; in some languages the time stands within: "wer hat im Juni die meisten ...".
    """
    within = [each for each in found.groupdict().values() if each]
    rest = " ".join([*within, text[found.end() :]])
    window = question_window(rest, now)
    named = find_named(rest, set(authors))
    known = {*named, *(words(window.words) if window is not None else ())}
    small = STOP_WORDS.get(read_question(text).language, frozenset()) | STOP_WORDS["en"]
    left = [each for each in words(rest) if each not in known]
    if any(each in _OF_ONE or (each not in _BESIDE and each not in small) for each in left):
        return None
    return _CountAsked(frozenset[str]().union(*named.values()), window)


def _say(counts: Sequence[AuthorCount], asked: _CountAsked, text: str, now: datetime, *, most: bool) -> str:
    """Return the number of messages and their days, and below it who wrote how many, where that are several.

    `most` asks for who wrote most of them, and has them first.
    """
    language = read_question(text).language
    told = counts[:1] if most else counts
    names = {each.author for each in told} if most else asked.people
    head = f"{', '.join(sorted(names))}: " if names else ""
    total = _number(sum(each.messages for each in told), language)
    lines = [f"{head}{total}{_days(told, asked.window, language, now)}"]
    listed = counts[len(told) :] if most else counts
    if len(counts) > 1:
        lines += [f"{each.author}: {each.messages}" for each in listed[:_MOST_LISTED]]
    if len(counts) > 1 and len(listed) > _MOST_LISTED:
        lines.append(f"… (+{len(listed) - _MOST_LISTED})")
    return "\n".join(lines)


def _number(count: int, language: str) -> str:
    one, several = _MESSAGES.get(language, _MESSAGES["en"])
    return f"{count} {one if count == 1 else several}"


def _days(counts: Sequence[AuthorCount], window: TimeWindow | None, language: str, now: datetime) -> str:
    """Return the time asked for, else that from the first message to the last, in brackets."""
    if window is None and counts:
        first, last = min(each.first for each in counts), max(each.last for each in counts)
        zone = now.tzinfo
        window = TimeWindow(first.astimezone(zone), last.astimezone(zone), "")
    return f" ({in_language(window_label(window), language)})" if window is not None else ""
