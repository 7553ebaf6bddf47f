"""Buttons under a question, and what happens when one is pressed.

https://docs.slack.dev/reference/block-kit/block-elements/button-element
https://docs.slack.dev/interactivity/handling-user-interaction
"""

from __future__ import annotations

from typing import Any

from adapters.slack.api import Api, Json
from adapters.slack.directory import Directory
from adapters.slack.mrkdwn import escape
from adapters.slack.places import PLATFORM, is_direct_channel
from bot.adapter import Deliver, Delivery
from bot.choices import data_of, labels, read_data, sentence_for
from bot.events import Choice, Choices, Conversation, ConversationKind

LABEL_CHARS = 75
_REPLACED_BYTES = 4_000
"""What replaces a message is bound as an edit is."""


def actions_of(choices: Choices) -> dict[str, Any]:
    """Return the buttons as a block."""
    buttons = [
        {
            "type": "button",
            "text": {"type": "plain_text", "text": label, "emoji": True},
            "action_id": data_of(choices, number),
        }
        for number, label in enumerate(labels(choices, LABEL_CHARS))
    ]
    return {"type": "actions", "block_id": choices.id, "elements": buttons}


class PressHandler:
    """Takes presses of buttons, and tells who pressed what became of it."""

    def __init__(self, api: Api, directory: Directory, deliver: Deliver) -> None:
        self._api = api
        self._directory = directory
        self._deliver = deliver

    async def take(self, body: Json) -> None:
        """Deliver a press and show what became of it. Nothing of a press is stored, so none is ever sent again."""
        action = body["actions"][0]
        found = read_data(str(action.get("action_id", "")))
        delivery = Delivery.EXPIRED
        if found is not None:
            sender = await self._directory.person(str(body["user"]["id"]))
            delivery = await self._deliver(Choice(self._place(body), sender, *found))
        answer = _answer_to(body, action, delivery)
        if answer is not None:
            await self._api.post_back(str(body.get("response_url", "")), answer)

    def _place(self, body: Json) -> Conversation:
        channel = str(body["channel"]["id"])
        thread = (body.get("container") or {}).get("thread_ts")
        team = body["user"].get("team_id") or (body.get("team") or {}).get("id") or self._directory.bot.team
        kind: ConversationKind = "direct" if is_direct_channel(channel) else "group"
        return Conversation(PLATFORM, channel, "", kind, None if thread is None else str(thread), str(team))


def _answer_to(body: Json, action: Json, delivery: Delivery) -> Json | None:
    """Return what is shown: what was chosen in the place of the buttons, or a sentence that only one person sees."""
    told = sentence_for(delivery)
    if told is not None:
        return {"response_type": "ephemeral", "replace_original": False, "text": told}
    if delivery is not Delivery.ACCEPTED:
        return None
    message = body.get("message") or {}  # Slack does not send what only one person sees
    chosen = f"✓ {escape(str((action.get('text') or {}).get('text', '')))}"
    note = {"type": "context", "elements": [{"type": "mrkdwn", "text": chosen}]}
    blocks = [block for block in message.get("blocks") or () if block.get("type") != "actions"]
    text = str(message.get("text", ""))
    whole = f"{text}\n{chosen}".strip()
    shown = whole if len(whole.encode()) <= _REPLACED_BYTES else chosen  # the blocks hold the rest
    return {"replace_original": True, "text": shown, "blocks": [*blocks, note]}
