"""Downloads a Whisper model: its files one by one, the large one last, so that a folder with all of them is whole."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from bot.models.catalogue import FileKind
from bot.models.download import DownloadError, DownloadProgress, NotOnServerError, download
from bot.reading.speech_models import NEEDED, OPTIONAL, SpeechModel


async def download_speech(
    model: SpeechModel,
    hub: str,
    models: Path,
    progress: DownloadProgress,
    *,
    sha256: str | None = None,
    pause: float = 0.5,
) -> Path:
    """Download a model into its folder in `models` and return that; what is there of it already is kept.

    `sha256` is the digest of the large file, and `progress` is told of that one: the others are small.
    Raises DownloadError; then the folder is not whole, and the next call goes on.
    """
    folder = models / model.name
    for choices in NEEDED:
        if not await _any_of(choices, model, hub, folder, pause):
            missing = " or ".join(choices)
            raise DownloadError(f"{hub}/{model.repo}: is not a Whisper model for CTranslate2: it has no {missing}")
    await _any_of(OPTIONAL, model, hub, folder, pause)
    weights = await download(model.weights(hub), folder, progress, sha256=sha256, pause=pause)
    return weights.parent


async def _any_of(choices: Mapping[str, FileKind], model: SpeechModel, hub: str, folder: Path, pause: float) -> bool:
    """Download the first of these files that the server has; say whether there was one."""
    if any((folder / name).is_file() for name in choices):
        return True
    for name, kind in choices.items():
        try:
            await download(model.file(hub, name, kind), folder, _say_nothing, pause=pause)
        except NotOnServerError:
            continue
        return True
    return False


def _say_nothing(done: int, total: int | None) -> None:
    """Say nothing of a file that is there in a moment."""
