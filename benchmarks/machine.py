"""What a result was measured on and with: nothing that names the machine or its user."""

from __future__ import annotations

import os
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from memory.databases import describe_database

PACKAGES = ("scrubjay", "fastembed", "onnxruntime", "sqlite-vec", "numpy", "llama-cpp-python")


def machine() -> str:
    """Return processor, cores, memory and operating system in one line."""
    return f"{_processor()}, {os.cpu_count()} cores, {_memory()}{platform.system()} {platform.machine()}"


def versions() -> str:
    """Return the versions that matter in one line."""
    found = [f"Python {platform.python_version()}", f"SQLite {describe_database()}"]
    for package in PACKAGES:
        try:
            found.append(f"{package} {version(package)}")
        except PackageNotFoundError:
            found.append(f"{package} not installed")
    return ", ".join(found)


def _processor() -> str:
    described = Path("/proc/cpuinfo")
    if described.exists():
        for line in described.read_text().splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or "unknown processor"


def _memory() -> str:
    if not hasattr(os, "sysconf") or "SC_PHYS_PAGES" not in os.sysconf_names:
        return ""
    return f"{os.sysconf('SC_PHYS_PAGES') * os.sysconf('SC_PAGE_SIZE') / 2**30:.0f} GiB, "
