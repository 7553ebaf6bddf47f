"""Numbers that questions ask for: how many, how much, how long, at what o'clock."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.answering.quoting.wanted import Asked, stem
from memory.patterns import compile_on_use
from memory.search.segment import words
from memory.search.stopwords import LANGUAGES_OF

_NUMBER_WORDS = """
    one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen twenty thirty forty fifty
    hundred dozen couple
    zwei drei vier fünf sechs sieben acht neun zehn elf zwölf zwanzig
    dos tres cuatro cinco seis siete ocho nueve diez once doce veinte
    deux trois quatre cinq sept huit neuf dix onze douze vingt
    due tre quattro cinque sei sette otto nove dieci undici dodici venti
    dois duas três quatro sete oito dez onze doze vinte
    twee vier vijf zes zeven acht negen tien
    два две три четыре пять шесть семь восемь девять десять пяти девяти тысячи тысяч"""
_WORD = "|".join(sorted(set(_NUMBER_WORDS.split()), key=len, reverse=True))
_DIGITS = r"\d{1,3}(?:[ .,\u00a0]\d{3}){1,6}(?:[.,]\d{1,2})?|\d{1,18}(?:[.,]\d{1,2})?"
_ONE = rf"(?:{_DIGITS}|\b(?:{_WORD})\b)"
_COUNT = compile_on_use(rf"(?<![\w:./#-]){_ONE}(?:\s?[-–]\s?{_ONE})?(?![\w:/#])", re.IGNORECASE)
_CURRENCY = (
    r"€|\$|£|¥|₺|₽|zł|kr|euros?|eur|dollars?|usd|pounds?|gbp|bucks|francs?|chf|reais|real|rubles?|рублей|руб|lira|yen|円|元|원"
    r"|cents?|quid|grand"
)
_MONEY = compile_on_use(
    rf"(?:[€$£¥₺₽]\s?(?:{_DIGITS})\s?[kK]?)"
    rf"|(?:(?:{_DIGITS}|\b(?:{_WORD})\b(?: (?:{_WORD})\b)*)\s?(?:{_CURRENCY})(?!\w))",
    re.IGNORECASE,
)
_UNIT = (
    r"years?|months?|weeks?|days?|hours?|minutes?|seconds?|mins?|nights?|weekends?|jahren?|jahre|monaten?|wochen?"
    r"|tagen?|stunden?|minuten|nächten?|nächte|años?|meses|semanas?|días?|horas?|minutos?|noches?|ans?|années?|mois"
    r"|semaines?|jours?|heures?|nuits?|anni|mesi|settimane|giorni|ore|minuti|notti|anos?|dias?|noites?|jaar|weken|dagen"
    r"|лет|года|год|месяцев|дней|часов|минут"
)
_DURATION = compile_on_use(
    rf"(?:{_ONE}(?:\s?[-–]\s?{_ONE})?|\ban?\b|\ba few\b|\bhalf an?\b)[\s-](?:{_UNIT})\b", re.IGNORECASE
)
_LENGTH = compile_on_use(
    rf"\d|\b(?:{_UNIT}|{_WORD}|decades?|century|centuries|summer|winter|moment|while|since|until|till|always|ever"
    r"|forever|never)\b",
    re.IGNORECASE,
)
_MEASURE = "hrs?|hours?|stunden|std|horas|heures|ore|uur|km|miles?|kg|m|%|€|£|eur|euros?"
_AT = r"\b(?:at|um|gegen|a las|à|alle|às|om|в|с)\s"
_CLOCK = compile_on_use(
    rf"(?<![\d.,:£$€~])(?:{_AT})?(?:"
    rf"\d{{1,2}}[:.h]\d{{2}}(?![\d.:]|,\d|\s?(?:{_MEASURE})(?!\w))"
    r"(?:\s?(?:am|pm|uhr|h)\b)?|\d{1,2}\s?(?:am|pm|a\.m\.|p\.m\.|uhr|h|o'clock|часов)(?!\w))"
    rf"|{_AT}"
    r"(?:half past |quarter (?:past|to) |halb |viertel (?:vor|nach) |half )?"
    rf"(?:noon|midnight|mittag|(?:{_WORD})(?=\b)(?: (?:y media|y cuarto|menos cuarto|e mezza|et demie|e meia)\b)?"
    r"|\d{1,2}(?![\d.,:/€$£%\w]))"
    r"|\b(?:by|until|till|bis|vor|para las|jusqu'à|entro le|até às|tot)\s\d{1,2}(?=\W{0,9}$|[,;!?)])"
    r"|(?:\d{1,2}|[一二三四五六七八九十]{1,3})\s?(?:시|時|点)",
    re.IGNORECASE,
)
_ENUMERATES = compile_on_use(r"\W{0,9}\d{1,2}[.)](?:\s|$)")
"""The number of an item in a list: "1. Erawan waterfalls"."""
_OTHER_WORDS = """
    other others more another weitere andere anderen otros otras autres altri altre outros outras"""
_OTHERS = frozenset(_OTHER_WORDS.split())
_WORDS = compile_on_use(r"\w+")
_LINK = compile_on_use(r"\bhttps?://\S+|\bwww\.\S+")
_EACH = compile_on_use(
    r"\b(?:each|apiece|per (?:person|head|capita)|everyone|pro (?:person|kopf)|jede[rm]?|cada|chacun\w*"
    r"|par personne|por (?:persona|pessoa)|a testa|a persona|ciascun\w*|per persoon|ieder\w*|elk\w*|кажд\w*)\b",
    re.IGNORECASE,
)
_SEVERAL = compile_on_use(r"(?<!\w)\d+ [^\W\d_]{2,}(?:,| and| und| y| et| e) \d+ [^\W\d_]{2,}")
"""Several things that are counted: "4 coffees, 6 natas"."""
_LEFT_OUT = compile_on_use(
    r"\b(?:without|except|excluding|besides|ohne|außer|sin|sans|sauf|senza|sem|zonder|без)\s+(?:for\s+)?(?:\w{1,3}\s+)?(\w+)",
    re.IGNORECASE,
)
_PAYING = """
    cost costs price prices paid pay pays spend spent owe owes total much money each bill
    kosten kostet gekostet preis bezahlt zahlt bezahlen schulden ausgegeben cuesta costó costaron precio pagó pagar debe
    coûte coûté prix payé payer doit costa costato prezzo pagato custa custou custaram preço pagou kost kostte gekost
    prijs betaald betaalt стоит стоил стоила стоило стоили цена заплатил заплатила"""
_PAYS = frozenset(stem(word) for word in _PAYING.split())
"""What only says that a sum is asked for, not of what."""
_BESIDE = 0.5
"""Share of what a sum is asked of that must stand beside it."""
_AFTER = 3
"""Words after a number that may be what it counts: "four Siamese kittens"."""


def clock_of(sentence: str) -> str | None:
    """Return the time of day that a sentence names: "at nine", "15:00"."""
    match = _CLOCK.search(sentence)
    return match[0].strip() if match else None


def money_of(sentence: str, asked: Asked) -> str | None:
    """Return the sum of money that a sentence names next to the question's words.

    A sum for all of them is no answer to what each of them pays, nor one for several things to what one cost.
    """
    if (_EACH.search(asked.text) and not _EACH.search(sentence)) or _SEVERAL.search(sentence):
        return None
    return _nearest(list(_MONEY.finditer(sentence)), sentence, asked)


def names_money(text: str) -> bool:
    """Say whether a text names a sum of money."""
    return bool(_MONEY.search(text))


def count_sums(text: str) -> int:
    """Return how many sums of money a text names."""
    return sum(1 for _ in _MONEY.finditer(text))


def names_duration(text: str) -> bool:
    """Say whether a text says how long something takes."""
    return bool(_DURATION.search(text))


def names_a_length(text: str) -> bool:
    """Say whether an answer to "how long?" holds any length at all: "6 m", "a few days", "since June", "forever"."""
    return bool(_LENGTH.search(text))


def names_count(text: str, asked: Asked) -> bool:
    """Say whether a text counts what a question counts."""
    noun = stem(asked.noun)
    return any(noun in map(stem, after) for _, after in _counts(text))


def is_beside(said: str, asked: Asked) -> bool:
    """Say whether what is said beside a sum holds what it is asked of: "612 € for the hotel"."""
    if leaves_out(said, asked):
        return False
    things = {each for each in asked.stems if each not in _PAYS}
    held = things & {stem(word) for word in words(said)}
    return not things or (bool(held) if asked.translated else len(held) >= _BESIDE * len(things))


def leaves_out(said: str, asked: Asked) -> bool:
    """Say whether a sum is told without what is asked for: "without the hotel 217,80"."""
    return any(stem(match[1]) in asked.stems for match in _LEFT_OUT.finditer(said))


def duration_of(sentence: str, asked: Asked) -> str | None:
    """Return how long a sentence says that something took: "four years"."""
    return _nearest(list(_DURATION.finditer(sentence)), sentence, asked)


_CLOCK_REST = compile_on_use(
    r"[.:]\d\d(?:\s?[ap]\.?m\b|\s?(?:uhr|h)\b|(?!\d))|\s?[ap]\.?m\b|\s?(?:uhr|o['’]clock)\b", re.IGNORECASE
)
"""What follows the hour of a time of day."""


def count_of(sentence: str, asked: Asked) -> str | None:
    """Return the number in a sentence that counts what the question counts: "four kittens"."""
    noun = stem(asked.noun)
    counted = [
        (match, after) for match, after in _counts(sentence) if noun and any(stem(word) == noun for word in after)
    ]
    if counted:
        match, after = min(counted, key=lambda each: _distance(each[0].start(), sentence, asked))
        if sentence[match.end() : match.end() + 1] == "-":
            return match[0]  # "2-bathroom" says two of them
        upto = next(at for at, word in enumerate(after) if stem(word) == noun)
        return " ".join([match[0], *after[: upto + 1]])
    loose = [match for match, after in _counts(sentence) if not _counts_another(after)]
    return loose[0][0] if len(loose) == 1 else None


def _counts_another(after: list[str]) -> bool:
    """Say whether a number is followed by a thing that it counts, which is not what was asked: "one other person"."""
    if not after:
        return False
    first = after[0].casefold()
    return first in _OTHERS or first not in LANGUAGES_OF


def _counts(sentence: str) -> Iterator[tuple[re.Match[str], list[str]]]:
    """Yield the numbers of a sentence that may count something, with the words after each; "6.30pm" counts nothing."""
    links = [match.span() for match in _LINK.finditer(sentence)]
    enumerates = _ENUMERATES.match(sentence)
    begins = enumerates.end() if enumerates else 0
    for match in _COUNT.finditer(sentence):
        if any(start <= match.start() < end for start, end in links):
            continue
        if match.start() < begins or _CLOCK_REST.match(sentence, match.end()):
            continue
        clause = re.split(r"[,;.!?()]", sentence[match.end() : match.end() + 60], maxsplit=1)[0]
        yield match, clause.lstrip("-").split()[:_AFTER]


def _nearest(matches: list[re.Match[str]], sentence: str, asked: Asked) -> str | None:
    """Return the match that stands nearest to the question's words."""
    if not matches:
        return None
    hits = [at for word in words(sentence) if stem(word) in asked.stems and (at := sentence.casefold().find(word)) >= 0]
    best = min(matches, key=lambda match: min((abs(match.start() - at) for at in hits), default=match.start()))
    return best[0].strip()


def _distance(start: int, sentence: str, asked: Asked) -> int:
    """Return how far a place in a sentence is from the question's words, summed over those that it holds."""
    places: dict[str, list[int]] = {}
    for match in _WORDS.finditer(sentence.casefold()):
        if (held := stem(match[0])) in asked.stems:
            places.setdefault(held, []).append(abs(match.start() - start))
    return sum(map(min, places.values()))
