"""The plugins that run: found, started, watched, switched and left."""
