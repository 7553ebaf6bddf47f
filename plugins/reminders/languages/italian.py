"""The words of times in Italian."""

from __future__ import annotations

from datetime import timedelta

from plugins.reminders.vocabulary import (
    AFTERNOON,
    EVENING,
    HALF_HOUR,
    HOUR_AND_HALF,
    MORNING,
    NIGHT,
    QUARTER,
    Vocabulary,
    map_words,
)

ITALIAN = Vocabulary(
    trigger=r"(?:per favore,? |puoi |potresti )?(?:ricordami|ricordaci|ricordarmi|ricordarci|rammentami)"
    r"(?: per favore)?",
    leads=r"che|di|del|della|dell'|dello|dei|delle|il|la|:",
    questions=r"che cosa|cosa|chi|quando|dove|perche|come|quale|quali|quanto|quanti|quante|se",
    words=map_words(
        "it",
        {
            "alle|all'|alla|verso le|per le": ("at", None),
            "tra|fra|entro": ("in", None),
            "il|lo|la|l'|di|questo|questa|per il": ("on", None),
            "il prossimo|la prossima": ("next", None),
            "prossimo|prossima": ("next after", None),
            "ogni|tutti i|tutte le": ("every", None),
            "e": ("and", None),
            "o": ("or", None),
            "oggi": ("day", 0),
            "domani": ("day", 1),
            "dopodomani|dopo domani": ("day", 2),
            "ieri": ("day", -1),
            "stamattina|stamani|questa mattina": ("today part", MORNING),
            "oggi pomeriggio|questo pomeriggio": ("today part", AFTERNOON),
            "stasera|questa sera": ("today part", EVENING),
            "stanotte|questa notte": ("today part", NIGHT),
            "mattina|di mattina|del mattino|la mattina": ("part", MORNING),
            "pomeriggio|di pomeriggio|del pomeriggio|il pomeriggio|nel pomeriggio": ("part", AFTERNOON),
            "sera|di sera|della sera|la sera": ("part", EVENING),
            "notte|di notte|la notte": ("part", NIGHT),
            "mezzogiorno|a mezzogiorno": ("hour", 12),
            "mezzanotte|a mezzanotte": ("hour", 0),
            "h|in punto": ("o'clock", None),
            "e mezza|e mezzo": ("plus", 30),
            "e un quarto": ("plus", 15),
            "meno un quarto": ("plus", -15),
            "mezz'ora|mezzora|una mezz'ora": ("duration", HALF_HOUR),
            "un'ora e mezza": ("duration", HOUR_AND_HALF),
            "un quarto d'ora": ("duration", QUARTER),
            "un'ora": ("duration", timedelta(hours=1)),
            "secondo|secondi": ("unit", "second"),
            "min": ("unit", "minute"),
            "quotidianamente": ("adverb", "day"),
            "settimanalmente": ("adverb", "week"),
            "mensilmente": ("adverb", "month"),
            "annualmente": ("adverb", "year"),
            "giorno feriale|giorni feriali|giorno lavorativo|giorni lavorativi": ("workdays", "1-5"),
            "fine settimana|weekend": ("workdays", "6,0"),
            "un|una|uno": ("number", 1),
            "quindici": ("number", 15),
            "venti": ("number", 20),
            "trenta": ("number", 30),
        },
        "uno due tre quattro cinque sei sette otto nove dieci undici dodici",
    ),
)
