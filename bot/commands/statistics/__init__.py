"""A conversation in numbers: counted once, shown on a terminal or as a page."""
