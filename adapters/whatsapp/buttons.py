"""Options to choose from: up to three as buttons, up to ten as a list.

https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-reply-buttons-messages
https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-list-messages
"""

from __future__ import annotations

from adapters.whatsapp.places import Json
from bot.adapter import clip_text
from bot.choices import data_of, labels, read_data
from bot.events import Choices
from bot.translation import gettext

MOST_BUTTONS, BUTTON_CHARS = 3, 20
MOST_ROWS, ROW_CHARS, DESCRIPTION_CHARS = 10, 24, 72
BUTTONS_TEXT, LIST_TEXT = 1024, 4096
"""How many characters the text above buttons, and above a list, may have."""


def fit_buttons(choices: Choices) -> bool:
    """Say whether options can be buttons, each with its whole text."""
    return len(choices.options) <= MOST_BUTTONS and all(len(option) <= BUTTON_CHARS for option in choices.options)


def fit_list(choices: Choices) -> bool:
    """Say whether options can be the rows of a list."""
    return len(choices.options) <= MOST_ROWS


def interactive_of(choices: Choices, text: str) -> Json:
    """Return a text with its options below it."""
    if fit_buttons(choices):
        buttons = [
            {"type": "reply", "reply": {"id": data_of(choices, number), "title": option}}
            for number, option in enumerate(choices.options)
        ]
        return {"type": "button", "body": {"text": text}, "action": {"buttons": buttons}}
    rows = [
        {"id": data_of(choices, number), "title": label, **_description(option, label)}
        for number, (option, label) in enumerate(zip(choices.options, labels(choices, ROW_CHARS), strict=True))
    ]
    button = clip_text(gettext("Choose"), BUTTON_CHARS)
    return {"type": "list", "body": {"text": text}, "action": {"button": button, "sections": [{"rows": rows}]}}


def read_press(data: str) -> tuple[str, int] | None:
    """Return the question and the option that a button or a row stands for; None when it is none of ours."""
    return read_data(data)


def _description(option: str, label: str) -> Json:
    return {} if label.endswith(option) else {"description": clip_text(option, DESCRIPTION_CHARS)}
