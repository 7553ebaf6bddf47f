"""The context that a plugin's handler or hook is given for one message."""

from __future__ import annotations

from bot.access.chat_settings import ScopedChatSettings
from bot.access.scoped_access import ScopedAccess, Tell
from bot.access.sources import HandlerSources
from bot.context import Context, HandlerIO
from bot.hosting.scoped_plugins import ScopedPlugins
from bot.pipeline.handler_resources import HandlerResources
from bot.pipeline.received import Received
from bot.pipeline.services import Services


def make_context(
    services: Services,
    received: Received,
    plugin: str,
    resources: HandlerResources,
    *,
    io: HandlerIO,
    sources: HandlerSources,
    tell: Tell | None = None,
    chat_settings: ScopedChatSettings | None = None,
) -> Context:
    """Make one that acts for the sender of a message, within their scope.

    It talks through `io`, and tells others by `tell`; without that nobody is told.
    """
    policy, quotas = services.access.policy, services.answering.quotas
    return Context(
        message=received.message,
        memory=resources.memory(),
        access=ScopedAccess(services.memory.ledger, policy, quotas, received.message, received.role, tell=tell),
        io=io,
        store=resources.store(plugin),
        jobs=resources.planner(plugin),
        is_owner=received.is_owner,
        commands=services.hosting.running.commands,
        zone=services.answering.answerer.zone,
        plugins=ScopedPlugins(services.hosting.manager, received.is_owner),
        sources=sources,
        chat_settings=chat_settings,
    )
