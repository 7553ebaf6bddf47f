"""The steps of `setup` that take the tokens of chat platforms, and try them."""

from __future__ import annotations

import typer

from bot.adapter import Checkable
from bot.configuration.adapters_setup import make_adapter
from bot.errors import CommandError
from bot.translation import gettext

TOKENS = {
    "telegram": ("token",),
    "discord": ("token",),
    "slack": ("bot_token", "app_token"),
    "whatsapp": ("access_token", "phone_number_id", "app_secret", "verify_token"),
}
"""The platforms, and what has to be pasted for each."""
_LABELS = {"whatsapp": "WhatsApp"}
"""How platforms are written that are not simply capitalised."""


def platform_label(platform: str) -> str:
    """Return how the platform writes its own name."""
    return _LABELS.get(platform, platform.title())


def read_tokens(given: list[str]) -> dict[str, dict[str, str]]:
    """Return the tokens by platform and setting. Raises CommandError for what names neither."""
    found: dict[str, dict[str, str]] = {}
    for each in given:
        name, _, value = each.partition("=")
        platform, _, key = name.partition(".")
        key = key or TOKENS.get(platform, ("",))[0]
        if key not in TOKENS.get(platform, ()) or not value:
            names = [name if len(keys) == 1 else f"{name}.{key}" for name, keys in TOKENS.items() for key in keys]
            raise CommandError(gettext("--token takes {names}", names=", ".join(f"{name}=…" for name in names)))
        found.setdefault(platform, {})[key] = value
    return found


def ask_tokens(platform: str) -> dict[str, str]:
    """Ask for what a platform needs; empty where it is to be skipped."""
    tokens: dict[str, str] = {}
    for key in TOKENS[platform]:
        said = gettext(
            "{platform}: paste its {token}, or Enter to skip (docs/{name}.md)",
            platform=platform_label(platform),
            token=key.replace("_", " "),
            name=platform,
        )
        value = typer.prompt(said, default="", show_default=False, hide_input=True).strip()
        if not value:
            return {}
        tokens[key] = value
    return tokens


async def try_tokens(platform: str, table: dict[str, object]) -> None:
    """Have the adapter look whether its tokens are good. Raises CommandError when they are not."""
    adapter = make_adapter(platform, table)
    findings = await adapter.check() if isinstance(adapter, Checkable) else []
    for finding in findings:
        if finding.state == "broken":
            raise CommandError(
                gettext(
                    "{platform} was not set up: {found}",
                    platform=platform,
                    found=f"{finding.found}; {finding.mend}" if finding.mend else finding.found,
                )
            )
        typer.echo(f"{platform_label(platform)}: {finding.found}")
