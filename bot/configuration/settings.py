"""What can be set: one frozen model per section of `config.toml`, with defaults that need no set-up.

Parsing, the environment and the wording of mistakes are in `bot.configuration.config`; these models only say
what is valid.
`config.example.toml` documents every field.
"""

from __future__ import annotations

from datetime import tzinfo
from pathlib import Path
from typing import Annotated, Any, Literal

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr
from pydantic.fields import FieldInfo
from pydantic_settings import BaseSettings, EnvSettingsSource, PydanticBaseSettingsSource, SettingsConfigDict

from bot.configuration.checked_values import Account, HttpUrl, Pattern, ServerAddress, TimeZone
from bot.configuration.operating_settings import (
    BackupSettings,
    IngestSettings,
    LoggingSettings,
    MetricsSettings,
    RetentionSettings,
    TracingSettings,
)
from bot.configuration.section import Section, UserPath
from bot.configuration.timezones import zone_of
from bot.models import Sampling
from memory.addresses import StoreAddress

APP_NAME = "scrubjay"
ENVIRONMENT_PREFIX = "SCRUBJAY_"
SECTION_SEPARATOR = "__"

Table = dict[str, Any]
"""The settings of one adapter or plugin, which validates them itself."""

DEFAULT_PERSONA = (
    "You answer questions from the messages, documents and facts that you are shown. "
    "Be brief and concrete, and give names and dates."
)


class DataSettings(Section):
    """Where things are kept. None stands for the platform's own user-data folder."""

    dir: UserPath | None = None


class MemorySettings(Section):
    """Where the memory is kept, the embedding model, where its files are cached, and memory for searches.

    `store` is None for a file of the data folder.
    `cache` is the platform's own folder for caches where it is None.
    """

    store: ServerAddress | None = Field(default=None, repr=False)
    embedder: str = "default"
    embedder_threads: int | None = Field(default=None, ge=1)
    cache: UserPath | None = None
    search_cache_mb: int = Field(default=512, ge=0)


class RecallSettings(Section):
    """How much of the memory an answer gets to see; `token_budget` counts the model's own tokens."""

    limit: int = Field(default=12, ge=1, le=200)
    relevance: float = Field(default=0.35, ge=0, le=1)
    token_budget: int = Field(default=400, ge=50)


class ModelSettings(Section):
    """The language model: which engine, and what that engine needs.

    `pictures` says whether the model on the server takes some; None leaves that to what the server tells.
    """

    engine: Literal["auto", "extractive", "llama", "openai"] = "auto"
    path: UserPath | None = None
    context_size: int = Field(default=4096, ge=256)
    threads: int | None = Field(default=None, ge=1)
    batch: int = Field(default=512, ge=1)
    parallel: int = Field(default=4, ge=1, le=32)
    gpu_layers: int = Field(default=0, ge=-1)
    main_gpu: int = Field(default=0, ge=0)
    template: str | None = None
    base_url: HttpUrl | None = None
    api_key: SecretStr | None = None
    name: str | None = None
    timeout: float = Field(default=120.0, gt=0)
    pictures: bool | None = None
    hub: HttpUrl = "https://huggingface.co"


class SpeechSettings(Section):
    """The server that speaks answers where /voice is on (None: none), and with which model and voice."""

    base_url: HttpUrl | None = None
    api_key: SecretStr | None = None
    name: str = "tts-1"
    voice: str = "alloy"
    timeout: float = Field(default=60.0, gt=0)


class SamplingSettings(Section):
    """How the next token is chosen; the fields are those of `bot.models.Sampling`."""

    temperature: float = Field(default=0.0, ge=0, le=5)
    top_p: float | None = Field(default=None, gt=0, le=1)
    top_k: int | None = Field(default=None, ge=1)
    min_p: float | None = Field(default=None, ge=0, le=1)
    repeat_penalty: float = Field(default=1.1, gt=0)
    repeat_last_n: int = Field(default=64, ge=-1)
    seed: int | None = Field(default=None, ge=0)
    max_tokens: int = Field(default=400, ge=1)
    stop: tuple[str, ...] = ()

    def to_sampling(self) -> Sampling:
        """Return the same as the record that models take."""
        return Sampling(**self.model_dump())


class AssistantSettings(Section):
    """Who the bot is: its name, the persona that opens its prompt, and whether it does more than to remember.

    `language` is spoken where nobody has chosen another; "auto" is what is written there. `called` are other names for
    it, `called_patterns` regular expressions that call it; in the `open_groups` it answers every question without being
    called. In groups it is to `acknowledge` what it works on.
    """

    name: str = Field(default="Scrubjay", min_length=1)
    language: Literal["auto", "en", "de", "es", "fr", "it", "pt"] = "auto"
    called: tuple[Annotated[str, Field(min_length=2)], ...] = ()
    called_patterns: tuple[Pattern, ...] = ()
    open_groups: tuple[Annotated[str, Field(pattern=r"^[\w.-]+:.+")], ...] = ()
    acknowledge: bool = True
    persona: str = DEFAULT_PERSONA
    general: bool = True


class TimeSettings(Section):
    """The zone that times are shown in, and that clock times without a zone are taken to be in."""

    timezone: TimeZone = "local"

    @property
    def zone(self) -> tzinfo:
        """The zone itself; "local" follows the machine, daylight saving included."""
        return zone_of(self.timezone)


class ProcessSettings(Section):
    """How a plugin's own process is run: by which interpreter (None: the bot's own), and within which limits."""

    python: UserPath | None = None
    memory_mb: int = Field(default=2048, ge=64)
    silent_seconds: float = Field(default=30.0, gt=0)
    environment: dict[str, str] = Field(default_factory=dict, repr=False)


class PluginSettings(Section):
    """Which plugins run, and the table each one is given.

    With `enabled` unset all installed plugins run, except those in `disabled`. The language model may call the tools
    of those in `tools`. Those in `processes` run in a process of their own.
    """

    enabled: tuple[str, ...] | None = None
    disabled: tuple[str, ...] = ()
    tools: tuple[str, ...] = ()
    processes: dict[str, ProcessSettings] = Field(default_factory=dict)
    settings: dict[str, Table] = Field(default_factory=dict, repr=False)


class AccessSettings(Section):
    """Who may talk to the bot besides the owner at the machine; each is "platform:id", and nobody by default.

    Owners may do everything; people are members, guests are not remembered; in a conversation or workspace that is
    named everybody may talk to it. The quotas are each person's a day, None being without end; owners have none.
    """

    owners: tuple[Account, ...] = ()
    people: tuple[Account, ...] = ()
    guests: tuple[Account, ...] = ()
    conversations: tuple[Account, ...] = ()
    workspaces: tuple[Account, ...] = ()
    daily_messages: int | None = Field(default=2000, ge=0)
    daily_answers: int | None = Field(default=500, ge=0)
    guest_daily_messages: int | None = Field(default=200, ge=0)
    guest_daily_answers: int | None = Field(default=50, ge=0)


class LimitSettings(Section):
    """What protects the bot from too much at once: messages waiting per conversation, seconds per handler."""

    lane_length: int = Field(default=100, ge=1)
    handler_deadline: float = Field(default=300.0, gt=0)


class Environment(EnvSettingsSource):
    """The variables SCRUBJAY_SECTION__KEY. What should be JSON and isn't is left to the validation to name."""

    def decode_complex_value(self, field_name: str, field: FieldInfo, value: Any) -> Any:
        """Read a list or table that is written as JSON; return the text itself when it isn't JSON."""
        try:
            return super().decode_complex_value(field_name, field, value)
        except ValueError:
            return value


class Settings(BaseSettings):
    """Everything that can be set. The environment goes before what is passed in, which is the TOML file.

    Build it with `bot.configuration.config.load_settings`, which says what is wrong in the user's own terms.
    """

    model_config = SettingsConfigDict(
        env_prefix=ENVIRONMENT_PREFIX,
        env_nested_delimiter=SECTION_SEPARATOR,
        extra="forbid",
        frozen=True,
        hide_input_in_errors=True,
    )

    data: DataSettings = DataSettings()
    memory: MemorySettings = MemorySettings()
    recall: RecallSettings = RecallSettings()
    model: ModelSettings = ModelSettings()
    sampling: SamplingSettings = SamplingSettings()
    speech: SpeechSettings = SpeechSettings()
    assistant: AssistantSettings = AssistantSettings()
    time: TimeSettings = TimeSettings()
    plugins: PluginSettings = PluginSettings()
    access: AccessSettings = AccessSettings()
    adapters: dict[str, Table] = Field(default_factory=dict, repr=False)
    limits: LimitSettings = LimitSettings()
    ingest: IngestSettings = IngestSettings()
    logging: LoggingSettings = LoggingSettings()
    metrics: MetricsSettings = MetricsSettings()
    tracing: TracingSettings = TracingSettings()
    backup: BackupSettings = BackupSettings()
    retention: RetentionSettings = RetentionSettings()

    @property
    def data_dir(self) -> Path:
        """The folder of the database and the models."""
        return self.data.dir or user_data_path(APP_NAME, appauthor=False)

    @property
    def database(self) -> Path:
        """The memory's file."""
        return self.data_dir / "memory.db"

    @property
    def store(self) -> StoreAddress:
        """Where the memory is kept: its file, or a database on a server."""
        return StoreAddress(self.database, self.memory.store)

    @property
    def plugins_dir(self) -> Path:
        """The folder of plugins that are single files."""
        return self.data_dir / "plugins"

    @property
    def models_dir(self) -> Path:
        """The folder that `model pull` writes to."""
        return self.data_dir / "models"

    @property
    def cache_dir(self) -> Path:
        """The folder of the embedding model's files, which can always be made again."""
        return self.memory.cache or user_cache_path(APP_NAME, appauthor=False)

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (the base class fixes the signature)
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (as above; no .env file is read)
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003 (as above; no secrets folder is read)
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Let the environment win over the file, and read nothing else."""
        return Environment(settings_cls), init_settings
