"""The settings of whoever runs the bot for long: files, logs, metrics, backups, and how long things are kept."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.configuration.section import Section, UserPath


class IngestSettings(Section):
    """Reading files: the folders that are watched, how large a file may be, and how many are read at a time.

    Files that can't be read yet are kept, as long as together they are not larger than `kept_megabytes`.
    """

    watch: tuple[UserPath, ...] = ()
    max_megabytes: int = Field(default=500, ge=1)
    workers: int = Field(default=2, ge=1, le=64)
    kept_megabytes: int = Field(default=1000, ge=0)


class LoggingSettings(Section):
    """How much is logged, to stderr, and whether for people or as an object of JSON a line."""

    level: Literal["debug", "info", "warning", "error"] = "warning"
    format: Literal["text", "json"] = "text"


class MetricsSettings(Section):
    """Where what the bot counts can be read without the web page; None: nowhere. No key is asked for."""

    port: int | None = Field(default=None, ge=0, le=65535)
    host: str = "127.0.0.1"


class TracingSettings(Section):
    """Whether a trace of each answer is sent to a collector by OpenTelemetry (an extra), and where that is.

    Without `endpoint`, "http://host:4318", the standard variables say where: OTEL_EXPORTER_OTLP_ENDPOINT and others.
    """

    enabled: bool = False
    endpoint: str | None = Field(default=None, pattern=r"^https?://")


class BackupSettings(Section):
    """Copies of the memory that are made while the bot runs (None: none), and how many of them are kept.

    Of the last `daily` days on which one was made the latest is kept, and of the last `weekly` weeks. With
    `recipients`, public keys of age, copies are encrypted, those of `scrubjay backup` too.
    """

    folder: UserPath | None = None
    every_hours: float = Field(default=24, gt=0)
    daily: int = Field(default=7, ge=1)
    weekly: int = Field(default=4, ge=0)
    recipients: tuple[str, ...] = ()


class RetentionSettings(Section):
    """After how many days what was said is forgotten, by the number of its conversation; others are kept for ever."""

    conversations: dict[int, Annotated[int, Field(ge=1)]] = Field(default_factory=dict)
