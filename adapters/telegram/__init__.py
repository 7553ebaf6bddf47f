"""Telegram as a way in and out, through its Bot API."""

from adapters.telegram.adapter import TelegramAdapter

__all__ = ["TelegramAdapter"]
