"""The few sentences that the bot itself says around an answer, in the language of the question."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """One language's sentences."""

    closest: str
    """What comes next is near to what is asked, and does not answer it."""
    unsure: str
    """What the model wrote does not stand in the memories, so they are quoted."""
    concluded: str
    """The answer is a conclusion from what comes next."""
    differs: str
    """What comes next was told in two ways, the newer first."""
    queue: str
    """How many questions the model answers before this one, `{}`."""


ENGLISH = Phrases(
    "Closest to it:",
    "I am not sure. This is what was said:",
    "That is a conclusion, from:",
    "That was told in two ways, the newer first:",
    "Questions before yours: {}",
)

_PHRASES: dict[str, Phrases] = {
    "en": ENGLISH,
    "de": Phrases(
        "Am nächsten kommt dem:",
        "Das ist nicht sicher. Gesagt wurde:",
        "Das ist ein Schluss, und zwar aus:",
        "Dazu gibt es zwei Angaben, die neuere zuerst:",
        "Fragen vor deiner: {}",
    ),
    "es": Phrases(
        "Lo más parecido:",
        "No es seguro. Esto es lo que se dijo:",
        "Es una conclusión, a partir de:",
        "Se dijo de dos maneras, primero la más reciente:",
        "Preguntas antes de la tuya: {}",
    ),
    "fr": Phrases(
        "Le plus proche :",
        "Ce n'est pas certain. Voici ce qui a été dit :",
        "C'est une conclusion, tirée de :",
        "Cela a été dit de deux façons, la plus récente d'abord :",
        "Questions avant la tienne : {}",
    ),
    "it": Phrases(
        "La cosa più vicina:",
        "Non è certo. Ecco che cosa è stato detto:",
        "È una conclusione, tratta da:",
        "È stato detto in due modi, prima il più recente:",
        "Domande prima della tua: {}",
    ),
    "pt": Phrases(
        "O mais próximo:",
        "Não é certo. Isto é o que foi dito:",
        "É uma conclusão, a partir de:",
        "Foi dito de duas maneiras, primeiro a mais recente:",
        "Perguntas antes da tua: {}",
    ),
    "nl": Phrases(
        "Wat er het dichtst bij komt:",
        "Dat is niet zeker. Dit is wat er gezegd is:",
        "Dat is een conclusie, uit:",
        "Dat is op twee manieren verteld, het nieuwste eerst:",
        "Vragen vóór de jouwe: {}",
    ),
    "ru": Phrases(
        "Ближе всего к этому:",
        "Точно сказать нельзя. Вот что было сказано:",
        "Это вывод из сказанного:",
        "Об этом говорили по-разному, сначала более новое:",
        "Вопросов перед вашим: {}",
    ),
}


def phrases_in(language: str) -> Phrases:
    """Return the sentences in a language, by its two letters; in English where there are none."""
    return _PHRASES.get(language, ENGLISH)
