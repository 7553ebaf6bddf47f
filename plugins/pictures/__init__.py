"""Reads the text in pictures, such as screenshots, signs and slides."""
