"""Listens to voice notes, recordings and videos, and remembers what is said in them."""
