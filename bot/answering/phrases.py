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
    "I could not find the model's answer in the memories, so here is what was said:",
    "That is a conclusion, from:",
    "That was told in two ways, the newer first:",
    "Questions before yours: {}",
)

_PHRASES: dict[str, Phrases] = {
    "en": ENGLISH,
    "de": Phrases(
        "Am nächsten kommt dem:",
        "Die Antwort des Modells steht nicht in den Erinnerungen, darum hier, was gesagt wurde:",
        "Das ist ein Schluss, und zwar aus:",
        "Dazu gibt es zwei Angaben, die neuere zuerst:",
        "Fragen vor deiner: {}",
    ),
    "es": Phrases(
        "Lo más parecido:",
        "La respuesta del modelo no está en los recuerdos, así que esto es lo que se dijo:",
        "Es una conclusión, a partir de:",
        "Se dijo de dos maneras, primero la más reciente:",
        "Preguntas antes de la tuya: {}",
    ),
    "fr": Phrases(
        "Le plus proche :",
        "La réponse du modèle n'est pas dans les souvenirs, voici donc ce qui a été dit :",
        "C'est une conclusion, tirée de :",
        "Cela a été dit de deux façons, la plus récente d'abord :",
        "Questions avant la tienne : {}",
    ),
    "it": Phrases(
        "La cosa più vicina:",
        "La risposta del modello non è nei ricordi, quindi ecco che cosa è stato detto:",
        "È una conclusione, tratta da:",
        "È stato detto in due modi, prima il più recente:",
        "Domande prima della tua: {}",
    ),
    "pt": Phrases(
        "O mais próximo:",
        "A resposta do modelo não está nas memórias, por isso aqui está o que foi dito:",
        "É uma conclusão, a partir de:",
        "Foi dito de duas maneiras, primeiro a mais recente:",
        "Perguntas antes da tua: {}",
    ),
    "nl": Phrases(
        "Wat er het dichtst bij komt:",
        "Het antwoord van het model staat niet in de herinneringen, dus dit is wat er gezegd is:",
        "Dat is een conclusie, uit:",
        "Dat is op twee manieren verteld, het nieuwste eerst:",
        "Vragen vóór de jouwe: {}",
    ),
    "ru": Phrases(
        "Ближе всего к этому:",
        "Ответа модели нет в воспоминаниях, поэтому вот что было сказано:",
        "Это вывод из сказанного:",
        "Об этом говорили по-разному, сначала более новое:",
        "Вопросов перед вашим: {}",
    ),
}


def phrases_in(language: str) -> Phrases:
    """Return the sentences in a language, by its two letters; in English where there are none."""
    return _PHRASES.get(language, ENGLISH)
