"""Lasting facts that a language model finds in what people say, each with its evidence word for word."""

from plugins.facts.plugin import FactsPlugin

__all__ = ["FactsPlugin"]
