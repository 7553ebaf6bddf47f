"""Whisper models of a few dimensions, with weights set by hand: they tell low voices from high ones, and say so.

The encoder measures how much of what is heard is low and how much is high; the decoder goes from each token to its
successor, and lets what was heard choose where there is a choice: English for low, German for high voices.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
from ctranslate2 import specs
from ctranslate2.specs import attention_spec, common_spec, transformer_spec, whisper_spec
from faster_whisper.tokenizer import _LANGUAGE_CODES as LANGUAGES
from tokenizers import Tokenizer, decoders, models, pre_tokenizers

Array = npt.NDArray[np.float32]

LOW, HIGH = -2, -1
"""The dimensions that hold how low and how high it sounds; those from the first are the states of the decoder."""
MELS, HEARD, LENGTH = 80, 1500, 448
LOW_BANDS, HIGH_BANDS = slice(0, 12), slice(36, 72)
CERTAINTY, LOUDNESS = 20, 0.05
"""How much the token before counts, and how little what is heard, so that it decides only between two successors."""
FIRST, LAST = "<|0.00|>", "<|5.00|>"
TEXTS = 50_257
"""How many tokens of text a multilingual Whisper has before its special ones."""
LOW_WORDS = (" the", " key", " lies", " under", " that", " stone")
HIGH_WORDS = (" der", " Schlüssel", " liegt", " unter", " dem", " Stein")
LOW_TEXT, HIGH_TEXT = "the key lies under that stone", "der Schlüssel liegt unter dem Stein"


@dataclass(frozen=True)
class Shape:
    """How large a model is: dimensions, and layers and heads of the encoder and of the decoder alike."""

    size: int
    layers: int
    heads: int

    def zeros(self, *more: int) -> Array:
        return np.zeros((*more, self.size), np.float32)


SMALLEST = Shape(64, 1, 1)
TINY = Shape(384, 4, 6)
"""As large as Whisper's "tiny", and so as slow."""


@dataclass(frozen=True)
class Vocabulary:
    """Every token by its id."""

    tokens: list[str]

    def __getitem__(self, token: str) -> int:
        return self.tokens.index(token)


def build(folder: Path, shape: Shape = SMALLEST) -> Path:
    """Write the model into `folder`, as a converter of CTranslate2 does, with the tokenizer that belongs to it."""
    folder.mkdir(parents=True, exist_ok=True)
    vocabulary = Vocabulary([*_texts(), *_specials()])
    spec = specs.WhisperSpec(shape.layers, shape.heads, shape.layers, shape.heads)
    _fill_encoder(spec.encoder, shape)
    _fill_decoder(spec.decoder, vocabulary, shape)
    spec.register_vocabulary(vocabulary.tokens)
    spec.config.lang_ids = [vocabulary[f"<|{code}|>"] for code in LANGUAGES]
    spec.config.suppress_ids, spec.config.suppress_ids_begin = [], []
    spec.config.alignment_heads = [(0, 0)]
    spec.validate()
    spec.save(str(folder))
    _tokenizer(vocabulary).save(str(folder / "tokenizer.json"))
    return folder


def _texts() -> list[str]:
    """Return the tokens of text: all bytes, the words, what fills it up, and the empty one that says "multilingual"."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    words = dict.fromkeys(_as_bytes(word) for word in (*LOW_WORDS, *HIGH_WORDS))
    known = [*alphabet, *words]
    return [*known, *(f"unused{n}" for n in range(TEXTS - len(known) - 1)), ""]


def _as_bytes(word: str) -> str:
    return "".join(
        piece for piece, _ in pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False).pre_tokenize_str(word)
    )


def _specials() -> list[str]:
    names = ["endoftext", "startoftranscript", *LANGUAGES]
    names += ["translate", "transcribe", "startoflm", "startofprev", "nospeech", "notimestamps"]
    return [f"<|{name}|>" for name in names] + [f"<|{n * 0.02:.2f}|>" for n in range(1501)]


def _tokenizer(vocabulary: Vocabulary) -> Tokenizer:
    ids = {token: number for number, token in enumerate(vocabulary.tokens)}
    tokenizer = Tokenizer(models.BPE(ids, []))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    return tokenizer


def _fill_encoder(encoder: whisper_spec.WhisperEncoderSpec, shape: Shape) -> None:
    """Let each moment's low and high bands through, and nothing else."""
    first = np.zeros((shape.size, MELS, 3), np.float32)
    first[LOW, LOW_BANDS, 1] = 1 / 12
    first[HIGH, HIGH_BANDS, 1] = 1 / 36
    second = np.zeros((shape.size, shape.size, 3), np.float32)
    second[LOW, LOW, 1] = second[HIGH, HIGH, 1] = 1
    for convolution, weight in ((encoder.conv1, first), (encoder.conv2, second)):
        convolution.weight, convolution.bias = weight, shape.zeros()
    encoder.position_encodings.encodings = shape.zeros(HEARD)
    _normal(encoder.layer_norm, shape)
    for layer in encoder.layer:
        _silence(layer.self_attention, shape)
        _silence_ffn(layer.ffn, shape)


def _fill_decoder(decoder: transformer_spec.TransformerDecoderSpec, vocabulary: Vocabulary, shape: Shape) -> None:
    """Let each token be followed by its successor; where there are two, what is heard decides."""
    low, high = _chain("en", LOW_WORDS), _chain("de", HIGH_WORDS)
    states = list(dict.fromkeys([*low, *high]))
    embeddings, projection = shape.zeros(len(vocabulary.tokens)), shape.zeros(len(vocabulary.tokens))
    for state, token in enumerate(states):
        embeddings[vocabulary[token], state] = 1
    for chain, dimension in ((low, LOW), (high, HIGH)):
        for token, following in itertools.pairwise(chain):
            projection[vocabulary[following], states.index(token)] = CERTAINTY
        for chosen in (chain[1], chain[4]):
            projection[vocabulary[chosen], dimension] = CERTAINTY
    decoder.embeddings.weight, decoder.projection.weight = embeddings, projection
    decoder.position_encodings.encodings = shape.zeros(LENGTH)
    _normal(decoder.layer_norm, shape)
    for layer in decoder.layer:
        _silence(layer.self_attention, shape)
        _silence_ffn(layer.ffn, shape)
        _listen(layer.attention, shape)


def _listen(attention: attention_spec.MultiHeadAttentionSpec, shape: Shape) -> None:
    """Let an attention over what is heard add its share of how low and how high all of it is."""
    _normal(attention.layer_norm, shape)
    queries, keys_values, output = attention.linear
    heard = shape.zeros(shape.size)
    heard[LOW, LOW] = heard[HIGH, HIGH] = 1
    _linear(queries, shape.zeros(shape.size))
    _linear(keys_values, np.concatenate([shape.zeros(shape.size), heard]))
    _linear(output, LOUDNESS / shape.layers * np.eye(shape.size, dtype=np.float32))


def _chain(language: str, words: tuple[str, ...]) -> list[str]:
    """Return the tokens in the order in which one leads to the next; a word that comes twice leads on as at last."""
    said = [_as_bytes(word) for word in words]
    return ["<|startoftranscript|>", f"<|{language}|>", "<|transcribe|>", FIRST, *said, LAST, "<|endoftext|>"]


def _normal(norm: common_spec.LayerNormSpec, shape: Shape) -> None:
    norm.gamma, norm.beta = shape.zeros() + 1, shape.zeros()


def _linear(linear: common_spec.LinearSpec, weight: Array) -> None:
    linear.weight, linear.bias = weight, np.zeros(len(weight), np.float32)


def _silence(attention: attention_spec.MultiHeadAttentionSpec, shape: Shape) -> None:
    """Let an attention add nothing."""
    _normal(attention.layer_norm, shape)
    _linear(attention.linear[0], shape.zeros(3 * shape.size))
    _linear(attention.linear[1], shape.zeros(shape.size))


def _silence_ffn(ffn: transformer_spec.FeedForwardSpec, shape: Shape) -> None:
    inner = 4 * shape.size
    _normal(ffn.layer_norm, shape)
    _linear(ffn.linear_0, shape.zeros(inner))
    _linear(ffn.linear_1, np.zeros((shape.size, inner), np.float32))
