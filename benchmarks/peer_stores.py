"""Vector stores that others use, behind lines of JSON: run by a Python that has them, not by Scrubjay's own.

It is given a folder and the name of a store, reads texts and vectors from `texts.json` and `vectors.npy` there, builds,
and answers each line `{"question": …, "vector": […]}` with `{"seconds": …, "ids": […]}`, ids being positions of texts.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

LIMIT = 10
LEAST_FOR_AN_INDEX = 10_000
"""Fewer vectors LanceDB searches one by one, and exactly."""
Search = Callable[[str, list[float]], list[int]]


def open_lancedb(folder: Path, texts: list[str], vectors: np.ndarray) -> Search:
    """Return LanceDB's hybrid search: full text and vectors, each with an index, fused by ranks."""
    import lancedb  # noqa: PLC0415 (only one of the stores is opened)
    import pyarrow as pa  # noqa: PLC0415 (as above)
    from lancedb.index import FTS, IvfPq  # noqa: PLC0415 (as above)
    from lancedb.rerankers import RRFReranker  # noqa: PLC0415 (as above)

    table = lancedb.connect(folder / "lancedb").create_table(
        "said",
        pa.table(
            {
                "id": pa.array(range(len(texts)), pa.int64()),
                "text": texts,
                "vector": pa.FixedSizeListArray.from_arrays(pa.array(vectors.ravel()), vectors.shape[1]),
            }
        ),
    )
    table.create_index("text", config=FTS())
    if len(texts) > LEAST_FOR_AN_INDEX:
        table.create_index("vector", config=IvfPq(distance_type="cosine"))
    reranker = RRFReranker()

    def search(question: str, vector: list[float]) -> list[int]:
        query = table.search(query_type="hybrid").vector(vector).text(question).rerank(reranker)
        ids: list[int] = query.limit(LIMIT).to_arrow()["id"].to_pylist()
        return ids

    return search


def open_chroma(folder: Path, texts: list[str], vectors: np.ndarray) -> Search:
    """Return Chroma's search: the nearest vectors by HNSW, with its own settings."""
    import chromadb  # noqa: PLC0415 (as above)

    client = chromadb.PersistentClient(str(folder / "chroma"))
    collection = client.create_collection("said", metadata={"hnsw:space": "cosine"})
    step = 5000
    for start in range(0, len(texts), step):
        part = range(start, min(start + step, len(texts)))
        collection.add(
            ids=[str(at) for at in part],
            embeddings=vectors[part.start : part.stop],
            documents=texts[part.start : part.stop],
        )

    def search(_: str, vector: list[float]) -> list[int]:
        return [int(at) for at in collection.query(query_embeddings=[vector], n_results=LIMIT)["ids"][0]]

    return search


STORES = {"lancedb": open_lancedb, "chroma": open_chroma}


def main(folder: Path, name: str) -> None:
    """Build, say so, and answer until there are no more lines."""
    texts = json.loads((folder / "texts.json").read_text("utf-8"))
    search = STORES[name](folder, texts, np.load(folder / "vectors.npy"))
    print(json.dumps({"built": len(texts)}), flush=True)
    for line in sys.stdin:
        asked = json.loads(line)
        began = time.perf_counter()
        ids = search(asked["question"], asked["vector"])
        print(json.dumps({"seconds": time.perf_counter() - began, "ids": ids}), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
