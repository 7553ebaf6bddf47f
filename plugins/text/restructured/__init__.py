"""reStructuredText by docutils, with what Sphinx adds to it."""
