"""Holds the kustomize base against the fields that Kubernetes has, and its parts against each other."""

from __future__ import annotations

import types
import typing
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml
from msgspec import Struct, structs

BASE = Path(__file__).parents[2] / "deploy" / "kubernetes"
KUSTOMIZATION = yaml.safe_load((BASE / "kustomization.yaml").read_text("utf-8"))
OBJECTS = {name: yaml.safe_load((BASE / name).read_text("utf-8")) for name in KUSTOMIZATION["resources"]}
KINDS = {each["kind"]: each for each in OBJECTS.values()}
_JSON: dict[Any, Any] = {str: str, int: int, bool: bool, float: (int, float)}


def model_of(resource: dict[str, Any]) -> Any:
    """Return the class that has the fields of a kind, made from the API's own description."""
    group, _, version = resource["apiVersion"].rpartition("/")
    return getattr(import_module(f"lightkube.models.{group.partition('.')[0] or 'core'}_{version}"), resource["kind"])


def mistakes(value: Any, kind: Any, at: str) -> Iterator[str]:
    """Yield what a value has that its kind has not, and what it lacks."""
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        inner = [each for each in arguments if each is not type(None)]
        found = [list(mistakes(value, each, at)) for each in inner]
        yield from min(found, key=len)
    elif origin in (list, dict):
        if not isinstance(value, origin):
            yield f"{at}: {value!r} is not a {origin.__name__}"
            return
        for key, each in value.items() if isinstance(value, dict) else enumerate(value):
            yield from mistakes(each, arguments[-1], f"{at}.{key}")
    elif isinstance(kind, type) and issubclass(kind, Struct):
        if not isinstance(value, dict):
            yield f"{at}: {value!r} has no fields"
            return
        known = {each.encode_name: each for each in structs.fields(kind)}
        yield from (f"{at}.{name}: there is no such field" for name in value.keys() - known.keys())
        yield from (f"{at}.{name}: is missing" for name, each in known.items() if each.required and name not in value)
        for name in value.keys() & known.keys():
            yield from mistakes(value[name], known[name].type, f"{at}.{name}")
    elif kind in _JSON and (not isinstance(value, _JSON[kind]) or (kind is not bool and isinstance(value, bool))):
        yield f"{at}: {value!r} is not a {kind.__name__}"


@pytest.mark.parametrize("name", OBJECTS)
def test_every_field_is_one_that_kubernetes_has_with_a_value_of_its_type(name: str) -> None:
    assert list(mistakes(OBJECTS[name], model_of(OBJECTS[name]), name)) == []


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"replicaz": 1}, "there is no such field"),
        ({"replicas": "1"}, "'1' is not a int"),
        ({"selector": None}, "has no fields"),
        ({"template": {"spec": {}}}, "containers: is missing"),
        ({"volumeClaimTemplates": {}}, "is not a list"),
    ],
)
def test_a_slip_would_be_found(change: dict[str, object], found: str) -> None:
    wrong = {**KINDS["StatefulSet"], "spec": {**KINDS["StatefulSet"]["spec"], **change}}
    assert found in "\n".join(mistakes(wrong, model_of(wrong), "it"))


def test_every_file_of_the_base_is_used() -> None:
    assert {path.name for path in BASE.glob("*.yaml")} == {*OBJECTS, "kustomization.yaml"}
    assert set(KINDS) == {"Namespace", "StatefulSet", "Service", "NetworkPolicy", "PodDisruptionBudget"}


def test_all_parts_mean_the_same_pods() -> None:
    pod = KINDS["StatefulSet"]["spec"]["template"]
    labels = pod["metadata"]["labels"]
    specs = {kind: each.get("spec", {}) for kind, each in KINDS.items()}
    assert specs["StatefulSet"]["selector"]["matchLabels"] == labels
    assert specs["Service"]["selector"] == labels
    assert specs["NetworkPolicy"]["podSelector"]["matchLabels"] == labels
    assert specs["PodDisruptionBudget"]["selector"]["matchLabels"] == labels
    assert specs["StatefulSet"]["serviceName"] == KINDS["Service"]["metadata"]["name"]


def test_the_pod_mounts_what_it_has_and_its_probes_ask_a_port_that_it_opens() -> None:
    stateful = KINDS["StatefulSet"]["spec"]
    pod = stateful["template"]["spec"]
    (container,) = pod["containers"]
    there = {each["name"] for each in pod["volumes"]}
    there |= {each["metadata"]["name"] for each in stateful["volumeClaimTemplates"]}
    assert {each["name"] for each in container["volumeMounts"]} == there
    ports = {each["name"] for each in container["ports"]}
    probes = {name: container[name]["httpGet"] for name in ("startupProbe", "livenessProbe", "readinessProbe")}
    assert {probe["port"] for probe in probes.values()} <= ports
    assert {probe["path"] for probe in probes.values()} == {"/readyz", "/healthz"}
    assert {each["targetPort"] for each in KINDS["Service"]["spec"]["ports"]} <= ports
    secrets = {each["name"] for each in KUSTOMIZATION["secretGenerator"]}
    assert {each["secret"]["secretName"] for each in pod["volumes"] if "secret" in each} <= secrets


def test_one_pod_alone_has_the_memory_and_a_node_can_be_drained_all_the_same() -> None:
    assert KINDS["StatefulSet"]["spec"]["replicas"] == 1
    assert KINDS["PodDisruptionBudget"]["spec"]["maxUnavailable"] == 1
