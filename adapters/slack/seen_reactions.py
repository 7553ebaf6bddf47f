"""The reaction that shows on a message that the bot has seen it (https://docs.slack.dev/reference/methods/reactions.add)."""

from __future__ import annotations

from adapters.slack.api import Api, ApiCall, RefusedError
from adapters.slack.places import asker_of

SEEN = "eyes"
_DONE = frozenset({"already_reacted", "no_reaction", "message_not_found"})
_NEVER = frozenset({"missing_scope", "not_allowed_token_type", "unknown_method"})


class SeenReactions:
    """Adds and removes the reaction, until Slack says that the app may not."""

    def __init__(self, api: Api) -> None:
        self._api = api
        self._allowed = True

    async def add(self, event_id: str) -> None:
        """React to a message. Raises AdapterError."""
        channel, _, ts = event_id.partition(":")
        if asker_of(event_id) is None:
            await self._call(lambda client: client.reactions_add(channel=channel, timestamp=ts, name=SEEN))

    async def remove(self, event_id: str) -> None:
        """Take the reaction back. Raises AdapterError."""
        channel, _, ts = event_id.partition(":")
        if asker_of(event_id) is None:
            await self._call(lambda client: client.reactions_remove(channel=channel, timestamp=ts, name=SEEN))

    async def _call(self, request: ApiCall) -> None:
        if not self._allowed:
            return
        try:
            await self._api.call(request)
        except RefusedError as error:
            self._allowed = error.code not in _NEVER
            if error.code not in _DONE:
                raise
