"""`make talk`: the demo with a language model that answers in its own words.

It installs the engine for GGUF files and fetches a small model into the cache folder, if they aren't there yet.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import json
import logging
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from platformdirs import user_cache_path
from rich.console import Console

from adapters.demo import START_HERE, demo

MODEL = "qwen2.5-coder-0.5b"
ENGINE = "llama_cpp"
CLI = (sys.executable, "-c", "from bot.commands.cli import main; main()")
HINTS = (("model pull qwen2.5-coder-1.5b", "a model that answers better; it is then used by itself"), *START_HERE)


def install_engine(console: Console, requirements: Path) -> int:
    """Install llama.cpp's Python package, which compiles; return pip's exit code."""
    if importlib.util.find_spec(ENGINE) is not None:
        return 0
    console.print("Compiling llama.cpp, the engine for GGUF models: a few minutes, once.")
    options = ["--quiet", "--disable-pip-version-check", "--no-input", "--no-deps", "--require-hashes"]
    command = [sys.executable, "-m", "pip", "install", *options, "-r", str(requirements)]
    started = time.monotonic()
    with console.status("compiling", spinner="dots") as status, subprocess.Popen(command) as pip:  # noqa: S603 (our own)
        while pip.poll() is None:
            time.sleep(1)
            minutes, seconds = divmod(int(time.monotonic() - started), 60)
            status.update(f"compiling, {minutes}:{seconds:02} min")
    if pip.returncode:
        console.print("llama.cpp could not be installed. It needs a C++ compiler; `make demo` needs none.")
    return pip.returncode


def fetch_model(folder: Path) -> Path | None:
    """Fetch the model into `folder` if it is not there, as `scrubjay model pull` does; None when it can't be had."""
    with tempfile.NamedTemporaryFile(suffix=".toml") as no_settings:
        program = [*CLI, "--data", str(folder), "--config", no_settings.name, "model"]
        if subprocess.run([*program, "pull", MODEL], check=False).returncode:  # noqa: S603 (our own)
            return None
        info = subprocess.run([*program, "info", MODEL, "--json"], check=True, capture_output=True)  # noqa: S603 (as above)
        return Path(json.loads(info.stdout)["file"])


def main() -> int:
    """Install, fetch, and run the demo in a folder of its own."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s: %(message)s")
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--engine", type=Path, required=True, help="the pinned requirements of the engine")
    console = Console()
    if code := install_engine(console, options.parse_args().engine):
        return code
    model = fetch_model(user_cache_path("scrubjay", appauthor=False))
    if model is None:
        console.print("Without the model nothing can be answered in its words; `make demo` needs none.")
        return 1
    with tempfile.TemporaryDirectory(prefix="scrubjay-talk-") as folder:
        return asyncio.run(demo(console, Path(folder), model, HINTS))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
