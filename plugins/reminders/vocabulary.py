"""The words of times in five languages: lower case, without accents, each with what it means.

A meaning is a kind and a value, as `plugins.reminders.lexer` yields them. Several words that stand for the same are
separated by bars.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from bot.answering import calendar_names

Value = int | str | tuple[int, str] | timedelta | None
Meaning = tuple[str, Value]

_MORNING, _AFTERNOON, _EVENING, _NIGHT = (9, "am"), (15, "pm"), (19, "pm"), (21, "pm")
_HALF_HOUR, _HOUR_AND_HALF = timedelta(minutes=30), timedelta(minutes=90)
_QUARTER = timedelta(minutes=15)


@dataclass(frozen=True, slots=True, eq=False)
class Vocabulary:
    """A language: the words that ask for a reminder, those that lead to what it is about, and those of times.

    `questions` are words after which somebody wants to hear something now: "remind me what Ann said".
    """

    trigger: str
    leads: str
    questions: str
    words: Mapping[str, Meaning]
    month_first: bool = False


def _words(language: str, table: Mapping[str, Meaning], numbers: str) -> dict[str, Meaning]:
    """Return what words mean: those of the table, numbers from one on, and the calendar's own in the language."""
    names = calendar_names(language)
    found: dict[str, Meaning] = {}
    found |= {word: ("unit", unit) for word, unit in names.units.items()}
    found |= {word: ("weekday", number) for word, number in names.weekdays.items()}
    found |= {word: ("month", number) for word, number in names.months.items()}
    found |= {word: ("number", number) for number, row in enumerate(numbers.split(), 1) for word in row.split("|")}
    return found | {word: meaning for words, meaning in table.items() for word in words.split("|")}


_ENGLISH = Vocabulary(
    trigger=r"(?:please )?(?:can you |could you )?remind (?:me|us)(?: please)?",
    leads=r"to|that|about|of|:",
    questions=r"what|who|whom|whose|when|where|why|how|which|if|whether|of",
    month_first=True,
    words=_words(
        "en",
        {
            "at|by|around|@": ("at", None),
            "in|within": ("in", None),
            "on|on the|this|coming|of|the|for": ("on", None),
            "next": ("next", None),
            "from now|later": ("from now", None),
            "every|each": ("every", None),
            "other|second": ("other", None),
            "and": ("and", None),
            "today": ("day", 0),
            "tomorrow|tmrw": ("day", 1),
            "the day after tomorrow|day after tomorrow": ("day", 2),
            "yesterday": ("day", -1),
            "tonight|this evening": ("today part", _EVENING),
            "this morning": ("today part", _MORNING),
            "this afternoon": ("today part", _AFTERNOON),
            "morning|in the morning": ("part", _MORNING),
            "afternoon|in the afternoon": ("part", _AFTERNOON),
            "evening|in the evening": ("part", _EVENING),
            "night|at night": ("part", _NIGHT),
            "am|a.m.": ("half", "am"),
            "pm|p.m.": ("half", "pm"),
            "noon|midday": ("hour", 12),
            "midnight": ("hour", 0),
            "o'clock|oclock|h": ("o'clock", None),
            "half past": ("past", 30),
            "quarter past|a quarter past": ("past", 15),
            "quarter to|a quarter to": ("past", -15),
            "1 second|one second|a second": ("duration", timedelta(seconds=1)),  # "every second day" is another
            "half an hour|a half hour|half hour": ("duration", _HALF_HOUR),
            "an hour and a half": ("duration", _HOUR_AND_HALF),
            "a quarter of an hour": ("duration", _QUARTER),
            "seconds|secs|sec": ("unit", "second"),
            "mon": ("weekday", 0),
            "tue|tues": ("weekday", 1),
            "wed": ("weekday", 2),
            "thu|thurs": ("weekday", 3),
            "fri": ("weekday", 4),
            "sep": ("month", 9),
            "hr|hrs": ("unit", "hour"),
            "hourly": ("adverb", "hour"),
            "daily": ("adverb", "day"),
            "weekly": ("adverb", "week"),
            "monthly": ("adverb", "month"),
            "yearly|annually": ("adverb", "year"),
            "weekday|weekdays|working day|workday": ("workdays", "1-5"),
            "weekend|weekends": ("workdays", "6,0"),
            "mondays": ("weekdays", 0),
            "tuesdays": ("weekdays", 1),
            "wednesdays": ("weekdays", 2),
            "thursdays": ("weekdays", 3),
            "fridays": ("weekdays", 4),
            "saturdays": ("weekdays", 5),
            "sundays": ("weekdays", 6),
            "a|an": ("number", 1),
            "a couple of": ("number", 2),
            "fifteen": ("number", 15),
            "twenty": ("number", 20),
            "thirty": ("number", 30),
            "forty-five|forty five": ("number", 45),
        },
        "one two three four five six seven eight nine ten eleven twelve",
    ),
)

_GERMAN = Vocabulary(
    trigger=r"(?:bitte )?(?:kannst du mich |konntest du mich )?(?:erinner[e]? (?:mich|uns)(?: bitte)?(?: daran)?)",
    leads=r"daran|dass|an|zu|:",
    questions=r"was|wer|wen|wem|wessen|wann|wo|wohin|warum|wie|welche|welcher|welches|ob",
    words=_words(
        "de",
        {
            "um|gegen|ab": ("at", None),
            "in": ("in", None),
            "am|an dem|den|dem|der|diesen|dieser|dieses": ("on", None),
            "nachsten|nachste|nachster|nachstes|kommenden|kommende": ("next", None),
            "jeden|jede|jedes|alle": ("every", None),
            "zweiten|zweite|zweites": ("other", None),
            "und": ("and", None),
            "heute": ("day", 0),
            "morgen": ("day", 1),
            "ubermorgen": ("day", 2),
            "gestern": ("day", -1),
            "heute abend": ("today part", _EVENING),
            "heute nacht": ("today part", _NIGHT),
            "heute nachmittag": ("today part", _AFTERNOON),
            "heute morgen|heute fruh|heute vormittag": ("today part", _MORNING),
            "fruh|morgens|vormittag|vormittags|am morgen|am vormittag": ("part", _MORNING),
            "nachmittag|nachmittags|am nachmittag": ("part", _AFTERNOON),
            "abend|abends|am abend": ("part", _EVENING),
            "nachts|in der nacht": ("part", _NIGHT),
            "mittag|mittags|am mittag": ("hour", 12),
            "mitternacht": ("hour", 0),
            "uhr|h": ("o'clock", None),
            "halb": ("past", -30),
            "viertel nach": ("past", 15),
            "viertel vor": ("past", -15),
            "einer halben stunde|eine halbe stunde": ("duration", _HALF_HOUR),
            "eineinhalb stunden|anderthalb stunden": ("duration", _HOUR_AND_HALF),
            "einer viertelstunde": ("duration", _QUARTER),
            "sekunde|sekunden": ("unit", "second"),
            "min": ("unit", "minute"),
            "std": ("unit", "hour"),
            "stundlich": ("adverb", "hour"),
            "taglich": ("adverb", "day"),
            "wochentlich": ("adverb", "week"),
            "monatlich": ("adverb", "month"),
            "jahrlich": ("adverb", "year"),
            "werktag|werktags|wochentag|werktage": ("workdays", "1-5"),
            "wochenende": ("workdays", "6,0"),
            "montags": ("weekdays", 0),
            "dienstags": ("weekdays", 1),
            "mittwochs": ("weekdays", 2),
            "donnerstags": ("weekdays", 3),
            "freitags": ("weekdays", 4),
            "samstags": ("weekdays", 5),
            "sonntags": ("weekdays", 6),
            "einer|einem|einen": ("number", 1),
            "funfzehn": ("number", 15),
            "zwanzig": ("number", 20),
            "dreissig": ("number", 30),
        },
        "ein|eins|eine zwei drei vier funf sechs sieben acht neun zehn elf zwolf",
    ),
)

_PORTUGUESE = Vocabulary(
    trigger=r"(?:por favor,? )?(?:lembra-me|lembre-me|lembra-nos|me lembra|me lembre|nos lembre|lembrar-me)",
    leads=r"de que|de|do|da|dos|das|que|para|:",
    questions=r"o que|quem|quando|onde|por que|porque|como|qual|quais|se",
    words=_words(
        "pt",
        {
            "as|a|pelas|por volta das": ("at", None),
            "em|daqui a|dentro de": ("in", None),
            "na|no|nesta|neste|esta|este|o|de": ("on", None),
            "proxima|proximo|na proxima|no proximo": ("next", None),
            "que vem": ("next after", None),
            "todo|toda|todos os|todas as|cada|a cada": ("every", None),
            "e": ("and", None),
            "hoje": ("day", 0),
            "amanha": ("day", 1),
            "depois de amanha": ("day", 2),
            "ontem": ("day", -1),
            "hoje a noite|esta noite": ("today part", _EVENING),
            "hoje a tarde|esta tarde": ("today part", _AFTERNOON),
            "de manha|da manha|pela manha": ("part", _MORNING),
            "a tarde|da tarde|de tarde": ("part", _AFTERNOON),
            "a noite|da noite|de noite": ("part", _EVENING),
            "meio-dia|meio dia|ao meio-dia|ao meio dia": ("hour", 12),
            "meia-noite|meia noite|a meia-noite": ("hour", 0),
            "h|hs": ("o'clock", None),
            "e meia": ("plus", 30),
            "e um quarto": ("plus", 15),
            "menos um quarto": ("plus", -15),
            "meia hora": ("duration", _HALF_HOUR),
            "uma hora e meia": ("duration", _HOUR_AND_HALF),
            "um quarto de hora": ("duration", _QUARTER),
            "segundo|segundos": ("unit", "second"),
            "segunda|segunda-feira": ("weekday", 0),
            "terca|terca-feira": ("weekday", 1),
            "quarta|quarta-feira": ("weekday", 2),
            "quinta|quinta-feira": ("weekday", 3),
            "sexta|sexta-feira": ("weekday", 4),
            "min": ("unit", "minute"),
            "diariamente": ("adverb", "day"),
            "semanalmente": ("adverb", "week"),
            "mensalmente": ("adverb", "month"),
            "anualmente": ("adverb", "year"),
            "dia util|dias uteis|dia de semana": ("workdays", "1-5"),
            "fim de semana|fins de semana": ("workdays", "6,0"),
            "segundas|segundas-feiras": ("weekdays", 0),
            "tercas|tercas-feiras": ("weekdays", 1),
            "quartas|quartas-feiras": ("weekdays", 2),
            "quintas|quintas-feiras": ("weekdays", 3),
            "sextas|sextas-feiras": ("weekdays", 4),
            "sabados": ("weekdays", 5),
            "domingos": ("weekdays", 6),
            "uma": ("number", 1),
            "duas": ("number", 2),
            "quinze": ("number", 15),
            "vinte": ("number", 20),
            "trinta": ("number", 30),
        },
        "um dois tres quatro cinco seis sete oito nove dez onze doze",
    ),
)

_SPANISH = Vocabulary(
    trigger=r"(?:por favor,? )?(?:recuerdame|recuerdanos|recordame|acuerdame|recordarme)",
    leads=r"de que|que|del|de|para|:",
    questions=r"que dijo|quien|cuando|donde|por que|como|cual|cuales|si",
    words=_words(
        "es",
        {
            "a las|a la|sobre las": ("at", None),
            "en|dentro de": ("in", None),
            "el|la|este|esta|de": ("on", None),
            "proximo|proxima|el proximo|la proxima": ("next", None),
            "que viene": ("next after", None),
            "cada|todos los|todas las": ("every", None),
            "y": ("and", None),
            "hoy": ("day", 0),
            "manana": ("day", 1),
            "pasado manana": ("day", 2),
            "ayer": ("day", -1),
            "esta noche": ("today part", _NIGHT),
            "esta tarde": ("today part", _AFTERNOON),
            "esta manana": ("today part", _MORNING),
            "de la manana|por la manana": ("part", _MORNING),
            "de la tarde|por la tarde": ("part", _AFTERNOON),
            "de la noche|por la noche": ("part", _NIGHT),
            "mediodia|al mediodia": ("hour", 12),
            "medianoche|a medianoche": ("hour", 0),
            "h|hs": ("o'clock", None),
            "y media": ("plus", 30),
            "y cuarto": ("plus", 15),
            "menos cuarto": ("plus", -15),
            "media hora": ("duration", _HALF_HOUR),
            "una hora y media": ("duration", _HOUR_AND_HALF),
            "un cuarto de hora": ("duration", _QUARTER),
            "segundo|segundos": ("unit", "second"),
            "sabados": ("weekday", 5),
            "domingos": ("weekday", 6),
            "min": ("unit", "minute"),
            "diariamente": ("adverb", "day"),
            "semanalmente": ("adverb", "week"),
            "mensualmente": ("adverb", "month"),
            "anualmente": ("adverb", "year"),
            "dia laborable|dias laborables|dia de semana": ("workdays", "1-5"),
            "fin de semana|fines de semana": ("workdays", "6,0"),
            "un|una": ("number", 1),
            "quince": ("number", 15),
            "veinte": ("number", 20),
            "treinta": ("number", 30),
        },
        "uno dos tres cuatro cinco seis siete ocho nueve diez once doce",
    ),
)

_FRENCH = Vocabulary(
    trigger=r"(?:s'il te plait,? )?(?:rappelle-moi|rappelle moi|rappelez-moi|rappelle-nous|rappelez-nous)",
    leads=r"de|d'|que|qu'|:",
    questions=r"ce que|qui|quand|ou|pourquoi|comment|quel|quelle|si",
    words=_words(
        "fr",
        {
            "a|vers": ("at", None),
            "dans|d'ici": ("in", None),
            "le|la|ce|cette|du|de": ("on", None),
            "prochain|prochaine": ("next after", None),
            "chaque|tous les|toutes les": ("every", None),
            "et": ("and", None),
            "aujourd'hui": ("day", 0),
            "demain": ("day", 1),
            "apres-demain|apres demain": ("day", 2),
            "hier": ("day", -1),
            "ce soir": ("today part", _EVENING),
            "cet apres-midi|cet apres midi": ("today part", _AFTERNOON),
            "ce matin": ("today part", _MORNING),
            "matin|du matin|le matin": ("part", _MORNING),
            "apres-midi|de l'apres-midi|l'apres-midi": ("part", _AFTERNOON),
            "soir|du soir|le soir": ("part", _EVENING),
            "midi|a midi": ("hour", 12),
            "minuit|a minuit": ("hour", 0),
            "h": ("o'clock", None),
            "et demie": ("plus", 30),
            "et quart": ("plus", 15),
            "moins le quart": ("plus", -15),
            "une demi-heure|une demi heure": ("duration", _HALF_HOUR),
            "une heure et demie": ("duration", _HOUR_AND_HALF),
            "un quart d'heure": ("duration", _QUARTER),
            "seconde|secondes": ("unit", "second"),
            "lundis": ("weekday", 0),
            "mardis": ("weekday", 1),
            "mercredis": ("weekday", 2),
            "jeudis": ("weekday", 3),
            "vendredis": ("weekday", 4),
            "samedis": ("weekday", 5),
            "dimanches": ("weekday", 6),
            "min": ("unit", "minute"),
            "quotidiennement": ("adverb", "day"),
            "hebdomadairement": ("adverb", "week"),
            "mensuellement": ("adverb", "month"),
            "annuellement": ("adverb", "year"),
            "jour ouvrable|jours ouvrables|jour de semaine": ("workdays", "1-5"),
            "week-end|weekend|week-ends": ("workdays", "6,0"),
            "une": ("number", 1),
            "premier": ("number", 1),
            "quinze": ("number", 15),
            "vingt": ("number", 20),
            "trente": ("number", 30),
        },
        "un deux trois quatre cinq six sept huit neuf dix onze douze",
    ),
)

LANGUAGES: tuple[Vocabulary, ...] = (_ENGLISH, _GERMAN, _PORTUGUESE, _SPANISH, _FRENCH)
"""The languages that are understood, the first before the others where a phrase fits several."""
