"""What a question asks for: a date, a person, a place …, in which language, and by which of its words to find it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache

from bot.answering.quoting.contacts import contact_asked
from bot.answering.quoting.irregular_forms import IRREGULAR
from bot.answering.quoting.question_words import ASK_ANYWHERE, QUESTION_WORDS, UNSPACED, Wanted
from memory.patterns import compile_on_use
from memory.search.question_words import without_asking
from memory.search.segment import words
from memory.search.stopwords import STOP_WORDS
from memory.timeline.words import fold

_LOOKED_AT = 1000
"""Characters of a question that are read: what is asked stands in its first sentences, or its last."""
_NEAR_THE_FRONT = 40
"""Characters before a question word, at most: "and for how many people", "Mara, when". Later ones are conjunctions."""
_VERY_FRONT = 12
"""Characters before the question word of a message that has no question mark, at most: "and for when"."""
_STEM, _SHORTEST_STEM = 6, 3
"""Letters of a word, once its ending is off, by which it is compared with others, at most and at least."""
_ENDINGS = ("ings", "ing", "ies", "ied", "ed", "es", "en", "er", "e", "s", "y", "n", "o", "a", "as", "os")
"""Of English first, then the commonest of the languages around it: "booked" finds "booking", "Hotels" "Hotel"."""
_TRUTH = compile_on_use(
    r"^(?:and |but |so )?(?:is|are|was|were|am|do|does|did|has|have|had|can|could|will|would|should|may"
    r"|ist|sind|war|waren|hat|haben|hatte|kann|wird|gibt|hast|bist|habe"
    r"|est-ce|a-t|es|era|fue|tiene|hay|puede|est|sont|é|foi|tem|ha|hanno|sono)\b",
    re.IGNORECASE,
)
_TYPICAL = {
    "pt": compile_on_use(
        r"pra|pro|vai|vou|tem|ser|vcs?|hj|nao|né|\w{2,40}(?:ão|ões|mento|agem|dade|inho|inha)|\w{0,40}[ãõ]\w{0,40}"
    ),
    "es": compile_on_use(r"va|voy|tiene|ser|hoy|xq|\w{2,40}(?:ón|ones|miento|aje|dad|illo|illa)|\w{0,40}ñ\w{0,40}"),
    "it": compile_on_use(r"va|vado|c|essere|oggi|\w{2,40}(?:zione|zioni|mento|aggio|ità|ino|ina)"),
    "fr": compile_on_use(r"va|vais|être|aujourd|\w{2,40}(?:tion|tions|ment|eux|euse|ette)|\w{0,40}[êœ]\w{0,40}"),
}
"""Words that tell one of these languages from its neighbours."""
BIRTHDAY = compile_on_use(
    r"birthday|geburtstag|cumpleaños|anniversaire|compleanno|aniversário|verjaardag|день рожд", re.IGNORECASE
)
_NAMES_A_DAY = compile_on_use(
    r"^(?:and |so |und |y |et |e |en )?(?:what is|what was|what['’]?s|was ist|cuál es|cual es|quelle est|quel est"
    r"|c'est quand|qual è|qual é|wat is)\b.{1,80}\b(?:birthday|birth date|date of birth|dob|expiry date"
    r"|expiration date|deadline|due date|geburtstag|geburtsdatum|ablaufdatum|cumpleaños|fecha de nacimiento"
    r"|fecha de caducidad|anniversaire|date de naissance|date limite|compleanno|data di nascita|scadenza"
    r"|aniversário|data de nascimento|verjaardag|geboortedatum)\W{0,9}$",
    re.IGNORECASE,
)
"""What asks for a day by its name: "what is Ann's birthday?", but not "what is the plan for Ann's birthday party?"."""
_COSTS = compile_on_use(r"\b(?:gekostet|kostete[nt]?|bezahlt|ausgegeben)\b", re.IGNORECASE)
"""What makes "was hat" ask for a sum: "was hat das Essen gekostet?"."""
_OF_MONEY = """
    money cash rent deposit tax taxes tip salary budget debt interest pay cost costs fee dollars euros pounds per
    altogether total together"""
_MONEY = frozenset(_OF_MONEY.split())
"""Of which "how much" asks for a sum."""
_LITTLE = """
    did do does is was were are has have had will would can could should according mention mentioned say said says tell
    told describe described recently currently usually just name kind type sort one thing things get got go goes going
    went make made s wurde wurden worden gibt gab это было была был были есть он она они его
    called named heißt heißen hieß heisst nennt name namens lautet llama llaman llamo llamas nombre appelle appelles
    s'appelle appellent nom chiama chiamo chiami nome chama chamam chamo heet heten naam zovut зовут зовёт зовет имя
    nazywa nazywają imię imie heter namn navn hedder adı adi ismi nimi اسم"""
_ALWAYS_COMMON = frozenset(_LITTLE.split())
"""Words that tell too little about what is asked to find its answer by."""
NAMED: frozenset[Wanted] = frozenset(
    {"date", "clock", "person", "place", "count", "amount", "duration", "email", "phone", "link"}
)
"""What can be told by itself; a thing, a manner or a reason is better quoted."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it was read: the stems of its telling words, in order, and what follows its question word."""

    text: str
    wanted: Wanted
    language: str
    stems: tuple[str, ...]
    tail: tuple[str, ...]
    own: tuple[str, ...] = ()
    """Those of its stems that are not of the question that it leans on."""
    translated: bool = False
    """Whether its words stand in English, which it was not asked in."""

    @property
    def noun(self) -> str:
        """The word that the question word counts or names: "people" in "how many people"; "" where there is none."""
        return self.tail[0] if self.tail else ""


def read_question(question: str, before: str = "", english: str = "") -> Asked:
    """Return what a question asks for; of a long one its end is read, where the question stands.

    The telling words of the texts `before` it, which it leans on, come after its own; those in `english` replace them.
    """
    text = " ".join(question[-_LOOKED_AT:].split())
    found = _question_word(text)
    language = found.language if found else language_of(text)
    wanted: Wanted = found.wanted if found else "truth" if _TRUTH.match(text) else "thing"
    if wanted == "thing" and language == "de" and _COSTS.search(text):
        wanted = "amount"
    if wanted == "thing" and _NAMES_A_DAY.search(text):
        wanted = "date"
    if wanted == "amount" and found and _counts_a_thing(text[found.start : found.end], text[found.end :]):
        wanted = "thing"
    if wanted == "thing" or (wanted == "manner" and language == "de"):  # "wie ist die Nummer?"
        wanted = contact_asked(text) or wanted
    common = STOP_WORDS.get(language, STOP_WORDS["en"])
    tail = tuple(words(text[found.end :])) if found else ()
    asked = [word for word in words(without_asking(text)) if not _tells_little(word, common)]
    if found:
        asking = set(words(text[found.start : found.end]))
        asked = [word for word in asked if word not in asking]
    stems = [stem(word) for word in (words(english) if english else asked)]
    leaned_on = read_question(before).stems if before else ()
    return Asked(
        text,
        wanted,
        language,
        tuple(dict.fromkeys([*stems, *leaned_on])),
        tail,
        tuple(stems) if before else (),
        bool(english),
    )


def _counts_a_thing(asking: str, rest: str) -> bool:
    """Say whether "how much" is followed by what is no money: "how much luggage"."""
    after = words(rest[:40])
    return (
        asking.casefold() == "how much"
        and bool(after)
        and after[0] not in STOP_WORDS["en"]
        and after[0] not in _ALWAYS_COMMON
        and after[0] not in _MONEY
    )


def _tells_little(word: str, common: Collection[str]) -> bool:
    """Say whether an answer can't be found by a word; a letter may be a whole word in other scripts, and a figure."""
    return word in common or word in _ALWAYS_COMMON or (len(word) == 1 and word.isascii() and word.isalpha())


def asks_first(text: str) -> bool:
    """Say whether a text begins as a question does, whether or not it ends as one."""
    found = _question_word(text)
    return (found is not None and found.start <= _VERY_FRONT) or _TRUTH.match(text) is not None


def stem(word: str) -> str:
    """Return the part of a word by which it is compared with others: its first letters, without accents."""
    folded = fold(word)
    if folded in IRREGULAR:
        return IRREGULAR[folded]
    for ending in _ENDINGS:
        if folded.endswith(ending) and len(folded) - len(ending) >= _SHORTEST_STEM:
            return folded.removesuffix(ending)[:_STEM]
    return folded[: _STEM if folded.isascii() else _STEM - 1]


@dataclass(frozen=True, slots=True)
class _WantedSpan:
    start: int
    end: int
    wanted: Wanted
    language: str


def _question_word(text: str) -> _WantedSpan | None:
    """Return the first question word of the language that most of the text is in; the longest where several begin."""
    flat = _flat(text)
    likely = language_of(text)
    said = set(words(text))
    found: list[tuple[tuple[bool, int, int, int], _WantedSpan]] = []
    for language, (pattern, meanings) in _patterns().items():
        match = pattern.search(flat)
        if match is None or (match.start() > _NEAR_THE_FRONT and language not in ASK_ANYWHERE):
            continue
        is_likelier = _small_words(said, likely) > _small_words(said, language)
        if match.start() > 0 and language != likely and (is_likelier or match[0] in STOP_WORDS.get(likely, ())):
            continue  # "this was said" asks nothing, though "was" asks in German; nor does "can you come" in Italian
        each = _WantedSpan(match.start(), match.end(), meanings[match[0]], language)
        order = (language != likely, -_small_words(said, language), match.start(), match.start() - match.end())
        found.append((order, each))
    return min(found, key=lambda it: it[0])[1] if found else None


def _flat(text: str) -> str:
    """Return the text folded, each character for one, so that places in it are places in the text."""
    return "".join(folded if len(folded := fold(each)) == 1 else each.lower()[:1] for each in text).replace("’", "'")


@cache
def _patterns() -> dict[str, tuple[re.Pattern[str], dict[str, Wanted]]]:
    patterns: dict[str, tuple[re.Pattern[str], dict[str, Wanted]]] = {}
    for language, table in QUESTION_WORDS.items():
        meanings: dict[str, Wanted] = {}
        for line in table.strip().splitlines():
            wanted, _, phrases = line.partition(": ")
            for phrase in phrases.split("|"):
                meanings.setdefault(_flat(phrase), wanted)  # type: ignore[arg-type]  # the table's own words
        longest_first = sorted(meanings, key=len, reverse=True)
        alternatives = "|".join(map(re.escape, longest_first))
        edges = alternatives if language in UNSPACED else rf"(?<!\w)(?:{alternatives})(?!\w)"
        patterns[language] = re.compile(edges), meanings
    return patterns


def language_of(text: str) -> str:
    """Return the language that most of the text's small words are of; at a tie English, or the one more typical."""
    said = set(words(text))
    counts = {language: _small_words(said, language) for language in STOP_WORDS}
    best = max(counts, key=lambda language: (counts[language], language == "en", _typical_words(said, language)))
    return best if counts[best] else "en"


def _typical_words(said: Collection[str], language: str) -> int:
    """Return how many words only this one of the Romance languages would have: their small words are often the same."""
    typical = _TYPICAL.get(language)
    return sum(typical.fullmatch(word) is not None for word in said) if typical else 0


def _small_words(said: Collection[str], language: str) -> int:
    return len(STOP_WORDS.get(language, frozenset()).intersection(said))
