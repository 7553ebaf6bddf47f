"""Plugins in a process and an environment of their own, spoken with in JSON-RPC over pipes."""
