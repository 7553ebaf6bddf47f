"""Birthdays for Scrubjay."""
