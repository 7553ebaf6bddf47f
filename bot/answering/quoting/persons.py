"""Who did or has something: a name in the sentence, or the one who said it of themselves."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.answering.quoting.dates import MONTH_NUMBERS
from bot.answering.quoting.wanted import Asked, language_of, stem
from memory.patterns import compile_on_use
from memory.search.segment import words
from memory.search.stopwords import LANGUAGES_OF

_FIRST_PERSON = compile_on_use(
    r"\b(?:I|I'm|I've|I'll|we|my|me|ich|wir|mein\w*|yo|hemos|je|j'ai|nous|io|ho|eu|nós|ik|wij|я|мы|мне|мой|ben)\b",
    re.IGNORECASE,
)
_SUBJECT = compile_on_use(
    r"\b(?:I|I'm|I've|I'll|we|we've|ich|wir|yo|nosotros|je|j'ai|nous|io|eu|nós|ik|wij|я|мы|ben|biz|minä)\b",
    re.IGNORECASE,
)
_DOES = compile_on_use(
    r"^(?:\w+,? )??(?:I|I'm|I've|I'll|we|we've|ich|wir|yo|nosotros|je|j'ai|nous|io|eu|nós|ik|wij|я|мы)\s"
    r"((?:(?:have|had|did|just|already|habe|haben|he|hemos|ai|avons|ho|abbiamo|heb|hebben|am|are|will)\s)?\S+)",
    re.IGNORECASE,
)
"""The deed of who says a sentence that begins with them."""
_OF_ANOTHER = compile_on_use(
    r"^(?:\w+[,!] |lol |ok |so |and |but |well )?(?:the|this|that|my|our|your|his|her|their|he|she|they|it|somebody"
    r"|someone|der|die|das|ein|eine|mein\w*|unser\w*|er|sie|es|jemand|el|la|los|las|un|una|mi|mis|su|él|ella|alguien|le"
    r"|les|une|mon|ma|mes|il|elle|on|quelqu'un|lo|gli|i|mio|mia|lui|lei|qualcuno|o|a|os|as|um|uma|meu|minha|ele|ela"
    r"|alguém|de|het|een|mijn|hij|zij|iemand|он|она|они|мой|моя|кто-то"
    r"|\S+ (?:is|are|was|were|ist|sind|war|es|est|è|é))\s",
    re.IGNORECASE,
)
"""How a sentence begins whose subject is not who says it."""
_ANOTHER_DOES = compile_on_use(
    r"\b(?:he|she|they|er|sie|él|ella|elle|il|ils|lui|lei|ele|ela|hij|zij|он|она|они)(?:['’]s|['’]ll)?\s+(\w+)",
    re.IGNORECASE,
)
_ANOTHER_BEFORE = compile_on_use(
    r"(?:\s(?!I\b)[A-ZÀ-ÞА-ЯЁ][\w'’-]{1,40}|(?<!one)\s(?:that|who|he|she|they|someone|somebody|everyone|people|guys))"
    r"(?:['’](?:s|ll|d|ve|re))?\s+"
    r"(?:(?:has|had|have|will|would|just|already|also|did|is|was|are|were|might|may|can|could|should|wants|to|still|now|all"
    r"|both|not|been|be|always)\s+){0,3}$"
)
"""Whose deed the next word is, within a sentence: "we hope Ana will", "a lady that"."""
WHO_IS_NAME = compile_on_use(
    r"^\W*(?i:(?:and |so |but |und |y |et |e )?(?:who(?:['’]s| is| was)|wer (?:ist|war)|quién (?:es|era)"
    r"|qui (?:est|était)|chi (?:è|era)|quem (?:é|era)|wie is|кто (?:такой|такая|это)|kto (?:to )?jest))"
    r"\s+[A-ZÀ-ÞА-ЯЁ][\w'’-]*(?:\s[A-ZÀ-ÞА-ЯЁ][\w'’-]*)?\W*$"
)
"""What asks who somebody is of whom only the name is known: another name beside it says nothing of that."""
_ANOTHER_HAS = compile_on_use(r"\b(?!ha\b)\w{2,40}\s(?:hat|has|hasn['’]t|heeft|ha)\s", re.IGNORECASE)
"""Third persons that have done something: "pras hat abgesagt"."""
_SOUGHT = compile_on_use(
    r"\b(?:gesucht|wanted|se buscan?|cercasi|recherchée?s?|procura[mn]?-se|gezocht)\b", re.IGNORECASE
)
"""What calls for somebody, and tells of nobody."""
_YOU_DO = compile_on_use(
    r"\byou(?:['’](?:ll|ve|re|d)|\s(?:will|need|can|could|should|must|have|had|might|may|want|are|were|do|did|get|got|go))\b"
    r"|\b(?:du|ihr)\s\w{1,30}t\b|\b\w{1,30}st\sdu\b|\b(?:tú|tu|vous|vosotros|você|jij|ты|вы)\s\w{2,30}"
    r"|\b(?:tienes|eres|estás|t['’]as|hai|je (?:hebt|bent)|heb je)\b",
    re.IGNORECASE,
)
"""What a sentence says of who is spoken to."""
_TITLED = compile_on_use(
    r"(?:^|\s)(?:(?:Frau|Herrn?|Familie|Dr\.?|Onkel|Tante|Oma|Opa)\s|(?:mit|von|bei) )"
    r"(?!\w+(?:ung|heit|keit)\b)[A-ZÄÖÜ]\w+(?:\s[A-ZÄÖÜ]\w+)?$"
)
_IS_WHO = compile_on_use(
    r"^\W*(?:and |und |y |et |e )?(?:who(?:['’]s| is| are| was)|wer (?:ist|war)|quién (?:es|era)|qui est|chi (?:è|era)"
    r"|quem (?:é|era)|wie is|кто (?:такой|такая|это)|kto (?:to )?jest)\s+(?:the|our|my|your|der|die|unser\w*|mein\w*"
    r"|el|la|tu|nuestr[oa]|le|notre|il|lo|o|a|nosso|nossa|onze|de|наш\w*|(?-i:[A-ZÀ-Þ]\w+(?:\s[A-ZÀ-Þ]\w+){0,2})\s*\?)",
    re.IGNORECASE,
)
"""Who somebody is, not who did something: that is not simply who speaks."""
_HAS = compile_on_use(
    r"\b(?:у кого|у кому|bei wem|who has|who['’]s got|wer hat|quién tiene|qui a|chi ha|quem tem|wie heeft|kto ma)\b",
    re.IGNORECASE,
)
_WHO_DOES = compile_on_use(r"\bwho(?:['’]s| is| are| was| were| will be| has been)\s+doing\b", re.IGNORECASE)
_DO = frozenset({"do", "does", "did", "doing"})
_NAME = compile_on_use(r"(?<!\w)[A-ZÀ-ÖØ-ÞА-ЯЁ][\w'’-]+(?:\s(?:de|da|do|von|van|di)?\s?[A-ZÀ-ÖØ-ÞА-ЯЁ][\w'’-]+)*")
_RELATION = compile_on_use(
    r"\b(?:my|our|mein(?:e|er|em)?|mi|ma|mon|mia|mio|minha|meu)\s(?:\w+\s)?(?:mother|mom|mum|father|dad|sister|brother|son|"
    r"daughter|wife|husband|friends?|grandma|grandmother|grandpa|grandfather|aunt|uncle|cousin|boss|neighbou?rs?|kids|"
    r"children|parents|family|partner|colleagues?|mutter|vater|schwester|bruder|freundin?|oma|opa|hermana|hermano|madre|"
    r"padre|mère|père|sœur|frère|sorella|fratello|irmã|irmão|mãe|pai)\b",
    re.IGNORECASE,
)
_CLAUSE = compile_on_use(
    r"[,;:.!]\s+|\s(?:and|but|because|so|und|aber|weil|y|pero|porque|et|mais|car|e|ma|perché|mas|en|maar)\s"
)
_SPOKEN_TO = compile_on_use(
    r"(?:^|[,!?]\s*)(?:hey|hi|thanks|thank you|hello|wow|yeah|oh|danke|hallo|hola)[,!]?\s+$", re.IGNORECASE
)
_WITH = compile_on_use(r"\b(?:with|by|from|bei|mit|von|con|de|avec|par|da|com|chez|у|to)\s+$", re.IGNORECASE)


_WORD = compile_on_use(r"[^\W\d_][\w'’]*")
_LOOKED_AT, _BEFORE = 2000, 80
"""Characters of a sentence in which a deed is looked for, and those before it that say whose it is."""
_DEEDS = 2
"""Words of a question, from the front, that may say what is done: "who wants to learn", "who won"."""
_LONGEST_INITIALS = 3
"""Letters of a name that is written in capitals, at most: "JR" is one."""
_MONTH_STEMS = frozenset(map(stem, MONTH_NUMBERS))
_CALENDAR = """
    I I'm I've I'll Monday Tuesday Wednesday Thursday Friday Saturday Sunday January February March April May June July
    August September October November December OK Yes No Anyone Anybody Someone Somebody Everyone Everybody Nobody
    Jemand Alguien Alguém Qualcuno Quelqu'un Iemand"""
_NO_NAMES = frozenset(stem(word) for word in _CALENDAR.split())
"""Words that are written with a capital and name nobody."""


def person_of(sentence: str, author: str, authors: Sequence[str], asked: Asked) -> str | None:
    """Return who it is that a sentence tells of; `authors` are people known by name, whatever their case.

    None where it may be several: "I asked Ann, she waters them".
    """
    asked_names = set(words(asked.text))
    names = [each for each in _names(sentence, authors, asked) if not set(words(each[1])) <= asked_names]
    other = _find_handed(sentence, names) or _find_credited(sentence, names, authors)
    other = other or _find_relation(sentence, author, asked)
    if other:
        return other
    if WHO_IS_NAME.search(asked.text):
        return None
    may_be_author = bool(author) and not set(words(author)) <= asked_names and not _IS_WHO.search(asked.text)
    if may_be_author and _tells_of_author(sentence, asked, is_named=bool(names)):
        return author
    return names[0][1] if names and not _FIRST_PERSON.search(sentence[: names[0][0] + 1]) else None


def _find_handed(sentence: str, names: Sequence[tuple[int, str]]) -> str | None:
    """Return the first name that "with", "by", "from" or "to" stands before."""
    return next((name for at, name in names if _WITH.search(sentence[:at])), None)


def _find_credited(sentence: str, names: Sequence[tuple[int, str]], authors: Sequence[str]) -> str | None:
    """Return the only name in parentheses, as lists name who did or paid what: "hotel 612 (Mara)"."""
    credited = [name for at, name in names if name in authors and f"({name})" == sentence[at - 1 : at + len(name) + 1]]
    return credited[0] if len(credited) == 1 else None


def _find_relation(sentence: str, author: str, asked: Asked) -> str | None:
    """Return the author's relation that a question about the author asks for, or who does what is asked."""
    asked_names = set(words(asked.text))
    relation = None
    if set(words(author)) & asked_names:
        named = (match[0] for match in _RELATION.finditer(sentence))
        relation = next((each for each in named if not set(words(each)[1:]) & asked_names), None)
    if relation is None and author:
        relation = relation_doing(sentence, asked)
    if relation is None or asked.language != "en":
        return relation
    return f"{author}’s {relation.split(' ', 1)[1]}"


def _tells_of_author(sentence: str, asked: Asked, *, is_named: bool) -> bool:
    """Say whether a sentence tells what its author did; `is_named` says that it names somebody, too."""
    if is_named:
        return _begins_with_verb(sentence, asked) or _says_they_did(sentence, asked)
    is_own = speaks_of_self(sentence) or (_tells_of(sentence, asked) and not tells_of_others(sentence))
    return is_own and not is_done_by_another(sentence, asked)


def relation_doing(sentence: str, asked: Asked) -> str | None:
    """Return whose relation it is that does what is asked: "I'm off and my mum comes for the dogs" of the dogs."""
    clauses = [clause.strip() for clause in _CLAUSE.split(sentence)]
    held = [len({stem(word) for word in words(clause)}.intersection(asked.stems)) for clause in clauses]
    best = clauses[held.index(max(held))] if max(held, default=0) else ""
    opening = _RELATION.match(best)
    return opening[0] if opening and not set(words(opening[0])[1:]) & set(words(asked.text)) else None


def speaks_of_self(sentence: str) -> bool:
    """Say whether who says a sentence does something in it: "I paid", but not "it bit me"."""
    return bool(_SUBJECT.search(sentence))


def _tells_of(sentence: str, asked: Asked) -> bool:
    """Say whether a sentence holds more of a question than its dates and numbers, in English its deed as well.

    "By the loading bay" tells nothing of who made the noise there. Elsewhere the deed often stands in other words.
    """
    said = words(sentence)
    held = {stem(word) for word in said}.intersection(asked.stems)
    if asked.language == "en" and asked.stems and asked.stems[0] not in held:
        return False
    if _WHO_DOES.search(asked.text) and _DO.isdisjoint(said):  # "electrical estimated, they are on it"
        return False
    return not asked.stems or any(not each.isdecimal() and each not in _MONTH_STEMS for each in held)


def tells_of_another(sentence: str) -> bool:
    """Say whether a sentence's subject is, by how it begins, not who says it: "it lives in the folder"."""
    opening = _OF_ANOTHER.search(sentence)
    return opening is not None and not _FIRST_PERSON.search(opening[0])


def tells_of_relation(sentence: str, asked: Asked) -> bool:
    """Say whether a sentence's subject is a friend or relation who isn't asked about: "my friend is leaving today"."""
    opening = _RELATION.match(sentence.lstrip())
    return opening is not None and not {stem(each) for each in words(opening[0])[1:]} & set(asked.stems)


def tells_of_others(sentence: str) -> bool:
    """Say whether a sentence that leaves out who says it begins with another, or speaks of who is spoken to."""
    if _OF_ANOTHER.search(sentence) or _YOU_DO.search(sentence) or _SOUGHT.search(sentence):
        return True
    return bool(_ANOTHER_HAS.search(sentence)) and not _FIRST_PERSON.search(sentence)


def is_done_by_another(sentence: str, asked: Asked) -> bool:
    """Say whether it is another who does what is asked: "I asked her, and she waters them", "met a lady that won"."""
    if any(stem(match[1]) in asked.stems for match in _ANOTHER_DOES.finditer(sentence)):
        return True
    deeds = (match.start() for match in _WORD.finditer(sentence[:_LOOKED_AT]) if stem(match[0]) in asked.stems[:_DEEDS])
    first = next(deeds, None)
    return first is not None and _ANOTHER_BEFORE.search(sentence[max(0, first - _BEFORE) : first]) is not None


def _begins_with_verb(sentence: str, asked: Asked) -> bool:
    """Say whether a sentence begins with a word of the question: "booked the hotel" leaves out who says it."""
    opening = words(sentence[:40])[:1]
    return bool(opening) and stem(opening[0]) in asked.stems[:1] and not _HAS.search(asked.text)


def _says_they_did(sentence: str, asked: Asked) -> bool:
    """Say whether who says a sentence does in it what is asked: "I've booked the hotel, Rua da Rosa"."""
    deed = _DOES.match(sentence)
    return (
        deed is not None and any(stem(word) in asked.stems for word in words(deed[1])) and not _HAS.search(asked.text)
    )


def _names(sentence: str, authors: Sequence[str], asked: Asked) -> list[tuple[int, str]]:
    """Return the names in a sentence with where they stand; whoever is only spoken to is left out.

    In German every noun has a capital, so that there only a known name is one, and what a title stands before.
    """
    found = []
    all_capitals = language_of(sentence) == "de" or (asked.language == "de" and language_of(sentence) != "en")
    for match in _NAME.finditer(sentence):
        opening = match.start() == 0 or sentence[: match.start()].rstrip().endswith((".", "!", "?"))
        known = match[0] in authors
        spoken_to = bool(_SPOKEN_TO.search(sentence[: match.start()])) or (
            known and sentence[match.end() : match.end() + 1] in (",", "!", "?")
        )
        several = " " in match[0]
        following = sentence[match.end() :].split()[:2]
        does = any(stem(word) in asked.stems for each in following if each[:1].islower() for word in words(each))
        if spoken_to or stem(match[0]) in _NO_NAMES or stem(match[0]) in asked.stems:
            continue
        if all_capitals and not known and not _TITLED.search(f"{sentence[: match.start()]}{match[0]}"):
            continue
        if opening and not known and not several and (not does or match[0].casefold() in LANGUAGES_OF):
            continue
        if not known and match[0].isupper() and len(match[0]) > _LONGEST_INITIALS:
            continue  # shouted, or a label: "OPTION: 6 June"
        found.append((match.start(), match[0]))
    return found
