"""Reads tables, so that each row can be recalled and cited."""
