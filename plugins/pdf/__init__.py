"""Reads PDF files, page by page, in a process of its own."""
