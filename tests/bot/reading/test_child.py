from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import aclosing, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.errors import FileUnreadable, PasswordNeeded
from bot.hosting.files import read_plugin_file
from bot.reading.child import bytes_from_child, in_child
from bot.reading.child_limits import ChildAccess, ChildLimits
from bot.reading.pieces import About, Piece, Progress, ReadItem
from tests.bot.reading import child_readers as readers
from tests.bot.reading.child_readers import Wish
from tests.emulators.patience import PATIENCE
from tests.loop_time import let_pass

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="signals and resource limits are POSIX's")

Reader = Callable[[Path, Any], Iterator[Any]]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "report.txt"
    path.write_text("a report", encoding="utf-8")
    return path


async def read(function: Reader, path: Path, options: object = None, **limits: float) -> list[ReadItem]:
    return [item async for item in in_child(function, path, options, ChildLimits(**limits))]  # type: ignore[arg-type]  # numbers all


async def refused(function: Reader, path: Path, **limits: float) -> tuple[list[ReadItem], str]:
    """Return what came before the refusal, and its sentence."""
    items: list[ReadItem] = []
    try:
        async for item in in_child(function, path, None, ChildLimits(**limits)):  # type: ignore[arg-type]  # as above
            items.append(item)  # noqa: PERF401 (they are wanted though it fails)
    except FileUnreadable as error:
        return items, str(error)
    pytest.fail("it was read")


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not (state.exists() and state.read_text("ascii").rpartition(")")[2].split()[0] == "Z")


def descendants(pid: int) -> list[int]:
    """Return the processes that one has started, and those that they have, from the eldest on."""
    listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout  # noqa: S607 (where it is differs)
    parents = [tuple(map(int, line.split())) for line in listed.splitlines()]
    found = [pid]
    for each in found:
        found += sorted(child for child, parent in parents if parent == each)
    return found[1:]


async def until_gone(*pids: int) -> None:
    async with asyncio.timeout(PATIENCE):
        while any(map(is_alive, pids)):  # noqa: ASYNC110 (the system sends no event)
            await asyncio.sleep(0.01)


async def test_items_of_all_kinds_come_through_unchanged(file: Path) -> None:
    moment = datetime(2024, 5, 3, tzinfo=UTC)
    assert await read(readers.read_all_kinds, file, Wish(("olá", "line\nbreak"))) == [
        About(title="report.txt", created_at=moment, notes=("A note.",), words="Hello."),
        Progress(1, None, "pages"),
        Piece("olá", "p. 1", ("Chapter",), "https://example.org", moment),
        Piece("line\nbreak", "p. 1", ("Chapter",), "https://example.org", moment),
    ]


async def test_the_file_is_read_in_the_child(file: Path) -> None:
    assert await read(readers.read_content, file) == [Piece("a report")]


async def test_half_a_surrogate_pair_is_left_out(file: Path) -> None:
    assert await read(readers.read_half_a_pair, file) == [Piece("before  after")]


async def test_a_text_too_long_for_one_line_comes_in_parts_cut_between_words(file: Path) -> None:
    items = await read(readers.read_long, file)
    texts = [item.text for item in items if isinstance(item, Piece)]
    assert len(texts) == 3
    assert "".join(texts) == "word " * 500_000
    assert all(text.startswith("word ") and text.endswith("word ") for text in texts)


async def test_what_a_reader_refuses_is_refused_in_its_own_words(file: Path) -> None:
    items, sentence = await refused(readers.refuse, file)
    assert items == [Progress(1, 2, "pages")]
    assert sentence == "report.txt has no pages."


async def test_a_password_is_asked_for_and_handed_over(file: Path) -> None:
    with pytest.raises(PasswordNeeded, match=r"report\.txt is encrypted\."):
        await read(readers.need_password, file, Wish(()))
    assert await read(readers.need_password, file, Wish((), "tortoise")) == [Piece("open")]


@pytest.mark.parametrize(
    ("reader", "sentence"),
    [
        (readers.raise_something, "it is damaged, or of a kind I don't know (KeyError)"),
        (readers.leave, "it is damaged, or of a kind I don't know (SystemExit)"),
        (readers.vanish, "its reader crashed over it"),
        (readers.crash, "its reader crashed over it"),
    ],
)
async def test_a_child_that_fails_is_one_sentence_that_names_the_file(
    file: Path, reader: Reader, sentence: str
) -> None:
    items, told = await refused(reader, file)
    assert items == [Piece("one")]
    assert told.startswith("report.txt can't be read: ")
    assert sentence in told
    assert "\n" not in told


async def test_a_child_that_the_system_ends_is_told(file: Path) -> None:
    async with aclosing(in_child(readers.hang, file, None)) as reading:
        assert await anext(reading) == Piece("one")
        os.kill(descendants(os.getpid())[-1], signal.SIGKILL)
        with pytest.raises(FileUnreadable, match=r"report\.txt can't be read: .* most likely because memory ran out\."):
            await anext(reading)


async def test_a_child_that_hangs_is_given_up(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async with aclosing(in_child(readers.hang, file, None, ChildLimits(silent_seconds=600))) as reading:
        assert await anext(reading) == Piece("one")
        more = asyncio.ensure_future(anext(reading))
        await asyncio.sleep(0)  # until it waits
        let_pass(600, monkeypatch)
        with pytest.raises(FileUnreadable) as told:
            await more
    assert str(told.value) == "report.txt can't be read: its reader was silent for 600 seconds, so I gave up."


async def test_a_child_that_computes_forever_is_ended_by_its_processor_time(file: Path) -> None:
    items, told = await refused(readers.compute_forever, file, cpu_seconds=1)
    assert items == [Piece("one")]
    assert told == "report.txt takes too long to read: more than 1 seconds of work."


@pytest.mark.skipif(sys.platform != "linux", reason="macOS does not bound a process's memory")
async def test_a_child_that_eats_memory_is_stopped_at_its_limit(file: Path) -> None:
    items, told = await refused(readers.eat_memory, file, memory_mb=200)
    assert items == [Piece("one")]
    assert told == "report.txt can't be read: it needs more than 200 MB of memory."


async def test_a_child_that_says_too_much_is_stopped(file: Path) -> None:
    items, told = await refused(readers.talk_without_end, file, output_mb=1)
    assert 1 <= len(items) <= 11
    assert told == "report.txt holds more text than I read: over 1 MB."


async def test_what_libraries_print_goes_nowhere_and_there_is_nothing_to_read(file: Path) -> None:
    assert await read(readers.print_things, file) == [Piece("''")]


@pytest.mark.parametrize("reader", [readers.talk_nonsense, readers.talk_one_line])
async def test_a_child_that_talks_nonsense_is_not_listened_to(file: Path, reader: Reader) -> None:
    items, told = await refused(reader, file)
    assert items == []
    assert told == "report.txt can't be read: its reader sent something invalid."


async def test_bytes_come_through_unchanged(file: Path) -> None:
    assert (
        b"".join([block async for block in bytes_from_child(readers.read_bytes, file, None)]) == bytes(range(256)) * 9
    )


async def test_items_where_bytes_are_wanted_are_refused_and_the_other_way_round(file: Path) -> None:
    with pytest.raises(FileUnreadable, match="its reader sent something invalid"):
        [block async for block in bytes_from_child(readers.read_content, file, None)]  # type: ignore[arg-type]  # on purpose
    assert await refused(readers.read_bytes, file) == (
        [],
        "report.txt can't be read: its reader sent something invalid.",
    )


async def test_a_reader_that_yields_no_item_fails_by_name(file: Path) -> None:
    assert (await refused(readers.yield_nonsense, file))[1].endswith("(TypeError).")


async def test_the_child_inherits_no_open_file(file: Path) -> None:
    with file.open("rb") as held:
        os.set_inheritable(held.fileno(), True)  # noqa: FBT003 (the library's)
        descriptors = [int(piece.text) for piece in await read(readers.tell_descriptors, file)]  # type: ignore[union-attr]  # pieces all
    assert len(descriptors) == 5, "three standard streams, the request and the answers"


async def test_the_child_sees_none_of_the_bots_keys(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCRUBJAY_MODEL__API_KEY", "secret")
    (piece,) = await read(readers.tell_environment, file)
    assert isinstance(piece, Piece)
    assert "SCRUBJAY" not in piece.text


async def test_the_child_stands_back_behind_the_bot_after_a_while(file: Path) -> None:
    file.write_text(str(os.getpriority(os.PRIO_PROCESS, 0) + 5), encoding="utf-8")  # noqa: ASYNC240 (a moment)
    assert await read(readers.wait_for_niceness, file, equal_seconds=0.01) == [Piece("it is")]


def test_what_a_file_may_use_goes_by_its_size_and_never_beyond_the_settings() -> None:
    limits = ChildLimits(memory_mb=2048, cpu_seconds=1800, memory_setting="m", seconds_setting="s")
    small = limits.for_size(3000, seconds_per_megabyte=60, memory_per_megabyte=256)
    assert (small.cpu_seconds, small.memory_mb, small.seconds_setting, small.memory_setting) == (60, 1024, "", "")
    assert limits.for_size(100 << 20, seconds_per_megabyte=60, memory_per_megabyte=256) == limits


TWO = ChildAccess(processes=1)


async def test_a_reading_that_is_given_up_ends_the_child_and_what_it_started(file: Path) -> None:
    async with aclosing(in_child(readers.start_another, file, None, access=TWO)) as reading:
        assert await anext(reading) == Piece("one")
        started = descendants(os.getpid())
        assert len(started) >= 2
    await until_gone(*started)


async def test_a_cancelled_reading_ends_the_child_and_what_it_started(file: Path) -> None:
    started: list[int] = []

    async def read_on() -> None:
        async for _ in in_child(readers.start_another, file, None, access=TWO):
            started.extend(descendants(os.getpid()))

    task = asyncio.create_task(read_on())
    async with asyncio.timeout(PATIENCE):
        while not started:  # noqa: ASYNC110 (as above)
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(started) >= 2
    await until_gone(*started)


async def test_the_child_and_what_it_started_end_when_the_bot_is_killed(file: Path) -> None:
    script = (
        "import asyncio, pathlib, sys\n"
        "from bot.reading.child import in_child\n"
        "from bot.reading.child_limits import ChildAccess\n"
        "from tests.bot.reading.child_readers import start_another\n"
        "async def main():\n"
        "    file = pathlib.Path(sys.argv[1])\n"
        "    async for item in in_child(start_another, file, None, access=ChildAccess(processes=1)):\n"
        "        print(item, flush=True)\n"
        "asyncio.run(main())\n"
    )
    root = Path(__file__).parents[3]
    bot = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(file), cwd=root, stdout=asyncio.subprocess.PIPE
    )
    assert bot.stdout is not None
    assert b"one" in await bot.stdout.readline()
    started = descendants(bot.pid)
    assert len(started) >= 2
    bot.kill()
    await bot.communicate()
    await until_gone(*(started if sys.platform == "linux" else started[:1]))
    for left in started[1:]:
        with suppress(ProcessLookupError):
            os.kill(left, signal.SIGKILL)


async def test_a_function_that_no_child_can_find_is_a_mistake_of_its_author(file: Path) -> None:
    def local(path: Path, _: None) -> Iterator[ReadItem]:
        yield Piece(path.name)

    with pytest.raises(TypeError, match="top of its module"):
        await read(local, file)


async def test_a_reader_in_a_module_of_its_own_file_is_found(tmp_path: Path, file: Path) -> None:
    import importlib.util  # noqa: PLC0415 (only here)

    source = tmp_path / "somebodys_plugin.py"
    source.write_text(
        "from bot import Plugin\nfrom bot.reading.pieces import Piece\n"
        "def read(path, options):\n    yield Piece(Plugin.__name__)\n",
        encoding="utf-8",
    )
    spec = importlib.util.spec_from_file_location("scrubjay_plugin_x", source)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["scrubjay_plugin_x"] = module
    try:
        spec.loader.exec_module(module)
        assert await read(module.read, file) == [Piece("Plugin")]
    finally:
        del sys.modules["scrubjay_plugin_x"]


async def test_a_plugin_of_a_single_file_is_read_with_as_its_owner_has_enabled_it(tmp_path: Path, file: Path) -> None:
    source = tmp_path / "pages.py"
    source.write_text(
        "from bot import Plugin\nfrom bot.reading.pieces import Piece\n\nclass Pages(Plugin):\n    pass\n\n"
        "def read(path, options):\n    yield Piece('as it was enabled')\n",
        encoding="utf-8",
    )
    plugin = read_plugin_file(source).load()
    source.write_text("def read(path, options):\n    yield Piece('changed since')\n", encoding="utf-8")
    module = sys.modules[plugin.__module__]
    try:
        assert await read(module.read, file) == [Piece("as it was enabled")]
    finally:
        del sys.modules[plugin.__module__]
