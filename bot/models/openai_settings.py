"""Where a server with the OpenAI API is, and how to speak with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class OpenAISettings:
    """Where the server is and how to speak with it; the names are those of the settings section `model`.

    `base_url` ends where the API's paths begin, usually in "/v1". `name` is the model's name on the server;
    None takes the first one the server offers. `timeout` is how many seconds the server may be silent.
    `context_size` is what the prompt is laid out for: the API does not tell it. `pictures` says whether the model takes
    some, None leaves that to what the server tells. `extra_fields` sends the sampling settings that OpenAI's own API
    lacks and refuses. `extra_body` is added to every request.
    """

    base_url: str
    name: str | None = None
    api_key: str | None = field(default=None, repr=False)
    timeout: float = 120.0
    context_size: int = 4096
    pictures: bool | None = None
    extra_fields: bool = True
    extra_body: Mapping[str, object] = field(default_factory=dict)
