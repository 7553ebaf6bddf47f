"""The plugins that run, and the router over them; both change while messages are in flight."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Self

from bot.answering.tools import Tool
from bot.errors import PluginError
from bot.hosting.lifecycle import PluginLifecycle
from bot.hosting.recall_hooks import RecallHook
from bot.hosting.tasks import PluginTasks, context_of
from bot.pipeline.background import BackgroundTasks
from bot.pipeline.metrics import Metrics
from bot.pipeline.router import Router
from bot.plugin import Capabilities, Command, Fetcher, Plugin, Reader, capabilities_of

logger = logging.getLogger(__name__)


class RunningPlugins:
    """Starts, exchanges and stops plugins.

    `router` is exchanged as a whole: a message is routed by the plugins of before or by those of after. A plugin that
    is stopped gets nothing new, and is left when its handlers are done.
    """

    def __init__(self, plugins: Sequence[Plugin], bot_name: str, metrics: Metrics) -> None:
        self._first = plugins
        self._bot_name = bot_name
        self._metrics = metrics
        self._lives: dict[str, PluginLifecycle] = {}
        self._by_object: dict[int, PluginLifecycle] = {}
        self._ending = BackgroundTasks[None]()
        self._retired: list[PluginLifecycle] = []
        self._listeners: list[Callable[[], None]] = []
        self._prepare: Callable[[Plugin], None] = lambda _: None
        self.tasks = PluginTasks()
        self.router = Router(Capabilities(), bot_name)
        self._tools: tuple[Tool, ...] = ()
        self._recall_hooks: tuple[RecallHook, ...] = ()

    @property
    def commands(self) -> tuple[Command, ...]:
        """All commands, for help and for a platform's menu."""
        return self.router.commands

    @property
    def tools(self) -> tuple[Tool, ...]:
        """What language models may call, where the settings let them; of a name that two plugins have, the first."""
        return self._tools

    @property
    def recall_hooks(self) -> tuple[RecallHook, ...]:
        """The hooks into recall, in the order in which they are called."""
        return self._recall_hooks

    @property
    def readers(self) -> tuple[Reader, ...]:
        """What reads files."""
        return self.router.readers

    @property
    def fetchers(self) -> tuple[Fetcher, ...]:
        """What gets files from addresses."""
        return self.router.fetchers

    @property
    def plugins(self) -> tuple[Plugin, ...]:
        """Those that run, in the order in which they claim commands."""
        return tuple(life.plugin for life in self._lives.values())

    def get(self, name: str) -> Plugin | None:
        """Return the plugin of this name, when it runs."""
        life = self._lives.get(name)
        return None if life is None else life.plugin

    def listen(self, listener: Callable[[], None]) -> None:
        """Have a function called after each change of the router."""
        self._listeners.append(listener)

    @contextmanager
    def listening(self, listener: Callable[[], None]) -> Iterator[None]:
        """Have a function called after each change of the router while the block runs."""
        self.listen(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    def prepare_with(self, prepare: Callable[[Plugin], None]) -> None:
        """Have a function called with each plugin before it is started, which gives it what is its own."""
        self._prepare = prepare

    async def __aenter__(self) -> Self:
        """Start the first ones side by side. One that can't start is named, and the bot does without it."""
        lives = [PluginLifecycle(plugin) for plugin in self._first]
        for life, failure in zip(lives, await asyncio.gather(*map(self._try_start, lives)), strict=True):
            if failure is not None:
                logger.error("%s; the bot does without it", _sentence(failure), exc_info=failure.__cause__)
            elif life.name in self._lives:
                logger.error("A second plugin called %s is left out", life.name)
                await life.end()
            else:
                self._admit(life)
        self._rebuild()
        return self

    async def __aexit__(self, *exc: object) -> None:
        """Leave all of them, those that still had handlers at work included; the last one that came goes first."""
        await self._ending.close()
        for life in [*self._retired, *reversed(self._lives.values())]:
            await self._leave(life)

    async def start(self, plugin: Plugin) -> None:
        """Start a plugin, in place of the one with its name if that runs. Raises PluginError; then nothing changes."""
        life = PluginLifecycle(plugin)
        older = {task for each in self._retired for task in each.tasks}
        before = self.tasks.of(life.name) - older
        failure = await self._try_start(life)
        if failure is not None:
            raise failure
        former = self._lives.get(life.name)
        self._admit(life)
        self._rebuild()
        if former is not None:
            self._retire(former, before)

    def stop(self, name: str) -> bool:
        """Stop a plugin: it gets nothing new from now on, and is left once its handlers are done."""
        life = self._lives.pop(name, None)
        if life is None:
            return False
        self._rebuild()
        self._retire(life)
        return True

    @contextmanager
    def at_work(self, handler: Callable[..., object]) -> Iterator[bool]:
        """Keep the plugin that a handler belongs to from being left; yield False when it was stopped before."""
        plugin = getattr(handler, "__self__", None)
        life = self._by_object.get(id(plugin))
        if life is None:
            yield not isinstance(plugin, Plugin)
            return
        with life.at_work():
            yield True

    async def settle(self) -> None:
        """Wait until the plugins that were stopped are left."""
        await self._ending.wait()

    def _admit(self, life: PluginLifecycle) -> None:
        former = self._lives.get(life.name)
        if former is not None:
            self._by_object.pop(id(former.plugin), None)
        self._lives[life.name] = life
        self._by_object[id(life.plugin)] = life

    def _retire(self, life: PluginLifecycle, tasks: Iterable[asyncio.Task[Any]] = ()) -> None:
        life.tasks = frozenset(tasks)
        self._by_object.pop(id(life.plugin), None)
        self._retired.append(life)
        work = self._end(life)
        self._ending.start(work, name=f"end of plugin {life.name}", context=context_of(""))

    async def _end(self, life: PluginLifecycle) -> None:
        await life.idle()
        await self._leave(life)
        self._retired.remove(life)

    async def _leave(self, life: PluginLifecycle) -> None:
        """Leave a plugin, and end what it has left running, but nothing of another one of its name."""
        await life.end()
        left = self.tasks.of(life.name)
        others = [each for each in (*self._lives.values(), *self._retired) if each is not life]
        if any(each.name == life.name for each in others):
            left &= life.tasks
        await self.tasks.end(life.name, left)

    async def _try_start(self, life: PluginLifecycle) -> PluginError | None:
        self._prepare(life.plugin)
        before = self.tasks.of(life.name)
        try:
            await life.start()
        except PluginError as error:
            self._metrics.plugin_failures.labels(life.name).inc()
            await self.tasks.end(life.name, self.tasks.of(life.name) - before)
            return error
        return None

    def _rebuild(self) -> None:
        capabilities = capabilities_of(self.plugins)
        self.router = Router(capabilities, self._bot_name)
        self._tools = tuple({tool.name: tool for tool in reversed(capabilities.tools)}.values())[::-1]
        self._recall_hooks = tuple(sorted(capabilities.recall_hooks, key=lambda hook: -hook.priority))
        for listener in self._listeners:
            listener()


def _sentence(error: PluginError) -> str:
    text = str(error)
    return text[:1].upper() + text[1:]
