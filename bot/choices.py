"""Questions with a few answers to choose from: as buttons where a platform has them, numbered everywhere.

What is typed counts as much as what is pressed: the number of an option, or its words.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.adapter import Delivery
from bot.errors import PluginError
from bot.events import Choices, Reply
from bot.pipeline.splitting import clip_text
from bot.translation import gettext, gettext_noop

MOST_OPTIONS = 25
"""Discord's limit is the tightest (https://discord.com/developers/docs/components/reference#action-row)."""

YES_OR_NO = (gettext_noop("Yes"), gettext_noop("No"))
YES_OR_NO_TYPED = {
    word: meant
    for meant, words in zip(
        YES_OR_NO,
        (
            "yes y yep yeah sure ok okay ja jo si sí sì sim oui да так tak evet はい 是 好 네",
            "no n nope nein non não nao nee nie нет ні hayır いいえ 不 아니요 cancel stop",
        ),
        strict=True,
    )
    for word in words.split()
}
"""What else people type for a yes and a no, in the languages that questions are understood in."""

NOT_YOURS = gettext_noop("That is for somebody else to choose.")
OVER = gettext_noop("That question is closed. Ask me again any time.")
_DATA = "choice"
_UNSENDABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")


def choices_of(options: Sequence[str]) -> Choices:
    """Return options as they are offered. Raises PluginError for none, too many, or ones that can't be told apart."""
    told = tuple(" ".join(_UNSENDABLE.sub(" ", option).split()) for option in options)
    if not 1 <= len(told) <= MOST_OPTIONS:
        raise PluginError(f"a question can have 1 to {MOST_OPTIONS} options, not {len(told)}")
    if not all(told) or len({option.casefold() for option in told}) < len(told):
        raise PluginError(f"the options of a question must differ, and none be empty: {', '.join(map(repr, told))}")
    return Choices(secrets.token_hex(8), told)


def buttons(says: Mapping[str, str]) -> Choices:
    """Return buttons for a reply, each with what it says in the name of who presses it: {"Later": "/snooze 10"}.

    They count once, also after a restart, for whom the reply is meant. Where a platform has no buttons they are left
    out, so the text should tell what can be typed. Raises PluginError as `choices_of` does.
    """
    return replace(choices_of(list(says)), says=tuple(says.values()))


def fold_typed(text: str) -> str:
    """Return what was typed without what makes no difference: case, blanks, and the mark that ends a sentence."""
    return " ".join(text.split()).casefold().rstrip(".!")


def match_option(text: str, choices: Choices) -> str | None:
    """Return the option that a typed text means: its words, else its number."""
    said = " ".join(text.split()).casefold()
    by_words = {option.casefold(): option for option in choices.options}
    if said in by_words:
        return by_words[said]
    number = said.strip("#.() ")
    at = int(number) - 1 if number.isascii() and number.isdecimal() and len(number) < len("1000") else -1
    return choices.options[at] if 0 <= at < len(choices.options) else by_words.get(fold_typed(text))


def number_options(reply: Reply) -> Reply:
    """Return a reply with its options as a numbered list: for where there are no buttons.

    Those that somebody could only press, since nobody waits for a number, are left out.
    """
    if reply.choices is None or reply.choices.says:
        return reply
    lines = [f"{number}. {option}" for number, option in enumerate(reply.choices.options, start=1)]
    return replace(reply, text="\n".join([reply.text, "", *lines]).strip())


def spell_out(reply: Reply, most_chars: int) -> Reply:
    """Return a reply for a platform with buttons: its options are listed only where one is too long for a button."""
    fits = reply.choices is None or all(len(option) <= most_chars for option in reply.choices.options)
    return reply if fits else number_options(reply)


def labels(choices: Choices, most_chars: int) -> list[str]:
    """Return what stands on the buttons: the options, with their numbers where one had to be cut."""
    if all(len(option) <= most_chars for option in choices.options):
        return list(choices.options)
    return [clip_text(f"{number}. {option}", most_chars) for number, option in enumerate(choices.options, start=1)]


def data_of(choices: Choices, number: int) -> str:
    """Return what the button of an option carries, at most 64 bytes: options are numbered from 0."""
    return f"{_DATA}:{choices.id}:{number}"


def read_data(data: str) -> tuple[str, int] | None:
    """Return the question and the option of a button; None when it is none of ours."""
    kind, _, rest = data.partition(":")
    question, _, number = rest.partition(":")
    is_ours = kind == _DATA and bool(question) and number.isascii() and number.isdecimal()
    return (question, int(number)) if is_ours else None


def sentence_for(delivery: Delivery) -> str | None:
    """Return what somebody is told whose press came to nothing; None when it counted."""
    sentence = {Delivery.REFUSED: NOT_YOURS, Delivery.EXPIRED: OVER}.get(delivery)
    return None if sentence is None else gettext(sentence)
