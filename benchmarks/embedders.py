"""The embedders, against fastembed and onnxruntime driven directly."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path

from fastembed import TextEmbedding
from fastembed.common.model_description import ModelSource, PoolingType

from benchmarks.corpus import Corpus
from benchmarks.measuring import Row, Setup, by_round, interleaved
from memory.embedders import Embedder
from memory.embedders.bundled import BundledEmbedder
from memory.embedders.catalogue import CatalogueEmbedder
from memory.embedders.sentence_model import SentenceEncoder, usable_threads
from memory.errors import EmbedderError

SAME_MODEL = "sentence-transformers/all-MiniLM-L6-v2"

_FIRST = """
import pathlib, sys
from memory.embedders.bundled import BundledEmbedder
BundledEmbedder(cache_dir=pathlib.Path(sys.argv[1])).embed_query("when did we book the hotel?")
"""
_FIRST_BARE = """
import pathlib, sys
import numpy, onnxruntime, tokenizers
folder = next(pathlib.Path(sys.argv[1]).glob("*/model.onnx")).parent
session = onnxruntime.InferenceSession(folder / "model.onnx", providers=["CPUExecutionProvider"])
said = tokenizers.Tokenizer.from_file(str(folder / "tokenizer.json")).encode("when did we book the hotel?")
feeds = {"input_ids": said.ids, "attention_mask": said.attention_mask, "token_type_ids": said.type_ids}
wanted = {each.name for each in session.get_inputs()}
session.run(None, {name: numpy.array([ids], dtype=numpy.int64) for name, ids in feeds.items() if name in wanted})
"""


async def measure(setup: Setup) -> list[Row]:
    """Measure short messages, windows of three messages, and the first question in a new process."""
    corpus = Corpus(setup.size(2000, 100))
    entries = [entry.text for chat in corpus.chats for entry in corpus.entries(chat)]
    texts = {
        "short messages": entries,
        "windows": ["\n".join(entries[at : at + 3]) for at in range(0, len(entries), 4)],
    }
    rows = [await _throughput(setup, "bundled", setup.embedder, what, each) for what, each in texts.items()]
    other = _unquantised(setup)
    if other is not None:
        rows += [await _throughput(setup, "fp32", other, what, each) for what, each in texts.items()]
    return [*rows, await _first_question(setup)]


async def _throughput(setup: Setup, name: str, embedder: Embedder, what: str, texts: list[str]) -> Row:
    direct = _directly(embedder)

    async def ours() -> None:
        embedder.embed(texts)

    async def bare() -> None:
        list(direct.embed(texts))

    embedded, peer = await interleaved(ours, bare, setup.size(3, 1))
    return Row(
        f"{name} embedder, {what}/s",
        embedded.rate(len(texts)),
        f"fastembed with its own batches, the same model: {peer.rate(len(texts))}",
        by_round(peer, embedded).shown(),
        "measured only",
    )


def _directly(embedder: Embedder) -> SentenceEncoder:
    """Return the library's own object for the model of an embedder."""
    if isinstance(embedder, BundledEmbedder):
        embedder.embed_query("the model is built once")
        return _open_by_fastembed(embedder._graph)  # noqa: SLF001 (the peer must run the very same files)
    if isinstance(embedder, CatalogueEmbedder):
        return embedder.fetch()
    raise TypeError(f"{embedder} is not run by fastembed")


def _open_by_fastembed(folder: Path) -> SentenceEncoder:
    name = f"scrubjay/{folder.name}"
    TextEmbedding.add_custom_model(
        model=name,
        pooling=PoolingType.DISABLED,  # the graph pools and normalises
        normalization=False,
        sources=ModelSource(hf=SAME_MODEL),
        dim=384,
        model_file="model.onnx",
    )
    return TextEmbedding(name, specific_model_path=str(folder), threads=usable_threads(None))


def _unquantised(setup: Setup) -> CatalogueEmbedder | None:
    embedder = CatalogueEmbedder(SAME_MODEL, cache_dir=setup.folder / "models")
    try:
        embedder.fetch()
    except EmbedderError:
        print("the fp32 model can't be had (no hub), and is left out", file=sys.stderr)
        return None
    return embedder


async def _first_question(setup: Setup) -> Row:
    setup.embedder.embed_query("the model is built once")
    folder = str(setup.folder / "models")
    ours, bare = await interleaved(partial(_run, _FIRST, folder), partial(_run, _FIRST_BARE, folder), setup.size(5, 1))
    return Row(
        "bundled embedder, first question of a new process, ms",
        ours.shown(1000, 0),
        f"onnxruntime and tokenizers alone, the same model: {bare.shown(1000, 0)}",
        by_round(ours, bare).shown(),
        "measured only",
    )


async def _run(script: str, folder: str) -> None:
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", script, folder)
    if await process.wait():
        raise RuntimeError("the embedder failed in a new process")
