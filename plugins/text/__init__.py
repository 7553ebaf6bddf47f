"""Reads texts and documents: plain text, Markdown, web pages, office files, books, mails, subtitles, source code."""
