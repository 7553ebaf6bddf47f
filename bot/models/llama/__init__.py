"""The language model that runs on this machine: a GGUF file, by llama.cpp, in a thread of its own."""

from bot.models.llama.engine import LlamaSettings
from bot.models.llama.model import LlamaModel

__all__ = ["LlamaModel", "LlamaSettings"]
