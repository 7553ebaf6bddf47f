"""What came of `model check`, kept by what a model's file is known by, so that a replaced file counts as unchecked."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from bot.models.fingerprint import fingerprint
from bot.translation import gettext


@dataclass(frozen=True, slots=True)
class CheckResult:
    """How many questions of the self-test were answered right with a model, and by how many its `own` words did it.

    `floor` is how many quoting alone answers right, `questions` how many there are.
    """

    right: int
    own: int
    floor: int
    questions: int

    @property
    def is_worse(self) -> bool:
        """Whether quoting is better: it has more right, or gave most of the right answers where the model failed."""
        return self.right < self.floor or 2 * self.own < self.right

    @property
    def words(self) -> str:
        """The result for people."""
        figures = {"right": self.right, "questions": self.questions, "own": self.own, "floor": self.floor}
        if self.is_worse:
            return gettext(
                "{right} of {questions} right, {own} in its own words; worse than quoting alone: {floor}", **figures
            )
        return gettext("{right} of {questions} right, {own} in its own words; quoting alone: {floor}", **figures)


_Results = TypeAdapter(dict[str, CheckResult])


class CheckResults:
    """A small JSON file beside the models."""

    def __init__(self, models: Path) -> None:
        self._file = models / "checks.json"

    def get(self, model: Path) -> CheckResult | None:
        """Return the result of a model's file; None if it was never checked."""
        try:
            return self._read().get(fingerprint(model))
        except OSError:
            return None

    def put(self, model: Path, result: CheckResult) -> None:
        """Keep a result. Raises OSError."""
        results = self._read() | {fingerprint(model): result}
        self._file.parent.mkdir(parents=True, exist_ok=True)
        part = self._file.with_suffix(".part")
        part.write_text(json.dumps({key: asdict(each) for key, each in results.items()}, indent=1), "utf-8")
        part.replace(self._file)

    def _read(self) -> dict[str, CheckResult]:
        try:
            return _Results.validate_json(self._file.read_bytes())
        except (OSError, ValidationError):  # (what can't be read is measured again)
            return {}
