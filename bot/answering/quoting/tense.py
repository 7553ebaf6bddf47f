"""Whether a question is about what has been or what is to come: "when did it open?" or "when does it open?".

By its language's own signs, for "a" is "has" in French and an article in Portuguese. A question that shows neither is
about the past in English, which nearly always shows it; elsewhere it may be about either.
"""

from __future__ import annotations

import re
from typing import Literal

Tense = Literal["past", "ahead", "unknown"]

_PAST = {
    "en": r"did|was|were|had|has|have|been",
    "de": r"hat|hast|habe|haben|habt|hatten?|war|waren|wurden?|kam|kamen|ging|gingen|gab|fand|fanden|flog"
    r"|flogen|fuhr|fuhren"
    r"|traf|trafen|zog|zogen|starb|sah|sahen|nahm|begann|verlor|(?!heute\b|bitte\b|leute\b)\w{3,}test?"
    r"|\w{3,}(?<!hei)(?<!stra)ten",
    "es": r"fue|fueron|hizo|hicimos|ha|han|he|hemos|has|había|era|eran|estuvo|tuvo|vino|dijo|puso|\w+(?:ó|aste"
    r"|iste|aron|ieron"
    r"|amos|imos)",
    "fr": r"a|as|ai|ont|avons|avez|était|étaient|avait|fut|es-tu|(?:est|sont|sommes|suis|êtes)(?:-\w+)* \w+(?:é"
    r"|ée|és|ées|u|ue"
    r"|us|ues|i|ie|is|ies|ert|ort|orte)",
    "it": r"ha|hai|ho|hanno|abbiamo|avete|era|erano|aveva|fu|(?:è|sono|siamo|sei) \w+(?:at|ut|it|nat|rt)[oaie]"
    r"|\w+(?:ò|arono|irono)",
    "pt": r"foi|foram|fez|fizeram|fizemos|tinha|era|esteve|veio|disse|pôs|\w{2,}(?:ou|eu|iu|aram|eram|iram|ámos"
    r"|amos|emos|imos|ei)",
    "nl": r"was|waren|had|hadden|heeft|heb|hebben|is \w*ge\w+|ging|kwam|vond|kocht|werd"
    r"|(?!derde\b|vierde\b|\w+ende\b)\w{2,}(?:kte|pte|fte|chte|tste|lde|rde|gde|vde|zde|nde|kten|pten|ften|lden|gden|nden)"
    r"(?<!laatste)(?<!vinden)(?<!zenden)",
    "ru": r"\w{2,}(?:л|ла|ло|ли|лся|лась|лось|лись)",
    "uk": r"\w{2,}(?:в|ла|ло|ли|вся|лася|лися)",
    "pl": r"\w+(?:ł|ła|ło|li|ły|łem|łam|łeś|łaś|liśmy|łyśmy)",
    "sv": r"var|hade|har|fick|kom|gick|\w+(?:ade|te|dde)",
    "ja": r"\w*(?:ました|した|った|んだ|いた)か?",
    "zh": r"\w*(?:了|过)\w*",
    "ko": r"\w*(?:었|았|했|였|갔|왔|샀)\w*",
}
_AHEAD = {
    "en": r"will|shall|going to|is|are|does|do|next|leaves?|opens?|closes?|starts?",
    "de": r"wird|werden|ist|sind|beginnt|fährt|geht|kommt|öffnet|schließt",
    "es": r"va a|es|son|sale|abre|cierra|empieza|llega|está|será",
    "fr": r"va|est|sont|part|ouvre|ferme|commence|arrive|sera|c'est",
    "it": r"è|sono|parte|apre|chiude|comincia|inizia|arriva|sarà",
    "pt": r"é|são|sai|vai|abre|fecha|começa|chega|está|será|fica",
    "nl": r"is|zijn|wordt|gaat|vertrekt|begint|opent|sluit",
    "ru": r"будет|будут|начинается|открывается",
    "pl": r"jest|są|będzie|zaczyna",
    "sv": r"är|ska|börjar|öppnar",
}


def tense_of(question: str, language: str) -> Tense:
    """Return whether a question looks back or ahead."""
    if _shows(_PAST, question, language):
        return "past"
    if _shows(_AHEAD, question, language):
        return "ahead"
    return "past" if language == "en" else "unknown"


def _shows(signs: dict[str, str], question: str, language: str) -> bool:
    pattern = signs.get(language)
    return pattern is not None and re.search(rf"(?<![\w'])(?:{pattern})(?!\w)", question, re.IGNORECASE) is not None
