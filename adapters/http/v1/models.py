"""/v1/models and /v1/embeddings."""

from __future__ import annotations

import base64
from collections.abc import Mapping

import numpy as np
from fastapi import APIRouter, HTTPException, Request
from starlette.responses import JSONResponse, Response

from adapters.http.errors import UnknownModelError
from adapters.http.security.authentication import CallerOf
from adapters.http.services import services_of
from adapters.http.v1.schemas import EmbeddingRequest
from adapters.http.v1.writing import WITH_MEMORY
from bot.adapter import Requests

router = APIRouter(prefix="/v1", tags=["OpenAI"])

_BYTES_PER_TOKEN = 4
_MOST_BYTES = 4 << 20
"""Of all texts of one request together: a few minutes of embedding."""


@router.get("/models")
async def list_models(request: Request, caller: CallerOf) -> Mapping[str, object]:  # noqa: ARG001 (who has no key learns nothing)
    """List the models: the memory, the language model alone, and the embedding model."""
    names = _models(services_of(request).requests)
    return {"object": "list", "data": [_describe(name) for name in names]}


@router.get("/models/{name:path}")
async def find_model(request: Request, name: str, caller: CallerOf) -> Mapping[str, object]:  # noqa: ARG001 (as above)
    """Return one model."""
    if name not in _models(services_of(request).requests):
        raise UnknownModelError(f"There is no model “{name}” here; /v1/models lists those that are.")
    return _describe(name)


@router.post("/embeddings")
async def embed(request: Request, body: EmbeddingRequest, caller: CallerOf) -> Response:
    """Return a vector for each text, by the embedding model of the memory."""
    embedder = services_of(request).requests.embedder
    if body.model not in (WITH_MEMORY, embedder.identity.name):
        raise UnknownModelError(f"There is no embedding model “{body.model}” here, only {embedder.identity.name}.")
    if body.dimensions not in (None, embedder.identity.dimensions):
        raise HTTPException(400, f"dimensions: the vectors have {embedder.identity.dimensions}")
    size = sum(len(text.encode("utf-8", "replace")) for text in body.texts)
    if size > _MOST_BYTES:
        raise HTTPException(413, f"input: {size:,} bytes are too many at once; {_MOST_BYTES:,} are taken")
    await caller.spend("messages")
    vectors = await embedder.embed(body.texts)
    as_base64 = body.encoding_format == "base64"
    data = [
        {
            "object": "embedding",
            "index": number,
            "embedding": base64.b64encode(np.asarray(row, "<f4").tobytes()).decode() if as_base64 else row.tolist(),
        }
        for number, row in enumerate(vectors)
    ]
    tokens = size // _BYTES_PER_TOKEN + len(data)  # an estimate: embedding models count in their own ways
    usage = {"prompt_tokens": tokens, "total_tokens": tokens}
    return JSONResponse({"object": "list", "model": body.model, "data": data, "usage": usage})


def _models(requests: Requests) -> list[str]:
    return [WITH_MEMORY, *([requests.model] if requests.model else []), requests.embedder.identity.name]


def _describe(name: str) -> Mapping[str, object]:
    return {"id": name, "object": "model", "created": 0, "owned_by": "scrubjay"}
