"""Pages and an API over HTTP: what a browser shows of the memory, and what programs ask of it."""

from adapters.http.adapter import HttpAdapter

__all__ = ["HttpAdapter"]
