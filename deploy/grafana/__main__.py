"""Writes the board for Grafana from the instruments themselves: python -m deploy.grafana."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from prometheus_client import Metric

from bot.pipeline.metrics import Metrics

BOARD = Path(__file__).with_name("scrubjay.json")
_WIDTH, _HEIGHT, _COLUMNS = 8, 8, 3
_SOURCE = {"type": "prometheus", "uid": "prometheus"}


def make_board() -> dict[str, Any]:
    """Return the board: a panel for each instrument, in the order in which they are made."""
    panels = [_panel(number, metric) for number, metric in enumerate(Metrics().registry.collect())]
    return {
        "title": "Scrubjay",
        "uid": "scrubjay",
        "schemaVersion": 41,
        "tags": ["scrubjay"],
        "time": {"from": "now-24h", "to": "now"},
        "refresh": "30s",
        "panels": panels,
    }


def write_board() -> str:
    """Return the board as it lies in the file."""
    return json.dumps(make_board(), indent=2) + "\n"


def _panel(number: int, metric: Metric) -> dict[str, Any]:
    place = {"x": number % _COLUMNS * _WIDTH, "y": number // _COLUMNS * _HEIGHT, "w": _WIDTH, "h": _HEIGHT}
    queries = _queries(metric)
    return {
        "id": number + 1,
        "type": "timeseries",
        "title": metric.documentation,
        "datasource": _SOURCE,
        "gridPos": place,
        "fieldConfig": {"defaults": {"unit": "s" if metric.name.endswith("_seconds") else "short"}, "overrides": []},
        "targets": [
            {"refId": chr(ord("A") + at), "datasource": _SOURCE, "expr": expression, "legendFormat": legend}
            for at, (expression, legend) in enumerate(queries)
        ],
    }


def _queries(metric: Metric) -> list[tuple[str, str]]:
    if metric.type == "histogram":
        buckets = f"sum by (le) (rate({metric.name}_bucket[5m]))"
        return [(f"histogram_quantile({part}, {buckets})", f"p{part * 100:.0f}") for part in (0.5, 0.95)]
    if metric.type == "counter":
        return [(f"rate({metric.name}_total[5m]) * 60", "__auto")]
    return [(metric.name, "__auto")]


if __name__ == "__main__":
    BOARD.write_text(write_board(), encoding="utf-8")
