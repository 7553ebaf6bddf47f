"""Addresses by which somebody or something is reached: of mail, telephone numbers, links."""

from __future__ import annotations

import re

from bot.answering.quoting.question_words import Wanted
from memory.patterns import compile_on_use

_FOUND: dict[Wanted, re.Pattern[str]] = {
    "email": compile_on_use(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"),
    "phone": compile_on_use(
        r"(?<![\w.,/+:@-])(?:\+|00|\(?0|\(\d{3}\)|\d{3}[ .-])\d?(?:[ ().\u00a0/-]{0,2}\d){5,13}(?![\w@-])"
    ),
    "link": compile_on_use(r"\b(?:https?://|www\.)[^\s<>\"]{1,500}[^\s<>\".,;:!?)\]]"),
}
_NOUNS: dict[Wanted, str] = {
    "email": (
        r"e-?mail(?:[ -]?adress\w*| address)?|mail[ -]?(?:adress\w*|address)"
        r"|correo(?: electrónico)?|courriel|adresse (?:e-?)?mail"
        r"|indirizzo (?:e-?)?mail|endereço de e-?mail|e-?mailadres|почта|имейл"
    ),
    "phone": (
        r"(?:tele)?phone number|mobile number|cell number|telephone"
        r"|telefonnummer|handynummer|telefoonnummer|mobiel nummer"
        r"|(?:número de )?(?:teléfono|celular|móvil|telefone|telemóvel)|numéro de téléphone|téléphone"
        r"|(?:numero di )?(?:telefono|cellulare)|номер телефона|телефон"
    ),
    "link": (
        r"link|url|web ?site|web ?page|webseite|homepage|website|webpagina|lien|site(?: web| internet)?|enlace"
        r"|(?:página|sitio) web|sito(?: web)?|ссылка|сайт"
    ),
}
_OF = (
    r"(?:\s(?:of|for|to|from|von|vom|für|zu|zum|zur|de|del|della|du|des|pour|do|da|para|per|di|van|voor|naar|от|для|на)"
    r"\s.{1,80})?"
)
_ASKED: dict[Wanted, re.Pattern[str]] = {
    kind: compile_on_use(rf"(?<!\w)(?:{nouns}){_OF}\W*$", re.IGNORECASE) for kind, nouns in _NOUNS.items()
}
"""What makes "what" ask for an address: it ends in one, or in whose it is."""


_NOUN = {kind: compile_on_use(rf"(?<!\w)(?:{nouns})(?!\w)", re.IGNORECASE) for kind, nouns in _NOUNS.items()}
_PARTS = {
    "email": compile_on_use("@"),
    "phone": compile_on_use(r"(?:\d[ ./()-]{0,2}){5}"),
    "link": compile_on_use(r"\w[./]\w"),
}
"""What is found in what could be an address."""


def contact_asked(question: str) -> Wanted | None:
    """Return which kind of address a question for a thing asks for; None where it asks for something else."""
    return next((kind for kind, pattern in _ASKED.items() if pattern.search(question)), None)


def contact_of(text: str, kind: Wanted) -> str | None:
    """Return the address of a kind that a text names; None without one, or with several."""
    found = dict.fromkeys(match[0].strip() for match in _FOUND[kind].finditer(text))
    return next(iter(found)) if len(found) == 1 else None


def may_tell_contact(text: str, kind: Wanted) -> bool:
    """Say whether a text may tell of an address of a kind, be it in a way of its own; True of any other kind.

    It speaks of one ("my mail is ana at work"), or holds what one is made of.
    """
    return kind not in _PARTS or bool(_PARTS[kind].search(text) or _NOUN[kind].search(text))


def names_contact(text: str, kind: Wanted) -> bool:
    """Say whether a text names an address of a kind."""
    return bool(_FOUND[kind].search(text))
