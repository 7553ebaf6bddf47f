"""The network of all-MiniLM-L6-v2 as an ONNX graph in 8-bit integers, made from its float weights.

A BERT encoder (Devlin et al., 2019) of 6 layers, 12 heads and 384 dimensions, followed by mean pooling over the
tokens and normalisation, as the model's card prescribes. Every matrix product is in 8 bits: weights are quantised
here, one scale an output column; activations as they arrive (what ONNX Runtime calls dynamic quantisation).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from memory.embedders.minilm_packing import TABLE, TABLE_LIMIT, WEIGHT_LIMIT, Tensor, quantise

LAYERS = 6
HEADS = 12
HIDDEN = 384
MAX_TOKENS = 256
OUTPUT = "sentence_embedding"

_CONTRIB = "com.microsoft"


def minilm_graph(weights: Mapping[str, Tensor]) -> onnx.ModelProto:
    """Return the model: int64 `input_ids` and `attention_mask` (batch, tokens) to float32 (batch, 384), unit rows.

    `weights` are the tensors of the published `model.safetensors` by name; KeyError when one is missing.
    """
    return _Graph(weights).model()


class _Graph:
    """Nodes and constants as they are added; a value is named after the node that makes it."""

    def __init__(self, weights: Mapping[str, Tensor]) -> None:
        self._weights = weights
        self._nodes: list[onnx.NodeProto] = []
        self._constants: list[onnx.TensorProto] = []

    def model(self) -> onnx.ModelProto:
        hidden = self._embeddings()
        self._node("Cast", "mask", ["attention_mask"], to=TensorProto.INT32)
        for layer in range(LAYERS):
            hidden = self._layer(f"encoder.layer.{layer}", hidden)
        self._pool(hidden)
        inputs = [
            helper.make_tensor_value_info(name, TensorProto.INT64, ["batch", "tokens"])
            for name in ("input_ids", "attention_mask")
        ]
        output = helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["batch", HIDDEN])
        graph = helper.make_graph(self._nodes, "all-MiniLM-L6-v2", inputs, [output], self._constants)
        opsets = [helper.make_opsetid("", 17), helper.make_opsetid(_CONTRIB, 1)]
        return helper.make_model(graph, opset_imports=opsets, ir_version=8, producer_name="scrubjay")

    def _embeddings(self) -> str:
        """Add word, position and segment vectors; the segment is always the first, so it joins the positions."""
        integers, scales = quantise(self._weights[TABLE], TABLE_LIMIT, axis=1)
        self._node("Gather", "word.integers", [self._constant("words", integers), "input_ids"])
        self._node("Gather", "word.scales", [self._constant("words.scales", scales), "input_ids"])
        self._node("Cast", "word.floats", ["word.integers"], to=TensorProto.FLOAT)
        self._node("Mul", "word", ["word.floats", "word.scales"])
        positions = self._weights["embeddings.position_embeddings.weight"][:MAX_TOKENS]
        segment = self._weights["embeddings.token_type_embeddings.weight"][0]
        self._node("Shape", "tokens", ["input_ids"], start=1, end=2)
        start = self._constant("first", np.zeros(1, dtype=np.int64))
        self._node("Slice", "position", [self._constant("positions", positions + segment), start, "tokens"])
        return self._normalise("embeddings.LayerNorm", ["word", "position"])

    def _layer(self, layer: str, hidden: str) -> str:
        attended = self._attention(f"{layer}.attention.self", hidden)
        projected = self._linear(f"{layer}.attention.output.dense", attended)
        hidden = self._normalise(f"{layer}.attention.output.LayerNorm", [projected, hidden])
        widened = self._linear(f"{layer}.intermediate.dense", hidden)
        activated = self._node("Gelu", f"{layer}.gelu", [widened], domain=_CONTRIB)
        narrowed = self._linear(f"{layer}.output.dense", activated)
        return self._normalise(f"{layer}.output.LayerNorm", [narrowed, hidden])

    def _attention(self, name: str, hidden: str) -> str:
        """Add self-attention as one operator, query, key and value in one product."""
        parts = ("query", "key", "value")
        matrix = np.concatenate([self._weights[f"{name}.{part}.weight"] for part in parts]).T
        bias = np.concatenate([self._weights[f"{name}.{part}.bias"] for part in parts])
        integers, scales = quantise(matrix, WEIGHT_LIMIT, axis=0)
        activations = [f"{name}.activations", f"{name}.activations.scale", f"{name}.activations.zero"]
        self._nodes.append(helper.make_node("DynamicQuantizeLinear", [hidden], activations))
        inputs = [
            activations[0],
            self._constant(f"{name}.weight", integers),
            self._constant(f"{name}.bias", bias),
            activations[1],
            self._constant(f"{name}.scales", scales[0]),
            "mask",
            activations[2],
            self._constant(f"{name}.zeros", np.zeros(len(bias), dtype=np.int8)),
        ]
        return self._node("QAttention", name, inputs, domain=_CONTRIB, num_heads=HEADS)

    def _linear(self, name: str, value: str) -> str:
        integers, scales = quantise(self._weights[f"{name}.weight"].T, WEIGHT_LIMIT, axis=0)
        inputs = [
            value,
            self._constant(f"{name}.weight", integers),
            self._constant(f"{name}.scales", scales[0]),
            "",  # no zero points: the weights are symmetric
            self._constant(f"{name}.bias", self._weights[f"{name}.bias"]),
        ]
        return self._node("DynamicQuantizeMatMul", name, inputs, domain=_CONTRIB)

    def _normalise(self, name: str, addends: list[str]) -> str:
        # "Sum" and not "Add", which ONNX Runtime would fuse into an operator of half the speed.
        self._node("Sum", f"{name}.sum", addends)
        scale = self._constant(f"{name}.weight", self._weights[f"{name}.weight"])
        bias = self._constant(f"{name}.bias", self._weights[f"{name}.bias"])
        return self._node("LayerNormalization", name, [f"{name}.sum", scale, bias], axis=-1, epsilon=1e-12)

    def _pool(self, hidden: str) -> None:
        """Add up the vectors of real tokens, not padding; the length goes to 1, so there is no need to divide."""
        axis = self._constant("middle", np.ones(1, dtype=np.int64))
        self._node("Cast", "mask.floats", ["attention_mask"], to=TensorProto.FLOAT)
        self._node("Unsqueeze", "mask.row", ["mask.floats", axis])
        self._node("MatMul", "pooled.row", ["mask.row", hidden])
        self._node("Squeeze", "pooled", ["pooled.row", axis])
        self._node("LpNormalization", OUTPUT, ["pooled"], axis=-1, p=2)

    def _node(self, operator: str, output: str, inputs: list[str], *, domain: str = "", **attributes: float) -> str:
        node = helper.make_node(operator, inputs, [output], domain=domain)
        node.attribute.extend(helper.make_attribute(key, value) for key, value in attributes.items())
        self._nodes.append(node)
        return output

    def _constant(self, name: str, value: npt.NDArray[np.generic]) -> str:
        name = f"{name}.constant"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name
