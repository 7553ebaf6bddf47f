"""What kind of message somebody sent, by rules and by words of each language."""
