"""Tells what Messenger and Instagram themselves write in somebody's name: who reacted, who called, what was sent."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from typing import Final
from unicodedata import category

from adapters.exports.parsed import ParsedMessage

_LONGEST: Final = 200
_REACTED: Final = re.compile(
    r"(?:(?:hat|ha|a|heeft|har) )?(?:(?:reacted|réagi|reagi|reaccion|zareagowa|reager|отреагир)\w* |mit |met )"
    r".{1,40}(?:message|mensaje|mensagem|messaggio|nachricht reagiert|bericht(?: gereageerd)?|wiadomość|besked|melding"
    r"|meddelande|сообщение)\.?",
    re.IGNORECASE,
)
_DID: Final = re.compile(
    r"(?:named the group|changed the (?:chat theme|theme|group photo|group name)|set (?:the (?:quick reaction|emoji)"
    r"|(?:the|your|his own|her own|their own) nickname)|cleared (?:the|your|his|her|their)|created (?:a poll|the group)"
    r"|voted for|changed vote|added .{1,100} to the group|removed .{1,100} from the group|left the group|joined the"
    r"|pinned a message|unpinned a message|started (?:a|an) (?:video |audio )?(?:call|chat)|started sharing"
    r"|turned (?:on|off)|missed (?:your|a|an) |is waving at you|waved at |liked a message|shared a "
    r"(?:story|post|reel)\b|sent (?:an attachment|a sticker|a photo|a video|a voice message|a link|a post|a reel)\.)"
)
"""What Messenger writes in the name of somebody; in other languages the records of calls tell it."""
_ALONE: Final = frozenset({
    "liked a message", "curtiu uma mensagem", "le gustó un mensaje", "a aimé un message", "மெசேஜை விரும்பியுள்ளார்",
    "reagiu com emoji sua mensagem", "video chat ended", "video call ended", "video call started", "audio call ended",
    "audio call started", "the video chat ended",
})  # fmt: skip
"""Notices that name nobody."""
_LIKED: Final = re.compile(r"\S.{0,80} यांनी मॅसेज लाइक केला")
_SENT: Final = re.compile(r"(?:[^\n]{1,80} sent an attachment|[^\n]{1,80} shared a (?:story|post|reel))\.")
_LONGEST_SENT: Final = 80
_UNSENT: Final = " unsent a message", " removed a message"
_VARIANT: Final = "\ufe0f"
_FEWEST_ALIKE: Final = 3
_SLOT: Final = "\0"

Reaction = tuple[str, str]
"""Who reacted, and with which emoji."""


def is_unsent(text: str, author: str) -> bool:
    """Tell whether a message's words only say that its author took it back."""
    names = (author, author.partition(" ")[0], "You")
    return text.removesuffix(".") in {f"{name}{end}" for name in names for end in _UNSENT}


def is_notice(text: str, author: str) -> bool:
    """Tell whether Messenger itself says what somebody did: reacted, named the group, voted, called."""
    if len(text) > _LONGEST or "\n" in text:
        return False
    if text.casefold().removesuffix(".") in _ALONE or _LIKED.fullmatch(text):
        return True
    names = [name for name in (author, author.partition(" ")[0], "You") if text.startswith(f"{name} ")]
    did = text.removeprefix(names[0]).lstrip() if names else text
    if _REACTED.fullmatch(did) and any(category(letter) == "So" for letter in did):
        return True
    return bool(names) and _DID.match(did) is not None


def names_only_a_share(text: str, author: str) -> bool:
    """Tell whether the words beside something shared are the app's: "Ana sent an attachment." in any language."""
    if len(text) > _LONGEST_SENT or "\n" in text or "://" in text:
        return False
    named = text.startswith((f"{author} ", f"{author.partition(' ')[0]} "))
    return _SENT.fullmatch(text) is not None or (named and text.endswith("."))


def name_doer(text: str, author: str) -> str:
    """Return a notice with the name of whom it is about: "Liked a message" has none."""
    return text if text.startswith((author.partition(" ")[0], "You ")) else f"{author}: {text}"


def find_reactions(messages: Iterable[ParsedMessage], reactions: set[Reaction]) -> set[int]:
    """Return the places of messages that only tell of a reaction, whatever their language.

    Such a text has the emoji of a reaction that its author gave, and a gap where the name of somebody else would
    stand: two blanks, or one at the end. It is taken for a notice when the same words came with other emoji, or often.
    """
    given = defaultdict[str, set[str]](set)
    for author, emoji in reactions:
        given[author].add(emoji)
    alike = defaultdict[str, list[tuple[int, str]]](list)
    for place, message in enumerate(messages):
        text = message.text.replace(_VARIANT, "")
        plain = message.kind == "message" and not message.attachments and len(text) <= _LONGEST and "\n" not in text
        if plain and ("  " in text or text.endswith(" ")):
            used = [emoji for emoji in given.get(message.author or "", ()) if text.count(emoji) == 1]
            if used:
                emoji = max(used, key=len)
                alike[text.replace(emoji, _SLOT)].append((place, emoji))
    return {
        place
        for words, found in alike.items()
        if any(letter.isalpha() for letter in words)
        and (len(found) >= _FEWEST_ALIKE or len({emoji for _, emoji in found}) > 1)
        for place, _ in found
    }
