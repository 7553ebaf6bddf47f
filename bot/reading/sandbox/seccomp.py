"""The filter of system calls: no programs, no sockets, no other processes, nothing written, no shared memory."""

from __future__ import annotations

import ctypes
import errno
import os
import struct
from dataclasses import dataclass

from bot.reading.sandbox.libc import (
    PR_SET_DUMPABLE,
    PR_SET_MM,
    PR_SET_PDEATHSIG,
    PR_SET_PTRACER,
    PR_SET_SECCOMP,
    prctl,
)
from bot.reading.sandbox.syscalls import NEW_PROCESSES, PROCESSORS, X86_64, Processor

_MODE_FILTER = 2
_LOAD, _JUMP_EQUAL, _JUMP_GREATER, _JUMP_ANY_BIT, _AND, _RETURN = 0x20, 0x15, 0x25, 0x45, 0x54, 0x06
_ALLOW, _KILL, _ERROR = 0x7FFF0000, 0x80000000, 0x00050000
_NUMBER, _PROCESSOR = 0, 4  # offsets in what the filter sees
_X32 = 0x3FFFFFFF
"""Above it, x86 has a second set of numbers for the same calls."""
_MAP_SHARED, _MAP_ANONYMOUS = 0x01, 0x20  # 0x03, with checks, has the bit too
_CLONE_THREAD, _CLONE_NEW_NAMESPACES = 0x00010000, 0x7E020080
_OPEN_TO_WRITE = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC
_REFUSED_PRCTL = (PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_MM, PR_SET_PTRACER)

Instruction = tuple[int, int, int, int]
"""What is done, how far to jump if so and if not, and with which number."""


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """Whether the child may start processes (never programs), and open files to write (others then see to those)."""

    processes: bool = False
    writing: bool = True


def filter_this_process(options: FilterOptions) -> bool:
    """Filter the system calls of the process that calls, for good; tell whether that is possible here."""
    processor = PROCESSORS.get(os.uname().machine)
    if processor is None:
        return False
    program = make_program(processor, options, os.getpid())
    packed = ctypes.create_string_buffer(b"".join(struct.pack("=HBBI", *each) for each in program))
    head = struct.pack("@HP", len(program), ctypes.addressof(packed))
    try:
        prctl(PR_SET_SECCOMP, _MODE_FILTER, ctypes.create_string_buffer(head, len(head)))
    except OSError:
        return False
    return True


def make_program(processor: Processor, options: FilterOptions, own: int) -> list[Instruction]:
    """Return the filter for a process whose number is `own`."""
    program = [
        _load(_PROCESSOR), (_JUMP_EQUAL, 1, 0, processor.constant), _answer(_KILL),
        _load(_NUMBER),
    ]  # fmt: skip
    if processor.name == X86_64:
        program += [(_JUMP_GREATER, 0, 1, _X32), _answer(_KILL)]
    program += [(_JUMP_GREATER, 0, 1, processor.highest), _refuse(errno.ENOSYS)]
    for name in processor.refused():
        if not (options.processes and name in NEW_PROCESSES):
            program += _on(processor, name, [_refuse()])
    program += _on(processor, "clone3", [_refuse(errno.ENOSYS)])  # its flags can't be seen; clone takes its place
    program += _on(processor, "openat2", [_refuse(errno.ENOSYS)])  # as above
    program += _on(processor, "clone", _look_at_clone(options))
    program += _on(processor, "mmap", _look_at_mmap())
    for name in ("kill", "tgkill"):
        program += _on(processor, name, [_load_argument(0), (_JUMP_EQUAL, 1, 0, own), _refuse()])
    program += _on(
        processor, "prlimit64", [_load_argument(0), (_JUMP_EQUAL, 2, 0, 0), (_JUMP_EQUAL, 1, 0, own), _refuse()]
    )
    for option in _REFUSED_PRCTL:
        program += _on(processor, "prctl", [_load_argument(0), (_JUMP_EQUAL, 0, 1, option), _refuse()])
    if not options.writing:
        program += _on(processor, "open", [_load_argument(1), (_JUMP_ANY_BIT, 0, 1, _OPEN_TO_WRITE), _refuse()])
        program += _on(processor, "openat", [_load_argument(2), (_JUMP_ANY_BIT, 0, 1, _OPEN_TO_WRITE), _refuse()])
    return [*program, _answer(_ALLOW)]


def _look_at_clone(options: FilterOptions) -> list[Instruction]:
    if options.processes:
        return [_load_argument(0), (_JUMP_ANY_BIT, 0, 1, _CLONE_NEW_NAMESPACES), _refuse()]
    return [_load_argument(0), (_JUMP_ANY_BIT, 1, 0, _CLONE_THREAD), _refuse()]


def _look_at_mmap() -> list[Instruction]:
    both = _MAP_SHARED | _MAP_ANONYMOUS
    return [_load_argument(3), (_AND, 0, 0, both), (_JUMP_EQUAL, 0, 1, both), _refuse()]


def _on(processor: Processor, name: str, then: list[Instruction]) -> list[Instruction]:
    """Return what does `then` on one system call, and goes on behind it with any other, or when `then` goes on."""
    number = processor.number(name)
    if number is None:
        return []
    return [(_JUMP_EQUAL, 0, len(then) + 1, number), *then, _load(_NUMBER)]


def _load(offset: int) -> Instruction:
    return (_LOAD, 0, 0, offset)


def _load_argument(index: int) -> Instruction:
    return _load(16 + 8 * index)  # its lower half, on processors that keep that first, as both of these do


def _refuse(error: int = errno.EPERM) -> Instruction:
    return _answer(_ERROR | error)


def _answer(answer: int) -> Instruction:
    return (_RETURN, 0, 0, answer)
