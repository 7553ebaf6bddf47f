"""Has `warm_program.py` run the program with our arguments, environment, folder and streams; ends as it ended."""

from __future__ import annotations

import json
import os
import signal
import socket
import sys


def main() -> int:
    """Return the program's exit code."""
    asked = {"arguments": sys.argv[2:], "environment": dict(os.environ), "folder": os.getcwd()}  # noqa: PTH109 (pathlib takes twice as long to import)
    with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as server:
        server.connect(sys.argv[1])
        socket.send_fds(server, [json.dumps(asked).encode()], [0, 1, 2])
        code = int(server.recv(16) or -signal.SIGKILL)
    if code < 0:
        os.kill(os.getpid(), -code)
    return code


if __name__ == "__main__":
    sys.exit(main())
