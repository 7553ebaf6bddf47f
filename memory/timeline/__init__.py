"""Which times a text names, relative to when it was said."""
