"""Settings: read from TOML and the environment once, checked, and passed in."""
