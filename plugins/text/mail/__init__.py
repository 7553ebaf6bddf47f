"""What is in a mail: its text, what it quotes, and the files that came with it."""
