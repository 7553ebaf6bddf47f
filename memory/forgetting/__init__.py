"""What a forgetting looks for, and how it is kept from coming back; the same for every engine."""
