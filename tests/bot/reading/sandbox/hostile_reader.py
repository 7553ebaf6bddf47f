"""A reader that a hostile file has taken over: it tries every door, and tells which of them opened."""

from __future__ import annotations

import ctypes
import mmap
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from bot.reading.pieces import Piece, ReadItem

_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Doors:
    """Where things are that must stay out of reach."""

    database: str
    folder: str
    port: int
    parent: int


def try_doors(path: Path, doors: Doors) -> Iterator[ReadItem]:
    """Yield a line for each door: its name, and "closed" or what came through."""
    for name, attempt in _DOORS.items():
        try:
            outcome = attempt(path, doors)
        except (OSError, MemoryError, OverflowError, ValueError, RuntimeError) as error:
            outcome = None
            reason = f"{type(error).__name__}: {error}"
        else:
            reason = ""
        yield Piece(f"{name}\n{'closed' if outcome is None else outcome}\n{reason}")


def _read_database(_: Path, doors: Doors) -> object:
    return Path(doors.database).read_bytes()


def _read_through_magic_links(_: Path, doors: Doors) -> object:
    return Path(f"/proc/self/root{doors.database}").read_bytes()


def _list_folder(_: Path, doors: Doors) -> object:
    return os.listdir(doors.folder)  # noqa: PTH208 (the plain call)


def _read_passwords(_: Path, __: Doors) -> object:
    return Path("/etc/passwd").read_text("utf-8")


def _read_environment(_: Path, __: Doors) -> object:
    own = Path("/proc/self/environ").read_bytes()
    return (own + repr(dict(os.environ)).encode()) if b"SECRET" in own or "SCRUBJAY_SECRET" in os.environ else None


def _read_environment_of_parent(_: Path, doors: Doors) -> object:
    return Path(f"/proc/{doors.parent}/environ").read_bytes()


def _write_beside_the_database(_: Path, doors: Doors) -> object:
    return Path(doors.folder, "left_behind").write_text("x", "utf-8")


def _write_the_input(path: Path, _: Doors) -> object:
    return path.write_text("x", "utf-8")


def _write_anywhere(_: Path, __: Doors) -> object:
    for place in ("/tmp", "/var/tmp", "/dev/shm", os.getcwd(), "/"):  # noqa: PTH109, S108 (places to try)
        try:
            Path(place, "scrubjay_left_behind").write_text("x", "utf-8")
        except OSError:
            continue
        return place
    return None


def _change_files(path: Path, doors: Doors) -> object:
    changes: tuple[Callable[[], None], ...] = (
        lambda: os.unlink(path),  # noqa: PTH108 (the plain call)
        lambda: os.unlink(doors.database),  # noqa: PTH108 (as above)
        lambda: os.chmod(doors.database, 0o777),  # noqa: PTH101, S103 (as above)
        lambda: os.truncate(doors.database, 0),
        lambda: os.rename(doors.database, f"{doors.database}.gone"),  # noqa: PTH104 (as above)
        lambda: os.symlink("/", f"{doors.folder}/link"),  # noqa: PTH211 (as above)
        lambda: os.mkdir(f"{doors.folder}/made"),  # noqa: PTH102 (as above)
        lambda: os.utime(doors.database),
    )
    for change in changes:
        try:
            change()
        except OSError:
            continue
        return "a file was changed"
    return None


def _connect_to_loopback(_: Path, doors: Doors) -> object:
    return socket.create_connection(("127.0.0.1", doors.port), 3).getpeername()


def _open_other_sockets(_: Path, __: Doors) -> object:
    for family in (socket.AF_UNIX, socket.AF_INET, socket.AF_INET6, socket.AF_NETLINK, 38, 40):
        for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW):
            try:
                socket.socket(family, kind).close()
            except OSError:
                continue
            return f"family {family}"
    return None


def _run_a_shell(_: Path, __: Doors) -> object:
    return os.system("true") == 0 or None  # noqa: S605, S607 (what an attacker does)


def _replace_itself(_: Path, __: Doors) -> object:
    os.execv(sys.executable, [sys.executable, "-c", "pass"])  # noqa: S606 (as above)


def _fork(_: Path, __: Doors) -> object:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    return "forked"


def _clone_with_namespaces(_: Path, __: Doors) -> object:
    return None if _libc.unshare(0x10000000) < 0 else "a namespace"


def _leave_the_group(_: Path, __: Doors) -> object:
    os.setsid()
    return "a session of its own"


def _outlive_the_parent(_: Path, __: Doors) -> object:
    return None if _libc.prctl(1, 0, 0, 0, 0) < 0 else "no longer ended with its parent"


def _map_shared_memory(_: Path, __: Doors) -> object:
    mapped = mmap.mmap(-1, 3 << 30)
    mapped[:: 1 << 12] = bytes(len(range(0, 3 << 30, 1 << 12)))
    return "3 GB"


def _make_memory_files(_: Path, __: Doors) -> object:
    return os.write(os.memfd_create("x"), b"x")


def _share_memory_of_the_old_kind(_: Path, __: Doors) -> object:
    return None if _libc.shmget(0, ctypes.c_size_t(1 << 20), 0o1600) < 0 else "a segment"


def _reserve_space_without_end(_: Path, __: Doors) -> object:
    return mmap.mmap(-1, 1 << 42, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS | 0x4000, mmap.PROT_READ) and "4 TB"


def _trace_the_parent(_: Path, doors: Doors) -> object:
    return None if _libc.ptrace(16, doors.parent, 0, 0) < 0 else "attached"


def _read_memory_of_the_parent(_: Path, doors: Doors) -> object:
    with open(f"/proc/{doors.parent}/mem", "rb"):  # noqa: PTH123 (the plain call)
        return "opened"


def _signal_others(_: Path, doors: Doors) -> object:
    for other in (doors.parent, os.getppid(), -1, 0):
        try:
            os.kill(other, 0)
        except OSError:
            continue
        return f"process {other}"
    return None


def _limit_the_parent(_: Path, doors: Doors) -> object:
    import resource  # noqa: PLC0415 (not everywhere)

    return resource.prlimit(doors.parent, resource.RLIMIT_NOFILE)


def _start_threads_without_end(_: Path, __: Doors) -> object:
    enough = threading.Event()
    threading.stack_size(1 << 16)
    started = []
    try:
        for _each in range(2000):
            thread = threading.Thread(target=enough.wait, daemon=True)
            thread.start()
            started.append(thread)
    except RuntimeError:
        return None
    finally:
        enough.set()
        for thread in started:
            thread.join()
    return "2,000 threads"


def _get_privileges_back(_: Path, __: Doors) -> object:
    try:
        os.setuid(0)
    except OSError:
        return None
    status = dict(line.split(":\t") for line in Path("/proc/self/status").read_text("ascii").splitlines())
    return None if int(status["CapEff"], 16) == 0 else "root"


def _mount(_: Path, __: Doors) -> object:
    return None if _libc.mount(b"none", b"/mnt", b"tmpfs", 0, None) < 0 else "mounted"


def _use_a_ring(_: Path, __: Doors) -> object:
    number = 425  # io_uring_setup
    return None if _libc.syscall(number, 8, ctypes.create_string_buffer(120)) < 0 else "a ring"


_DOORS: dict[str, Callable[[Path, Doors], object]] = {
    name.removeprefix("_").replace("_", " "): attempt
    for name, attempt in list(globals().items())
    if name.startswith("_") and callable(attempt) and getattr(attempt, "__annotations__", {}).get("return") == "object"
}
NAMES = tuple(_DOORS)


def use_the_numbers_of_x32(_path: Path, _: None) -> Iterator[ReadItem]:
    """Make a socket by x86's second set of numbers."""
    yield Piece("before")
    _libc.syscall(0x40000000 + 41, 2, 1, 0)
    yield Piece("after")


def start_processes_without_end(_path: Path, _: None) -> Iterator[ReadItem]:
    """Fork until it fails, and leave all of them there."""
    started = 0
    while started < 5000:
        try:
            if os.fork() == 0:
                signal.pause()
        except OSError:
            break
        started += 1
    yield Piece(str(started))


def leave_a_process_behind(_path: Path, _: None) -> Iterator[ReadItem]:
    """Fork a process that goes on when the reader has ended."""
    if os.fork() == 0:
        signal.pause()
    yield Piece("left")


def read_what_it_names(path: Path, _: None) -> Iterator[ReadItem]:
    """Yield what is in the file that this file names."""
    yield Piece(Path(path.read_text("utf-8")).read_text("utf-8"))
