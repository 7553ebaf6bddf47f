"""The language that each conversation is held in: the one that was chosen there, or in the settings, or is written."""

from __future__ import annotations

import json
import logging

from bot.events import Conversation, Message
from bot.pipeline.lru_cache import Recent
from bot.pipeline.received import Received, lane_of
from bot.translation import ENGLISH, match_language
from bot.translation.recognition import recognize_language
from memory.engine import PluginValueStore
from memory.errors import MemoryStoreError
from memory.plugin_records import PluginSpace

logger = logging.getLogger(__name__)

AUTO = "auto"
_SPACE = "scrubjay.language"  # no plugin can be called so
_CHOSEN, _HEARD, _TOLD = "chosen", "heard", "told"
_KNOWN = 10_000
"""Conversations whose language is known without a look into the database."""


class ConversationLanguages:
    """Tells in which language to speak, and keeps it with the conversation, where anything may be kept of it.

    `setting` is a language for all conversations where nobody has chosen another, or "auto": then it is the one that
    is written there, and until that shows, the one that the platform tells of the sender.
    """

    def __init__(self, values: PluginValueStore, setting: str = AUTO) -> None:
        self._values = values
        self.setting = setting
        self._setting = match_language(setting)
        self._chosen: Recent[str, str] = Recent(_KNOWN)
        self._heard: Recent[str, str] = Recent(_KNOWN)
        self._told: Recent[str, str] = Recent(_KNOWN)

    def guess(self, message: Message) -> str:
        """Return the language to speak with who may be a stranger, of whom nothing is kept."""
        lane = lane_of(message.conversation)
        chosen = self._chosen.get(lane) or self._setting
        return chosen or self._heard.get(lane) or recognize_language(message.text) or _read_language(message) or ENGLISH

    async def listen(self, received: Received, hint: str = "") -> str:
        """Return the language to handle a message in; `hint` is one that its words show beyond doubt, if any.

        What is written in another language from here on changes it, unless somebody has chosen one.
        """
        message, at = received.message, received.conversation.id
        place = message.conversation
        chosen = await self._find(self._chosen, _CHOSEN, place, at) or self._setting
        if chosen:
            return chosen
        heard = await self._find(self._heard, _HEARD, place, at)
        shows = match_language(hint) or recognize_language(message.text, heard)
        if shows is not None and shows != heard:
            await self._note(self._heard, _HEARD, shows, received)
        if shows or heard:
            return shows or heard or ENGLISH
        told = _read_language(message)
        if told is not None and told != await self._find(self._told, _TOLD, place, at):
            await self._note(self._told, _TOLD, told, received)
        return told or ENGLISH

    async def find_language(self, place: Conversation, conversation_id: int) -> str:
        """Return the language of a conversation in which nothing is said just now."""
        chosen = await self._find(self._chosen, _CHOSEN, place, conversation_id) or self._setting
        heard = chosen or await self._find(self._heard, _HEARD, place, conversation_id)
        return heard or await self._find(self._told, _TOLD, place, conversation_id) or ENGLISH

    async def choose(self, received: Received, language: str | None) -> None:
        """Speak a language in a conversation from now on; None follows what is written there again."""
        self._chosen.keep(received.lane, language or "")
        if received.passage_id is not None:
            await self._keep(_CHOSEN, language or "", received.conversation.id)

    async def _find(self, known: Recent[str, str], key: str, place: Conversation, conversation_id: int) -> str | None:
        lane = lane_of(place)
        found = known.get(lane)
        if found is None:
            kept = await self._values.get(PluginSpace(_SPACE, conversation_id=conversation_id), key)
            found = "" if kept is None else str(json.loads(kept))
            known.keep(lane, found)
        return match_language(found)

    async def _note(self, known: Recent[str, str], key: str, language: str, received: Received) -> None:
        """Note a language; English needs no row where there was no other before."""
        before = known.get(received.lane) or ENGLISH
        known.keep(received.lane, language)
        if received.passage_id is not None and before != language:
            await self._keep(key, language, received.conversation.id)

    async def _keep(self, key: str, language: str, conversation_id: int) -> None:
        """Keep a language for after a restart; that it can't be is no reason to answer nothing."""
        try:
            await self._values.put(PluginSpace(_SPACE, conversation_id=conversation_id), key, json.dumps(language))
        except MemoryStoreError:
            logger.warning("The language of a conversation could not be kept", exc_info=True)


def _read_language(message: Message) -> str | None:
    """Return the language that the platform tells of the sender."""
    return match_language(message.language)
