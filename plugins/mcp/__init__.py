"""Tools of other programs, by the Model Context Protocol."""

from plugins.mcp.plugin import McpPlugin

__all__ = ["McpPlugin"]
