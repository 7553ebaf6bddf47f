"""Discord as a way in and out, through its gateway and its REST API."""

from __future__ import annotations

from adapters.discord.adapter import DiscordAdapter

__all__ = ["DiscordAdapter"]
