"""A group that goes on under another id, as what waits for it is readdressed."""

from __future__ import annotations

import json
from functools import partial
from typing import Any

from bot.access.policy import Role
from bot.events import ConversationMoved
from memory.records import ConversationMove

_MESSAGE_IDS = frozenset({"event_id", "reply_to"})


def move_of(event: ConversationMoved, role: Role | None) -> ConversationMove:
    """Return what a move means to the memory; `role` is what everybody in the group may do."""
    place = event.conversation
    return ConversationMove(
        platform=place.platform,
        old=place.id,
        new=event.new_id,
        rewrite=partial(_readdress, event),
        role=None if role is None else role.value,
        message_ids=event.message_ids,
    )


def _readdress(event: ConversationMoved, payload: str) -> str:
    """Return a message, a reply or another JSON with the group's new id in place of the old one."""
    return json.dumps(_replace_ids(json.loads(payload), event))


def _replace_ids(value: Any, event: ConversationMoved) -> Any:
    match value:
        case dict():
            changed = {key: _replace_message_id(key, _replace_ids(each, event), event) for key, each in value.items()}
            is_place = "kind" in changed and changed.get("platform") == event.conversation.platform
            if is_place and changed.get("id") == event.conversation.id:
                changed["id"] = event.new_id
            return changed
        case list():
            return [_replace_ids(each, event) for each in value]
        case _:
            return value


def _replace_message_id(key: str, value: Any, event: ConversationMoved) -> Any:
    """Return the id of a message as it is from now on, where messages keep theirs but for the beginning."""
    if key not in _MESSAGE_IDS or event.message_ids is None or not isinstance(value, str):
        return value
    before, after = event.message_ids
    return after + value.removeprefix(before) if value.startswith(before) else value
