"""Whisper models that hear what is said: which there are, where they are kept, and which of them are whole.

A model is a folder of files as CTranslate2 has them. All of these are Whisper's own weights, converted, under the MIT
licence. Sizes and memory needs are rounded.
"""

from __future__ import annotations

import importlib.util
import re
from dataclasses import dataclass
from pathlib import Path

from bot.configuration.extras import install_command
from bot.models.catalogue import HUB_SCHEME, FileKind, ModelSource
from bot.translation import gettext_noop

SPEECH_WEIGHTS = "model.bin"
_WEIGHTS_NAME = b"WhisperSpec"
_JSON = FileKind("JSON file", lambda head: head.lstrip()[:1] in (b"{", b"["))
_TEXT = FileKind("vocabulary", lambda head: not head.lstrip().startswith(b"<!"))
_SPEECH_WEIGHTS = FileKind("Whisper model for CTranslate2", lambda head: _WEIGHTS_NAME in head[:64])

NEEDED: tuple[dict[str, FileKind], ...] = (
    {"config.json": _JSON},
    {"tokenizer.json": _JSON},
    {"vocabulary.json": _JSON, "vocabulary.txt": _TEXT},
)
"""What there is beside the weights; one of each. Older models have the vocabulary as text."""
OPTIONAL: dict[str, FileKind] = {"preprocessor_config.json": _JSON}

_HUB_REPO = re.compile(r"hf:(?P<repo>\w[\w.-]*/\w[\w.-]*)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SpeechModel:
    """A Whisper model on the hub; `name` is what it is called here, and its folder."""

    name: str
    repo: str
    size_gb: float
    memory_gb: float
    note: str

    @property
    def source(self) -> str:
        """The same as `model pull` takes it."""
        return f"{HUB_SCHEME}{self.repo}"

    def file(self, hub: str, name: str, kind: FileKind) -> ModelSource:
        """Return where one of its files is downloaded from."""
        return ModelSource(f"{hub}/{self.repo}/resolve/main/{name}", name, kind)

    def weights(self, hub: str) -> ModelSource:
        """Return where its large file is downloaded from."""
        return self.file(hub, SPEECH_WEIGHTS, _SPEECH_WEIGHTS)


LICENCE = "MIT"
SPEECH_INSTALL_ADVICE = install_command("audio")
"""How to install what hears; the model is downloaded apart from it."""
SPEECH_MODELS = (
    SpeechModel(
        "whisper-tiny", "Systran/faster-whisper-tiny", 0.08, 0.3, gettext_noop("quick and rough; for trying things out")
    ),
    SpeechModel(
        "whisper-base", "Systran/faster-whisper-base", 0.15, 0.4, gettext_noop("clear voice notes in large languages")
    ),
    SpeechModel(
        "whisper-small",
        "Systran/faster-whisper-small",
        0.5,
        1,
        gettext_noop("a good start on a laptop; many languages"),
    ),
    SpeechModel(
        "whisper-medium", "Systran/faster-whisper-medium", 1.5, 2.5, gettext_noop("careful; slow without a GPU")
    ),
    SpeechModel(
        "whisper-turbo",
        "mobiuslabsgmbh/faster-whisper-large-v3-turbo",
        1.6,
        2.5,
        gettext_noop("nearly as good as the one below, and far quicker"),
    ),
    SpeechModel(
        "whisper-large", "Systran/faster-whisper-large-v3", 3.1, 4.5, gettext_noop("the best; needs a GPU to be quick")
    ),
)


def find_speech_model(wanted: str) -> SpeechModel | None:
    """Return the model that this names: one of the list, or "hf:owner/repo"; None when it names none.

    The folder of one that is not on the list names its owner too, so that two of one name are never mixed.
    """
    listed = next((model for model in SPEECH_MODELS if model.name == wanted.lower()), None)
    if listed is not None:
        return listed
    match = _HUB_REPO.fullmatch(wanted)
    return SpeechModel(match["repo"].replace("/", "--"), match["repo"], 0, 0, "") if match else None


def speech_installed() -> bool:
    """Say whether the libraries that hear are installed, without loading them."""
    return importlib.util.find_spec("faster_whisper") is not None


def is_whole(folder: Path) -> bool:
    """Say whether a folder holds a Whisper model with all its files. Each is put there only when it is whole."""
    choices = (*NEEDED, {SPEECH_WEIGHTS: _SPEECH_WEIGHTS})
    return all(any((folder / name).is_file() for name in names) for names in choices)


def list_downloaded_speech(models: Path) -> list[Path]:
    """Return the Whisper models in the models folder, the one downloaded last first."""
    folders = [weights.parent for weights in models.glob(f"*/{SPEECH_WEIGHTS}") if is_whole(weights.parent)]
    return sorted(folders, key=lambda folder: (folder / SPEECH_WEIGHTS).stat().st_mtime, reverse=True)


def find_speech_folder(models: Path, wanted: str | None) -> Path | None:
    """Return the folder of the model to hear with; None when it isn't there, or isn't whole.

    `wanted` is the name of a model in the models folder, or a folder anywhere; None stands for the latest download.
    """
    if wanted is None:
        return next(iter(list_downloaded_speech(models)), None)
    listed = find_speech_model(wanted)
    candidates = (models / (listed.name if listed else wanted), Path(wanted).expanduser())
    return next((folder for folder in candidates if is_whole(folder)), None)
