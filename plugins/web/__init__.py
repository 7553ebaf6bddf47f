"""Reads what is at an address on the web: an article, or a file of any kind that another plugin reads."""
