"""What a language model is given: the prompt with its examples and evidence, and what it writes."""
