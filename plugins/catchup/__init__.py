"""What happened in a conversation since somebody was last there, with sources."""

from plugins.catchup.plugin import CatchupPlugin

__all__ = ["CatchupPlugin"]
