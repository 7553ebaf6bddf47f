"""The parts of a PowerPoint presentation."""
