"""Buttons under a question, or a menu where they would be many, and what happens when one is pressed.

https://discord.com/developers/docs/components/reference#button and #string-select
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
from bot.translation import gettext

MOST_BUTTONS = 5
"""More would fill several rows; a menu takes one, and 25 options."""


def view_of(choices: Choices) -> discord.ui.View:
    """Return a row of buttons, or a menu. The view is finished, so that the library keeps nothing of it."""
    view = discord.ui.View(timeout=None)
    offered = [(label, data_of(choices, number)) for number, label in enumerate(labels(choices, LABEL_CHARS))]
    if len(offered) > MOST_BUTTONS:
        options = [discord.SelectOption(label=label, value=data) for label, data in offered]
        # The option that was chosen is told beside it, so this only has to be different from other menus.
        view.add_item(discord.ui.Select(custom_id=choices.id, options=options, placeholder=gettext("Choose")))
    else:
        for label, data in offered:
            view.add_item(discord.ui.Button(label=label, custom_id=data))
    view.stop()
    return view


async def take_press(interaction: discord.Interaction, deliver: Deliver) -> None:
    """Deliver a press, and show what became of it. Raises what the library raises where it can't be shown."""
    found = read_data(_data_of(interaction))
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


def _data_of(interaction: discord.Interaction) -> str:
    """Return what stands behind the button that was pressed, or the option of a menu."""
    data: Mapping[str, Any] = interaction.data or {}
    values = data.get("values") or ()
    return str(values[0] if values else data.get("custom_id", ""))


def _label_of(interaction: discord.Interaction) -> str:
    rows = interaction.message.components if interaction.message is not None else []
    offered = [each for row in rows if isinstance(row, discord.ActionRow) for each in row.children]
    found = {each.custom_id: each.label for each in offered if isinstance(each, discord.Button)}
    menus = [each for each in offered if isinstance(each, discord.SelectMenu)]
    found |= {option.value: option.label for menu in menus for option in menu.options}
    return found.get(_data_of(interaction)) or ""
