"""Slack as a way in and out, through Socket Mode or its Events API."""

from adapters.slack.adapter import SlackAdapter

__all__ = ["SlackAdapter"]
