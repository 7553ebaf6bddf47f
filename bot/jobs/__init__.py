"""What plugins have planned: marked, planned, and done when it is due."""
