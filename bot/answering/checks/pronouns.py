"""The words with which people tell of themselves, and of whom they talk to.

Left out are words that mean the other thing, or nothing of the kind, in another of these languages ("je", "ja", "ihr").
"""

from __future__ import annotations

from memory.patterns import compile_on_use

_FIRST_PERSON = """
    i i'm i've i'd i'll my me mine myself we we're we've we'd we'll our ours us
    ich mein meine meinen meinem meiner mir mich wir unser unsere uns
    yo mi mis mío mía nosotros nosotras nuestro nuestra nos
    j'ai j'étais mon ma mes moi nous notre
    io mio mia miei mie noi nostro nostra
    eu meu minha meus minhas nós nosso nossa
    ik mijn mij wij ons onze
    я мой моя моё мои мне меня мной мы наш наша нам нас
"""
_SECOND_PERSON = """
    you you're you've you'd you'll your yours yourself
    du dein deine deinen deinem deiner dir dich euer eure euch
    tú tu tus te ti usted ustedes vosotros vuestro
    toi ton ta tes vous votre vos
    tuo tua tuoi tue voi vostro
    você vocês teu
    jij jou jouw jullie
    ты твой твоя твоё твои тебе тебя вы ваш ваша вам вас
"""
_FIRST, _SECOND = frozenset(_FIRST_PERSON.split()), frozenset(_SECOND_PERSON.split())
_WORD = compile_on_use(r"[^\W\d_]+(?:['’][^\W\d_]+)?")


def count_pronouns(text: str) -> tuple[int, int]:
    """Return how many words of the first person a text has, and how many of the second."""
    said = [match[0].casefold().replace("’", "'") for match in _WORD.finditer(text)]
    return sum(word in _FIRST for word in said), sum(word in _SECOND for word in said)
