"""The built-in plugins; they use the public SDK of `bot` and nothing else."""
