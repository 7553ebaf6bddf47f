"""The parts of a calendar."""
