"""Who calls the bot in a group without a mention: by its name, or where every question is for it."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace

from bot.answering.kinds.classify import is_plain_question
from bot.events import Message

_GREETINGS = r"(?:hey|hi|hello|ok|okay|hallo|hej|hola|olá|oi|salut|ciao|привет)"
_SEEN = 300
"""Characters from either end of a message in which the name is looked for."""


@dataclass(frozen=True, slots=True)
class Addressing:
    """Tells when a message in a group is for the bot although it neither mentions it nor replies to it.

    `names` are what it is called, at the beginning or the end of a message; one of the `patterns` may stand anywhere in
    what is looked at. In the `open_groups`, by "platform:id",
    each question is for it that is not for somebody else.
    """

    names: tuple[str, ...] = ()
    open_groups: Collection[str] = ()
    patterns: tuple[re.Pattern[str], ...] = ()

    def apply(self, message: Message) -> Message:
        """Return a message as it is meant; a name at its beginning goes, as a mention does."""
        if message.addressed or message.conversation.kind == "direct" or message.forwarded:
            return message
        called = self._without_name(message.text)
        if called is not None:
            return replace(message, text=called, addressed=True)
        if any(pattern.search(message.text, 0, _SEEN) for pattern in self.patterns):
            return replace(message, addressed=True)
        place = f"{message.conversation.platform}:{message.conversation.id}"
        is_open = place in self.open_groups and not message.mentions and message.reply_to is None
        return replace(message, addressed=True) if is_open and is_plain_question(message.text) else message

    def _without_name(self, text: str) -> str | None:
        """Return what is said to the bot; None where it is not called."""
        for name in self.names:
            spelled = re.escape(name)
            begins = re.match(
                rf"\s{{0,9}}(?:{_GREETINGS}[\s,]{{1,3}})?@?{spelled}\s{{0,3}}[,:;!–—-]", text, re.IGNORECASE
            )
            greeted = re.match(rf"\s{{0,9}}{_GREETINGS}[\s,]{{1,3}}@?{spelled}\b", text, re.IGNORECASE)
            found = begins or greeted
            if found is not None:
                return text[found.end() :].lstrip(" ,:;!–—-\n") or text
            plain = re.match(rf"\s{{0,9}}@?{spelled}\s", text, re.IGNORECASE)
            if plain is not None and is_plain_question(text[plain.end() :]):
                return text[plain.end() :].lstrip()
            if re.search(rf",\s{{0,3}}@?{spelled}\s{{0,3}}[?!.]{{0,3}}\s{{0,9}}\Z", text[-_SEEN:], re.IGNORECASE):
                return text
        return None
