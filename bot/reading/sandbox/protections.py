"""What holds of the protections that a reading child puts around itself."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Protections:
    """What holds for one child; False, 0 or empty is what this system does not give.

    `namespaces` are the kinds that it has of its own; `landlock` is that part of the kernel's version; `user` is
    "nobody", "itself" or "root" (without its rights); `processes` says that their number is bounded.
    """

    namespaces: tuple[str, ...] = ()
    landlock: int = 0
    seccomp: bool = False
    no_new_privileges: bool = False
    user: str = "itself"
    processes: bool = False

    @property
    def files(self) -> bool:
        """Whether it can open nothing but its input and libraries."""
        return self.landlock > 0

    @property
    def network(self) -> bool:
        """Whether it can connect to nothing."""
        return self.seccomp or "network" in self.namespaces

    @property
    def programs(self) -> bool:
        """Whether it can run no program, and reach no other process."""
        return self.seccomp
