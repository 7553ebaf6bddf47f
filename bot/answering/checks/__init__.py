"""What a model wrote, held against the memories that it saw."""
