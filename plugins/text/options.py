"""What the readers of texts are told."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class TextOptions:
    """`most_megabytes` is how much a zipped file may unpack to."""

    most_megabytes: int = 500
