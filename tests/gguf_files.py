"""Writes tiny GGUF files that llama.cpp really loads: llama architecture, random weights, one token per byte."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import gguf
import numpy as np

CONTROL_WORDS = {
    "chatml": ("<|im_start|>", "<|im_end|>"),
    "gemma": ("<start_of_turn>", "<end_of_turn>"),
    "llama3": ("<|start_header_id|>", "<|end_header_id|>", "<|eot_id|>"),
    "mistral": ("[INST]", "[/INST]"),
    "phi3": ("<|system|>", "<|user|>", "<|assistant|>", "<|end|>"),
    "openchat": ("<|end_of_turn|>",),
}

_BOS, _EOS = "<s>", "</s>"
_MERGE = ("\u0120", "t")  # (a byte-pair vocabulary must merge something: the space and a "t")
_OCTETS_FROM = 3
_WORDS_FROM = 3 + 256 + 1

# Templates of our own that carry each family's marks, enough for a reader of metadata to know it by.
_LOOP = "{% for m in messages %}"
_END = "{% endfor %}"
SOURCES = {
    "chatml": _LOOP + "<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n" + _END + "<|im_start|>assistant\n",
    "gemma": _LOOP + "<start_of_turn>{{ m.role }}\n{{ m.content }}<end_of_turn>\n" + _END + "<start_of_turn>model\n",
    "llama3": _LOOP + "<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n{{ m.content }}<|eot_id|>" + _END,
    "mistral": _LOOP + "{% if m.role == 'user' %}[INST] {{ m.content }} [/INST]{% endif %}" + _END,
    "phi3": _LOOP + "{{ '<|user|>' if m.role == 'user' else '<|assistant|>' }}\n{{ m.content }}<|end|>\n" + _END,
    "openchat": _LOOP + "GPT4 Correct {{ m.role }}: {{ m.content }}<|end_of_turn|>" + _END,
}

_INVENTED_TURN = "<|turn|>{{ m.role }}<|says|>{{ m.content | trim }}<|over|>"
INVENTED_SOURCE = _LOOP + _INVENTED_TURN + _END + "<|turn|>assistant<|says|>"
"""A template of no known family."""

INVENTED_WORDS = ("<|turn|>", "<|says|>", "<|over|>")


def write_gguf(
    path: Path,
    template: str | None = "chatml",
    *,
    source: str | None = None,
    words: Sequence[str] | None = None,
    word_type: gguf.TokenType = gguf.TokenType.CONTROL,
    context_length: int = 2048,
    layers: int = 2,
    width: int = 64,
    metadata: dict[str, int] | None = None,
    endless: bool = False,
    bpe: bool = False,
) -> Path:
    """Write a model of some 200,000 random weights to `path`.

    `template` names a family, whose control words become tokens; `source` and `words` give a template and
    tokens of the caller's own. `word_type` is the type these tokens get. `metadata` overrides whole numbers.
    An `endless` model never ends an answer by itself, as long as it takes the likeliest token.
    With `bpe` the tokenizer is a byte-pair one, as Llama 3 and Qwen have, instead of SentencePiece.
    """
    known = words if words is not None else CONTROL_WORDS.get(template or "", ())
    tokens, types = _vocabulary(known, word_type, bpe=bpe)
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_name("tiny")
    writer.add_license("apache-2.0")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    numbers = {
        "llama.context_length": context_length,
        "llama.embedding_length": width,
        "llama.block_count": layers,
        "llama.feed_forward_length": 2 * width,
        "llama.attention.head_count": 4,
        "llama.attention.head_count_kv": 4,
        "llama.rope.dimension_count": width // 4,
    }
    for key, value in (numbers | (metadata or {})).items():
        writer.add_uint32(key, value)
    writer.add_layer_norm_rms_eps(1e-5)
    _add_tokens(writer, tokens, types, bpe=bpe)
    chat_template = source if source is not None else SOURCES.get(template or "")
    if chat_template is not None:
        writer.add_chat_template(chat_template)
    _add_weights(writer, tokens, layers, width, endless=endless)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _vocabulary(words: Sequence[str], word_type: gguf.TokenType, *, bpe: bool) -> tuple[list[str], list[int]]:
    """Return tokens and their types: three special ones, the 256 bytes, the space, the words."""
    special = [("<unk>", gguf.TokenType.UNKNOWN), (_BOS, gguf.TokenType.CONTROL), (_EOS, gguf.TokenType.CONTROL)]
    octets = [(f"<0x{octet:02X}>", gguf.TokenType.BYTE) for octet in range(256)]
    space = ("\u2581", gguf.TokenType.NORMAL)
    if bpe:
        octets = [(sign, gguf.TokenType.NORMAL) for sign in _byte_signs()]
        space = ("".join(_MERGE), gguf.TokenType.NORMAL)
    pairs = [*special, *octets, space, *((word, word_type) for word in words if word not in (_BOS, _EOS))]
    return [token for token, _ in pairs], [int(kind) for _, kind in pairs]


def _byte_signs() -> list[str]:
    """Return the printable characters by which byte-pair vocabularies spell the 256 bytes (GPT-2's table)."""
    printable = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = [octet for octet in range(256) if octet not in printable]
    return [chr(octet) if octet in printable else chr(0x100 + others.index(octet)) for octet in range(256)]


def _add_tokens(writer: gguf.GGUFWriter, tokens: list[str], types: list[int], *, bpe: bool) -> None:
    writer.add_tokenizer_model("gpt2" if bpe else "llama")
    if bpe:
        writer.add_tokenizer_pre("llama-bpe")
        writer.add_token_merges([" ".join(_MERGE)])
    writer.add_token_list(tokens)
    writer.add_token_scores([0.0] * len(tokens))
    writer.add_token_types(types)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)  # noqa: FBT003 (the library's own signature)
    writer.add_add_space_prefix(False)  # noqa: FBT003 (as above)


def _add_weights(writer: gguf.GGUFWriter, tokens: list[str], layers: int, width: int, *, endless: bool) -> None:
    random = np.random.default_rng(7)

    def add(name: str, *shape: int) -> None:
        writer.add_tensor(name, random.standard_normal(shape, dtype=np.float32) * 0.2)

    add("token_embd.weight", len(tokens), width)
    writer.add_tensor("output_norm.weight", np.ones(width, dtype=np.float32))
    output = random.standard_normal((len(tokens), width), dtype=np.float32) * 0.2
    if endless:
        output[:_OCTETS_FROM] = 0
        output[_WORDS_FROM:] = 0
    writer.add_tensor("output.weight", output)
    for layer in range(layers):
        block = f"blk.{layer}"
        writer.add_tensor(f"{block}.attn_norm.weight", np.ones(width, dtype=np.float32))
        writer.add_tensor(f"{block}.ffn_norm.weight", np.ones(width, dtype=np.float32))
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            add(f"{block}.{part}.weight", width, width)
        add(f"{block}.ffn_gate.weight", 2 * width, width)
        add(f"{block}.ffn_up.weight", 2 * width, width)
        add(f"{block}.ffn_down.weight", width, 2 * width)
