"""Texts of the pages that are not in a template: those of scripts, and the names of what is listed."""

from __future__ import annotations

from markupsafe import Markup, escape

from bot.translation import gettext, gettext_noop

SCRIPT_MESSAGES = (
    gettext_noop("Copied."),
    gettext_noop("Copying the memory …"),
    gettext_noop("Dark colours."),
    gettext_noop("Forgotten."),
    gettext_noop("Leave out {name}"),
    gettext_noop("Light colours."),
    gettext_noop("Saved as {name}."),
    gettext_noop("Scrubjay can't be reached. Is it still running?"),
    gettext_noop("Taken back."),
    gettext_noop("Thank you, I have noted that."),
    gettext_noop("That file could not be read."),
    gettext_noop("The import is done."),
    gettext_noop("The messages can't be loaded: the server answered {status}."),
    gettext_noop("The server answered {status}."),
)
"""What the modules in static/ say by `translate`; a test holds the two together."""

LISTED_WORDS = (
    *(gettext_noop("on"), gettext_noop("off"), gettext_noop("failed"), gettext_noop("changed"), gettext_noop("new")),
    *(gettext_noop("unusable"), gettext_noop("ok"), gettext_noop("note"), gettext_noop("broken")),
    *(gettext_noop("person"), gettext_noop("group"), gettext_noop("messages"), gettext_noop("answers")),
)
"""States of plugins and checks, and what quotas and access are about."""

_PLATFORMS = {"imessage": "iMessage", "sms": "SMS", "irc": "IRC", "whatsapp": "WhatsApp", "chatgpt": "ChatGPT"}


def script_messages() -> dict[str, str]:
    """Return what the scripts say in the language of the page; English needs none."""
    said = {message: gettext(message) for message in SCRIPT_MESSAGES}
    return {english: other for english, other in said.items() if other != english}


def platform_name(platform: str) -> str:
    """Return a platform as people write it."""
    own = {"http": gettext("this page"), "console": gettext("this machine"), "plain": gettext("a file")}
    name, _, bot = platform.partition(".")
    shown = own.get(name) or _PLATFORMS.get(name) or name.replace("_", " ").title()
    return f"{shown} ({bot})" if bot else shown


def show_code(text: str) -> Markup:
    """Return a text with what stands in backticks as code."""
    parts = str(escape(text)).split("`")
    return Markup("".join(f"<code>{part}</code>" if at % 2 else part for at, part in enumerate(parts)))  # noqa: S704 (escaped)
