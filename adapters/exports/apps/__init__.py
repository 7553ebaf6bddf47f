"""Exports of many apps, a file for each, on the shared importer."""
