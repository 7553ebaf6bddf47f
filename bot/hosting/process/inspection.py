"""Looking at a plugin from a safe distance: a process of its own imports it and says what it can do."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from pydantic import ValidationError

from bot.errors import PluginError
from bot.hosting.process.manifest import PROTOCOL, Manifest
from bot.hosting.process.peer import Hangup, RemoteError
from bot.hosting.process.process import PluginProcess, ProcessOptions


async def inspect_plugin(name: str, target: Mapping[str, str], options: ProcessOptions) -> Manifest:
    """Import a plugin in a process, and return what it says of itself; nothing of it is made or entered.

    Raises PluginError when it can't be imported, ends its process, or takes longer than `options.start_seconds`.
    """
    async with PluginProcess.open(name, options, {}) as process:
        return await fetch_manifest(process, name, target)


async def fetch_manifest(process: PluginProcess, name: str, target: Mapping[str, str]) -> Manifest:
    """Have a process load a plugin. Raises PluginError, which says what is wrong with it."""
    seconds = process.options.start_seconds
    try:
        async with asyncio.timeout(seconds):
            said = await process.peer.call("initialize", protocol=PROTOCOL, name=name, target=dict(target))
            return Manifest.model_validate(said["manifest"])
    except TimeoutError:
        raise PluginError(f"{name} was not imported within {seconds:g} seconds") from None
    except RemoteError as error:
        raise PluginError(str(error)) from error
    except Hangup as error:
        raise PluginError(f"the process of {name} did not start: {await asyncio.shield(process.ended)}") from error
    except (ValidationError, KeyError, TypeError) as error:
        raise PluginError(f"{name} describes itself in a way that no plugin may: {error}") from error
