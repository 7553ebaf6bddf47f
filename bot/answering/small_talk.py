"""What the bot says of itself, in the language it is spoken to: greetings, thanks, what it can and does not know.

Where a language model is set up it makes the small talk; these sentences serve where there is none, and where the
settings keep it to what is remembered.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.answering.kinds.classify import MessageKind
from bot.answering.quoting.wanted import read_question
from memory.patterns import compile_on_use


@dataclass(frozen=True, slots=True)
class Sayings:
    """One language's sentences; `{}` takes the bot's name, or the words of what is asked."""

    greeting: str
    thanks: str
    goodbye: str
    mood: str
    about: str
    no_task: str
    remembered: str
    noted: str
    nothing: str
    nothing_of: str
    """About something whose name can stand in the sentence as it stands in the question."""
    nothing_said: str
    """In a time."""


_ENGLISH = Sayings(
    greeting="Hello! What would you like to know?",
    thanks="You're welcome!",
    goodbye="Goodbye!",
    mood="I'm well, thank you. What would you like to know?",
    about="I'm {}. I remember what was said and written here, by whom and when, and answer from it with my sources. "
    "Ask me about it, tell me something to remember, or send a file. /help lists what else I can do.",
    no_task="I only answer from what I remember. Ask me what was said, by whom or when.",
    remembered="I'll remember that.",
    noted="I have nothing on that yet, but I'll remember that you said so.",
    nothing="I remember nothing about that.",
    nothing_of="Nothing is known of {}.",
    nothing_said="I remember nothing from {}.",
)
_SAYINGS: dict[str, Sayings] = {
    "en": _ENGLISH,
    "de": Sayings(
        greeting="Hallo! Was möchtest du wissen?",
        thanks="Gern geschehen!",
        goodbye="Bis bald!",
        mood="Gut, danke. Was möchtest du wissen?",
        about="Ich bin {}. Ich merke mir, was hier gesagt und geschrieben wird, von wem und wann, und antworte daraus"
        " mit Quellen. Frag mich danach, sag mir, was ich mir merken soll, oder schick eine Datei. /help zeigt "
        "den Rest.",
        no_task="Ich antworte nur aus dem, woran ich mich erinnere. Frag mich, was gesagt wurde, von wem oder wann.",
        remembered="Das merke ich mir.",
        noted="Dazu weiß ich noch nichts, aber ich merke mir, dass du es gesagt hast.",
        nothing="Daran erinnere ich mich nicht.",
        nothing_of="Über {} ist nichts bekannt.",
        nothing_said="Aus dieser Zeit weiß ich nichts: {}.",
    ),
    "es": Sayings(
        greeting="¡Hola! ¿Qué quieres saber?",
        thanks="¡De nada!",
        goodbye="¡Hasta pronto!",
        mood="Muy bien, gracias. ¿Qué quieres saber?",
        about="Soy {}. Recuerdo lo que se dice y se escribe aquí, quién y cuándo, y respondo a partir de ello con mis "
        "fuentes. Pregúntame, cuéntame algo para recordar o envía un archivo. /help muestra lo demás.",
        no_task="Solo respondo con lo que recuerdo. Pregúntame qué se dijo, quién o cuándo.",
        remembered="Lo recordaré.",
        noted="Aún no sé nada de eso, pero recordaré que lo has dicho.",
        nothing="No recuerdo nada de eso.",
        nothing_of="No se sabe nada de {}.",
        nothing_said="No recuerdo nada de ese tiempo: {}.",
    ),
    "fr": Sayings(
        greeting="Bonjour ! Que veux-tu savoir ?",
        thanks="Avec plaisir !",
        goodbye="À bientôt !",
        mood="Bien, merci. Que veux-tu savoir ?",
        about="Je suis {}. Je me souviens de ce qui est dit et écrit ici, par qui et quand, et j'en réponds avec mes "
        "sources. Demande-moi, dis-moi quoi retenir, ou envoie un fichier. /help montre le reste.",
        no_task="Je ne réponds qu'à partir de ce dont je me souviens. Demande-moi ce qui a été dit, par qui ou quand.",
        remembered="Je m'en souviendrai.",
        noted="Je n'ai encore rien là-dessus, mais je retiens que tu l'as dit.",
        nothing="Je ne me souviens de rien à ce sujet.",
        nothing_of="On ne sait rien de {}.",
        nothing_said="Je ne me souviens de rien de cette période : {}.",
    ),
    "it": Sayings(
        greeting="Ciao! Che cosa vuoi sapere?",
        thanks="Prego!",
        goodbye="A presto!",
        mood="Bene, grazie. Che cosa vuoi sapere?",
        about="Sono {}. Ricordo che cosa si dice e si scrive qui, chi e quando, e rispondo con le mie fonti. Chiedimi, "
        "dimmi che cosa ricordare o manda un file. /help mostra il resto.",
        no_task="Rispondo solo da ciò che ricordo. Chiedimi che cosa è stato detto, da chi o quando.",
        remembered="Me lo ricorderò.",
        noted="Non ne so ancora nulla, ma ricorderò che l'hai detto.",
        nothing="Non ricordo nulla al riguardo.",
        nothing_of="Non si sa nulla di {}.",
        nothing_said="Non ricordo nulla di questo periodo: {}.",
    ),
    "pt": Sayings(
        greeting="Olá! O que queres saber?",
        thanks="De nada!",
        goodbye="Até breve!",
        mood="Bem, obrigado. O que queres saber?",
        about="Sou o {}. Lembro-me do que aqui se diz e escreve, de quem e quando, e respondo com as minhas fontes. "
        "Pergunta-me, diz-me algo para lembrar ou envia um ficheiro. /help mostra o resto.",
        no_task="Só respondo a partir do que me lembro. Pergunta-me o que foi dito, por quem ou quando.",
        remembered="Vou lembrar-me disso.",
        noted="Ainda não sei nada sobre isso, mas vou lembrar-me de que o disseste.",
        nothing="Não me lembro de nada sobre isso.",
        nothing_of="Nada se sabe de {}.",
        nothing_said="Não me lembro de nada desse tempo: {}.",
    ),
    "nl": Sayings(
        greeting="Hallo! Wat wil je weten?",
        thanks="Graag gedaan!",
        goodbye="Tot ziens!",
        mood="Goed, dank je. Wat wil je weten?",
        about="Ik ben {}. Ik onthoud wat hier gezegd en geschreven wordt, door wie en wanneer, en antwoord daaruit met "
        "bronnen. Vraag ernaar, vertel me iets om te onthouden of stuur een bestand. /help toont de rest.",
        no_task="Ik antwoord alleen uit wat ik onthouden heb. Vraag me wat er gezegd is, door wie of wanneer.",
        remembered="Dat onthoud ik.",
        noted="Daar weet ik nog niets van, maar ik onthoud dat je het gezegd hebt.",
        nothing="Daar herinner ik me niets van.",
        nothing_of="Over {} is niets bekend.",
        nothing_said="Uit die tijd weet ik niets: {}.",
    ),
    "ru": Sayings(
        greeting="Привет! Что ты хочешь узнать?",
        thanks="Пожалуйста!",
        goodbye="До встречи!",
        mood="Хорошо, спасибо. Что ты хочешь узнать?",
        about="Я {}. Я помню, что здесь говорят и пишут, кто и когда, и отвечаю по этому с источниками. Спроси, "
        "расскажи, что запомнить, или пришли файл. /help покажет остальное.",
        no_task="Я отвечаю только по тому, что помню. Спроси, что было сказано, кем или когда.",
        remembered="Я это запомню.",
        noted="Пока я ничего об этом не знаю, но запомню твои слова.",
        nothing="Я ничего об этом не помню.",
        nothing_of="Об этом ничего не известно: {}.",
        nothing_said="Я ничего не помню за это время: {}.",
    ),
}
_GREETINGS = {
    "pl": "Cześć!",
    "sv": "Hej!",
    "tr": "Merhaba!",
    "fi": "Hei!",
    "ar": "مرحبا!",
    "ja": "こんにちは！",
    "zh": "你好！",
    "ko": "안녕하세요!",
}
"""Languages that are only greeted in; the rest is then said in English."""
_NAMED = compile_on_use(
    r"^[¿\s]*(?:what(?:['’]s| is| was| are| were)|who(?:['’]s| is| was)|when(?:['’]s| is| was)|wat is|wie is|wanneer is"
    r"|was ist|was sind|wer ist|wann ist|wie ist|wie lautet|(?:qué|cuál|quién|cuándo) (?:es|son)"
    r"|qui est|quel(?:le)? est|quand est|(?:chi|qual|cosa|quando) è|(?:quem|qual|quando) é|o que é|кто такой|что такое)"
    r"\s+(.{2,80}?)\s*\?*$",
    re.IGNORECASE,
)
_MINE = {"my": "your", "our": "your", "mein": "dein", "meine": "deine", "unser": "euer", "mi": "tu"}
_NO_NAME = compile_on_use(
    r"^(?:a |an |it\b|that\b|this\b|there\b|he\b|she\b|they\b|going\b|ein|er\b|es\b|sie\b|das$|un |una |une |uno |um "
    r"|uma |een )",
    re.IGNORECASE,
)
_CALLED = compile_on_use(r"\s(?:called|named|like|about|for)$", re.IGNORECASE)
_DOES = compile_on_use(r"^[A-ZÀ-Þ]\w+\s(?:\w+ing|allowed|supposed)\b")
"""What somebody does, where it is asked what that is: "Ann reading now"."""
_WHO = compile_on_use(r"^\W*(?:who|wer|wie|qui|chi|quem|quién)\b", re.IGNORECASE)
_IS_SOMEBODY = compile_on_use(
    r"^(?:[A-ZÀ-ÞА-Я]|(?:the|my|our|your|his|her|their|der|die|das|mein|unser|le|la|les|l'|il|lo|el|o|de|het)\b)"
)
"""What "who is" asks about; "who is allergic to nuts?" asks for somebody, and says it in other words."""
_JOINED = {
    "Über der ": "Über den ",
    "nada de el ": "nada del ",
    "rien de le ": "rien du ",
    "rien de les ": "rien des ",
    "nulla di il ": "nulla del ",
    "nulla di lo ": "nulla dello ",
    "nulla di la ": "nulla della ",
    "nulla di l'": "nulla dell'",
    "nulla di i ": "nulla dei ",
    "nulla di gli ": "nulla degli ",
    "nulla di le ": "nulla delle ",
    "sabe de o ": "sabe do ",
    "sabe de a ": "sabe da ",
    "sabe de os ": "sabe dos ",
    "sabe de as ": "sabe das ",
}
"""What an article becomes behind the sentence's preposition."""


def say(kind: MessageKind, language: str, name: str) -> str:
    """Return the fixed reply to small talk, or to a task that nobody can do here; `name` is the bot's."""
    sayings = _in(language)
    if kind is MessageKind.GREETING:
        return _GREETINGS.get(language, sayings.greeting)
    fixed = {
        MessageKind.THANKS: sayings.thanks,
        MessageKind.GOODBYE: sayings.goodbye,
        MessageKind.ACKNOWLEDGEMENT: "👍",
        MessageKind.MOOD: sayings.mood,
        MessageKind.TASK: sayings.no_task,
        MessageKind.STATEMENT: sayings.remembered,
    }
    return fixed.get(kind) or sayings.about.format(name)


def say_unknown(question: str) -> str:
    """Return that nothing is remembered of what is asked, in the asker's words where they can be taken over."""
    sayings = _in(read_question(question).language)
    match = _NAMED.match(" ".join(question[:200].split()))
    if match is None:
        return sayings.nothing
    first, _, rest = match[1].partition(" ")
    rest = _CALLED.sub("", rest)
    asked = f"{_MINE[first.casefold()]} {rest}" if first.casefold() in _MINE and rest else f"{first} {rest}".strip()
    if _NO_NAME.match(asked) or _DOES.match(asked) or (_WHO.match(question) and not _IS_SOMEBODY.match(asked)):
        return sayings.nothing
    said = sayings.nothing_of.format(asked)
    return next((said.replace(apart, joined) for apart, joined in _JOINED.items() if apart in said), said)


def say_noted(text: str) -> str:
    """Return that something was told about which nothing else is remembered."""
    return _in(read_question(text).language).noted


def say_nothing_from(time: str, question: str) -> str:
    """Return that nothing is remembered from a time."""
    return _in(read_question(question).language).nothing_said.format(time)


def _in(language: str) -> Sayings:
    return _SAYINGS.get(language, _ENGLISH)
