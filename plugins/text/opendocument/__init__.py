"""The parts of an OpenDocument file."""
