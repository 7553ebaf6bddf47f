"""Buttons under a question, and what happens when one is pressed.

https://discord.com/developers/docs/components/reference#button
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import discord

from adapters.discord.layout import LABEL_CHARS, TEXT_LIMIT
from adapters.discord.places import conversation_of, person
from bot.adapter import Deliver, Delivery
from bot.choices import data_of, labels, read_data, sentence_for
from bot.events import Choice, Choices


def view_of(choices: Choices) -> discord.ui.View:
    """Return the buttons, five in a row. The view is finished, so that the library keeps nothing of it."""
    view = discord.ui.View(timeout=None)
    for number, label in enumerate(labels(choices, LABEL_CHARS)):
        view.add_item(discord.ui.Button(label=label, custom_id=data_of(choices, number)))
    view.stop()
    return view


async def take_press(interaction: discord.Interaction, deliver: Deliver) -> None:
    """Deliver a press, and show what became of it. Raises what the library raises where it can't be shown."""
    found = read_data(_custom_id(interaction))
    delivery = Delivery.EXPIRED
    if found is not None and interaction.channel is not None:
        choice = Choice(conversation_of(interaction.channel), person(interaction.user), *found)
        delivery = await deliver(choice)
    told = sentence_for(delivery)
    if told is not None:
        await interaction.response.send_message(told, ephemeral=True)
    elif delivery is Delivery.ACCEPTED:
        await _show_chosen(interaction)
    else:
        await interaction.response.defer()


async def _show_chosen(interaction: discord.Interaction) -> None:
    """Put what was chosen in the place of the buttons."""
    message = interaction.message
    text = f"{message.content if message is not None else ''}\n✓ {_label_of(interaction)}".strip()
    if len(text) > TEXT_LIMIT:
        await interaction.response.edit_message(view=None)
    else:
        await interaction.response.edit_message(content=text, view=None)


def _custom_id(interaction: discord.Interaction) -> str:
    data: Mapping[str, Any] = interaction.data or {}
    return str(data.get("custom_id", ""))


def _label_of(interaction: discord.Interaction) -> str:
    rows = interaction.message.components if interaction.message is not None else []
    buttons = [each for row in rows if isinstance(row, discord.ActionRow) for each in row.children]
    custom_id = _custom_id(interaction)
    return next(
        (str(each.label) for each in buttons if isinstance(each, discord.Button) if each.custom_id == custom_id), ""
    )
