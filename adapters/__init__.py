"""The ways in and out: one file per platform, found by entry-point name."""
