"""Where something stands on a page, in points from its lower left corner."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Box:
    """The sides of a rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def area(self) -> float:
        """Square points."""
        return max(0.0, self.right - self.left) * max(0.0, self.top - self.bottom)

    def meets(self, other: Box) -> bool:
        """Whether both have a part in common."""
        across = self.left < other.right and other.left < self.right
        return across and self.bottom < other.top and other.bottom < self.top

    def cut(self, other: Box) -> Box:
        """Return the part that both have in common."""
        return Box(
            max(self.left, other.left),
            max(self.bottom, other.bottom),
            min(self.right, other.right),
            min(self.top, other.top),
        )

    def join(self, other: Box) -> Box:
        """Return the smallest that holds both."""
        return Box(
            min(self.left, other.left),
            min(self.bottom, other.bottom),
            max(self.right, other.right),
            max(self.top, other.top),
        )

    def shrink(self, by: float) -> Box:
        """Return it without a margin, which takes a third at most."""
        across, down = min(by, (self.right - self.left) / 3), min(by, (self.top - self.bottom) / 3)
        return Box(self.left + across, self.bottom + down, self.right - across, self.top - down)
