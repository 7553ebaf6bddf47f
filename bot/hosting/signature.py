"""A command's arguments: read from its method's signature, and parsed from what a user typed."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, get_args, get_origin, get_type_hints

from pydantic import TypeAdapter, ValidationError

from bot.errors import CommandError, PluginError
from bot.translation import gettext

_WORD = r'\s*(?:"([^"]*)"|({phrases}\S+))'


@dataclass(frozen=True, slots=True)
class Parameter:
    """One argument of a command. `rest` takes the remaining line as it is, `many` any number of words."""

    name: str
    type: TypeAdapter[object]
    help: str = ""
    required: bool = True
    rest: bool = False
    many: bool = False

    @property
    def usage(self) -> str:
        """How it is shown in help: NAME, [NAME], [NAME…]."""
        label = self.name.upper() + ("…" if self.many or self.rest else "")
        return label if self.required else f"[{label}]"


def read_parameters(method: Callable[..., object]) -> tuple[Parameter, ...]:
    """Read the arguments after `self` and `context`. Raises PluginError when they can't be typed in a chat."""
    found = list(inspect.signature(method).parameters.values())[2:]
    try:
        hints = get_type_hints(method, include_extras=True) if found else {}
    except NameError as error:
        raise PluginError(f"{method.__qualname__}: a type in its signature is unknown: {error}") from error
    parameters = []
    for position, parameter in enumerate(found):
        if parameter.kind in (parameter.KEYWORD_ONLY, parameter.VAR_KEYWORD):
            raise PluginError(f"{method.__qualname__}: {parameter.name} can't be given in a chat; make it positional")
        if parameter.name not in hints:
            raise PluginError(f"{method.__qualname__}: {parameter.name} needs a type")
        parameters.append(_read(parameter, hints[parameter.name], last=position == len(found) - 1))
    return tuple(parameters)


def _read(parameter: inspect.Parameter, hint: Any, *, last: bool) -> Parameter:
    documented = get_origin(hint) is Annotated
    notes = [note for note in get_args(hint)[1:] if isinstance(note, str)] if documented else []
    bare = get_args(hint)[0] if documented else hint
    many = parameter.kind is parameter.VAR_POSITIONAL
    return Parameter(
        name=parameter.name,
        type=TypeAdapter(hint),
        help=notes[0] if notes else "",
        required=parameter.default is parameter.empty and not many,
        rest=last and not many and str in (bare, *get_args(bare)),
        many=many,
    )


def parse_arguments(
    parameters: Sequence[Parameter], text: str, usage: str, phrases: Iterable[str] = ()
) -> list[object]:
    """Return the arguments in `text`, converted; each of the `phrases`, such as a mention, counts as one word.

    Raises CommandError, whose message says how to use the command.
    """
    values: list[object] = []
    position = 0
    word = _word(phrases)
    for parameter in parameters:
        if parameter.rest:
            raw = text[position:].strip()
            position = len(text)
            words = [raw] if raw else []
        else:
            words, position = _take(word, text, position, many=parameter.many)
        if not words and parameter.required:
            raise CommandError(gettext("{name} is missing. Usage: `{usage}`", name=parameter.name, usage=usage))
        if not words and not parameter.many:
            break
        values.extend(_convert(parameter, word, usage) for word in words)
    if text[position:].strip():
        raise CommandError(
            gettext(
                "I don't know what to do with “{text}”. Usage: `{usage}`",
                text=text[position:].strip()[:80],
                usage=usage,
            )
        )
    return values


def convert_words(parameters: Sequence[Parameter], words: Sequence[str], usage: str) -> list[object]:
    """Return words that `parse_arguments` has taken apart, converted. Raises CommandError as that does."""
    last = len(parameters) - 1
    return [_convert(parameters[min(position, last)], word, usage) for position, word in enumerate(words)]


def _word(phrases: Iterable[str]) -> re.Pattern[str]:
    """Return what finds the next word, the longest phrase first."""
    ordered = sorted(filter(None, phrases), key=len, reverse=True)
    return re.compile(_WORD.format(phrases="".join(rf"{re.escape(phrase)}(?!\S)|" for phrase in ordered)))


def _take(word: re.Pattern[str], text: str, position: int, *, many: bool) -> tuple[list[str], int]:
    words: list[str] = []
    while (many or not words) and (match := word.match(text, position)):
        words.append(match[1] if match[1] is not None else match[2])
        position = match.end()
    return words, position


def _convert(parameter: Parameter, word: str, usage: str) -> object:
    try:
        return parameter.type.validate_python(word)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise CommandError(
            gettext(
                "{name}: “{word}” won't do ({reason}). Usage: `{usage}`",
                name=parameter.name,
                word=word[:80],
                reason=reason,
                usage=usage,
            )
        ) from None
