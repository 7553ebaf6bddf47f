"""Scores answers of the quoting engine and of real models on LoCoMo: python -m benchmarks.answers FILE [MODEL.gguf …].

Each runs through `scrubjay eval --answers`, the way users take, and the table stands beside the published figures in
benchmarks/results. The benchmark's file is not part of the project, for its licence (CC BY-NC) does not allow that.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.machine import machine, versions
from tests.real_models import FETCHED, FOLDER

RESULTS = Path(__file__).parent / "results"
KINDS = ("multi-hop", "temporal", "open-domain", "single-hop")
PUBLISHED = (
    ("published: A-MEM, Llama-3.2-1B", (0.191, 0.178, 0.176, 0.285)),
    ("published: A-MEM, Qwen2.5-1.5B", (0.182, 0.243, 0.165, 0.236)),
    ("published: A-MEM, GPT-4o-mini", (0.270, 0.459, 0.121, 0.447)),
)
"""Xu et al., 2025, "A-MEM: Agentic Memory for LLM Agents", table 1."""
_HEAD = (
    "| engine | multi-hop | temporal | open-domain | single-hop | adversarial right | wrongly abstained | sources that "
    "are evidence | prompt tokens, p50 | first word, s, p50 | whole, s, p50 / p95 |\n" + "|---" * 11 + "|"
)


def main() -> None:
    """Score each engine, print the table and add it to the day's page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.answers", description=__doc__)
    parser.add_argument("file", type=Path, help="locomo10.json, from the benchmark's repository snap-research/locomo")
    parser.add_argument(
        "models", type=Path, nargs="*", help="GGUF files; without any, those that `make models` fetches"
    )
    parser.add_argument("--questions", type=int, default=250, help="how many, evenly over the five kinds")
    parser.add_argument("--seed", type=int, default=0)
    options = parser.parse_args()
    rows = [_row("quoting, no model", _score(options, None))]
    models = options.models or [FOLDER / entry.file for entry in FETCHED]
    rows += [_row(model.stem, _score(options, model)) for model in models if model.exists()]
    begun = datetime.now(UTC)
    table = _page(begun, options.questions, options.seed, rows)
    print(table)
    with (RESULTS / f"answers-{begun:%Y-%m-%d}.md").open("a", encoding="utf-8") as page:
        page.write(table)


def _score(options: argparse.Namespace, model: Path | None) -> dict[str, Any]:
    """Return the `answers` of one evaluation, by the program in a home of its own and with its default settings."""
    print(f"scoring {model.stem if model else 'the quoting engine'} …", file=sys.stderr)
    chosen = {"SCRUBJAY_MODEL__ENGINE": "extractive"}
    if model is not None:
        chosen = {"SCRUBJAY_MODEL__ENGINE": "llama", "SCRUBJAY_MODEL__PATH": str(model.absolute())}
    with tempfile.TemporaryDirectory(prefix="scrubjay-answers-") as home:
        done = subprocess.run(  # noqa: S603 (the program that is measured)
            [
                str(Path(sys.executable).with_name("scrubjay")),
                *("eval", str(options.file.absolute()), "--format", "locomo", "--answers", "--json"),
                *("--questions", str(options.questions), "--seed", str(options.seed)),
            ],
            env={"HOME": home, "PATH": "/usr/bin:/bin", **chosen},
            stdout=subprocess.PIPE,
            check=True,
        )
    answers: dict[str, Any] = json.loads(done.stdout)["answers"]
    return answers


def _row(name: str, answers: dict[str, Any]) -> str:
    f1, total = answers["f1"], answers["total_s"]
    figures = [
        *(f1.get(kind) for kind in KINDS),
        answers["adversarial_right"],
        answers["wrongly_abstained"],
        answers["cited_precision"],
        answers["prompt_tokens"]["p50"],
        answers["first_word_s"]["p50"],
    ]
    return f"| {name} | {' | '.join(map(_shown, figures))} | {_shown(total['p50'])} / {_shown(total['p95'])} |"


def _shown(figure: float | None) -> str:
    return "" if figure is None else f"{figure:.3f}".removesuffix(".000")


def _page(begun: datetime, questions: int, seed: int, rows: Sequence[str]) -> str:
    published = [f"| {name} | {' | '.join(map(_shown, figures))} |" + " |" * 6 for name, figures in PUBLISHED]
    return (
        f"\n## Measured on {begun:%d %B %Y, %H:%M} UTC\n\n{machine()}. {versions()}.\n\n"
        f"{questions} questions of LoCoMo, evenly over the kinds, seed {seed}; token F1 as the benchmark scores it.\n\n"
        + "\n".join([_HEAD, *rows, *published])
        + "\n"
    )


if __name__ == "__main__":
    main()
