"""Options of `ask` and `chat` that go before the settings for once: which model answers, and how it samples."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from bot.configuration.settings import ModelSettings, SamplingSettings, Settings
from bot.errors import ConfigError

_PANEL = "Model, for this once"

_OPTIONS = {
    "model": Annotated[
        str | None,
        typer.Option(
            "--model",
            metavar="MODEL",
            rich_help_panel=_PANEL,
            help='A GGUF file or a name of `model list`; with a model server its name there; "none" quotes.',
        ),
    ],
    "temperature": Annotated[
        float | None,
        typer.Option("--temperature", rich_help_panel=_PANEL, help="0 takes the likeliest word; higher varies more."),
    ],
    "top_p": Annotated[
        float | None,
        typer.Option("--top-p", rich_help_panel=_PANEL, help="Choose among the likeliest words that sum up to this."),
    ],
    "seed": Annotated[
        int | None, typer.Option("--seed", rich_help_panel=_PANEL, help="The same seed gives the same answer.")
    ],
    "max_tokens": Annotated[
        int | None, typer.Option("--max-tokens", rich_help_panel=_PANEL, help="How long an answer may get, in tokens.")
    ],
    "repeat_penalty": Annotated[
        float | None,
        typer.Option("--repeat-penalty", rich_help_panel=_PANEL, help="Above 1 makes repeated words less likely."),
    ],
    "repeat_last_n": Annotated[
        int | None,
        typer.Option("--repeat-last-n", rich_help_panel=_PANEL, help="How many tokens back that looks; -1: all."),
    ],
}
"""The options by their names in `with_model_options`."""
StatsOption = Annotated[
    bool,
    typer.Option("--stats", rich_help_panel=_PANEL, help="Show load time, tokens, tokens/s and what was reused."),
]


def accept_model_options(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command these options; the settings that it finds in its context are then those with what was given."""

    @wraps(command)
    def run(context: typer.Context, **given: Any) -> None:
        context.obj = with_model_options(context.obj, **{name: given.pop(name) for name in _OPTIONS})
        command(context, **given)

    own = inspect.signature(command, eval_str=True)
    more = [
        inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=None, annotation=option)
        for name, option in _OPTIONS.items()
    ]
    run.__signature__ = own.replace(parameters=[*own.parameters.values(), *more])  # type: ignore[attr-defined]  # Typer makes the options of it
    return run


def with_model_options(settings: Settings, model: str | None, **sampling: float | None) -> Settings:
    """Return the settings with these in place of those of the file; None leaves what is set.

    Raises ConfigError for a value that a setting may not have.
    """
    given = {name: value for name, value in sampling.items() if value is not None}
    try:
        sampled = SamplingSettings(**(settings.sampling.model_dump() | given))
    except ValidationError as error:
        wrong = error.errors()[0]
        option = str(wrong["loc"][0]).replace("_", "-")
        raise ConfigError(f"--{option} {wrong['input']}: {wrong['msg']}") from error
    update: dict[str, object] = {"sampling": sampled}
    if model is not None:
        update["model"] = _choose_model(settings, model)
    return settings.model_copy(update=update)


def _choose_model(settings: Settings, model: str) -> ModelSettings:
    """Return the settings of the model that is meant: none, a file, or one of a server's."""
    from bot.models.catalogue import find_entry  # noqa: PLC0415 (only who names a model waits for it)
    from bot.models.engine import choose_engine  # noqa: PLC0415 (as above)

    if model.lower() == "none":
        return settings.model.model_copy(update={"engine": "extractive"})
    entry = find_entry(model)
    if entry is None and not model.lower().endswith(".gguf") and choose_engine(settings) == "openai":
        return settings.model.model_copy(update={"name": model})
    changed = settings.model.model_dump() | {"engine": "llama", "path": entry.file if entry else model}
    return ModelSettings(**changed)
