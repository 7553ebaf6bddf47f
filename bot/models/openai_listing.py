"""What a server's list of models tells: their names, and which of them can look at pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator

JsonObject = dict[str, object]

_SIGHT = frozenset({"image", "multimodal", "vision"})


def read_names(listing: str) -> tuple[str, ...]:
    """Return the names of the models. Raises ValueError when this is not a list of models."""
    try:
        return tuple(str(model["id"]) for model in json.loads(listing)["data"])
    except (KeyError, TypeError) as error:
        raise ValueError("not a list of models") from error


def sees_pictures(listing: str, name: str) -> bool:
    """Say whether the server tells of a model that it takes pictures.

    llama-server lists `capabilities`, with "multimodal" where it has a projector, and as a router, like OpenRouter,
    `architecture.input_modalities`; Mistral has `capabilities.vision`. OpenAI, vLLM and Ollama tell nothing.
    """
    try:
        listed = json.loads(listing)
    except ValueError:
        return False
    return any(
        _SIGHT & set(_abilities(model)) for model in _models(listed) if name in (model.get("id"), model.get("name"))
    )


def _models(listed: object) -> Iterator[JsonObject]:
    if not isinstance(listed, dict):
        return
    for key in ("data", "models"):
        models = listed.get(key)
        yield from (each for each in models if isinstance(each, dict)) if isinstance(models, list) else ()


def _abilities(model: JsonObject) -> Iterator[str]:
    """Yield the words for what a model can do."""
    architecture = model.get("architecture")
    modalities = architecture.get("input_modalities") if isinstance(architecture, dict) else None
    for told in (model.get("capabilities"), modalities):
        if isinstance(told, dict):
            yield from (name for name, can in told.items() if can is True)
        elif isinstance(told, list):
            yield from (each for each in told if isinstance(each, str))
