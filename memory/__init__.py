"""Remembers; knows nothing of bots."""
