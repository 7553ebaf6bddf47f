"""Recall against the vector stores that others build on, by turns: same texts, same vectors, one machine, one run.

`python -m benchmarks recall-peers --peers PYTHON` compares speed at a hundred thousand messages, and
`python -m benchmarks.recall_peers locomo10.json --peers PYTHON` how much of the evidence is among the first ten.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from statistics import mean
from time import perf_counter

import numpy as np

from benchmarks.databases import build
from benchmarks.measuring import Row, Setup, Spread
from bot.commands.evaluation.cases import Sample
from bot.commands.evaluation.locomo import read_locomo
from bot.commands.evaluation.measure import measure as measure_samples
from memory import Memory, Scope
from memory.embedders import Embedder, Vectors
from memory.embedders.bundled import BundledEmbedder
from memory.sqlite.database import connect

STORES = ("lancedb", "chroma")
NAMES = {"lancedb": "LanceDB, hybrid search", "chroma": "Chroma, nearest vectors"}
AT_MOST = 0.7
"""Of the time that LanceDB's hybrid search takes."""
FIRST = 10
WARM_UP = 20
NOW = datetime(2025, 1, 1, tzinfo=UTC)

AskPeer = Callable[[str, Vectors], tuple[float, list[int]]]
"""Returns the seconds that a search took, and the positions of the texts that were found."""


async def measure(setup: Setup) -> list[Row]:
    """Measure the time of a question, its embedding included; nothing where no Python with the peers is named."""
    if setup.peers is None:
        return []
    messages = setup.size(100_000, 5_000)
    path = setup.folder / "peers.db"
    questions = await build(path, messages, setup.embedder)
    texts, vectors = _read_all(path)
    async with Memory.open(path, setup.embedder) as memory:
        with ExitStack() as stack:
            peers = [stack.enter_context(_open_peer(setup.peers, name, texts, vectors)) for name in STORES]
            seconds = [await _ask_all(setup, memory, peers, question) for question in questions]
    ours, *theirs = (Spread(each) for each in zip(*seconds[WARM_UP:], strict=True))
    return [_row(messages, name, ours, peer) for name, peer in zip(STORES, theirs, strict=True)]


async def _ask_all(setup: Setup, memory: Memory, peers: Sequence[AskPeer], question: str) -> tuple[float, ...]:
    began = perf_counter()
    await memory.recall(question, Scope.all(), now=NOW)
    seconds = [perf_counter() - began]
    for ask in peers:
        began = perf_counter()
        vector = setup.embedder.embed_query(question)
        seconds.append(perf_counter() - began + ask(question, vector)[0])
    return tuple(seconds)


def _row(messages: int, name: str, ours: Spread, peer: Spread) -> Row:
    ratio = ours.median / peer.median
    wanted = name == "lancedb"
    return Row(
        f"recall at {messages:,} messages, question embedded, p50 / p95 ms",
        f"{ours.median * 1000:.1f} / {ours.p95 * 1000:.1f}",
        f"{NAMES[name]}, the same vectors: {peer.median * 1000:.1f} / {peer.p95 * 1000:.1f}",
        f"{ratio:.2f} (p95 {ours.p95 / peer.p95:.2f})",
        f"p50 ≤ {AT_MOST:g}" if wanted else "measured only",
        ratio <= AT_MOST if wanted else None,
    )


@contextmanager
def _open_peer(python: Path, name: str, texts: Sequence[str], vectors: Vectors) -> Iterator[AskPeer]:
    """Start a store in a process of its own, filled with the texts."""
    with tempfile.TemporaryDirectory(prefix="scrubjay-peers-") as folder:
        Path(folder, "texts.json").write_text(json.dumps(texts), "utf-8")
        np.save(Path(folder, "vectors.npy"), vectors)
        script = Path(__file__).with_name("peer_stores.py")
        command = [str(python), str(script), folder, name]
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603 (our own script)
            if process.stdin is None or process.stdout is None or not process.stdout.readline():
                raise RuntimeError(f"{name} did not start")
            told, heard = process.stdin, process.stdout

            def ask(question: str, vector: Vectors) -> tuple[float, list[int]]:
                print(json.dumps({"question": question, "vector": vector.tolist()}), file=told, flush=True)
                answer = json.loads(heard.readline())
                return answer["seconds"], answer["ids"]

            yield ask


def _read_all(path: Path) -> tuple[list[str], Vectors]:
    connection = connect(path, read_only=True)
    try:
        rows = connection.execute(
            "SELECT text, vector FROM passages JOIN vectors_1 ON passage_id = id ORDER BY id"
        ).fetchall()
    finally:
        connection.close()
    vectors = np.frombuffer(b"".join(row[1] for row in rows), dtype=np.float32).reshape(len(rows), -1)
    return [row[0] for row in rows], vectors


# how much is found


def _find_by_peer(python: Path, name: str, samples: Sequence[Sample], embedder: Embedder) -> float:
    """Return the mean share of a question's evidence that a store has among its first ten."""
    shares: list[float] = []
    for sample in samples:
        said = [f"{entry.author}: {entry.text}" for entry in sample.entries]
        position = {entry.event_id: at for at, entry in enumerate(sample.entries)}
        with _open_peer(python, name, said, embedder.embed(said)) as ask:
            for question in sample.questions:
                found = set(ask(question.text, embedder.embed_query(question.text))[1])
                shares.append(mean(position.get(each) in found for each in question.evidence))
    return mean(shares)


def main() -> None:
    """Print the recall of each on LoCoMo."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("locomo", type=Path)
    parser.add_argument("--peers", type=Path, required=True, metavar="PYTHON", help="a Python that has the stores")
    options = parser.parse_args()
    samples = read_locomo(options.locomo)
    with tempfile.TemporaryDirectory(prefix="scrubjay-benchmarks-") as folder:
        embedder = BundledEmbedder(cache_dir=Path(folder))
        ours = asyncio.run(measure_samples(samples, embedder)).report()["turn_recall"]
        print(f"Scrubjay: recall@{FIRST} {ours[FIRST] if FIRST in ours else ours[str(FIRST)]:.3f}", flush=True)
        for name in STORES:
            print(
                f"{NAMES[name]}: recall@{FIRST} {_find_by_peer(options.peers, name, samples, embedder):.3f}", flush=True
            )


if __name__ == "__main__":
    main()
