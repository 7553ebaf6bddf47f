"""Chat-history exports: one parser per format, one shared importer."""
