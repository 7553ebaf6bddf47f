"""The core of Scrubjay."""
