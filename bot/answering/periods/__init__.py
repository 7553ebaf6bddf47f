"""Questions about a time: whether one is asked for, which it is, and what happened in it."""
