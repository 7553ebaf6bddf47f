"""A plugin's settings as they are shown and set in a chat, by the JSON schema that its model has."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.errors import CommandError
from bot.translation import gettext

Schema = Mapping[str, Any]
_HIDDEN = "(secret)"


@dataclass(frozen=True, slots=True)
class SettingLine:
    """A setting as it is shown: its name, its value as JSON or hidden, what it is, and whether a chat has set it."""

    name: str
    value: str
    help: str
    set_here: bool


def setting_lines(schema: Schema, table: Mapping[str, object], set_here: Mapping[str, object]) -> list[SettingLine]:
    """Return every setting that the schema knows, with the value that holds."""
    fields: Mapping[str, Schema] = schema.get("properties", {})
    return [
        SettingLine(
            name, _show(schema, field, table.get(name, field.get("default"))), _describe(field), name in set_here
        )
        for name, field in fields.items()
    ]


def add_value(schema: Schema, kept: Mapping[str, object], key: str, text: str) -> dict[str, object]:
    """Return the settings with one more, read from what was typed as the schema wants it.

    Raises CommandError when there is no such setting, when it is a secret, or when the text is not one of its values.
    """
    fields: Mapping[str, Schema] = schema.get("properties", {})
    if key not in fields and not schema.get("additionalProperties"):
        known = ", ".join(fields) or "none"
        raise CommandError(gettext("There is no setting “{key}” (there are: {known}).", key=key[:60], known=known))
    field = fields.get(key, {})
    if is_secret(schema, field):
        raise CommandError(
            gettext("{key} is a secret, and chats are stored: put it in the settings file instead.", key=key)
        )
    return {**kept, key: _read(schema, field, text)}


def is_secret(schema: Schema, field: Schema) -> bool:
    """Say whether a setting, or anything in it, is not to be shown."""
    if "$ref" in field:
        return is_secret(schema, _resolve(schema, field["$ref"]))
    inner = [*field.get("anyOf", ()), *field.get("allOf", ()), *field.get("prefixItems", ())]
    inner += [field[key] for key in ("items", "additionalProperties") if isinstance(field.get(key), Mapping)]
    inner += field.get("properties", {}).values()
    return field.get("format") == "password" or any(is_secret(schema, each) for each in inner)


def _read(schema: Schema, field: Schema, text: str) -> object:
    """Read text for a setting that takes text, else JSON; what is neither goes as it is, to be refused by its model."""
    if "string" in _types(schema, field):
        return text
    try:
        value: object = json.loads(text)
    except ValueError:
        return text
    return value


def _types(schema: Schema, field: Schema) -> set[str]:
    if "$ref" in field:
        return _types(schema, _resolve(schema, field["$ref"]))
    inner = [*field.get("anyOf", ()), *field.get("allOf", ())]
    return {str(field.get("type"))}.union(*(_types(schema, each) for each in inner))


def _resolve(schema: Schema, reference: str) -> Schema:
    found: Schema = schema.get("$defs", {}).get(reference.rpartition("/")[2], {})
    return found


def _show(schema: Schema, field: Schema, value: object) -> str:
    if is_secret(schema, field):
        return gettext("(not set)") if value in (None, "") else _HIDDEN
    return gettext("(not set)") if value is None else json.dumps(value, ensure_ascii=False, default=str)


def _describe(field: Schema) -> str:
    return str(field.get("description", ""))
