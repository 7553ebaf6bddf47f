"""Settings from their sources: defaults, then the TOML file, then the environment, then the command line.

They are read once, validated whole, and passed in; nothing else looks at a file or the environment for them.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from platformdirs import user_config_path
from pydantic import ValidationError

from bot.configuration.setting_problems import SettingSources, explain
from bot.configuration.settings import APP_NAME, ENVIRONMENT_PREFIX, SECTION_SEPARATOR, Environment, Settings
from bot.errors import ConfigError

CONFIG_NAME = "config.toml"
EXAMPLE_NAME = "config.example.toml"


def default_config_file() -> Path:
    """Return where the settings file is looked for when none is named: the platform's user-config folder."""
    return user_config_path(APP_NAME, appauthor=False) / CONFIG_NAME


def example_config() -> str:
    """Return `config.example.toml`, which documents every setting."""
    packaged = Path(__file__).with_name(EXAMPLE_NAME)
    in_checkout = Path(__file__).parents[2] / EXAMPLE_NAME
    return (packaged if packaged.exists() else in_checkout).read_text(encoding="utf-8")


def load_settings(config_file: Path | None = None, *, data_dir: Path | None = None) -> Settings:
    """Read and validate all settings.

    Without `config_file` the default one is read if it exists. `data_dir` goes before every other source.
    Raises ConfigError with one line per mistake, each naming the setting and where it came from.
    """
    file = config_file or default_config_file()
    text = _read(file, required=config_file is not None)
    table = _parse(file, text)
    environment = Environment(Settings).env_vars
    sources = SettingSources(file, text, environment)
    _refuse_unknown_variables(environment, sources)
    try:
        settings = Settings(**table)
    except ValidationError as error:
        raise ConfigError(explain(error, sources)) from None  # the cause would repeat it, in the library's words
    if data_dir is None:
        return settings
    data = settings.data.model_copy(update={"dir": data_dir.expanduser()})
    return settings.model_copy(update={"data": data})


def _read(file: Path, *, required: bool) -> str:
    try:
        return file.read_text(encoding="utf-8")
    except FileNotFoundError:
        if required:
            raise ConfigError(f"{file}: there is no such settings file; `scrubjay init` writes one") from None
        return ""
    except UnicodeDecodeError as error:
        raise ConfigError(f"{file}: not a text file in UTF-8 (byte {error.start})") from None
    except OSError as error:
        raise ConfigError(f"{file}: can't be read: {error.strerror}") from None


def _parse(file: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ConfigError(f"{file}: not valid TOML: {error}") from None


def _refuse_unknown_variables(environment: Mapping[str, str | None], sources: SettingSources) -> None:
    """Refuse a variable whose section does not exist: the library reads past those without a word."""
    prefix = ENVIRONMENT_PREFIX.lower()
    names = [name for name in environment if name.startswith(prefix)]
    unknown = [
        name for name in names if name.removeprefix(prefix).split(SECTION_SEPARATOR)[0] not in Settings.model_fields
    ]
    if unknown:
        raise ConfigError("\n".join(sources.unknown_variable(name) for name in unknown))
