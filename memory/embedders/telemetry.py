"""Keeps ONNX Runtime from reporting home: what is remembered here, and that it is, stays on this machine."""

from __future__ import annotations

import os

SWITCH = "ORT_DISABLE_TELEMETRY"


def keep_quiet() -> None:
    """Turn off ONNX Runtime's telemetry; to be called before it, or fastembed, is imported.

    The official builds write a device id into the home folder and send events over HTTPS as soon as
    they are imported. Only this variable prevents both (their Privacy.md); the API comes too late.
    """
    os.environ.setdefault(SWITCH, "1")
