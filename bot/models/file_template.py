"""Which turn template a model file is used with."""

from __future__ import annotations

from bot.errors import ModelError
from bot.models.gguf_header import GgufHeader
from bot.models.jinja_template import JinjaTemplate
from bot.models.templates import TEMPLATES, TurnTemplate, find_template, recognise


def choose_template(header: GgufHeader, name: str | None) -> TurnTemplate:
    """Return the template of that name, or without one the file's own. Raises ModelError where there is none."""
    if name is not None:
        return find_template(name)
    source = header.chat_template
    if not source:
        raise ModelError(
            f"{header.path}: the model file names no chat template. "
            f"Set model.template to the one its makers trained it with: {', '.join(TEMPLATES)}."
        )
    if known := recognise(source):
        return TEMPLATES[known]
    return JinjaTemplate(source, header.path)
