"""Histories as JSONL and CSV."""
