"""Reminders: asked for in plain words, kept over restarts, told on time or said to be late."""

from plugins.reminders.plugin import RemindersPlugin

__all__ = ["RemindersPlugin"]
