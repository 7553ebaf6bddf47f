"""Finds a question's short answer in what people said, by rules alone: no language model takes part."""
