"""What is set for one conversation from its chat: how the bot speaks there, and whether its answers grow."""

from __future__ import annotations

from dataclasses import dataclass, fields

from bot import events
from bot.access.sources import HandlerSources
from bot.errors import AccessDenied, CommandError
from bot.hosting.store import Values
from bot.translation import gettext, gettext_noop
from memory import Memory
from memory.plugin_records import PluginSpace
from memory.records import ConversationRecord

MOST_PERSONA_CHARS = 500
_SPACE = "chat.settings"  # no plugin can be called so
_OWNER_DECIDES = gettext_noop("In a group, only my owner can set that.")

_NOTHING_SPEAKS = gettext_noop("I have no voice yet: my owner can name a speech server under [speech] in the settings.")


@dataclass(frozen=True, slots=True)
class ChatSettings:
    """The settings of a conversation; a thread has those of its group where it has none of its own.

    With `voice` answers are spoken as well, with `transcripts` the words of voice notes are shown. With `notices` an
    owner is told in a direct chat what is wrong with the bot.
    """

    persona: str = ""
    streaming: bool = True
    voice: bool = False
    transcripts: bool = False
    notices: bool = True


async def read_chat_settings(
    memory: Memory, home: ConversationRecord, place: events.Conversation, sources: HandlerSources | None = None
) -> ChatSettings:
    """Return what is set for a conversation, which is `home` in the memory and `place` on its platform.

    What they were made from is added to the `sources` of who makes something of them.
    """
    found: dict[str, object] = {}
    parent = place.parent
    group = None if parent is None else await memory.conversations.find(place.platform, parent.key)
    for conversation in (group, home):
        if conversation is not None:
            found |= await _values(memory, conversation, sources=sources).items()
    known = {field.name for field in fields(ChatSettings)}
    return ChatSettings(**{name: value for name, value in found.items() if name in known})  # type: ignore[arg-type]  # as they were set


class ScopedChatSettings:
    """The settings of the conversation that a message is in, as its sender may see and change them."""

    def __init__(
        self,
        memory: Memory,
        message: events.Message,
        home: ConversationRecord,
        *,
        is_owner: bool,
        keeps: bool,
        sources: HandlerSources,
        speaks: bool = False,
    ) -> None:
        self._memory = memory
        self._message = message
        self._home = home
        self._may_set = is_owner or message.conversation.kind == "direct"
        self._values = _values(memory, home, keeps=keeps)
        self._sources = sources
        self.speaks = speaks
        """Whether there is something that can speak answers."""

    async def read(self) -> ChatSettings:
        """Return them."""
        return await read_chat_settings(self._memory, self._home, self._message.conversation, self._sources)

    async def set_persona(self, persona: str) -> None:
        """Set how the bot is to speak here; "" for as everywhere. It is forgotten with the message that set it.

        Raises AccessDenied, and CommandError when it is too long or nothing may be kept.
        """
        if len(persona) > MOST_PERSONA_CHARS:
            raise CommandError(gettext("Say it in {limit} characters.", limit=MOST_PERSONA_CHARS))
        self._check()
        await self._values.set("persona", " ".join(persona.split()), drawn_from=sorted(self._sources.told))

    async def set_streaming(self, *, on: bool) -> None:
        """Set whether answers are shown as they grow. Raises AccessDenied, and CommandError where nothing is kept."""
        self._check()
        await self._values.set("streaming", on)

    async def set_voice(self, *, on: bool) -> None:
        """Set whether answers are spoken as well. Raises as `set_streaming`, and CommandError where nothing speaks."""
        if on and not self.speaks:
            raise CommandError(gettext(_NOTHING_SPEAKS))
        self._check()
        await self._values.set("voice", on)

    async def set_transcripts(self, *, on: bool) -> None:
        """Set whether the words of voice notes are shown under them. Raises as `set_streaming`."""
        self._check()
        await self._values.set("transcripts", on)

    async def set_notices(self, *, on: bool) -> None:
        """Set whether an owner is told here what is wrong with the bot. Raises as `set_streaming`."""
        self._check()
        await self._values.set("notices", on)

    def _check(self) -> None:
        if not self._may_set:
            raise AccessDenied(gettext(_OWNER_DECIDES))


def _values(
    memory: Memory, conversation: ConversationRecord, *, keeps: bool = False, sources: HandlerSources | None = None
) -> Values:
    space = PluginSpace(_SPACE, conversation_id=conversation.id)
    return Values(memory.ledger.plugin_values, space, keeps=keeps, sources=sources)
