"""The way of a slash command into the core."""

from __future__ import annotations

from collections.abc import Sequence

from adapters.slack.api import Json
from adapters.slack.directory import Directory
from adapters.slack.receiver import EventReceiver
from adapters.slack.settings import SlackSettings
from adapters.slack.slash import ResponseUrls, message_of


class SlashReceiver:
    """Takes the uses of slash commands, and keeps where their answers go."""

    def __init__(
        self,
        settings: SlackSettings,
        directory: Directory,
        *,
        receiver: EventReceiver,
        invocations: ResponseUrls,
        names: Sequence[str],
    ) -> None:
        self._settings = settings
        self._directory = directory
        self._receiver = receiver
        self._invocations = invocations
        self._names = frozenset(names)

    async def take(self, body: Json) -> None:
        """Deliver the use of a command. Raises when it was not stored."""
        message = await message_of(
            body,
            self._directory,
            self._names,
            prefix=self._settings.command_prefix,
        )
        public = self._settings.commands_answer == "channel"
        self._invocations.open(message, str(body.get("response_url", "")), public=public)
        await self._receiver.take_message(message)
