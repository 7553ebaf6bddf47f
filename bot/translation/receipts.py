"""Says what a forgetting has removed, and what was found afterwards, in the language that is spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.translation.formats import format_number
from bot.translation.messages import gettext, gettext_noop, ngettext

if TYPE_CHECKING:
    from memory.receipts import Check, Receipt

_PLACES = (
    gettext_noop("the file {name}"),
    gettext_noop("the reply no. {name}"),
    gettext_noop("something planned by the plugin {name}"),
    gettext_noop("something kept by the plugin {name}"),
    gettext_noop("a reply that waits to be sent"),
    gettext_noop("the buttons of a reply"),
    gettext_noop("the note of a file that is kept"),
    gettext_noop("the full-text index"),
)
"""How `Check.left` names the places where words of something forgotten may be left."""


def describe_receipt_notes(receipt: Receipt) -> list[str]:
    """Return what there is to say beside the counts, a sentence each."""
    notes: list[str] = []
    if receipt.by_text:
        notes.append(
            ngettext(
                "{number} older reply was found by its text, because it does not record what it quotes.",
                "{number} older replies were found by their text, because they do not record what they quote.",
                receipt.by_text,
            )
        )
    if receipt.checked is None:
        return notes
    notes.append(_describe_check(receipt.checked))
    if receipt.checked.encrypted:
        files = "; ".join(receipt.checked.encrypted)
        notes.append(
            gettext("I can't search encrypted files: {files}. What was forgotten may still be in them.", files=files)
        )
    return notes


def _describe_check(check: Check) -> str:
    """Return where forgotten words were looked for, and whether any are left."""
    if check.left:
        places = "; ".join(map(_name_place, check.left))
        return gettext("Not everything is gone: its words are still in {places}.", places=places)
    if not check.words:
        return gettext("All of its words are in other memories too, so I could not check whether anything is left.")
    return ngettext(
        "I looked for its words in all {tables} tables and in {number} file: nothing is left.",
        "I looked for its words in all {tables} tables and in {number} files: nothing is left.",
        check.files,
        tables=format_number(check.tables),
    )


def _name_place(place: str) -> str:
    """Return a place in the language that is spoken; one that is not known stays as it is."""
    for known in _PLACES:
        front, has_name, _ = known.partition("{name}")
        if place == known or (has_name and place.startswith(front)):
            return gettext(known, name=place.removeprefix(front))
    return place
