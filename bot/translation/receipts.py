"""Says what a forgetting has removed, and what was found afterwards, in the language that is spoken."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.translation.formats import format_number
from bot.translation.messages import gettext, ngettext

if TYPE_CHECKING:
    from memory.receipts import Check, Receipt


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
        places = "; ".join(check.left)
        return gettext("Not everything is gone: its words are still in {places}.", places=places)
    if not check.words:
        return gettext("All of its words are in other memories too, so I could not check whether anything is left.")
    return ngettext(
        "I looked for its words in all {tables} tables and in {number} file: nothing is left.",
        "I looked for its words in all {tables} tables and in {number} files: nothing is left.",
        check.files,
        tables=format_number(check.tables),
    )
