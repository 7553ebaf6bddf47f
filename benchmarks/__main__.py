"""Measures everything, or what is named, and keeps the table: python -m benchmarks [--quick] [NAME …]."""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import (
    command_line,
    embedders,
    engines,
    import_with_vectors,
    import_words_only,
    ingesting,
    llama,
    llama_together,
    pages,
    pdf_text,
    plugins,
    recall_peers,
    recalling,
    receiving,
    speech,
    tables,
    telegram_load,
    whatsapp,
)
from benchmarks.measuring import Row, Setup
from benchmarks.table import markdown
from memory.embedders.bundled import BundledEmbedder

RESULTS = Path(__file__).parent / "results"
MEASUREMENTS: dict[str, Callable[[Setup], Awaitable[list[Row]]]] = {
    "import-with-vectors": import_with_vectors.measure,
    "import-words-only": import_words_only.measure,
    "recall": recalling.measure,
    "recall-peers": recall_peers.measure,
    "engines": engines.measure,
    "ingest": ingesting.measure,
    "receiving": receiving.measure,
    "pdf": pdf_text.measure,
    "llama": llama.measure,
    "answers-at-once": llama_together.measure,
    "embedders": embedders.measure,
    "whatsapp": whatsapp.measure,
    "command-line": command_line.measure,
    "pages": pages.measure,
    "plugins": plugins.measure,
    "telegram": telegram_load.measure,
    "speech": speech.measure,
    "tables": tables.measure,
}


def main() -> None:
    """Measure, print the table, and write it to the results."""
    options = _options()
    names = [name for name in MEASUREMENTS if not options.names or any(part in name for part in options.names)]
    if not names:
        sys.exit(f"nothing is measured under that name; there are: {', '.join(MEASUREMENTS)}")
    with tempfile.TemporaryDirectory(prefix="scrubjay-benchmarks-") as folder:
        place = Path(folder)
        setup = Setup(
            place,
            BundledEmbedder(cache_dir=place / "models"),
            options.quick,
            options.whatstk,
            options.chat_parser,
            options.peers,
        )
        keeps = not options.quick and not options.names
        print(asyncio.run(_table(setup, names, keeps=keeps)))


async def _table(setup: Setup, names: Sequence[str], *, keeps: bool) -> str:
    """Return the table; it is kept as it grows, so that a run that is stopped has not been for nothing."""
    begun, rows, table = datetime.now(UTC), list[Row](), ""
    async for some in _measured(setup, names):
        rows += some
        table = markdown(rows, begun, quick=setup.quick)
        if keeps:
            RESULTS.mkdir(exist_ok=True)
            await asyncio.to_thread((RESULTS / f"{begun:%Y-%m-%d}.md").write_text, table, "utf-8")
    return table


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"parts of these names: {', '.join(MEASUREMENTS)}")
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that it works, proves nothing")
    parser.add_argument("--whatstk", type=Path, metavar="PYTHON", help="a Python that has whatstk, as a peer")
    parser.add_argument("--chat-parser", type=Path, metavar="DIR", help="where npm installed whatsapp-chat-parser")
    parser.add_argument("--peers", type=Path, metavar="PYTHON", help="a Python that has chromadb and lancedb")
    return parser.parse_args()


async def _measured(setup: Setup, names: Sequence[str]) -> AsyncIterator[list[Row]]:
    for name in names:
        print(f"measuring {name} …", file=sys.stderr)
        yield await MEASUREMENTS[name](setup)


if __name__ == "__main__":
    main()
