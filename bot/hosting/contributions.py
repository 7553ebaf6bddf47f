"""What plugins contribute to one answer: hooks into its recall, and tools for the model, each kept from harming it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Sequence
from typing import TYPE_CHECKING
from uuid import uuid4

from bot.access.policy import Role
from bot.answering.tools import Tool, Toolbox
from bot.context import Context
from bot.errors import AccessDenied, AdapterError, CommandError
from bot.hosting.recall_hooks import RecallHook, keep_within_scope
from bot.pipeline.received import Received
from bot.pipeline.session import Session
from memory.records import Recollection

if TYPE_CHECKING:
    from bot.pipeline.services import Services

logger = logging.getLogger(__name__)

HOOK_SECONDS = 10.0
TOOL_SECONDS = 60.0


class Contributions:
    """Calls the hooks and tools of plugins for one question. One that fails is named in the log, the rest goes on."""

    def __init__(
        self,
        services: Services,
        received: Received,
        question: str,
        session: Session,
        context_for: Callable[[str], Context],
    ) -> None:
        self._services = services
        self._session = session
        self._received = received
        self._question = question
        self._context_for = context_for

    async def adjust(self, recollections: Sequence[Recollection]) -> list[Recollection]:
        """Return what is recalled after the plugins' hooks, within what the person who asks may read."""
        found = list(recollections)
        for hook in self._services.hosting.running.recall_hooks:
            after = await self._call_hook(hook, found)
            if after is not None:
                found = await keep_within_scope(self._services.memory, self._received.scope, found, after)
        return found

    def make_toolbox(self, allowed: Collection[str]) -> Toolbox | None:
        """Return the tools of the plugins that are allowed to offer any; None when this turn may use none.

        Only a member's own words may bring about a call: those of a message of theirs that was neither forwarded nor
        came with a file, and that nothing was put into on its way here.
        """
        message = self._received.message
        is_own = self._question.strip() in message.text and not message.forwarded and not message.attachments
        tools = [tool for tool in self._services.hosting.running.tools if tool.plugin in allowed]
        if not tools or not is_own or self._received.role is Role.GUEST:
            return None
        return Toolbox(tools, self._call_tool)

    async def _call_hook(self, hook: RecallHook, found: list[Recollection]) -> Sequence[Recollection] | None:
        """Return what a hook makes of the recollections; None when it leaves them, was stopped, or fails."""
        isolation = self._services.hosting.isolation
        try:
            async with self._session.within(HOOK_SECONDS):
                with self._services.hosting.running.at_work(hook.handler) as runs:
                    return await isolation.call(hook.plugin, self._run_hook(hook, found)) if runs else None
        except Exception as error:  # noqa: BLE001 (logged; the answer goes on without it)
            self._report_failure(hook.plugin, "in its recall hook", error)
            return None

    async def _run_hook(self, hook: RecallHook, found: list[Recollection]) -> Sequence[Recollection] | None:
        return await hook.handler(self._context_for(hook.plugin), self._question, tuple(found))

    async def _call_tool(self, tool: Tool, values: Sequence[object]) -> tuple[str, bool]:
        """Run a tool; return what to tell the model, and whether it failed."""
        try:
            async with self._session.within(TOOL_SECONDS):
                with self._services.hosting.running.at_work(tool.handler) as runs:
                    if not runs:
                        return "error: it has been switched off", True
                    result = await self._services.hosting.isolation.call(tool.plugin, self._run_tool(tool, values))
        except (CommandError, AccessDenied, AdapterError) as error:
            return f"error: {error}", True
        except TimeoutError as error:
            self._report_failure(tool.plugin, f"in its tool {tool.name}", error)
            return "error: it took too long", True
        except Exception as error:  # noqa: BLE001 (logged; the model is told)
            return (
                f"error: it failed (error {self._report_failure(tool.plugin, f'in its tool {tool.name}', error)})",
                True,
            )
        return ("done" if result is None else str(result)), False

    async def _run_tool(self, tool: Tool, values: Sequence[object]) -> str | None:
        return await tool.handler(self._context_for(tool.plugin), *values)

    def _report_failure(self, plugin: str, where: str, error: Exception) -> str:
        error_id = uuid4().hex[:8]
        logger.error("Error %s: the plugin %s failed %s", error_id, plugin, where, exc_info=error)
        self._services.hosting.isolation.count_failure(plugin, error)
        return error_id
