"""Checks every part that Scrubjay stands on, and says how to mend what is broken."""

from __future__ import annotations

import asyncio
import platform
import sys
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path

from bot.adapter import Adapter, Checkable
from bot.commands.language_check import check_languages
from bot.commands.reply_check import check_replies
from bot.commands.sandbox_check import check_sandbox
from bot.commands.server_check import check_server
from bot.commands.storage_check import check_database, check_folder, check_privacy, check_updates
from bot.configuration.adapters_setup import make_adapters
from bot.configuration.findings import Finding
from bot.configuration.settings import Settings
from bot.errors import ScrubjayError
from bot.events import platform_of
from bot.hosting.registry import PluginRegistry
from bot.models import LanguageModel, Prompt, Sampling, Turn
from bot.models.check_results import CheckResults
from bot.models.engine import LLAMA_ADVICE, choose_engine, find_passed_over, llama_installed, make_model
from bot.models.model_files import find_downloads, find_model_file
from bot.reading.speech_models import SPEECH_INSTALL_ADVICE, find_speech_folder, speech_installed
from bot.translation import format_number, gettext, gettext_noop
from memory.databases import describe_database, open_ledger
from memory.embedders.choose import choose_embedder
from memory.embedders.hashing import HashingEmbedder
from memory.errors import MemoryStoreError
from memory.plugin_records import PluginState

SAMPLE = "Is the embedding model at work?"


Check = Callable[[str, Settings], Awaitable[Finding]]


async def examine(settings: Settings, config_file: Path) -> list[Finding]:
    """Run every check; `config_file` is where the settings were looked for."""
    findings = [_settings_file(config_file)]
    findings += await check_server(settings)
    findings += [await _run_check(name, check, settings) for name, check in CHECKS.items()]
    return findings + await _platform_findings(settings)


async def _run_check(name: str, check: Check, settings: Settings) -> Finding:
    """Run a check. What it raises is a finding, too, and errors raised on purpose say themselves what to do."""
    try:
        return await check(name, settings)
    except (ScrubjayError, MemoryStoreError) as error:
        return Finding(name, "broken", str(error))
    except Exception as error:  # noqa: BLE001 (whatever fails here is what is looked for)
        return Finding(name, "broken", f"{type(error).__name__}: {error}", gettext("`scrubjay -v doctor` shows more"))


def _settings_file(file: Path) -> Finding:
    found = str(file) if file.exists() else gettext("{file} is not there, so the defaults hold", file=file)
    return Finding(gettext_noop("settings"), "ok", found)


async def _python(name: str, _: Settings) -> Finding:
    return Finding(name, "ok", gettext("{platform} in {prefix}", platform=platform.python_version(), prefix=sys.prefix))


async def _sqlite(name: str, _: Settings) -> Finding:
    return Finding(name, "ok", await asyncio.to_thread(describe_database))


async def _embedder(name: str, settings: Settings) -> Finding:
    memory = settings.memory
    embedder = await asyncio.to_thread(
        choose_embedder, memory.embedder, cache_dir=settings.cache_dir, threads=memory.embedder_threads
    )
    await asyncio.to_thread(embedder.embed_query, SAMPLE)  # the first one loads the model
    start = time.perf_counter()
    await asyncio.to_thread(embedder.embed_query, SAMPLE)
    found = gettext(
        "{name}, {time} ms for a question",
        name=embedder.identity.name,
        time=format_number((time.perf_counter() - start) * 1000, 1),
    )
    if isinstance(embedder, HashingEmbedder) and memory.embedder != "hashing":
        return Finding(name, "note", found, gettext("memories are found by their words only; see memory.embedder"))
    return Finding(name, "ok", found)


async def _model(name: str, settings: Settings) -> Finding:
    found = await _try_model(name, settings)
    reasons = "; ".join(find_passed_over(settings))
    if not reasons or found.state == "broken":
        return found
    told = gettext("skipped: {reasons}", reasons=reasons)
    return Finding(name, "note", found.found, f"{found.mend}; {told}" if found.mend else told)


async def _try_model(name: str, settings: Settings) -> Finding:
    if choose_engine(settings) == "extractive":
        unused = settings.model.engine == "auto" and find_downloads(settings) and not llama_installed()
        mend = LLAMA_ADVICE if unused else gettext("`scrubjay model list` shows models that make it talk")
        return Finding(name, "note", gettext("none: answers quote what is remembered"), mend)
    async with make_model(settings) as model:
        await _say_something(model)
        speed = model.last_speed
        rate = (
            gettext(
                ", first word after {first_token_seconds} s",
                first_token_seconds=format_number(speed.first_token_seconds, 1),
            )
            if speed
            else ""
        )
        found = gettext(
            "{name}, {context_size} tokens of context{rate}",
            name=model.name,
            context_size=model.context_size,
            rate=rate,
        )
    if choose_engine(settings) != "llama":
        return Finding(name, "ok", found)
    result = await asyncio.to_thread(CheckResults(settings.models_dir).get, find_model_file(settings))
    if result is None:
        return Finding(name, "ok", gettext("{found}; `scrubjay model check` tells how well it answers", found=found))
    if result.is_worse:
        mend = gettext('choose another (`scrubjay model list`), or set model.engine to "extractive"')
        return Finding(name, "note", f"{found}; {result.words}", mend)
    return Finding(name, "ok", f"{found}; {result.words}")


async def _say_something(model: LanguageModel) -> None:
    """Have the model begin an answer. Raises ModelError."""
    prompt = Prompt((Turn("user", "Say yes."),), "Say yes.")
    async for _ in model.stream(prompt, Sampling(max_tokens=4)):
        pass


async def _hearing(name: str, settings: Settings) -> Finding:
    if not speech_installed():
        found = gettext("voice notes are kept until they can be transcribed")
        return Finding(name, "note", found, SPEECH_INSTALL_ADVICE)
    wanted = settings.plugins.settings.get("audio", {}).get("model")
    folder = await asyncio.to_thread(find_speech_folder, settings.models_dir, wanted)
    if folder is None:
        mend = gettext("`scrubjay model pull {wanted}` fetches one", wanted=wanted or "whisper-small")
        return Finding(name, "note", gettext("no Whisper model: voice notes are kept until there is one"), mend)
    return Finding(name, "ok", folder.name)


async def _platforms(name: str, settings: Settings) -> Finding:
    adapters = make_adapters(settings.adapters)
    if not adapters:
        return Finding(name, "ok", gettext("none is set up; the console needs no settings"))
    return Finding(name, "ok", ", ".join(adapter.name for adapter in adapters))


async def _platform_findings(settings: Settings) -> list[Finding]:
    """Let each adapter that can look at its own set-up; settings that are wrong are told by the check "platforms"."""
    try:
        adapters = make_adapters(settings.adapters)
    except ScrubjayError:
        return []
    return [finding for adapter in adapters for finding in await _check_adapter(adapter)]


async def _check_adapter(adapter: Adapter) -> list[Finding]:
    try:
        findings = await adapter.check() if isinstance(adapter, Checkable) else []
        own, shown = platform_of(adapter.name), adapter.name
        return [replace(each, name=each.name.replace(own, shown, 1)) for each in findings]
    except ScrubjayError as error:
        return [Finding(adapter.name, "broken", str(error))]
    except Exception as error:  # noqa: BLE001 (as in `_run_check`)
        return [
            Finding(
                adapter.name, "broken", f"{type(error).__name__}: {error}", gettext("`scrubjay -v doctor` shows more")
            )
        ]


async def _plugins(name: str, settings: Settings) -> Finding:
    """Make each plugin that is to run, and name those that don't though somebody wants them to."""
    registry = PluginRegistry.of(settings)
    decided: dict[str, PluginState] = {}
    with suppress(MemoryStoreError):  # the check "database" tells
        async with open_ledger(settings.store) as ledger:
            decided = await ledger.plugin_states.read_all()
    running, off = [], []
    for plugin in registry.find_all().values():
        state = decided.get(plugin.name, PluginState(plugin.name))
        status = registry.status(plugin, state)
        if status.on:
            await asyncio.to_thread(registry.make, plugin, registry.table(plugin.name, state))
            running.append(plugin.name)
        elif status.word in ("failed", "changed", "unusable"):
            off.append(gettext("{name} is off: {why}", name=plugin.name, why=status.why))
    found = ", ".join(running) or gettext("none")
    if off:
        return Finding(name, "note", "; ".join([found, *off]), gettext("see `scrubjay plugins list`"))
    return Finding(name, "ok", found)


CHECKS: dict[str, Check] = {
    gettext_noop("python"): _python,
    gettext_noop("sqlite"): _sqlite,
    gettext_noop("data folder"): check_folder,
    gettext_noop("privacy"): check_privacy,
    gettext_noop("embedder"): _embedder,
    gettext_noop("database"): check_database,
    gettext_noop("languages"): check_languages,
    gettext_noop("model"): _model,
    gettext_noop("hearing"): _hearing,
    gettext_noop("sandbox"): check_sandbox,
    gettext_noop("platforms"): _platforms,
    gettext_noop("plugins"): _plugins,
    gettext_noop("updates"): check_updates,
    gettext_noop("replies"): check_replies,
}
