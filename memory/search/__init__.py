"""Ranking that is the same for every database: words, scores, relevance."""
