"""The system calls that no reader of files needs, by their numbers on each kind of processor."""

from __future__ import annotations

from dataclasses import dataclass

X86_64, ARM_64 = "x86_64", "aarch64"
_HIGHEST = 462
"""mseal, of Linux 6.10. What came after it is not known here, and so answered as by a kernel that doesn't have it."""

_NUMBERS: dict[str, tuple[int | None, int | None]] = {
    # programs and processes
    "execve": (59, 221), "execveat": (322, 281), "fork": (57, None), "vfork": (58, None), "clone": (56, 220),
    "clone3": (435, 435), "setsid": (112, 157), "setpgid": (109, 154), "kill": (62, 129), "tkill": (200, 130),
    "tgkill": (234, 131), "rt_sigqueueinfo": (129, 138), "rt_tgsigqueueinfo": (297, 240), "prctl": (157, 167),
    "prlimit64": (302, 261), "setpriority": (141, 140), "ioprio_set": (251, 30), "sched_setparam": (142, 118),
    "sched_setscheduler": (144, 119), "sched_setattr": (314, 274), "personality": (135, 92),
    # other processes' memory and files
    "ptrace": (101, 117), "process_vm_readv": (310, 270), "process_vm_writev": (311, 271), "kcmp": (312, 272),
    "pidfd_open": (434, 434), "pidfd_getfd": (438, 438), "pidfd_send_signal": (424, 424), "move_pages": (279, 239),
    "migrate_pages": (256, 238), "process_madvise": (440, 440), "process_mrelease": (448, 448),
    # the network
    "socket": (41, 198), "connect": (42, 203), "bind": (49, 200), "listen": (50, 201), "accept": (43, 202),
    "accept4": (288, 242),
    # memory that no limit counts
    "mmap": (9, 222), "shmget": (29, 194), "shmat": (30, 196), "shmctl": (31, 195), "semget": (64, 190),
    "msgget": (68, 186), "mq_open": (240, 180), "memfd_create": (319, 279), "memfd_secret": (447, 447),
    # parts of the kernel that attackers like, and readers never use
    "io_uring_setup": (425, 425), "io_uring_enter": (426, 426), "io_uring_register": (427, 427),
    "userfaultfd": (323, 282), "bpf": (321, 280), "perf_event_open": (298, 241), "keyctl": (250, 219),
    "add_key": (248, 217), "request_key": (249, 218), "fanotify_init": (300, 262), "modify_ldt": (154, None),
    "uselib": (134, None), "vmsplice": (278, 75), "lookup_dcookie": (212, 18), "syslog": (103, 116),
    # what belongs to the machine
    "unshare": (272, 97), "setns": (308, 268), "mount": (165, 40), "umount2": (166, 39), "pivot_root": (155, 41),
    "chroot": (161, 51), "move_mount": (429, 429), "open_tree": (428, 428), "fsopen": (430, 430),
    "fsconfig": (431, 431), "fsmount": (432, 432), "fspick": (433, 433), "mount_setattr": (442, 442),
    "open_by_handle_at": (304, 265), "name_to_handle_at": (303, 264), "init_module": (175, 105),
    "finit_module": (313, 273), "delete_module": (176, 106), "kexec_load": (246, 104),
    "kexec_file_load": (320, 294), "reboot": (169, 142), "swapon": (167, 224), "swapoff": (168, 225),
    "quotactl": (179, 60), "quotactl_fd": (443, 443), "acct": (163, 89), "settimeofday": (164, 170),
    "clock_settime": (227, 112), "adjtimex": (159, 171), "clock_adjtime": (305, 266), "iopl": (172, None),
    "ioperm": (173, None), "sethostname": (170, 161), "setdomainname": (171, 162), "vhangup": (153, 58),
    # files that change
    "open": (2, None), "openat": (257, 56), "openat2": (437, 437), "creat": (85, None), "truncate": (76, 45),
    "rename": (82, None), "renameat": (264, 38), "renameat2": (316, 276), "mkdir": (83, None), "mkdirat": (258, 34),
    "rmdir": (84, None), "link": (86, None), "linkat": (265, 37), "unlink": (87, None), "unlinkat": (263, 35),
    "symlink": (88, None), "symlinkat": (266, 36), "chmod": (90, None), "fchmod": (91, 52), "fchmodat": (268, 53),
    "fchmodat2": (452, 452), "chown": (92, None), "fchown": (93, 55), "lchown": (94, None), "fchownat": (260, 54),
    "mknod": (133, None), "mknodat": (259, 33), "utime": (132, None), "utimes": (235, None), "utimensat": (280, 88),
    "futimesat": (261, None), "setxattr": (188, 5), "lsetxattr": (189, 6), "fsetxattr": (190, 7),
    "removexattr": (197, 14), "lremovexattr": (198, 15), "fremovexattr": (199, 16),
}  # fmt: skip

LOOKED_AT = frozenset({"clone", "clone3", "kill", "tgkill", "mmap", "open", "openat", "openat2", "prctl", "prlimit64"})
"""Those that depend on how they are called."""
NEW_PROCESSES = frozenset({"fork", "vfork"})


@dataclass(frozen=True, slots=True)
class Processor:
    """How a filter knows the processor's own system calls: by the kernel's constant, and the highest number."""

    name: str
    constant: int
    highest: int = _HIGHEST

    def number(self, name: str) -> int | None:
        """Return the number of a system call; None where there is none of that name."""
        return _NUMBERS[name][0 if self.name == X86_64 else 1]

    def refused(self) -> list[str]:
        """Return the names of those that are refused however they are called."""
        return [name for name in _NUMBERS if name not in LOOKED_AT and self.number(name) is not None]


PROCESSORS = {X86_64: Processor(X86_64, 0xC000003E), ARM_64: Processor(ARM_64, 0xC00000B7)}
"""Other processors go without a filter."""
