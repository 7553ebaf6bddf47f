"""Reads the text in pictures, such as screenshots, signs and slides, and has a model describe what they show."""
