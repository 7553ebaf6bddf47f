"""Every route of the API against its OpenAPI document, with inputs that schemathesis makes up."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance

from tests.adapters.web_bot import web_bot

PATHS = ("/api/", "/v1/", "/metrics", "/healthz", "/readyz")
CHECKS = [not_a_server_error, content_type_conformance, response_schema_conformance]
EXAMPLES = 6


def try_operation(operation: Any, headers: dict[str, str]) -> None:
    """Call one route with some inputs that its document allows."""

    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck))
    @given(case=operation.as_strategy())
    def try_case(case: Any) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS)

    try_case()


@pytest.mark.slow
async def test_every_route_keeps_to_its_document(tmp_path: Path) -> None:
    async with web_bot(tmp_path) as web:
        headers = {"Authorization": f"Bearer {await web.keys.create('schemathesis')}"}
        schema = await asyncio.to_thread(schemathesis.openapi.from_url, f"{web.address}/openapi.json")
        operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
        tried = [each for each in operations if each.path.startswith(PATHS) and not each.path.endswith("/events")]
        assert len(tried) > 20
        for operation in tried:
            await asyncio.to_thread(try_operation, operation, headers)
