"""Who is let in, and what a browser is held to."""
