from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import TYPE_CHECKING

import pytest

from bot.commands.live_view.snapshot import Snapshot, tokens_per_second
from tests.bot.commands.terminal_session import TerminalSession
from tests.bot.commands.test_running import replies, running, wait_until, write

if TYPE_CHECKING:
    from tests.bot.commands.conftest import Cli


@pytest.fixture
def port(bot: Cli, unused_tcp_port: int) -> int:
    bot.env["SCRUBJAY_METRICS__PORT"] = str(unused_tcp_port)
    return unused_tcp_port


def test_without_a_port_it_says_what_to_set(cli: Cli) -> None:
    assert "set metrics.port in the settings" in cli.fails("top", code=1)


def test_where_no_bot_runs_it_says_so(cli: Cli, unused_tcp_port: int) -> None:
    cli.env["SCRUBJAY_METRICS__PORT"] = str(unused_tcp_port)
    assert f"no bot answers at http://127.0.0.1:{unused_tcp_port}/metrics" in cli.fails("top", "--once", code=1)
    assert "no bot answers at nowhere" in cli.fails("top", "--url", "nowhere", code=1)


@pytest.mark.parametrize(("status", "body"), [(200, "<html>"), (200, "up 1\n"), (404, "no"), (200, '{"a": [1}')])
def test_another_program_at_the_port_is_not_taken_for_the_bot(cli: Cli, status: int, body: str) -> None:
    with other_server(status, body) as address:
        assert f"what answers at {address} does not serve" in cli.fails("top", "--url", address, code=1)


def test_a_running_bot_is_shown_once_for_people_and_for_programs(bot: Cli, port: int) -> None:
    with running(bot):
        write(bot, "what is the wifi password?")
        wait_until(lambda: len(replies(bot)) == 1, "the reply")
        shown = bot.run("top").out
        assert str(port) in shown
        assert "connected" in shown
        told = bot.run("top", "--once", "--json").json
    assert told["adapters"] == {"file": True}
    assert sum(told["answers"].values()) == 1
    assert told["queued_messages"] == 0
    assert told["memory_bytes"] is None or told["memory_bytes"] > 10_000_000
    assert told["tokens_per_second"] is None  # quotes are not generated


def test_json_goes_on_line_by_line_until_it_is_stopped_or_the_bot_is(bot: Cli, port: int) -> None:
    assert port
    with running(bot) as process:
        watching = subprocess.Popen(  # noqa: S603 (the program under test)
            bot.command("top", "--json", "--every", "0.1"),
            env=bot.env, cwd=bot.home, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        assert watching.stdout is not None
        lines = [json.loads(watching.stdout.readline()) for _ in range(2)]
        process.send_signal(signal.SIGTERM)
        _, said = watching.communicate()
    assert lines[0]["time"] < lines[1]["time"]
    assert "no bot answers" in said
    assert watching.returncode == 1


def test_in_a_terminal_it_is_live_waits_for_a_bot_that_stops_and_ends_with_ctrl_c(bot: Cli, port: int) -> None:
    assert port
    with running(bot) as process, TerminalSession(bot, "top", "--every", "0.1") as terminal:
        terminal.wait_for("connected")
        process.send_signal(signal.SIGTERM)
        terminal.wait_for("no bot answers")
        terminal.interrupt()
        assert terminal.ends() == 0


@contextmanager
def other_server(status: int, body: str) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body.encode())

        def log_message(self, format: str, *arguments: object) -> None:  # noqa: A002 (the base names it)
            pass

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = Thread(target=server.serve_forever)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/metrics"
        finally:
            server.shutdown()
            thread.join()


def snapshot(tokens: float, seconds: float) -> Snapshot:
    written = {"scrubjay_generated_tokens_sum": tokens, "scrubjay_generation_seconds_sum": seconds}
    return Snapshot(0.0, {(name, frozenset()): value for name, value in written.items()})


@pytest.mark.parametrize(
    ("now", "before", "speed"),
    [
        ((0, 0), None, None),
        ((100, 10), None, 10),
        ((160, 12), (100, 10), 30),
        ((100, 10), (100, 10), 10),  # nothing was written meanwhile: the mean until now
        ((40, 2), (100, 10), 20),  # it was started again
        ((90, 30), (100, 10), 3),  # it was started again, and has written for longer than before
    ],
)
def test_the_speed_is_that_of_what_was_written_since_the_reading_before(
    now: tuple[float, float], before: tuple[float, float] | None, speed: float | None
) -> None:
    assert tokens_per_second(snapshot(*now), None if before is None else snapshot(*before)) == speed
