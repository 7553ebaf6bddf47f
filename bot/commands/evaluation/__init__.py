"""Measures how well the memory finds what answers a question, through the same code that users' messages take."""
